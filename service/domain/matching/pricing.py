"""Pricing: the rates of the day and the reader's currency, put to amounts and choices."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.call import Funding
from service.domain.calls.exchange_rates import ConvertedFunding, ExchangeRates
from service.domain.matching.filters import Filters


@dataclass(frozen=True)
class Pricing:
    """What amounts are converted by; without ``rates`` everything stays as the calls state it."""

    rates: ExchangeRates | None = None
    currency: str = "SEK"

    def filters(self, chosen: Filters) -> Filters:
        """Return the choices, with amounts of other currencies compared by the rates."""
        return chosen.with_rates(self.rates)

    def funding(self, of: Funding | None) -> ConvertedFunding | None:
        """Return the amounts in the reader's currency."""
        return self.rates.convert_all(of, self.currency) if self.rates else None
