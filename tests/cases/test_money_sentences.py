"""Sums of calls by the words that claim them: pot, project, partner, part, year, own money.

``money_sentences.tsv`` has a sentence of an invented call in a line, the one currency of its funder
if there is one, and what it says. ``seen``: the reader was mended with the sentence in view.
``at_most``: two amounts for one thing, of which the larger must not be told.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from scrapers.call import Funding, Money
from scrapers.reading.money import find_amounts, is_stand_in, read_funding, read_project_funding

NUMBERS = ("total", "minimum", "maximum", "share", "awards")


@dataclass(frozen=True)
class StatedFunding:
    """What a call pays: whole amounts, a percentage, and how many projects; None for unsaid."""

    total: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    share: int | None = None
    awards: int | None = None


@dataclass(frozen=True)
class MoneySentence:
    kind: str
    currency: str
    text: str
    says: StatedFunding
    at_most: bool


def read_sentences() -> list[MoneySentence]:
    path = Path(__file__).with_name("money_sentences.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        MoneySentence(
            row["kind"],
            row["currency"],
            row["text"].replace("\\n", "\n"),
            StatedFunding(*(int(row[name]) if row[name] else None for name in NUMBERS)),
            bool(row["at_most"]),
        )
        for row in rows
    ]


SENTENCES = read_sentences()


def stated(found: Funding | None) -> StatedFunding:
    def amount(money: Money | None) -> int | None:
        return None if money is None else int(money.amount)

    if found is None:
        return StatedFunding()
    share = None if found.share_percent is None else int(found.share_percent)
    total, least, most = (amount(one) for one in (found.total, found.minimum, found.maximum))
    return StatedFunding(total, least, most, share, found.expected_awards)


@pytest.mark.parametrize("sentence", SENTENCES, ids=[one.text[:60] for one in SENTENCES])
def test_a_sentence_says_what_a_project_gets(sentence: MoneySentence) -> None:
    found = stated(read_project_funding(sentence.text, sentence.currency))
    if not sentence.at_most:
        assert found == sentence.says
        return
    for name in NUMBERS[:3]:
        bound, value = getattr(sentence.says, name), getattr(found, name)
        assert bound is None or value is None or value <= bound


@pytest.mark.parametrize("one", [s for s in SENTENCES if s.kind in ("year", "conflict")])
def test_sums_that_make_no_figure_are_still_told(one: MoneySentence) -> None:
    found = read_project_funding(one.text, one.currency)
    assert found is not None
    amounts = [one.text[a.start : a.end] for a in find_amounts(one.text, one.currency)]
    assert amounts
    assert all(amount in found.text for amount in amounts)


def test_a_figure_without_a_currency_is_no_money_where_funders_pay_in_several() -> None:
    assert read_funding("Totalt finns 20 miljoner. Högst 2 miljoner per projekt.") is None


def test_amounts_under_a_heading_on_money_need_no_other_words() -> None:
    found = read_project_funding("Vi mäter luft.", "SEK", amounts="350 000 kronor.")
    assert stated(found) == StatedFunding(maximum=350_000)
    label = read_project_funding(
        "", "SEK", amounts="Total budget\n9 miljoner\nHögsta stöd\n800 000"
    )
    assert stated(label) == StatedFunding(total=9_000_000, maximum=800_000)


def test_two_amounts_for_one_thing_are_both_told_and_the_smaller_counts() -> None:
    text = "Varje projekt får högst 4 miljoner kronor. Maxbelopp per projekt: 6 miljoner kronor."
    found = read_project_funding(text)
    assert found is not None
    assert stated(found) == StatedFunding(maximum=4_000_000)
    assert "6 miljoner" in found.text


def test_an_amount_that_fills_a_field_is_none() -> None:
    money = [Money(amount=amount, currency=code) for amount, code in ((6, "USD"), (1, "SEK"))]
    assert all(is_stand_in(one.amount, one.currency) for one in money)
    real = [Money(amount=amount, currency=code) for amount, code in ((500, "USD"), (5000, "SEK"))]
    assert not any(is_stand_in(one.amount, one.currency) for one in real)
