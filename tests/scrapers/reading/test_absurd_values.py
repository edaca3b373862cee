"""Figures that no text means: left out, refused, and never written out in full."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scrapers.award import Award
from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.money import find_amounts, read_funding

ABSURD = ["1e999999", "1e-999999", "0e999999", "9" * 100_000, "0." + "0" * 100_000 + "1", "1e18"]
SOUND = ["0", "1", "250000.50", "999999999999999999", "1e17", "0.30000000000000004"]
FIELDS: dict[str, Any] = {
    "id": "a:1",
    "funder": "A",
    "titles": {"en": "One"},
    "provenance": {"source": "a"},
}


@pytest.mark.parametrize("written", ABSURD)
def test_an_absurd_amount_is_no_money_and_no_number(written: str) -> None:
    with pytest.raises(ValidationError):
        Money(amount=Decimal(written), currency="SEK")
    with pytest.raises(ShapeError) as raised:
        parse.read_number(written, "budget")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("written", SOUND)
def test_any_other_amount_is(written: str) -> None:
    assert Money(amount=Decimal(written), currency="SEK").amount == Decimal(written)
    assert parse.read_number(written, "budget") == Decimal(written)


@pytest.mark.parametrize("written", ABSURD)
def test_a_record_that_has_one_loses_it_and_nothing_else(written: str) -> None:
    money = {"amount": written, "currency": "SEK"}
    record = {**FIELDS, "level": "national"}
    record["funding"] = {"total": money, "minimum": {"amount": "5", "currency": "SEK"}}
    for call in (Call.model_validate(record), Call.model_validate_json(json.dumps(record))):
        assert call.funding == Funding(minimum=Money(amount=Decimal(5), currency="SEK"))
    award = Award.model_validate_json(json.dumps({**FIELDS, "amount": money}))
    assert award.amount is None
    with pytest.raises(ValidationError):
        Award.model_validate({**FIELDS, "amount": {"amount": "-1", "currency": "SEK"}})


@pytest.mark.parametrize(
    "text",
    [
        "9" * 100_000 + " kronor",
        "Upp till " + "9" * 30 + " miljarder kronor per projekt.",
        "1–" + "9" * 50_000 + " MSEK",
        "1 000" + " 000" * 20_000 + " kronor",
        "9" * 40 + " %",
    ],
)
def test_a_sentence_with_a_figure_that_nobody_pays_has_no_amount(text: str) -> None:
    assert all(mention.high < 10**18 for mention in find_amounts(text))
    funding = read_funding(text)
    assert funding is None or (funding.maximum, funding.share_percent) == (None, None)


def test_a_sum_beside_its_mark_is_bounded_too() -> None:
    assert list(find_amounts("£999999999999999 billion", "GBP")) == []


def test_deadlines_at_the_ends_of_the_calendar_have_a_day() -> None:
    for at in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        for zone in ("Asia/Tokyo", "America/New_York"):
            deadline = Deadline(kind=DeadlineKind.FIXED, zone=zone, at=at)
            assert abs(deadline.local() - at).days == 0


def test_accents_on_a_letter_are_bounded_when_a_text_is_cleaned() -> None:
    cleaned = parse.clean_text("a" + "\u0301\u0316" * 50_000 + " slut")
    assert cleaned.endswith(" slut")
    assert len(cleaned) < 100
