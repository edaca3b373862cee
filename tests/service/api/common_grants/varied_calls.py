"""Calls of every kind that the mapping meets."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

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

SOURCE = Provenance(source="varied")
STOCKHOLM = "Europe/Stockholm"


def a_deadline(kind: DeadlineKind, at: datetime | None = None, **fields: object) -> Deadline:
    return Deadline.model_validate({"kind": kind, "zone": STOCKHOLM, "at": at, **fields})


def varied_calls() -> list[Call]:
    return [several_cut_offs(), only_announced(), without_dates(), rolling(), in_dollars()]


def several_cut_offs() -> Call:
    days = (datetime(2026, 1, 15, 13, tzinfo=UTC), datetime(2026, 5, 29, 21, 59, 59, tzinfo=UTC))
    later = datetime(2026, 10, 2, 12, tzinfo=UTC)
    return Call(
        id="formas:cut-offs",
        funder="Formas",
        level=Level.NATIONAL,
        titles={"sv": "Planeringsbidrag för forskning om städer"},
        texts={"sv": "Forskare vid universitet och högskolor kan söka planeringsbidrag. " * 60},
        opens=datetime(2026, 1, 8, 8, tzinfo=UTC),
        published=datetime(2025, 12, 18, 9, tzinfo=UTC),
        deadlines=(
            a_deadline(DeadlineKind.CUT_OFF, days[0]),
            a_deadline(DeadlineKind.CUT_OFF, days[1], date_only=True),
            a_deadline(DeadlineKind.CUT_OFF, later),
        ),
        funding=Funding(
            total=Money(amount=Decimal("1E+7"), currency="SEK"),
            maximum=Money(amount=Decimal("300000.50"), currency="SEK"),
            share_percent=Decimal("62.5"),
        ),
        eligibility=(
            Eligibility(
                kind="applicant",
                value="university",
                quote="Forskare vid universitet och högskolor kan söka planeringsbidrag.",
            ),
        ),
        url="https://formas.example/cut-offs",
        provenance=SOURCE,
    )


def only_announced() -> Call:
    return Call(
        id="forte:announced",
        funder="Forte",
        level=Level.NATIONAL,
        titles={"sv": "Äldre och hälsa 2027", "en": "Ageing and health 2027"},
        deadlines=(a_deadline(DeadlineKind.ANNOUNCED, text="mars 2027"),),
        provenance=SOURCE,
    )


def without_dates() -> Call:
    return Call(
        id="region:no-dates",
        funder="A region",
        level=Level.REGIONAL,
        titles={"sv": "Bygdemedel"},
        texts={"sv": "Föreningar kan söka bygdemedel."},
        funding=Funding(text="Beloppet beror på projektet."),
        provenance=SOURCE,
    )


def rolling() -> Call:
    return Call(
        id="vinnova:rolling",
        funder="Vinnova",
        level=Level.NATIONAL,
        titles={"sv": "Innovationscheckar"},
        deadlines=(a_deadline(DeadlineKind.ROLLING),),
        funding=Funding(minimum=Money(amount=Decimal(50_000), currency="SEK")),
        provenance=SOURCE,
    )


def in_dollars() -> Call:
    return Call(
        id="grants_gov:HL-27-001",
        funder="NIH",
        level=Level.INTERNATIONAL,
        titles={"en": "Remote monitoring of heart failure"},
        texts={"en": "Trials of remote monitoring of patients with heart failure at home."},
        deadlines=(
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="America/New_York",
                at=datetime(2026, 7, 17, 3, 59, 59, tzinfo=UTC),
            ),
        ),
        funding=Funding(
            total=Money(amount=Decimal(2_500_000), currency="USD"),
            maximum=Money(amount=Decimal(500_000), currency="USD"),
            expected_awards=5,
        ),
        url="https://grants.example/HL-27-001",
        provenance=SOURCE,
    )


def with_applicants(*names: str) -> Call:
    entries = tuple(Eligibility(kind="applicant", value=name, quote=name) for name in names)
    return rolling().model_copy(update={"eligibility": entries})
