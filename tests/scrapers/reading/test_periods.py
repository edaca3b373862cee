"""When money is spent or work is done is no time to apply."""

from __future__ import annotations

import re

import pytest

from scrapers.reading.steps.dated_words import DateRole, find_dated_words

NAMES = re.compile(r"(?!)")


def roles(*lines: str) -> list[DateRole]:
    return [one.role for one in find_dated_words(lines, "Europe/Stockholm", NAMES)]


@pytest.mark.parametrize(
    "line",
    [
        "Funding is available from 1 October 2025 to 30 September 2030.",
        "The grant will run from 1 May 2026 to 30 September 2030.",
        "The project must run from 1 May 2026 to 30 September 2030.",
        "Awards last from 1 May 2026 until 30 April 2029.",
        "Projekten ska pågå från 1 januari 2026 till 31 december 2027.",
        "Bidraget ska användas från 1 mars 2026 till den 30 juni 2027.",
        "Projektperiod: 1 januari 2026 – 31 december 2027",
    ],
)
def test_a_period_of_work_opens_and_closes_nothing(line: str) -> None:
    assert set(roles(line)) == {DateRole.OTHER}


def test_a_period_below_its_label_opens_and_closes_nothing() -> None:
    assert set(roles("Project period", "1 January 2026 – 31 December 2027")) == {DateRole.OTHER}


@pytest.mark.parametrize(
    "line",
    [
        "The call is open from 1 October 2025 to 30 November 2025.",
        "Utlysningen är öppen 16 augusti–15 september 2023.",
        "Ansökan kan göras 1 mars till 3 april 2026.",
    ],
)
def test_the_time_to_apply_still_opens_and_closes(line: str) -> None:
    assert roles(line) == [DateRole.OPENS, DateRole.CLOSES]
