"""Bands of amounts: what a reader narrows a list of calls to by what a project may get."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scrapers.call import Money
from service.domain.calls.exchange_rates import ExchangeRates

UNSTATED = "unstated"
"""Stands for the calls that state no amount, or one that no rate compares."""

_KRONA_EDGES = (500_000, 2_000_000, 10_000_000, 50_000_000)
_EURO_EDGES = (50_000, 200_000, 1_000_000, 5_000_000)
_KRONA_CURRENCIES = frozenset({"SEK", "NOK", "DKK", "ISK"})


@dataclass(frozen=True)
class AmountBand:
    """Amounts from ``least`` to ``most``, in the reader's currency; None is no bound."""

    least: int | None
    most: int | None

    @property
    def name(self) -> str:
        """The band as it stands in an address, such as ``500000-2000000``."""
        return f"{self.least or ''}-{self.most or ''}"

    def holds(self, amount: Decimal) -> bool:
        """Return whether an amount lies in it, both bounds included."""
        above = self.least is None or amount >= self.least
        return above and (self.most is None or amount <= self.most)


def amount_bands(currency: str) -> tuple[AmountBand, ...]:
    """Return the bands of a currency, the smallest amounts first."""
    edges = _KRONA_EDGES if currency in _KRONA_CURRENCIES else _EURO_EDGES
    lower, upper = (None, *edges), (*edges, None)
    return tuple(AmountBand(least, most) for least, most in zip(lower, upper, strict=True))


def find_band(name: str, currency: str) -> AmountBand | None:
    """Return the band of a currency by its name, None when there is none."""
    return next((band for band in amount_bands(currency) if band.name == name), None)


def bands_of(maximum: Money | None, currency: str, rates: ExchangeRates | None) -> tuple[str, ...]:
    """Return the names of the bands that an amount lies in; of one on an edge both.

    Args:
        maximum: what a project may get, if that is stated.
        currency: of the bands.
        rates: what other currencies are compared by, if there are any.
    """
    if maximum is None:
        return (UNSTATED,)
    if maximum.currency == currency:
        amount: Decimal | None = maximum.amount
    else:
        amount = rates.convert_exactly(maximum, currency) if rates else None
    if amount is None:
        return (UNSTATED,)
    return tuple(band.name for band in amount_bands(currency) if band.holds(amount))
