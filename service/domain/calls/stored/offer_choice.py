"""Which calls are chosen, and by what they are sorted, where others list them as offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from scrapers.call import Money, Status


class OfferOrder(StrEnum):
    """What calls are sorted by."""

    MODIFIED = "modified"
    CREATED = "created"
    TITLE = "title"
    STATUS = "status"
    CLOSES = "closes"
    MAX_AWARD = "max_award"
    MIN_AWARD = "min_award"
    TOTAL = "total"
    AWARD_COUNT = "award_count"
    RELEVANCE = "relevance"


@dataclass(frozen=True)
class MoneyBounds:
    """From ``low`` to ``high`` of a currency, both included; ``outside``: all but these."""

    currency: str
    low: Decimal
    high: Decimal
    outside: bool = False

    def admits(self, money: Money) -> bool:
        """Return whether an amount is meant; one of another currency never is."""
        if money.currency != self.currency:
            return False
        return (self.low <= money.amount <= self.high) is not self.outside


@dataclass(frozen=True)
class DateBounds:
    """From ``low`` to ``high``, both included: days at the funder's, or aware instants.

    ``outside``: all but these.
    """

    low: date | datetime
    high: date | datetime
    outside: bool = False


@dataclass(frozen=True)
class OfferChoice:
    """What must hold of the calls; what is None or empty may be anything.

    ``closes`` is of the next deadline for newcomers, else of the last one.
    """

    statuses: frozenset[Status] | None = None
    closes: DateBounds | None = None
    total: MoneyBounds | None = None
    min_award: MoneyBounds | None = None
    max_award: MoneyBounds | None = None
    funders: frozenset[str] | None = None
    not_funders: frozenset[str] = frozenset()
    levels: frozenset[str] | None = None
    not_levels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OfferTimes:
    """When a call was first stored, when it last changed, and since when it is not listed."""

    created: datetime
    modified: datetime
    missing_since: datetime | None
