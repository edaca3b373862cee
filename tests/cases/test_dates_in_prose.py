"""Dates as funders write them: hours on either side, periods, lists, any clock."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from scrapers.reading.clocks import find_clocks
from scrapers.reading.dates import closing_date, find_dates, first_date

LONDON, NEW_YORK = "Europe/London", "America/New_York"
TABLE = Path(__file__).with_name("dates_in_prose.tsv").read_text("utf-8").splitlines()[1:]
"""As written, the funder's zone, and each instant in UTC, with a "d" for a day without an hour."""


def seen(text: str, zone: str) -> list[str]:
    return [
        f"{one.moment.at.astimezone(UTC):%Y-%m-%d %H:%M}{'d' if one.moment.date_only else ''}"
        for one in find_dates(text, zone)
    ]


@pytest.mark.parametrize("row", TABLE)
def test_every_date_with_its_hour(row: str) -> None:
    text, zone, instants = row.split("\t")
    assert "; ".join(seen(text, zone)) == instants


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("16 augusti-15 september 2023", 16, 15),
        ("3 May 2027 – 14 June 2027", 3, 14),
        ("between 3 May and 14 June 2027", 3, 14),
        ("from 3 March 2027 to 4 May", 3, 4),
        ("14 June 2027", 14, 14),
    ],
)
def test_a_period_closes_at_its_end(text: str, opens: int, closes: int) -> None:
    first, last = first_date(text, LONDON), closing_date(text, LONDON)
    assert first is not None
    assert last is not None
    assert (first.moment.at.day, last.moment.at.day) == (opens, closes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 March 2027 at 17:00, local time of the applicant", "local time of the applicant"),
        ("5 March 2027 at 17:00 local time", "not said whose"),
        ("2027-03-05T17:00:00 0200", "no sign"),
        ("5 March 2027 at midnight", "end of that day"),
        ("5 March 2027 at 00:00", "beginning of that day"),
        ("5 March 2027 at 17:00", ""),
    ],
)
def test_what_is_unsure_of_an_hour_is_said(text: str, said: str) -> None:
    found = first_date(text, LONDON)
    assert found is not None
    assert said in found.note
    assert bool(found.note) is bool(said)


def test_an_hour_is_never_later_than_it_may_be_meant() -> None:
    for text in (
        "5 July 2027 at 17:00 local time",
        "5 July 2027 at 17:00 your local time",
        "5 July 2027 at 17:00 EST",
        "5 July 2027 at 17:00 EDT",
    ):
        found = first_date(text, NEW_YORK)
        assert found is not None
        assert found.moment.at.astimezone(UTC).isoformat() <= "2027-07-05T21:00:00+00:00"


def test_hours_apart_from_any_day() -> None:
    text = "Apply by 5:00 p.m. ET, or by 23h59 Pacific time; 14.00 kronor and version 5 are none."
    assert [clock.zone for clock in find_clocks(text)] == [NEW_YORK, "America/Los_Angeles"]


@pytest.mark.parametrize("piece", ["1 mars 2027, ", "den ", "kl 14 ", "1-", " ", "UTC+1 ", "Jan. "])
def test_long_texts_are_read_to_the_end(piece: str) -> None:
    text = f"{piece * 20_000} 5 March 2027"
    assert [day for day in seen(text, LONDON) if day.startswith("2027-03-05")]
