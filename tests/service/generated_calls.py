"""Calls of every kind of date, amount and language, drawn at random and always the same."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Eligibility,
    Funding,
    Level,
    Money,
    Provenance,
)
from service.jobs.imports.rows import RowDefaults, call_from_row

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[2] / "examples" / "calls"
CORPUS = Path(__file__).parents[3] / "shared" / "eval" / "eu_calls_2026" / "corpus.jsonl"

T = TypeVar("T")

_ZONES = ("Europe/Stockholm", "America/New_York", "Pacific/Auckland", "UTC")
_FUNDERS = ("vinnova", "formas", "eu_portal", "ukri")
_TITLES = ("Hjärtsvikt i hemmet", "Care at home 2025", "Care at home 2026", "Vindkraft till havs")
_WORDS = "Utlysningen gäller vård av äldre i hemmet. Only universities may apply. Straße ABC 50 %"
_STEPS = (timedelta(0), timedelta(microseconds=1), timedelta(hours=7), timedelta(days=3))


def generated_calls(count: int, seed: int = 1) -> list[Call]:
    """Return ``count`` calls in order of id; many dates are `NOW` or next to it."""
    chance = random.Random(seed)  # noqa: S311  the same calls every time
    calls = [_call(chance, number) for number in range(count)]
    return sorted(calls, key=lambda call: call.id)


def example_calls() -> list[Call]:
    """Return the calls that come with the program."""
    lines = [line for path in sorted(EXAMPLES.glob("*.jsonl")) for line in _lines(path)]
    return sorted(map(Call.model_validate_json, lines), key=lambda call: call.id)


def read_real_calls() -> list[Call]:
    """Read the real calls, none where the evaluation data are not there: see `real_calls`."""
    if not CORPUS.exists():
        return []
    defaults = RowDefaults("European Commission", Level.EUROPEAN)
    return [call_from_row(json.loads(line), defaults) for line in _lines(CORPUS)]


def moments(calls: Sequence[Call], count: int = 40) -> list[datetime]:
    """Return instants at which something changes for ``calls``, and those just beside them."""
    chance = random.Random(2)  # noqa: S311  the same instants every time
    dates = [
        at
        for call in calls
        for at in (call.opens, call.closed_by, *(d.at for d in call.deadlines))
        if at is not None
    ]
    chosen = chance.sample(dates, min(count, len(dates)))
    beside = timedelta(microseconds=1)
    return [NOW, *(at + step for at in chosen for step in (-beside, timedelta(0), beside))]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _call(chance: random.Random, number: int) -> Call:
    funder = chance.choice(_FUNDERS)
    titles = {
        code: chance.choice(_TITLES) for code in chance.choice((["sv"], ["en", "sv"], ["de"]))
    }
    texts = {code: _text(chance) for code in chance.choice(([], ["sv"], ["en"], ["en", "fi"]))}
    return Call(
        id=f"{funder}:{chance.randrange(10**6)}-{number}",
        funder=chance.choice((funder.title(), "Another name")),
        level=chance.choice(tuple(Level)),
        titles=titles,
        texts=texts,
        opens=_maybe(chance, _moment(chance)),
        published=_maybe(chance, _moment(chance)),
        closed_by=_maybe(chance, _moment(chance)),
        deadlines=tuple(_deadline(chance) for _ in range(chance.choice((0, 1, 1, 2, 3, 5)))),
        funding=_maybe(chance, _funding(chance)),
        eligibility=chance.choice(((), (Eligibility(kind="applicant", value="region"),))),
        invited_only=chance.random() < 0.1,
        url=_maybe(chance, "https://example.org/call"),
        provenance=Provenance(
            source="test",
            curated=chance.random() < 0.3,
            checked_on=_maybe(chance, _moment(chance).date()),
        ),
    )


def _deadline(chance: random.Random) -> Deadline:
    kind = chance.choice(tuple(DeadlineKind))
    dated = kind is not DeadlineKind.ROLLING and (
        kind is not DeadlineKind.ANNOUNCED or chance.random() < 0.5
    )
    at = _moment(chance) if dated else None
    return Deadline(
        kind=kind,
        zone="UTC" if at is not None and at.year == 2099 else chance.choice(_ZONES),
        at=at,
        stage=chance.choice((1, 2)) if kind is DeadlineKind.TWO_STAGE else chance.choice((None, 1)),
    )


def _moment(chance: random.Random) -> datetime:
    """Return `NOW`, an instant next to it, some days away, or one at the end of all time."""
    if chance.random() < 0.02:
        return datetime(2099, 12, 31, 22, 59, 59, tzinfo=UTC)
    away = timedelta(days=chance.choice((0, 0, 1, 20, 200, -1, -20, -200)))
    return NOW + away + chance.choice((1, -1)) * chance.choice(_STEPS)


def _funding(chance: random.Random) -> Funding:
    amounts = [_maybe(chance, _money(chance)) for _ in range(3)]
    return Funding(total=amounts[0], minimum=amounts[1], maximum=amounts[2])


def _money(chance: random.Random) -> Money:
    amount = chance.choice(("0", "1000", "250000.50", "2500000", "1E+6", "999999.99"))
    return Money(amount=Decimal(amount), currency=chance.choice(("SEK", "EUR", "XAF")))


def _text(chance: random.Random) -> str:
    words = _WORDS.split()
    return " ".join(chance.choice(words) for _ in range(chance.randrange(1, 40)))


def _maybe(chance: random.Random, value: T) -> T | None:
    return value if chance.random() < 0.6 else None
