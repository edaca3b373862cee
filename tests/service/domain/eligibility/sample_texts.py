"""Calls and facts for the tests of the gates."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Gate
from service.domain.pilots.profile import Profile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def call(text: str = "", **others: object) -> Call:
    """Return an open call with a text that has no sections."""
    values: dict[str, object] = {
        "id": "vinnova:1",
        "funder": "A",
        "level": Level.NATIONAL,
        "titles": {"sv": "Vård nära"},
        "texts": {"sv": text} if text else {},
        "deadlines": (
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Stockholm",
                at=datetime(2026, 5, 1, 12, 0, tzinfo=UTC),
            ),
        ),
        "provenance": Provenance(source="a"),
    }
    return Call.model_validate(values | others)


def read(text: str, name: str, **others: object) -> list[Fact]:
    """Return the facts called ``name`` of a call with ``text``."""
    return [fact for fact in extract_facts(call(text, **others)) if fact.name == name]


def terms(text: str, name: str, **others: object) -> set[str]:
    """Return all that the facts called ``name`` say."""
    return {str(term) for fact in read(text, name, **others) for term in fact.value.terms()}


def judged(text: str, name: str, profile: Profile, **others: object) -> Gate:
    """Return the gate called ``name``."""
    found = {gate.name: gate for gate in evaluate_gates(call(text, **others), NOW, profile)}
    return found[name]
