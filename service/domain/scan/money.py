"""What calls hand out together: sums by the day's rates, and what of it nobody states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pydantic import Field

from scrapers.call import Currency, Money, is_writable
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.frozen_model import FrozenModel
from service.domain.scan.rows import ScanRow


class CurrencySum(FrozenModel):
    """What some calls state that they hand out in one currency; never converted."""

    amount: Decimal
    currency: Currency
    calls: int


class StatedMoney(FrozenModel):
    """What some calls hand out, as far as they say so."""

    total: Money | None = Field(
        description="The sum of the totals that calls state, in the reader's currency; null where "
        "none is stated, or none can be converted."
    )
    by_currency: tuple[CurrencySum, ...] = Field(
        description="The same totals as they are stated, the currency of most calls first."
    )
    stated: int = Field(description="Calls that state a total.")
    unconverted: int = Field(
        description="Of these, calls whose total is not in the sum: no rate of these days is kept."
    )
    per_project: int = Field(description="Calls that state no total, but what one project may get.")
    silent: int = Field(description="Calls that state no amount at all.")
    largest: Money | None = Field(
        description="The most that one project may get from any of the calls, as it is stated."
    )


def add_up_money(
    rows: Sequence[ScanRow], rates: ExchangeRates | None, currency: str
) -> StatedMoney:
    """Return what the calls ``rows`` hand out.

    Args:
        rows: the calls, each once.
        rates: of these days; None when none are kept: then only sums in ``currency`` are made.
        currency: of the reader.
    """
    totals = [row.total for row in rows if row.total is not None]
    converted = [_convert(total, rates, currency) for total in totals]
    known = [amount for amount in converted if amount is not None]
    total = sum(known, Decimal(0)).quantize(Decimal(1)) if known else None
    return StatedMoney(
        total=Money(amount=total, currency=currency)
        if total is not None and is_writable(total)
        else None,
        by_currency=_sum_by_currency(totals),
        stated=len(totals),
        unconverted=len(converted) - len(known),
        per_project=sum(row.total is None and row.most is not None for row in rows),
        silent=sum(row.total is None and row.most is None for row in rows),
        largest=_largest((row.most for row in rows if row.most is not None), rates, currency),
    )


def _convert(money: Money, rates: ExchangeRates | None, currency: str) -> Decimal | None:
    """Return an amount in ``currency``, None when no rate is known."""
    if money.currency == currency:
        return money.amount
    return rates.convert_exactly(money, currency) if rates else None


def _sum_by_currency(totals: Iterable[Money]) -> tuple[CurrencySum, ...]:
    amounts: dict[str, list[Decimal]] = {}
    for one in totals:
        amounts.setdefault(one.currency, []).append(one.amount)
    ordered = sorted(amounts.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        CurrencySum(amount=sum(parts, Decimal(0)), currency=currency, calls=len(parts))
        for currency, parts in ordered
    )


def _largest(amounts: Iterable[Money], rates: ExchangeRates | None, currency: str) -> Money | None:
    """Return the largest of ``amounts``, compared in ``currency``; others count only alone."""
    comparable = [(_convert(one, rates, currency), one) for one in amounts]
    known = [(value, one) for value, one in comparable if value is not None]
    if known:
        return max(known, key=lambda pair: pair[0])[1]
    of_one = {one.currency for _, one in comparable}
    if len(of_one) != 1:
        return None
    return max((one for _, one in comparable), key=lambda one: one.amount)
