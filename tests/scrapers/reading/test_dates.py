"""Dates in prose: both languages, hours, zones, and what is no date."""

from __future__ import annotations

import pytest

from scrapers.reading.dates import find_dates, first_date

STOCKHOLM = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Öppnar: 2024-09-04 14:00", "2024-09-04T14:00:00+02:00"),
        ("9 januari 2024, klockan 10:00", "2024-01-09T10:00:00+01:00"),
        ("14 februari 2024 (kl. 14.00)", "2024-02-14T14:00:00+01:00"),
        ("den 3:e maj 2026 kl 15", "2026-05-03T15:00:00+02:00"),
        ("04.09.2018 13:00", "2018-09-04T13:00:00+02:00"),
        ("4 March 2026 4:00pm UK time", "2026-03-04T16:00:00+00:00"),
        ("10 December 2025 9:00am UK time", "2025-12-10T09:00:00+00:00"),
        ("July 1, 2026 at 5 p.m. ET", "2026-07-01T17:00:00-04:00"),
        ("13 October 2026, 17:00 Brussels time", "2026-10-13T17:00:00+02:00"),
        ("1st of June 2026 at 12:00 UTC", "2026-06-01T12:00:00+00:00"),
        ("March 29, 2026 12:30am", "2026-03-29T00:30:00+01:00"),
        ("2026-10-13T14:00:00", "2026-10-13T14:00:00+02:00"),
    ],
)
def test_a_date_with_its_hour(text: str, instant: str) -> None:
    found = first_date(text, STOCKHOLM)
    assert found is not None
    assert found.moment.at.isoformat() == instant
    assert not found.moment.date_only


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stänger 28 april 2026 Forskningsstöd", "2026-04-28"),
        ("Sista ansökningsdag: 17.03.2021", "2021-03-17"),
        ("closes on 13 Oct 2026.", "2026-10-13"),
        ("Sept 9, 2026", "2026-09-09"),
        ("13 maj 2026 5 miljoner kronor", "2026-05-13"),
        ("2026-05-13 00:00", "2026-05-13"),
        ("29 februari 2028", "2028-02-29"),
    ],
)
def test_a_date_alone_is_the_end_of_that_day(text: str, day: str) -> None:
    found = first_date(text, STOCKHOLM)
    assert found is not None
    assert found.moment.date_only
    assert found.moment.at.isoformat().startswith(f"{day}T23:59:59")


@pytest.mark.parametrize(
    "text",
    [
        "31 juni 2026",
        "1900-01-01",
        "x",
        "",
        "2026-13-01",
        "10/12/2026",
        "mars 2027",
        "version 1.2.20261",
        "diarienummer 2026-01503",
        "tel 08-123 45 2026",
    ],
)
def test_what_is_no_certain_date_is_not_guessed(text: str) -> None:
    assert first_date(text, STOCKHOLM) is None


def test_a_period_is_two_dates_in_order() -> None:
    text = "Ansökningsperiod: 14 februari 2024 (kl. 14.00) – 19 mars 2024 (kl. 14.00)"
    opens, closes = find_dates(text, STOCKHOLM)
    assert [opens.moment.at.day, closes.moment.at.day] == [14, 19]
    assert text[opens.start : opens.end] == "14 februari 2024 (kl. 14.00)"


def test_midnight_at_the_end_of_a_day_is_that_day() -> None:
    found = first_date("31 augusti 2026 kl 24.00", STOCKHOLM)
    assert found is not None
    assert found.moment.at.isoformat() == "2026-08-31T23:59:59+02:00"
    assert not found.moment.date_only


def test_hostile_text_takes_no_time() -> None:
    assert list(find_dates("1" * 100_000 + " jan" * 50_000, STOCKHOLM)) == []
