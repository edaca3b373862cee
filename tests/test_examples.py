"""The examples are real calls: complete, varied, true to their source, and in our own words."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call, DeadlineKind, Level, Status
from service.clock import examples_date, featured_pilot
from service.domain.pilots.pilot import Pilot

ROOT = Path(__file__).parents[1] / "examples"
SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "eval" / "eu_calls_2026" / "corpus.jsonl"
LONGEST_SHARED_RUN = 7
"""Words in a row that one of our texts may have in common with a funder's."""

shared = pytest.mark.skipif(not CORPUS.exists(), reason="the shared evaluation data is absent")


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    lines = [
        line
        for path in (ROOT / "calls").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    return [Call.model_validate_json(line) for line in lines]


@pytest.fixture(scope="module")
def pilots() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in (ROOT / "pilots").glob("*.json")]


@pytest.fixture(scope="module")
def corpus() -> dict[str, dict[str, Any]]:
    rows = (json.loads(line) for line in CORPUS.read_text("utf-8").split("\n") if line)
    return {row["id"]: row for row in rows}


def test_there_are_enough_and_each_is_its_own(calls: list[Call]) -> None:
    assert len(calls) >= 60
    assert len({call.id for call in calls}) == len(calls)


def test_each_says_where_it_comes_from_and_what_it_is_about(calls: list[Call]) -> None:
    for call in calls:
        assert call.provenance.source == "examples", call.id
        assert call.url, call.id
        assert set(call.texts) == set(call.titles), call.id
        for language, text in call.texts.items():
            assert call.sections[language], call.id
            for section in call.sections[language]:
                assert text[section.start : section.end].strip(), call.id
        for fact in call.eligibility:
            assert any(fact.quote in text for text in call.texts.values()), call.id


def test_they_show_every_kind_of_call(calls: list[Call]) -> None:
    now = examples_date(ROOT)
    statuses = [call.status(now) for call in calls]
    for status in Status:
        assert statuses.count(status) >= 3, status
    kinds = {deadline.kind for call in calls for deadline in call.deadlines}
    wanted = {DeadlineKind.FIXED, DeadlineKind.TWO_STAGE, DeadlineKind.ROLLING}
    assert wanted | {DeadlineKind.ANNOUNCED} <= kinds
    assert {"sv", "en"} <= {language for call in calls for language in call.titles}
    levels = {call.level for call in calls}
    assert {Level.NATIONAL, Level.NORDIC, Level.EUROPEAN, Level.INTERNATIONAL} <= levels
    assert len({call.funder for call in calls}) >= 12


def test_the_pilots_can_be_stored_and_matched(pilots: list[dict[str, Any]]) -> None:
    assert len(pilots) >= 6
    assert sum(pilot["language"] == "sv" for pilot in pilots) >= 3
    for fields in pilots:
        assert fields.pop("recipient")["email"].endswith("@example.org")
        pilot = Pilot.model_validate(fields)
        assert pilot.text.startswith(pilot.title)
        assert len(pilot.text) > 1_000


def test_the_facts_name_a_clock_and_a_pilot(pilots: list[dict[str, Any]]) -> None:
    facts = tomllib.loads((ROOT / "examples.toml").read_text("utf-8"))
    assert datetime.fromisoformat(facts["clock"]) == examples_date(ROOT)
    assert featured_pilot(ROOT) in {pilot["id"] for pilot in pilots}


@shared
def test_facts_of_eu_calls_are_those_of_the_source(
    calls: list[Call], corpus: dict[str, dict[str, Any]]
) -> None:
    ours = [call for call in calls if call.id.startswith("eu_portal:")]
    assert len(ours) >= 40
    for call in ours:
        row = corpus[call.native_id]
        assert call.titles["en"] == " ".join(row["title"].split())
        assert call.opens is not None
        assert call.opens.date().isoformat() == row["open_date"]
        assert [deadline.local().date().isoformat() for deadline in call.deadlines] == [
            row["deadline"]
        ]
        assert _amounts(call) == _stated(row), call.id


def _amounts(call: Call) -> list[int | None]:
    funding = call.funding
    if funding is None:
        return [None, None, None]
    return [
        None if money is None else int(money.amount)
        for money in (funding.total, funding.minimum, funding.maximum)
    ]


def _stated(row: dict[str, Any]) -> list[int | None]:
    budget = row.get("budget") or {}
    return [
        budget.get("totalBudgetEur"),
        budget.get("minContributionEur", row.get("budget_min")),
        budget.get("maxContributionEur", row.get("budget_max")),
    ]


@pytest.mark.slow
@shared
def test_descriptions_are_in_our_own_words(calls: list[Call], corpus: dict[str, Any]) -> None:
    theirs = {run for row in corpus.values() for run in _runs(row["text"])}
    for path in (SHARED / "samples").rglob("page_*.txt"):
        theirs |= _runs(path.read_text("utf-8"))
    assert len(theirs) > 100_000
    for call in calls:
        for text in call.texts.values():
            assert not _runs(text) & theirs, call.id


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    size = LONGEST_SHARED_RUN + 1
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}
