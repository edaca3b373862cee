"""The data that API and pages are tested on: six calls, some of them hostile, and two pilots."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from index.embedding.encoder import HashEncoder
from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Eligibility,
    Funding,
    Level,
    Link,
    Money,
    Provenance,
    join_sections,
)
from service.context import Context
from service.domain.pilots.pilot import Pilot
from service.jobs.reindex import reindex
from service.settings import Settings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""What the clock of the tests stands at."""
FIRST = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)
"""When the sample calls were first seen."""
SOURCE = Provenance(source="test")
HOSTILE = "<script>alert(1)</script>\u202egnp.exe\x07 \"><img src=x onerror=alert(2)> 'a'"

HEART_TEXT, HEART_SECTIONS = join_sections(
    [
        ("purpose", "Remote care of heart failure at home for elderly patients in two regions."),
        ("eligibility", "Hospitals and small companies must apply together for this money."),
    ]
)
HEMMA_TEXT = (
    "Utlysningen gäller vård av hjärtsvikt i hemmet. Patienter mäter vikt och blodtryck dagligen."
)


def dated(day: int, month: int, hour: int = 13, zone: str = "Europe/Stockholm") -> Deadline:
    return Deadline(
        kind=DeadlineKind.FIXED, zone=zone, at=datetime(2026, month, day, hour, tzinfo=UTC)
    )


def sek(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="SEK")


def some_calls() -> list[Call]:
    return [in_two_stages(), *national(), *hostile()]


def in_two_stages() -> Call:
    return Call(
        id="eu_portal:HEART/2026/01",
        funder="European Commission",
        level=Level.EUROPEAN,
        titles={"en": "Heart failure at home"},
        texts={"en": HEART_TEXT},
        sections={"en": HEART_SECTIONS},
        programme="Horizon Europe",
        identifiers=("HEART/2026/01",),
        keywords=("telemedicine",),
        deadlines=(
            Deadline(
                kind=DeadlineKind.TWO_STAGE,
                zone="Europe/Brussels",
                at=datetime(2026, 4, 14, 15, 0, tzinfo=UTC),
                stage=1,
            ),
            Deadline(
                kind=DeadlineKind.TWO_STAGE,
                zone="Europe/Brussels",
                at=datetime(2026, 9, 22, 15, 0, tzinfo=UTC),
                stage=2,
            ),
        ),
        funding=Funding(
            total=Money(amount=Decimal("12500000.50"), currency="EUR"),
            minimum=Money(amount=Decimal(2_000_000), currency="EUR"),
            maximum=Money(amount=Decimal(4_000_000), currency="EUR"),
            expected_awards=4,
        ),
        eligibility=(
            Eligibility(
                kind="applicant",
                value="hospital",
                quote="Hospitals and small companies must apply together for this money.",
            ),
        ),
        url="https://portal.example/heart",
        links=(Link(url="https://portal.example/guide", label="Guide"),),
        provenance=SOURCE,
    )


def national() -> list[Call]:
    return [
        Call(
            id="vinnova:2026-00001",
            funder="Vinnova",
            level=Level.NATIONAL,
            titles={"sv": "Hjärtsvikt i hemmet", "en": "Heart failure in the home"},
            texts={"sv": HEMMA_TEXT},
            deadlines=(dated(14, 3),),
            funding=Funding(maximum=sek(5_000_000), share_percent=Decimal(50)),
            url="https://vinnova.example/1",
            apply_url="https://vinnova.example/1/apply",
            provenance=SOURCE,
        ),
        Call(
            id="vinnova:2026-00002",
            funder="Vinnova",
            level=Level.NATIONAL,
            titles={"sv": "Resebidrag för forskare"},
            deadlines=(Deadline(kind=DeadlineKind.ROLLING, zone="Europe/Stockholm"),),
            provenance=SOURCE,
        ),
        Call(
            id="vinnova:2025-00009",
            funder="Vinnova",
            level=Level.NATIONAL,
            titles={"sv": "Hjärtsvikt: förra årets utlysning"},
            deadlines=(dated(1, 2),),
            provenance=SOURCE,
        ),
    ]


def hostile() -> list[Call]:
    return [
        Call(
            id="hostile:1",
            funder=HOSTILE,
            level=Level.INTERNATIONAL,
            titles={"en": f"Heart failure at home {HOSTILE}"},
            texts={"en": f"Remote care of heart failure at home {HOSTILE}. Elderly patients too."},
            programme=HOSTILE,
            keywords=(HOSTILE,),
            deadlines=(dated(20, 5),),
            url="https://hostile.example/?a=1&b=%22",
            provenance=SOURCE,
        ),
        Call(
            id="hostile:2",
            funder=HOSTILE,
            level=Level.INTERNATIONAL,
            titles={"en": "Wind turbines at sea"},
            opens=datetime(2026, 6, 1, tzinfo=UTC),
            deadlines=(dated(20, 8),),
            provenance=SOURCE,
        ),
    ]


def some_pilots() -> list[Pilot]:
    return [
        Pilot(
            id="heart",
            title="Hjärtsvikt hemma",
            text="Hjärtsvikt i hemmet\n\nPatienter mäter vikt och blodtryck dagligen i hemmet.",
            language="sv",
            created_at=NOW,
        ),
        Pilot(
            id="hostile",
            title=HOSTILE,
            text=f"Heart failure at home {HOSTILE}",
            created_at=NOW,
        ),
    ]


def open_context(data: Path, **environment: str) -> Context:
    """Open the data folder with the light encoder and the clock at `NOW`."""
    values = {"FUNDSCOUT_DATA": str(data), "FUNDSCOUT_CLOCK": NOW.isoformat()}
    return Context.open(Settings.from_env(values | environment), HashEncoder)


def fill(context: Context) -> None:
    """Store the sample calls and pilots, and index the calls."""
    context.calls.upsert(some_calls(), FIRST)
    context.calls.upsert(some_calls(), NOW)
    for pilot in some_pilots():
        context.pilots.add(pilot)
    reindex(context)


def delist(context: Context, call_id: str, at: datetime) -> None:
    """Store that the source of the sample calls was listed without a call at an instant."""
    left = [call for call in context.calls.all().values() if call.id != call_id]
    context.calls.upsert(left, at, complete_for=SOURCE.source)
