"""How amounts are converted: the rates of the day and the reader's currency."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.call import Funding
from service.domain.calls.exchange_rates import ConvertedFunding, ExchangeRates
from service.domain.matching.filters import Filters


@dataclass(frozen=True)
class Pricing:
    """What amounts are converted by; without ``rates`` each stays in the currency of its call."""

    rates: ExchangeRates | None = None
    currency: str = "SEK"

    def with_rates(self, filters: Filters) -> Filters:
        """Return ``filters`` comparing amounts in other currencies by the rates."""
        return filters.with_rates(self.rates)

    def convert_funding(self, funding: Funding | None) -> ConvertedFunding | None:
        """Return the amounts in the reader's currency."""
        return self.rates.convert_all(funding, self.currency) if self.rates else None
