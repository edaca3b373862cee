"""Pricing: the rates of the day and the reader's currency, put to calls and choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scrapers.call import Funding
from service.domain.filters import Filters
from service.domain.match import CallCard, MatchList
from service.domain.rates import ConvertedFunding, Rates


@dataclass(frozen=True)
class Pricing:
    """What amounts are converted by; without ``rates`` everything stays as the calls state it."""

    rates: Rates | None = None
    currency: str = "SEK"

    def filters(self, chosen: Filters) -> Filters:
        """Return the choices, with amounts of other currencies compared by the rates."""
        return chosen.rated(self.rates)

    def funding(self, of: Funding | None) -> ConvertedFunding | None:
        """Return the amounts in the reader's currency."""
        return self.rates.convert_all(of, self.currency) if self.rates else None

    def cards(self, cards: Iterable[CallCard]) -> tuple[CallCard, ...]:
        """Return the cards with their amounts in the reader's currency too."""
        return tuple(
            card.model_copy(update={"converted": self.funding(card.funding)}) for card in cards
        )

    def matches(self, found: MatchList) -> MatchList:
        """Return the matches with their calls' amounts in the reader's currency too."""
        cards = self.cards(one.call for one in found.matches)
        priced = (
            one.model_copy(update={"call": card})
            for one, card in zip(found.matches, cards, strict=True)
        )
        return found.model_copy(update={"matches": tuple(priced)})
