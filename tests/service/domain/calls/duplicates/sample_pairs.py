"""Calls to compare: one is made, and the others are told by what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Level, Money, Provenance
from service.domain.calls.duplicates.decisions import Decision, Relation, decide_all
from service.domain.calls.duplicates.links import order_pair

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

LONG = " ".join(
    f"Remote care of patients with heart failure at home is tried in region {n} by nurses and "
    f"engineers who measure weight, pressure and sleep {n} times a day."
    for n in range(20)
)
OTHER = " ".join(
    f"Turbines far out at sea need blade number {n} to be stronger, lighter and cheaper to carry "
    f"on ship {n} than those on land are today."
    for n in range(20)
)


def due(day: int = 20, month: int = 4, kind: DeadlineKind = DeadlineKind.FIXED) -> Deadline:
    stage = 1 if kind is DeadlineKind.TWO_STAGE else None
    at = datetime(2026, month, day, 12, tzinfo=UTC)
    return Deadline(kind=kind, zone="Europe/Stockholm", at=at, stage=stage)


def sek(amount: int) -> Funding:
    return Funding(maximum=Money(amount=Decimal(amount), currency="SEK"))


def make(id_: str, title: str = "Care of heart failure at home", **fields: Any) -> Call:
    """A call of a funder named by its key, due on 20 April, with a long text in English."""
    key = id_.split(":", 1)[0]
    given: dict[str, Any] = {
        "funder": key.title(),
        "level": Level.NATIONAL,
        "titles": {"en": title},
        "texts": {"en": LONG},
        "deadlines": (due(),),
        "funding": sek(3_000_000),
        "provenance": Provenance(source=key),
    }
    return Call(id=id_, **(given | fields))


def decided(*calls: Call) -> list[Decision]:
    return list(decide_all({call.id: call for call in calls}).values())


def relation(one: Call, other: Call) -> Relation | None:
    """What the two are to each other when no other call is stored."""
    found = decide_all({one.id: one, other.id: other}).get(order_pair(one.id, other.id))
    return found.relation if found else None
