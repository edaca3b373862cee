"""The sum of a whole call is told apart from that of a project, and how many are paid for."""

from __future__ import annotations

import pytest

from scrapers.call import Funding
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.money import read_funding

M = 1_000_000
LEADS = "Project leads from non-UK organisations are not eligible to apply."


def sums(funding: Funding | None) -> tuple[int | None, int | None, int | None]:
    """Return total, minimum and maximum as whole numbers."""
    told = funding or Funding()
    named = (told.total, told.minimum, told.maximum)
    total, least, most = (None if money is None else int(money.amount) for money in named)
    return total, least, most


@pytest.mark.parametrize(
    ("text", "total", "least", "most"),
    [
        ("We have £10 million to spend on up to eight projects.", 10 * M, None, None),
        ("Up to £4.8 million is available for this opportunity.", 4_800_000, None, None),
        ("£2 million is available for each hub.", None, None, 2 * M),
        ("£2 million is available per centre.", None, None, 2 * M),
        ("Your project can cost up to £1 million.", None, None, M),
        ("Project costs must be between £250,000 and £500,000.", None, 250_000, 500_000),
        ("The FEC of your project must not exceed £625,000.", None, None, 625_000),
        ("Travel costs can be up to £5,000.", None, None, None),
        ("Equipment for the project can cost up to £50,000.", None, None, None),
        ("Partners must add 20% of the cost.", None, None, None),
        ("A minimum cash contribution of £50,000 from partners is needed.", None, None, None),
        ("£9 million in total, with no more than £1 million each.", 9 * M, None, M),
        ("Up to £1.2 million at 80 % FEC is available per project.", None, None, 1_200_000),
    ],
)
def test_a_pot_is_no_sum_of_a_project(
    text: str, total: int | None, least: int | None, most: int | None
) -> None:
    funding = read_funding(text, "GBP", by_cost=True)
    assert sums(funding) == (total, least, most)
    assert funding is None or funding.share_percent is None


@pytest.mark.parametrize(
    ("text", "total", "least", "most"),
    [
        ("Three centres share NOK 90 million.", 90 * M, None, None),
        ("The partners of a consortium share 15 MNOK per project.", None, None, 15 * M),
        ("The amount that may be sought is NOK 10 million.", None, None, 10 * M),
        ("About 15 MNOK for each project.", None, None, 15 * M),
        ("Canadians can apply for CAD 200 000.", None, None, None),
    ],
)
def test_kroner_are_read_in_every_form(
    text: str, total: int | None, least: int | None, most: int | None
) -> None:
    assert sums(read_funding(text, "NOK")) == (total, least, most)


def test_what_stands_beside_a_label_counts_before_the_text() -> None:
    labels = {"Total fund": "£11,000,000", "Award range": "£50k to £1.5m", "Minimum award": ""}
    funding = read_funding("You can apply for up to £2 million.", "GBP", labels=labels)
    assert sums(funding) == (11 * M, 50_000, 1_500_000)
    assert sums(read_funding("", "GBP", labels={"Award": "£5,000"})) == (None, None, 5000)
    assert read_funding("", "GBP", labels={"Total fund": "to be told"}) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We expect to make 36 awards.", 36),
        ("Three centres share NOK 90 million.", 3),
        ("Expected number of awards: 12", 12),
        ("Antal projekt som beviljas: 8", 8),
        ("Five or six networks will be funded.", None),
        ("Centres are expected to support up to three projects.", None),
        ("Vi räknar med att finansiera cirka tio projekt.", 10),
        ("We hope to fund five or six consortia.", None),
        ("We expect to fund 4-6 hubs.", None),
        ("We will fund 80% of projects.", None),
        ("We expect to make 3 awards. We plan to fund 5 projects.", None),
    ],
)
def test_a_number_of_awards_counts_when_it_is_one(text: str, count: int | None) -> None:
    funding = read_funding(text)
    assert (funding.expected_awards if funding else None) == count


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (LEADS, [LEADS]),
        ("Privatpersoner kan inte söka.", ["not individual"]),
        ("Companies may not apply.", ["not company"]),
        ("Businesses cannot apply.", ["not company"]),
        ("Companies may not lead a project.", ["Companies may not lead a project."]),
        ("Travel costs are not eligible.", []),
        ("Companies are eligible to apply.", []),
    ],
)
def test_applicants_that_are_shut_out_are_kept_with_their_sentence(
    text: str, values: list[str]
) -> None:
    found = [(fact.kind, fact.value, fact.quote) for fact in read_eligibility("", whole=text)]
    assert found == [("excluded", value, text) for value in values]


def test_whom_the_passage_and_the_text_shut_out_stands_once() -> None:
    text = "Privatpersoner kan inte söka."
    assert len(read_eligibility(text, whole=text)) == 1
