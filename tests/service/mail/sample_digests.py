"""Digests to render and to compose: a pilot, calls with a past, and matches made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Level, Money, Provenance
from service.domain.calls.sources import SourceStatus
from service.domain.eligibility.gates import evaluate_gates
from service.domain.matching.call_card import make_card
from service.domain.matching.match import Match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.quotes import CallSpan, Evidence, MatchedTerm, PilotSpan
from service.domain.notifications.digest import Digest, compose_digest
from service.domain.notifications.events import SentLog
from service.domain.notifications.selection import (
    CallMark,
    DigestCandidate,
    DigestMoment,
    DigestSelection,
    select_calls,
)
from service.domain.notifications.week import next_mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.mail.digest_view import CallLinks, MailLinks

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SEEN = NOW - timedelta(days=3)
PILOT = Pilot(
    id="heart", title="Hjärtsvikt hemma", text="Personer med hjärtsvikt mäter vikt hemma."
)


@dataclass(frozen=True)
class Person:
    language: str = "sv"


def due(after: timedelta, **others: object) -> Deadline:
    values: dict[str, object] = {"kind": "fixed", "zone": "Europe/Stockholm", "at": NOW + after}
    return Deadline.model_validate(values | others)


def a_call(id_: str = "vinnova:1", **others: object) -> Call:
    values: dict[str, object] = {
        "id": id_,
        "funder": "Vinnova",
        "level": Level.NATIONAL,
        "titles": {"sv": f"Utlysning {id_}", "en": f"Call {id_}"},
        "texts": {"sv": "Vården av hjärtsvikt ska flytta hem. Sök med en region."},
        "deadlines": (due(timedelta(days=60)),),
        "funding": Funding(maximum=Money(amount=Decimal(3_000_000), currency="SEK")),
        "url": "https://www.vinnova.se/e/1",
        "provenance": Provenance(source="vinnova"),
    }
    return Call.model_validate(values | others)


def moment(week: int = 0) -> DigestMoment:
    now = NOW + week * WEEK
    return DigestMoment(now, next_mail_due(now), now - WEEK if week else None)


def pick(
    *candidates: DigestCandidate | Call,
    told: Sequence[str] = (),
    week: int = 0,
    minimum: float = 0.5,
    marks: dict[str, CallMark] | None = None,
    said_at: datetime | None = None,
    gone: Sequence[str] = (),
    alike: Callable[[Call, Call], bool] = lambda _one, _other: False,
) -> DigestSelection:
    known = [
        c if isinstance(c, DigestCandidate) else DigestCandidate(((SEEN, c),), 0.7)
        for c in candidates
    ]
    return select_calls(
        known,
        SentLog(told),
        moment(week),
        minimum=minimum,
        marks=marks,
        marked_at={call_id: said_at for call_id in marks or () if said_at},
        delisted=gone,
        are_alike=alike,
    )


def keys(chosen: DigestSelection) -> list[str]:
    return [n.key for p in (*chosen.items, *chosen.brief) for n in p.events]


def reasons(chosen: DigestSelection) -> dict[str, list[str]]:
    return {p.call_id: [n.reason.value for n in p.events] for p in (*chosen.items, *chosen.brief)}


def a_match(call: Call, now: datetime = NOW, score: float = 0.7) -> Match:
    lang, text = next(iter((call.texts or call.titles).items()))
    return Match(
        call=make_card(StoredCalls(calls={call.id: call}, now=now), call, "sv"),
        score=score,
        parts=(),
        evidence=(
            Evidence(
                pilot=PilotSpan(start=0, end=41, text=PILOT.text),
                call=CallSpan(
                    field="texts", lang=lang, section="text", start=0, end=len(text), text=text
                ),
                similarity=0.8,
            ),
        ),
        terms=(MatchedTerm(pilot="hjärtsvikt", call="hjärtsvikt", weight=1.0),),
        gates=evaluate_gates(call, now),
    )


def a_digest(
    *calls: Call, chosen: DigestSelection | None = None, sources: Sequence[SourceStatus] = ()
) -> Digest:
    selection = chosen or pick(*calls)
    return compose_digest(
        PILOT,
        week_of(NOW),
        selection,
        {call.id: a_match(call) for call in calls},
        moment(),
        language="sv",
        considered=412,
        sources=sources,
    )


def links() -> MailLinks:
    def of(call_id: str) -> CallLinks:
        ways = (f"https://fundscout.example/{way}/{call_id}" for way in ("o", "r", "n", "a"))
        return CallLinks(*ways)

    root = "https://fundscout.example"
    return MailLinks(of, f"{root}/all", f"{root}/mail", f"{root}/stop", f"{root}/stop-all")


def cut_off(after: timedelta) -> Deadline:
    return due(after, kind=DeadlineKind.CUT_OFF)
