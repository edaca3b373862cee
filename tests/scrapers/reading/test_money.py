"""Money as people write it: each way of writing, and the part that a sentence gives it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.reading.money import find_amounts, read_funding

WAYS = [
    ("3 miljoner kronor", 3_000_000, "SEK"),
    ("tre miljoner kronor", 3_000_000, "SEK"),
    ("en halv miljon kronor", 500_000, "SEK"),
    ("en och en halv miljon kronor", 1_500_000, "SEK"),
    ("5 MSEK", 5_000_000, "SEK"),
    ("MSEK 5", 5_000_000, "SEK"),
    ("5,5 mnkr", 5_500_000, "SEK"),
    ("2 mkr", 2_000_000, "SEK"),
    ("2 Mkr", 2_000_000, "SEK"),
    ("15 milj. kr", 15_000_000, "SEK"),
    ("300 tkr", 300_000, "SEK"),
    ("2 miljarder kr", 2_000_000_000, "SEK"),
    ("1 500 000 kronor", 1_500_000, "SEK"),
    ("1\u00a0500\u00a0000\u00a0kr", 1_500_000, "SEK"),
    ("1\u202f500\u202f000 kr", 1_500_000, "SEK"),
    ("1\u2009500\u2009000 SEK", 1_500_000, "SEK"),
    ("SEK 3 million", 3_000_000, "SEK"),
    ("EUR 1,500 million", 1_500_000_000, "EUR"),
    ("EUR 1.500 million", 1_500_000, "EUR"),
    ("1,500 miljoner kronor", 1_500_000, "SEK"),
    ("€2.5m", 2_500_000, "EUR"),
    ("half a million euros", 500_000, "EUR"),
    ("1.500.000 €", 1_500_000, "EUR"),
    ("500'000 EUR", 500_000, "EUR"),
    ("£1.5m", 1_500_000, "GBP"),
    ("£500k", 500_000, "GBP"),
    ("£11,000,000", 11_000_000, "GBP"),
    ("3 million pounds", 3_000_000, "GBP"),
    ("$10,000", 10_000, "USD"),
    ("US$ 275,000", 275_000, "USD"),
    ("2 million US dollars", 2_000_000, "USD"),
    ("NOK 8 million", 8_000_000, "NOK"),
    ("8 MNOK", 8_000_000, "NOK"),
    ("3 miljoner norska kronor", 3_000_000, "NOK"),
    ("DKK 1.2 million", 1_200_000, "DKK"),
    ("3 miljoner danska kronor", 3_000_000, "DKK"),
]
RANGES = [
    ("2–5 mkr", 2_000_000, 5_000_000),
    ("500 000 till 1,5 miljoner kronor", 500_000, 1_500_000),
    ("mellan 500 tkr och 1,5 mnkr", 500_000, 1_500_000),
    ("mellan 500 000 och 1,5 miljoner kronor", 500_000, 1_500_000),
    ("5 miljoner till 8 miljoner kronor", 5_000_000, 8_000_000),
    ("EUR 4.00 to 6.00 million", 4_000_000, 6_000_000),
    ("EUR 4\u202f000\u202f000 to EUR 6\u202f000\u202f000", 4_000_000, 6_000_000),
    ("€1,000,000–€2,000,000", 1_000_000, 2_000_000),
    ("SEK 5-10 million", 5_000_000, 10_000_000),
    ("£1.5m to £3m", 1_500_000, 3_000_000),
]


@pytest.mark.parametrize(("text", "amount", "currency"), WAYS)
def test_one_amount(text: str, amount: int, currency: str) -> None:
    (found,) = find_amounts(f"Stödet är {text} i år.")
    assert [found.low, found.high] == [amount, amount]
    assert found.currency == currency
    assert "." not in str(found.low)


@pytest.mark.parametrize(("text", "low", "high"), RANGES)
def test_a_range_is_one_amount_with_two_ends(text: str, low: int, high: int) -> None:
    (found,) = find_amounts(text)
    assert [found.low, found.high] == [low, high]


@pytest.mark.parametrize(
    "text",
    ["15-20 projekt", "10 km", "2025-2026", "5 miljoner invånare", "tio miljoner", "12 m", "kr"],
)
def test_figures_without_a_currency_are_no_money(text: str) -> None:
    assert list(find_amounts(text)) == []


def test_two_amounts_joined_by_and_stay_two() -> None:
    found = [a.low for a in find_amounts("10 mkr och 2 mkr")]
    assert found == [10_000_000, 2_000_000]
    assert [a.low for a in find_amounts("2 miljoner kronor och 4 miljoner kronor")] == [
        2_000_000,
        4_000_000,
    ]
    assert [a.currency for a in find_amounts("5 MSEK till 1 MEUR")] == ["SEK", "EUR"]


@pytest.mark.parametrize(
    ("text", "total", "least", "most", "share"),
    [
        ("Up to £1.5m per project, up to 50 percent of costs.", None, None, 1_500_000, 50),
        ("Stödet är högst 50 procent av kostnaderna.", None, None, None, 50),
        ("Totalt 30 MNOK, upp till 5 MNOK per projekt.", 30_000_000, None, 5_000_000, None),
        ("Totalt 30 MNOK, varav högst 5 MNOK per projekt.", 30_000_000, None, 5_000_000, None),
        ("Högst 2 miljoner kronor av projektets budget.", None, None, 2_000_000, None),
        ("Bidrag ges med mellan 500 tkr och 1,5 mnkr per projekt.", None, 500_000, 1_500_000, None),
        ("Vi betalar högst 60 % av kostnaderna, men minst 30 % egenfinansiering krävs.",
         None, None, None, 60),
    ],
)  # fmt: skip
def test_parts_of_money(
    text: str, total: int | None, least: int | None, most: int | None, share: int | None
) -> None:
    found = read_funding(text)
    assert found is not None
    said = [
        money.amount if money else None for money in (found.total, found.minimum, found.maximum)
    ]
    assert said == [total, least, most]
    assert found.share_percent == (Decimal(share) if share else None)


@pytest.mark.parametrize(
    "text",
    ["Projekten ska medfinansieras med minst 40 procent.", "Overhead på 25 procent är en kostnad.",
     "In-kind contributions may be 20 percent of the budget."],
)  # fmt: skip
def test_what_others_pay_is_not_the_funders_share(text: str) -> None:
    assert read_funding(text) is None


@given(st.text(alphabet="0123456789 .,'–-\u00a0\u202fkrmiljonerSEK€£$NOKenhalvoch\n", max_size=400))
def test_any_text_can_be_read_and_ranges_are_in_order(text: str) -> None:
    for found in find_amounts(text):
        assert 0 <= found.low <= found.high
        assert 0 <= found.start < found.end <= len(text)
