"""A source that fails or grows old is named wherever calls of it may be missing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from service.context import Context
from service.domain.calls.sources import MOST_NAMED
from service.use_cases.sources import find_gaps, gap_notes

THEN = datetime.now(UTC) - timedelta(days=9)


def collected(context: Context, key: str, at: datetime, *, good: bool = True) -> None:
    with time_machine.travel(at), context.runs.record("collect", key) as run:
        run.report = {"calls": 3}
        if not good:
            run.state = "failed"


@pytest.fixture
def stale(own_context: Context) -> Context:
    """A store whose calls of Vinnova were last read nine days ago; Formas was read today."""
    collected(own_context, "vinnova", THEN)
    collected(own_context, "formas", datetime.now(UTC))
    return own_context


PLACES = [
    "/?pilot=heart",
    "/calls",
    "/pilots/heart",
    "/actors?q=heart+failure",
    "/pilots/heart/calls/hostile:1",
]
EN = "Calls from these sources may be missing or out of date: Vinnova (last read "
SV = "Utlysningar från dessa källor kan saknas eller vara inaktuella: Vinnova (senast läst "


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.usefixtures("stale")
def test_it_is_one_sentence_on_each_page_in_the_readers_language(
    own_client: FlaskClient, place: str
) -> None:
    join = "&" if "?" in place else "?"
    assert own_client.get(f"{place}{join}lang=en").text.count(EN) == 1
    assert own_client.get(f"{place}{join}lang=sv").text.count(SV) == 1


@pytest.mark.usefixtures("stale")
def test_the_page_of_a_call_names_its_own_source_alone(own_client: FlaskClient) -> None:
    own = own_client.get("/calls/vinnova:2026-00001?lang=sv").text
    assert "Vinnova lästes senast" in own
    assert "uppgifterna om utlysningen kan vara inaktuella" in own
    assert "out of date" in own_client.get("/calls/vinnova:2026-00001?lang=en").text
    assert "inaktuell" not in own_client.get("/calls/hostile:1?lang=sv").text
    shortlist = own_client.get("/calls/vinnova:2026-00001/pilots?lang=sv").text
    assert "Vinnova lästes senast" in shortlist


@pytest.mark.usefixtures("stale")
def test_tools_read_the_same_sentence(own_client: FlaskClient) -> None:
    body = own_client.get("/api/v1/calls").get_json()
    assert any(EN in note for note in body["notes"])
    one = own_client.get("/api/v1/calls/vinnova:2026-00001").get_json()
    assert one["notes"][0].startswith("Vinnova was last read ")
    assert own_client.get("/api/v1/calls/hostile:1").get_json()["notes"] == []
    found = own_client.post("/api/v1/match", json={"text": "heart failure"}).get_json()
    assert any(EN in note for note in found["notes"])


@pytest.mark.parametrize(
    ("choice", "named"),
    [
        ("funder=formas", False),
        ("funder=vinnova", True),
        ("funder=formas&funder=vinnova", True),
        ("level=european", False),
        ("level=national", True),
    ],
)
@pytest.mark.usefixtures("stale")
def test_a_list_that_would_not_have_it_does_not_name_it(
    own_client: FlaskClient, choice: str, named: bool
) -> None:
    assert (EN in own_client.get(f"/calls?lang=en&{choice}").text) == named


def test_nothing_is_said_of_sources_that_are_read_well_or_were_never_asked(
    own_client: FlaskClient, own_context: Context
) -> None:
    collected(own_context, "vinnova", datetime.now(UTC))
    assert gap_notes(own_context) == ()
    assert "may be missing" not in own_client.get("/calls?lang=en").text


def test_a_failure_is_told_at_once_and_a_good_run_takes_it_back(
    own_client: FlaskClient, own_context: Context
) -> None:
    collected(own_context, "vinnova", datetime.now(UTC), good=False)
    page = own_client.get("/calls?lang=en").text
    assert "out of date: Vinnova (not read yet)." in page
    own = own_client.get("/calls/vinnova:2026-00001?lang=en").text
    assert "Vinnova could not be read yet" in own
    collected(own_context, "vinnova", datetime.now(UTC))
    assert "out of date" not in own_client.get("/calls?lang=en").text


def test_when_all_stand_still_the_sentence_stays_short(
    own_client: FlaskClient, own_context: Context
) -> None:
    keys = ("vinnova", "formas", "forte", "vr", "nordforsk", "ukri")
    for days, key in enumerate(keys):
        collected(own_context, key, THEN - timedelta(days=days))
    gaps = find_gaps(own_context)
    assert [one.key for one in gaps] == list(reversed(keys))  # longest unread first
    page = own_client.get("/calls?lang=sv").text
    (sentence,) = re.findall(r"Utlysningar från dessa källor[^<]*", page)
    assert sentence.count("senast läst") == MOST_NAMED
    assert sentence.endswith(" och 3 källor till.")
