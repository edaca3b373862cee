"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.web.pilot_pages.pilot_form import read_amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("3 000 000", 3_000_000),
        ("3\u00a0000\u00a0000 kr", 3_000_000),
        ("3,5 miljoner", 3_500_000),
        ("2.5 MSEK", 2_500_000),
        ("800 tkr", 800_000),
        ("500.000", 500_000),
        ("1.500.000", 1_500_000),
        ("1'200'000", 1_200_000),
        ("1,5 milj.", 1_500_000),
        ("2 million", 2_000_000),
        ("750000:-", 750_000),
        ("12.5", Decimal("12.5")),
        ("0.125", Decimal("0.125")),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed: str, amount: Decimal) -> None:
    assert read_amount(typed) == amount


@pytest.mark.parametrize(
    "typed", ["", "mycket", "3 till 5 miljoner", "-5", "1e9", "٣٠٠", "1,2,3", "9" * 40, "NaN"]
)
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert read_amount(typed) is None


def test_a_share_is_not_grouped() -> None:
    assert read_amount("33.333 %", grouped=False) == Decimal("33.333")
