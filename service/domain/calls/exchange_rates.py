"""Amounts in the reader's currency: never without the rate, its source and its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal

from pydantic import BaseModel, Field

from scrapers.call import Currency, Funding, Money, is_writable
from service.domain.frozen_model import FrozenModel

EURO = "EUR"

MAX_AGE_DAYS = 10
"""Days for which rates are used: banks publish none around a long holiday."""

_AMOUNT_CONTEXT = Context(prec=3, rounding=ROUND_HALF_EVEN)
_RATE_CONTEXT = Context(prec=6, rounding=ROUND_HALF_EVEN)


class ConvertedAmount(Money):
    """An amount that the call does not state itself, rounded to three figures."""

    rate: Decimal = Field(description="Units of `currency` for one unit of the call's own.")
    of: Currency = Field(description="The currency that the call states.")
    source: str = Field(description="Who published the rate.")
    day: date = Field(description="The day of the rate.")


class ConvertedFunding(FrozenModel):
    """What a call pays, in another currency than its own; null is what the call does not state."""

    total: ConvertedAmount | None = None
    minimum: ConvertedAmount | None = None
    maximum: ConvertedAmount | None = None

    @property
    def amounts(self) -> tuple[ConvertedAmount, ...]:
        """Each amount once, what one project gets first."""
        parts = (self.minimum, self.maximum, self.total)
        return tuple(dict.fromkeys(part for part in parts if part))


class HasConvertedFunding(BaseModel):
    """A record that may have its amounts in the reader's currency too."""

    converted: ConvertedFunding | None = Field(
        default=None, description="The amounts in the reader's currency, where rates are kept."
    )


class ExchangeRates(FrozenModel):
    """Rates of one day. ``per_euro`` maps a currency to how much of it a euro is worth."""

    source: str
    day: date
    per_euro: Mapping[str, Decimal]

    def is_current(self, now: datetime) -> bool:
        """Whether the rates are of the days around ``now``."""
        return abs((now.date() - self.day).days) <= MAX_AGE_DAYS

    def rate(self, of: str, into: str) -> Decimal | None:
        """Return how much of ``into`` one unit of ``of`` is worth; None if there is no rate."""
        per_euro = {EURO: Decimal(1), **self.per_euro}
        if of not in per_euro or into not in per_euro:
            return None
        return Decimal(f"{_RATE_CONTEXT.divide(per_euro[into], per_euro[of]).normalize():f}")

    def convert_exactly(self, money: Money, into: str) -> Decimal | None:
        """Return ``money`` in ``into``, not rounded; unchanged when that is its currency."""
        if money.currency == into:
            return money.amount
        rate = self.rate(money.currency, into)
        return None if rate is None else money.amount * rate

    def convert(self, money: Money | None, into: str) -> ConvertedAmount | None:
        """Return ``money`` in ``into`` with its rate; None when there is nothing to convert."""
        if money is None or money.currency == into:
            return None
        rate = self.rate(money.currency, into)
        if rate is None:
            return None
        rounded = _AMOUNT_CONTEXT.multiply(money.amount, rate)
        if not is_writable(rounded):
            return None
        return ConvertedAmount(
            amount=Decimal(f"{rounded:f}"),
            currency=into,
            rate=rate,
            of=money.currency,
            source=self.source,
            day=self.day,
        )

    def convert_all(self, funding: Funding | None, into: str) -> ConvertedFunding | None:
        """Return the amounts of ``funding`` in ``into``; None when there are none to convert."""
        if funding is None:
            return None
        parts = {
            name: self.convert(getattr(funding, name), into)
            for name in ("total", "minimum", "maximum")
        }
        return ConvertedFunding(**parts) if any(parts.values()) else None


def maximum_for_project(funding: Funding | None) -> Money | None:
    """Return the most that one project may get: the maximum, else the minimum that is stated."""
    return None if funding is None else funding.maximum or funding.minimum
