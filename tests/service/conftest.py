"""A store of a few calls, an examples folder, and a context that needs no model."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Funding,
    Level,
    Money,
    Provenance,
    join_sections,
)
from service.context import Context
from service.jobs.awards import award_store
from service.settings import Settings
from service.store.awards import AwardStore

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_call(
    id_: str = "vinnova:2026-001",
    title: str = "Hjärtsvikt i hemmet",
    *,
    day: int = 20,
    source: str = "vinnova",
    text: str = "Utlysningen gäller vård av personer med hjärtsvikt i hemmet.",
) -> Call:
    body, sections = join_sections([("purpose", text), ("budget", "Högst tre miljoner kronor.")])
    return Call(
        id=id_,
        funder="Vinnova",
        level=Level.NATIONAL,
        titles={"sv": title},
        texts={"sv": body},
        sections={"sv": sections},
        deadlines=(
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Stockholm",
                at=datetime(2026, 4, day, 12, tzinfo=UTC),
            ),
        ),
        funding=Funding(maximum=Money(amount=Decimal(3_000_000), currency="SEK")),
        url="https://www.vinnova.se/e/exempel",
        provenance=Provenance(source=source),
    )


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    (folder / "calls").mkdir(parents=True)
    (folder / "pilots").mkdir()
    calls = [
        a_call("vinnova:ex-1", source="somewhere"),
        a_call("vinnova:ex-2", "Fall i hemtjänsten", text="Att förebygga fall hos äldre."),
    ]
    lines = "".join(call.model_dump_json() + "\n" for call in calls)
    (folder / "calls" / "vinnova.jsonl").write_text(lines, "utf-8")
    pilot = {
        "id": "hemma",
        "title": "Hjärtsvikt hemma",
        "language": "sv",
        "text": "Hjärtsvikt hemma\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet.",
        "recipient": {"email": "team@example.org", "language": "sv"},
    }
    (folder / "pilots" / "hemma.json").write_text(json.dumps(pilot), "utf-8")
    facts = 'clock = "2026-03-02T10:00:00+01:00"\nfeatured_pilot = "hemma"\n'
    (folder / "examples.toml").write_text(facts, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, examples: Path) -> Settings:
    return Settings.from_env(
        {
            "FUNDSCOUT_DATA": str(tmp_path / "data"),
            "FUNDSCOUT_EXAMPLES": str(examples),
            "FUNDSCOUT_CLOCK": NOW.isoformat(),
        }
    )


@pytest.fixture
def context(settings: Settings) -> Context:
    return Context.open(settings, HashEncoder)


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The command line, pointed at the settings of the test."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(settings.data))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "https://example.org/who")
    return settings


@pytest.fixture
def store(context: Context) -> AwardStore:
    """The awards of the context's database."""
    return award_store(context)
