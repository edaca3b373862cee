"""Calls as offers that others list: chosen by facts, sorted by one of them. No record is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, case, func, not_, null, select
from sqlalchemy.orm import Session

from scrapers.call import Status
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.stored.call_facts import read_money, to_instant
from service.domain.calls.stored.offer_choice import (
    DateBounds,
    MoneyBounds,
    OfferChoice,
    OfferOrder,
    OfferTimes,
)
from service.store.call_facts.conditions_in_sql import Condition, FactsAt, is_one_of, with_words
from service.store.call_facts.listing import find_minor_copies_of
from service.store.call_facts.tables import CallFactsRow
from service.store.database import open_session
from service.store.sync.tables import CallChangeRow
from service.store.tables import CallRow


class Offer(NamedTuple):
    """A call, and the value that it is sorted by; None comes last."""

    call_id: str
    value: Any


class OfferListing:
    """The stored calls, of each group of copies the one that leads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(
        self, choice: OfferChoice, order: OfferOrder, now: datetime, groups: CallGroups
    ) -> list[Offer]:
        """Return every chosen call, by id.

        Args:
            choice: what must hold.
            order: which value to return with each; with relevance it is None.
            now: the aware instant that statuses are of.
            groups: which calls are one.
        """
        at = FactsAt(now)
        with open_session(self._engine) as session:
            conditions = _conditions(session, choice, at)
            minor = find_minor_copies_of(session, groups, at, conditions, language="en")
            if minor:
                conditions.append(not_(is_one_of(session, CallFactsRow.id, sorted(minor))))
            wanted = select(CallFactsRow.id, _value(order, at)).where(*conditions)
            if order is OfferOrder.MODIFIED:
                latest = and_(CallChangeRow.call_id == CallFactsRow.id, CallChangeRow.is_latest)
                wanted = wanted.outerjoin(CallChangeRow, latest)
            rows = session.execute(wanted.order_by(CallFactsRow.id))
            return [Offer(*row) for row in rows]

    def with_words(self, words: Sequence[str]) -> set[str]:
        """Return the calls that hold every one of ``words``, as `search_words` writes them."""
        row = CallFactsRow
        with open_session(self._engine) as session:
            return set(session.scalars(select(row.id).where(with_words(session, words))))

    def id_of(self, uid: str) -> str | None:
        """Return the id of the call with a UUID, if there is one."""
        wanted = select(CallFactsRow.id).where(CallFactsRow.uid == uid)
        with open_session(self._engine) as session:
            return session.scalar(wanted)

    def times(self, call_ids: Collection[str]) -> dict[str, OfferTimes]:
        """Return the times of some calls by id."""
        row, change = CallRow, CallChangeRow
        wanted = (
            select(row.id, row.first_seen, change.changed_at, row.not_seen_since)
            .outerjoin(change, and_(change.call_id == row.id, change.is_latest))
            .where(row.id.in_(call_ids))
        )
        with open_session(self._engine) as session:
            return {
                id_: OfferTimes(first, changed or first, missing)
                for id_, first, changed, missing in session.execute(wanted)
            }


def _conditions(session: Session, choice: OfferChoice, at: FactsAt) -> list[Condition]:
    row = CallFactsRow
    conditions: list[Condition] = []
    if choice.statuses is not None:
        conditions.append(at.status.in_([status.value for status in choice.statuses]))
    if choice.closes is not None:
        conditions += _closing_conditions(choice.closes, at)
    for column, bounds in (
        (row.total_amount, choice.total),
        (row.min_award, choice.min_award),
        (row.max_award, choice.max_award),
    ):
        if bounds is not None:
            conditions.append(_money_condition(session, column, bounds))
    for words, wanted, unwanted in (
        (row.funder, choice.funders, choice.not_funders),
        (row.level, choice.levels, choice.not_levels),
    ):
        if wanted is not None:
            conditions.append(words.in_(sorted(wanted)))
        if unwanted:
            conditions.append(words.not_in(sorted(unwanted)))
    return conditions


def _closing_conditions(bounds: DateBounds, at: FactsAt) -> list[Condition]:
    """Return that the closing lies between the bounds, or that it is known and does not."""
    instant = func.coalesce(at.next_instant, CallFactsRow.last_entry)
    day = func.coalesce(at.next_day, CallFactsRow.last_day)

    def side(bound: date | datetime) -> tuple[ColumnElement[Any], int]:
        if isinstance(bound, datetime):
            return instant, to_instant(bound)
        return day, bound.toordinal()

    (first, low), (last, high) = side(bounds.low), side(bounds.high)
    within = and_(first >= low, last <= high)
    return [instant.is_not(None), not_(within) if bounds.outside else within]


def _money_condition(session: Session, column: Any, bounds: MoneyBounds) -> Condition:
    known = session.scalars(select(column).where(column.is_not(None)).distinct())
    return is_one_of(session, column, [one for one in known if bounds.admits(read_money(one))])


def _value(order: OfferOrder, at: FactsAt) -> ColumnElement[Any]:
    """Return what calls are sorted by in SQL."""
    row = CallFactsRow
    names = {
        Status.FORTHCOMING.value: "forecasted",
        Status.UNKNOWN.value: "custom",
    }
    values: dict[OfferOrder, Any] = {
        OfferOrder.MODIFIED: CallChangeRow.changed_at,
        OfferOrder.CREATED: row.first_seen,
        OfferOrder.TITLE: row.title,
        OfferOrder.STATUS: case(names, value=at.status, else_=at.status),
        OfferOrder.CLOSES: func.coalesce(at.next_instant, row.last_entry),
        OfferOrder.MAX_AWARD: row.max_award,
        OfferOrder.MIN_AWARD: row.min_award,
        OfferOrder.TOTAL: row.total_amount,
        OfferOrder.AWARD_COUNT: row.award_count,
    }
    return values.get(order, null())  # type: ignore[no-any-return]
