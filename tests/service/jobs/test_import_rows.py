"""Plain rows to calls: what the funders' portal means by them, and what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from scrapers.call import Call, DeadlineKind, Level
from service.jobs.imports.rows import RowDefaults, call_from_row

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
OURS = RowDefaults("Stiftelsen X", Level.NATIONAL)


def call(**values: Any) -> Call:
    return call_from_row({"id": "A-1", "title": "Sensors at home", **values}, OURS)


def test_a_topic_of_the_portal_closes_at_five_in_brussels() -> None:
    (one,) = call(url=f"{PORTAL}/topic-details/a-1", deadline="2027-09-22").deadlines
    assert (one.kind, one.stage, one.date_only) == (DeadlineKind.FIXED, None, False)
    assert one.local().isoformat() == "2027-09-22T17:00:00+02:00"
    assert "17:00 Brussels" in one.text


def test_a_cascade_call_lasts_until_its_day_ends() -> None:
    url = f"{PORTAL}/competitive-calls-cs/1"
    (one,) = call(url=url, deadline="2027-01-22").deadlines
    assert one.date_only
    assert one.local().isoformat() == "2027-01-22T23:59:59+01:00"


def test_an_hour_in_a_row_counts() -> None:
    (own,) = call(deadline="2027-01-22T14:00:00").deadlines
    assert (own.zone, own.date_only) == ("Europe/Stockholm", False)
    assert own.local().isoformat() == "2027-01-22T14:00:00+01:00"
    (aware,) = call(deadline="2027-01-22T13:00:00Z").deadlines
    assert aware.at == own.at
    url = "https://webgate.ec.europa.eu/prospect/external/publishedcalls.htm?callId=1"
    (external,) = call(url=url, deadline="2026-09-30T11:00:09.000Z").deadlines
    assert external.local().isoformat() == "2026-09-30T11:00:09+02:00"


def test_the_first_of_two_stages_is_named_so() -> None:
    url = f"{PORTAL}/topic-details/hlth-two-stage"
    (one,) = call(id="HLTH-2027-Two-Stage", url=url, deadline="2027-04-13").deadlines
    assert (one.kind, one.stage) == (DeadlineKind.TWO_STAGE, 1)
    assert one.local().hour == 17


@pytest.mark.parametrize("value", ["1900-01-01", "x", "", None, "9999-12-31"])
def test_a_placeholder_is_no_deadline(value: str | None) -> None:
    assert call(deadline=value).deadlines == ()
    assert call(url=f"{PORTAL}/topic-details/a-1", deadline=value).deadlines == ()


@pytest.mark.parametrize("url", ["", f"{PORTAL}/topic-details/a-1"])
def test_a_deadline_that_is_no_date_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="deadline is 'next spring', not a date"):
        call(url=url, deadline="next spring")


def test_a_cascade_call_has_its_own_title_and_the_readers_number() -> None:
    found = call(
        id="15342COMPETITIVE_CALLen",
        kind="Cascade funding calls",
        call_title="The project's second open call",
        url=f"{PORTAL}/competitive-calls-cs/1",
        programme="Horizon Europe (HORIZON)",
    )
    assert found.id == "eu_portal:15342COMPETITIVE_CALL"
    assert found.titles == {"en": "The project's second open call"}
    assert found.texts == {"en": "Sensors at home"}
    assert found.programme == "Horizon Europe"


def test_another_funders_number_and_programme_stay_as_they_are() -> None:
    found = call(id="12CALLen", programme="Pilots (PIL)")
    assert (found.id, found.programme) == ("stiftelsen_x:12CALLen", "Pilots (PIL)")


def test_keywords_are_cut_at_commas_outside_brackets() -> None:
    found = call(call_id="A", keywords="A-1, A, imaging (e.g. speech, video), care, care")
    assert found.keywords == ("imaging (e.g. speech, video)", "care")
