"""The sum of a whole call is told apart from that of a project, and how many are paid for."""

from __future__ import annotations

import pytest

from scrapers.reading.award_counts import expected_awards
from scrapers.reading.exclusions import find_exclusions
from scrapers.reading.pots import split_pot


@pytest.mark.parametrize(
    ("text", "pot", "left"),
    [
        ("We have £10 million to spend on up to eight projects.", 10_000_000, ""),
        ("Up to £4.8 million is available for this opportunity.", 4_800_000, ""),
        ("£2 million is available for each hub.", None, "£2 million is available for each hub."),
        (
            "Your project can cost up to £1 million.",
            None,
            "Your project can cost up to £1 million.",
        ),
        ("Partners must add 20% of the cost.", None, ""),
        ("£9 million in total, with no more than £1 million each.", 9_000_000, "with no more"),
    ],
)
def test_a_pot_is_no_sum_of_a_project(text: str, pot: int | None, left: str) -> None:
    money, rest = split_pot(text, "GBP")
    assert (None if money is None else int(money.amount)) == pot
    assert rest.startswith(left)
    assert bool(rest) == bool(left)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We expect to make 36 awards.", 36),
        ("Three centres share NOK 90 million.", 3),
        ("Expected number of awards: 12", 12),
        ("Vi räknar med att finansiera cirka tio projekt.", 10),
        ("We hope to fund five or six consortia.", None),
        ("We expect to fund 4-6 hubs.", None),
        ("We will fund 80% of projects.", None),
        ("We expect to make 3 awards. We plan to fund 5 projects.", None),
    ],
)
def test_a_number_of_awards_counts_when_it_is_one(text: str, count: int | None) -> None:
    assert expected_awards(text) == count


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("Project leads from non-UK organisations are not eligible to apply.", True),
        ("Privatpersoner kan inte söka.", True),
        ("Companies may not lead a project.", True),
        ("Travel costs are not eligible.", False),
        ("Companies are eligible to apply.", False),
    ],
)
def test_applicants_that_are_shut_out_are_kept_with_their_sentence(
    text: str, excluded: bool
) -> None:
    found = [(fact.kind, fact.quote) for fact in find_exclusions(text)]
    assert found == ([("excluded", text)] if excluded else [])
