"""The order of a list of calls: by fit, deadline, amount, or when they were first seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from service.domain.calls.stored.call_columns import CallColumns
from service.domain.calls.stored.call_facts import read_money, to_instant
from service.domain.matching.filters import Filters


class MatchOrder(StrEnum):
    """What matches are sorted by."""

    FIT = "fit"
    DEADLINE = "deadline"
    AMOUNT = "amount"
    NEWEST = "newest"


SortKey = Callable[[str], tuple[object, ...]]
"""Returns what a call is sorted by, the least first, from its id."""


def sort_key(columns: CallColumns, order: MatchOrder, filters: Filters, now: datetime) -> SortKey:
    """Return what calls are sorted by; what is not known comes last.

    Args:
        columns: the facts of the calls.
        order: what to sort by; by fit everything is equal, so that the order stays.
        filters: with the rates that amounts are compared by, and their currency.
        now: the aware instant that deadlines are to come after.
    """
    if order is MatchOrder.DEADLINE:
        instants, _ = columns.next_entries(now)
        return lambda id_: (int(instants[columns.rows[id_]]),)
    if order is MatchOrder.AMOUNT:
        return lambda id_: _by_amount(columns.word("maximum", columns.rows[id_]), filters)
    if order is MatchOrder.NEWEST:
        return lambda id_: _by_arrival(columns.first_seen(columns.rows[id_]))
    return lambda _: ()


def _by_amount(maximum: str | None, filters: Filters) -> tuple[object, ...]:
    amount = None if maximum is None else filters.comparable_amount(read_money(maximum))
    return (amount is None, -amount if amount is not None else Decimal(0))


def _by_arrival(seen: datetime | None) -> tuple[object, ...]:
    return (seen is None, -to_instant(seen) if seen is not None else 0)
