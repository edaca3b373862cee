"""Status, next deadline and filters of calls as SQL: the same as those of the records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from scrapers.call import Status
from service.domain.calls.stored.call_facts import read_money, to_instant
from service.domain.matching.filters import Filters
from service.store.call_facts.tables import CallEntryRow, CallFactsRow, CallSearchRow

Condition = ColumnElement[bool]


class FactsAt:
    """Expressions over a row of `CallFactsRow` at one instant."""

    def __init__(self, now: datetime) -> None:
        """Take the aware instant that statuses and next deadlines are of."""
        self._moment = to_instant(now)

    @property
    def status(self) -> ColumnElement[str]:
        """The call's status, as `Call.status` has it."""
        row = CallFactsRow
        decided = and_(row.closed_by.is_not(None), row.closed_by <= self._moment)
        upcoming = or_(and_(row.is_rolling, not_(decided)), row.last_entry >= self._moment)
        has_entries = or_(row.is_rolling, row.last_entry.is_not(None))
        return case(
            (
                and_(row.opens > self._moment, or_(upcoming, not_(has_entries))),
                Status.FORTHCOMING.value,
            ),
            (upcoming, Status.OPEN.value),
            (and_(row.is_announced, not_(decided)), Status.FORTHCOMING.value),
            (or_(row.has_deadlines, decided), Status.CLOSED.value),
            else_=Status.UNKNOWN.value,
        )

    @property
    def next_instant(self) -> ColumnElement[Any]:
        """The instant of the next deadline for newcomers, or null."""
        return self._of_next(CallFactsRow.first_entry, CallEntryRow.instant)

    @property
    def next_day(self) -> ColumnElement[Any]:
        """The day of the next deadline for newcomers in the funder's zone, or null."""
        return self._of_next(CallFactsRow.first_day, CallEntryRow.day)

    def _of_next(self, first: Any, later: Any) -> ColumnElement[Any]:
        """Return a value of the first entry while that lies ahead, else of the next later one."""
        entries = (
            select(later)
            .where(CallEntryRow.call_id == CallFactsRow.id, CallEntryRow.instant >= self._moment)
            .order_by(CallEntryRow.instant)
            .limit(1)
            .correlate(CallFactsRow)
        )
        return case(
            (CallFactsRow.first_entry >= self._moment, first),
            (CallFactsRow.last_entry >= self._moment, entries.scalar_subquery()),
            else_=None,
        )


def conditions_of(
    session: Session, filters: Filters, now: datetime, words: Sequence[str] = ()
) -> list[Condition]:
    """Return what holds of the calls that pass ``filters``, but for the conditions of a profile.

    Args:
        session: what different languages and amounts there are is read with it.
        filters: the reader's choices.
        now: the aware instant that open and closed are computed by.
        words: as `search_words` writes them; each must be somewhere in the call.
    """
    row, at = CallFactsRow, FactsAt(now)
    conditions: list[Condition] = []
    if filters.statuses:
        conditions.append(at.status.in_([status.value for status in filters.statuses]))
    if filters.funders:
        conditions.append(row.funder.in_(filters.funders))
    if filters.levels:
        conditions.append(row.level.in_([level.value for level in filters.levels]))
    if filters.languages:
        known = session.scalars(select(row.languages).distinct())
        fitting = [codes for codes in known if filters.admits_languages(codes.split())]
        conditions.append(row.languages.in_(fitting))
    if filters.deadline_from or filters.deadline_to:
        first, last = filters.deadline_from or date.min, filters.deadline_to or date.max
        conditions.append(at.next_day.between(first.toordinal(), last.toordinal()))
    if filters.chooses_amounts:
        amounts = session.scalars(select(row.maximum).where(row.maximum.is_not(None)).distinct())
        enough = [one for one in amounts if one and not filters.amount_exclusion(read_money(one))]
        stated = is_one_of(session, row.maximum, enough)
        takes_unknown = filters.amount_exclusion(None) is None
        conditions.append(or_(stated, row.maximum.is_(None)) if takes_unknown else stated)
    if words:
        conditions.append(with_words(session, words))
    return conditions


def is_one_of(session: Session, column: Any, values: Iterable[str]) -> Condition:
    """Return that ``column`` has one of ``values``, of which there may be very many."""
    if _dialect(session).name != "sqlite":
        return column.in_(list(values))  # type: ignore[no-any-return]
    listed = bindparam(None, json.dumps(list(values)), String)
    table = func.json_each(listed).table_valued("value")
    return column.in_(select(table.c.value))  # type: ignore[no-any-return]


def with_words(session: Session, words: Sequence[str]) -> Condition:
    """Return that a call holds every one of ``words``, as `search_words` writes them."""
    position = func.instr if _dialect(session).name == "sqlite" else func.strpos
    holding = [position(CallSearchRow.words, literal(word)) > 0 for word in words]
    return CallFactsRow.id.in_(select(CallSearchRow.call_id).where(*holding))


def _dialect(session: Session) -> Dialect:
    return session.get_bind().dialect
