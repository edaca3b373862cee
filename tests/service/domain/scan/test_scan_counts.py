"""What a scan counts: money by the rates, months in Swedish time, and what is on the subject."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from index.search.fusion import SignalPart
from index.search.hit import Hit
from scrapers.call import Level, Money, Status
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.scan.money import add_up_money
from service.domain.scan.months import count_months
from service.domain.scan.rows import ScanRow
from service.domain.scan.scan import describe_levels
from service.domain.scan.subject import is_on_subject

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RATES = ExchangeRates(
    source="ECB", day=date(2026, 11, 30), per_euro={"SEK": Decimal(11), "USD": Decimal("1.1")}
)


def money(amount: str, currency: str = "SEK") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


def row(id_: str = "a:1", **changes: Any) -> ScanRow:
    plain = ScanRow(
        id=id_,
        funder="a",
        name="A fund",
        level=Level.NATIONAL,
        status=Status.OPEN,
        next_deadline=None,
        deadlines=(),
        opens=None,
        is_rolling=False,
        total=None,
        most=None,
    )
    return plain._replace(**changes)


def test_sums_are_in_the_readers_currency_and_the_rest_is_told() -> None:
    found = add_up_money(
        [
            row("a:1", total=money("1000000")),
            row("a:2", total=money("200000", "EUR"), most=money("50000", "EUR")),
            row("a:3", total=money("7", "ISK")),
            row("a:4", most=money("400000")),
            row("a:5"),
        ],
        RATES,
        "SEK",
    )
    assert found.total == money("3200000")
    assert (found.stated, found.unconverted, found.per_project, found.silent) == (3, 1, 1, 1)
    assert found.largest == money("50000", "EUR"), "550 000 kronor is more than 400 000"
    assert {one.currency: one.amount for one in found.by_currency} == {
        "SEK": Decimal(1000000),
        "EUR": Decimal(200000),
        "ISK": Decimal(7),
    }


def test_without_rates_only_the_readers_own_currency_is_added_up() -> None:
    rows = [row("a:1", total=money("10")), row("a:2", total=money("10", "EUR"))]
    found = add_up_money(rows, None, "SEK")
    assert (found.total, found.unconverted) == (money("10"), 1)
    none = add_up_money(rows[1:], None, "SEK")
    assert (none.total, none.stated, none.unconverted) == (None, 1, 1)


def test_without_rates_the_most_for_a_project_is_compared_in_one_currency_alone() -> None:
    euros = [row("a:1", most=money("10", "EUR")), row("a:2", most=money("30", "EUR"))]
    assert add_up_money(euros, None, "SEK").largest == money("30", "EUR")
    mixed = [*euros, row("a:3", most=money("20", "USD"))]
    assert add_up_money(mixed, None, "SEK").largest is None


def test_no_calls_have_no_money() -> None:
    found = add_up_money([], RATES, "SEK")
    assert (found.total, found.largest, found.stated, found.silent) == (None, None, 0, 0)


def test_twelve_months_begin_with_the_present_one_and_pass_the_year() -> None:
    months = count_months([], NOW)
    assert [month.first_day for month in months][:2] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert months[-1].first_day == date(2027, 11, 1)
    assert not any(month.deadlines or month.openings for month in months)


def test_a_deadline_is_in_the_month_that_it_has_in_sweden() -> None:
    last_hour = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Sweden
    december, january = count_months([row(deadlines=(last_hour,))], NOW)[:2]
    assert (december.all_deadlines, january.deadlines) == (0, {Level.NATIONAL: 1})


def test_every_deadline_ahead_counts_and_what_is_past_or_far_does_not() -> None:
    deadlines = (
        datetime(2026, 11, 30, tzinfo=UTC),
        datetime(2027, 2, 1, 12, tzinfo=UTC),
        datetime(2027, 9, 1, 12, tzinfo=UTC),
        datetime(2028, 9, 1, 12, tzinfo=UTC),
    )
    opens = datetime(2027, 1, 15, tzinfo=UTC)
    months = count_months([row(level=Level.NORDIC, deadlines=deadlines, opens=opens)], NOW)
    assert [month.first_day.month for month in months if month.deadlines] == [2, 9]
    assert [month.first_day.month for month in months if month.openings] == [1]
    past = row(opens=datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert not any(month.openings for month in count_months([past], NOW))


def test_levels_are_all_told_or_those_that_were_asked_for() -> None:
    rows = [
        row("a:1", is_rolling=True),
        row("a:2", status=Status.FORTHCOMING),
        row("a:3", level=Level.REGIONAL),
    ]
    every = describe_levels(rows, (), RATES, "SEK")
    assert [one.level for one in every] == list(Level)
    national = every[1]
    assert (national.open, national.forthcoming, national.rolling) == (1, 1, 1)
    (regional,) = describe_levels(rows, (Level.REGIONAL,), RATES, "SEK")
    assert (regional.level, regional.open) == (Level.REGIONAL, 1)


@pytest.mark.parametrize(
    ("meaning", "words", "is_short", "wanted"),
    [
        (0.31, 0.0, False, True),
        (0.29, 1.0, False, False),
        (0.38, 0.0, True, False),
        (0.32, 0.8, True, True),
        (0.29, 1.0, True, False),
        (0.51, 0.0, True, True),
    ],
)
def test_a_few_words_need_more_to_be_sure_of(
    meaning: float, words: float, is_short: bool, wanted: bool
) -> None:
    parts = (SignalPart("meaning", meaning, 0.1), SignalPart("words", words, 0.1))
    assert is_on_subject(Hit("a:1", 0.2, parts), is_short=is_short) is wanted
