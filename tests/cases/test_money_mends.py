"""Shares with a genitive, what a firm raises itself, awards in words or as ranges."""

from __future__ import annotations

import pytest

from scrapers.reading.money import read_project_funding

SHARES = {
    "We pay at most 50 percent of the project's budget.": 50,
    "We pay at most 50 percent of the project´s budget.": 50,
    "The grant covers 60 % of the partners’ eligible costs.": 60,
}
SHARES_UNSEEN = {
    "Support covers up to 40 per cent of a company's total costs.": 40,
    "A maximum of 70 percent of the project`s eligible budget is funded.": 70,
    "Stödet är högst 55 procent av projektets budget.": 55,
    "Funding is 80% of each partner's own costs.": 80,
    "About 30 percent of the region's patients are older.": None,
}


@pytest.mark.parametrize("text", [*SHARES, *SHARES_UNSEEN])
def test_a_share_with_a_genitive(text: str) -> None:
    funding = read_project_funding(text, "SEK")
    assert (funding.share_percent if funding else None) == {**SHARES, **SHARES_UNSEEN}[text]


RAISED = [
    "Planerar ditt företag att genomföra en kapitalanskaffning på 30 miljoner kronor eller mer?",
    "Ni ska ha gjort en nyemission på minst 5 miljoner kronor.",
    "You plan to raise capital of at least EUR 2 million.",
]
RAISED_UNSEEN = [
    "Företaget ska ta in minst 10 miljoner kronor i kapital.",
    "The company has closed a seed round of at least EUR 1 million.",
    "För bolag som vill resa kapital om minst 20 miljoner kronor.",
    "Startups that have raised at least EUR 500 000 in equity can apply.",
    "Investeringsrundan ska vara på minst 8 miljoner kronor.",
]


@pytest.mark.parametrize("text", [*RAISED, *RAISED_UNSEEN])
def test_what_a_firm_raises_is_no_grant(text: str) -> None:
    funding = read_project_funding(text, "SEK")
    assert funding is None or (funding.minimum, funding.maximum, funding.total) == (None,) * 3


@pytest.mark.parametrize(
    "text",
    [
        "Här vill vi finansiera 15-20 projekt.",
        "We expect to fund between 5 and 13 projects.",
        "Estimated number of awards: Between 5 and 13",
        "The agency plans to make four to six awards.",
        "Mellan 3 och 5 projekt kommer att få stöd.",
    ],
)
def test_a_range_of_awards_stays_in_the_text(text: str) -> None:
    funding = read_project_funding(text, "SEK")
    assert funding is not None
    assert (funding.expected_awards, funding.text) == (None, text)
