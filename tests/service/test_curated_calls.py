"""Calls kept by hand say so to whoever sees them, with the day somebody last checked them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scrapers.call import Call, Provenance
from service.app import create_app
from service.cli.render import render_matches
from service.context import Context
from service.domain.matching.call_card import make_card
from service.domain.matching.match import Match, MatchList
from service.domain.matching.match_context import StoredCalls
from service.store.calls import CallStore
from service.store.database import connect
from tests.service.conftest import NOW, a_call

CASES = [
    (date(2026, 2, 20), False, "last checked {day}.", "källan {day}."),
    (date(2025, 6, 1), True, "last checked {day}: too long ago", "källan {day}: för länge"),
    (None, True, "never checked against the source", "aldrig jämförd med källan"),
]


def kept(checked: date | None) -> Call:
    origin = Provenance(source="kks", curated=True, checked_on=checked)
    return a_call("kks:hog").model_copy(update={"provenance": origin})


def found(call: Call) -> MatchList:
    card = make_card(StoredCalls(calls={call.id: call}, now=NOW), call, "sv")
    match = Match(call=card, score=0.5, parts=(), evidence=(), terms=(), gates=())
    return MatchList(matches=(match,), language="sv", as_of=NOW, considered=1, left_out={})


@pytest.mark.parametrize(("checked", "stale", "english", "swedish"), CASES)
def test_the_page_and_the_answer_say_it(
    own_context: Context,
    checked: date | None,
    stale: bool,
    english: str,
    swedish: str,
) -> None:
    own_context.calls.upsert([kept(checked)], NOW)
    own_client = create_app(own_context).test_client()
    body = own_client.get("/api/v1/calls/kks:hog").get_json()
    assert body["stale"] is stale
    assert body["provenance"]["curated"] is True
    assert body["provenance"]["checked_on"] == (checked.isoformat() if checked else None)
    months = {"en": ("February", "June"), "sv": ("februari", "juni")}
    for language, sentence in (("en", english), ("sv", swedish)):
        month = months[language][0 if checked == CASES[0][0] else 1]
        day = f"{checked.day} {month} {checked.year}" if checked else ""
        page = own_client.get(f"/calls/kks:hog?lang={language}").text
        assert sentence.format(day=day) in page


def test_the_page_of_a_call_that_was_read_says_nothing_of_it(client: FlaskClient) -> None:
    assert "by hand" not in client.get("/calls/vinnova:2026-00001?lang=en").text
    assert client.get("/api/v1/calls/vinnova:2026-00001").get_json()["stale"] is False


@pytest.mark.parametrize(("checked", "stale", "english", "_swedish"), CASES)
def test_the_command_line_says_it(
    checked: date | None, stale: bool, english: str, _swedish: str
) -> None:
    matches = found(kept(checked))
    assert matches.matches[0].call.stale is stale
    sentence = english.format(day=checked)
    assert sentence in render_matches(matches)
    assert "by hand" not in render_matches(found(a_call()))


def test_a_new_day_of_checking_is_stored_without_a_new_version(tmp_path: Path) -> None:
    calls = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    calls.upsert([kept(None)], NOW)
    stamp = calls.stamp()
    assert calls.upsert([kept(None)], NOW).unchanged == 1
    assert calls.stamp() == stamp
    assert calls.upsert([kept(date(2026, 3, 1))], NOW).changed == 1
    assert calls.stamp() != stamp, "what is served must be loaded again"
    (stored,) = calls.all().values()
    assert stored.provenance.checked_on == date(2026, 3, 1)
    assert not stored.stale(NOW)
    assert len(calls.versions("kks:hog")) == 1
