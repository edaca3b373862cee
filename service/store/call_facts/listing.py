"""Lists of stored calls: chosen, ordered and counted by the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Integer, and_, case, cast, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from scrapers.call import STALE_AFTER, Status
from service.domain.calls.copies import find_minor_copies, lead_priority
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups, LinkState
from service.domain.calls.sources import FunderCounts
from service.domain.calls.stored.call_facts import STATUS_ORDER
from service.domain.matching.filters import Filters
from service.store.call_facts.conditions_in_sql import (
    Condition,
    FactsAt,
    conditions_of,
    is_one_of,
)
from service.store.call_facts.tables import CallFactsRow
from service.store.database import open_session
from service.store.tables import CallLinkRow

_NO_DATE = 2**63 - 1
"""Comes after every instant."""


@dataclass(frozen=True)
class CallChoice:
    """Which calls a list has, and at which instant.

    ``words``, as `search_words` writes them, must all be somewhere in the call. Of the copies of a
    call in ``groups`` the leading one is listed, one in ``language`` before others. ``excluded``
    are ids that are never listed.
    """

    filters: Filters
    now: datetime
    words: Sequence[str] = ()
    groups: CallGroups = field(default_factory=CallGroups)
    language: str = ""
    excluded: Collection[str] = ()


class CallListing:
    """The stored calls, as lists show them. No record is read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_page(self, choice: CallChoice, page: int, page_size: int) -> tuple[list[str], int]:
        """Return the ids of a page of calls, and how many calls there are on all pages.

        Open calls come first, by their next deadline; then what opens soon, by its opening; closed
        calls come last, the latest deadline first; ties are broken by id.

        Args:
            choice: which calls.
            page: from 1.
            page_size: calls on a page.
        """
        at = FactsAt(choice.now)
        with open_session(self._engine) as session:
            conditions = conditions_of(session, choice.filters, choice.now, choice.words)
            minor = find_minor_copies_of(
                session,
                choice.groups,
                at,
                conditions,
                language=choice.language,
                excluded=choice.excluded,
            )
            hidden = {*choice.excluded, *minor}
            if hidden:
                conditions.append(not_(is_one_of(session, CallFactsRow.id, sorted(hidden))))
            total = session.scalar(select(func.count(CallFactsRow.id)).where(*conditions)) or 0
            ids = session.scalars(
                select(CallFactsRow.id)
                .where(*conditions)
                .order_by(_status_place(at), _date_in_list(at), CallFactsRow.id)
                .limit(page_size)
                .offset((page - 1) * page_size)
            )
            return list(ids), total

    def funders(self) -> dict[str, str]:
        """Return key and name of each funder that has calls, by the id of its first call."""
        first = select(func.min(CallFactsRow.id)).group_by(CallFactsRow.funder)
        named = select(CallFactsRow.funder, CallFactsRow.name).where(CallFactsRow.id.in_(first))
        with open_session(self._engine) as session:
            rows = session.execute(named.order_by(CallFactsRow.id))
            return {funder: name for funder, name in rows}  # noqa: C416  typed

    def count_by_funder(self, now: datetime) -> dict[str, FunderCounts]:
        """Return how many calls each funder has, and how many have what, at ``now`` (aware)."""
        row = CallFactsRow
        oldest = now.date().toordinal() - STALE_AFTER.days
        unchecked = and_(row.is_curated, or_(row.checked_on.is_(None), row.checked_on < oldest))
        counted = select(
            row.funder,
            func.count(row.id),
            _count(unchecked),
            _count(row.has_deadlines),
            _count(row.names_amount),
            _count(row.names_applicants),
            _count(row.is_bilingual),
        ).group_by(row.funder)
        with open_session(self._engine) as session:
            return {funder: FunderCounts(*counts) for funder, *counts in session.execute(counted)}


def _count(condition: ColumnElement[bool] | InstrumentedAttribute[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _status_place(at: FactsAt) -> ColumnElement[int]:
    places = {status.value: place for place, status in enumerate(STATUS_ORDER)}
    return cast(case(places, value=at.status), Integer)


def _date_in_list(at: FactsAt) -> ColumnElement[int]:
    """Return what calls of one status are ordered by."""
    row = CallFactsRow
    return case(
        (at.status == Status.CLOSED.value, -func.coalesce(row.last_instant, 0)),
        (and_(at.status == Status.FORTHCOMING.value, row.opens.is_not(None)), row.opens),
        else_=func.coalesce(at.next_instant, _NO_DATE),
    )


def find_minor_copies_of(
    session: Session,
    groups: CallGroups,
    at: FactsAt,
    conditions: Sequence[Condition],
    *,
    language: str,
    excluded: Collection[str] = (),
) -> set[str]:
    """Return the copies that pass ``conditions`` while another copy of the call leads.

    Args:
        session: to read with.
        groups: which calls are one.
        at: facts at the instant after which a deadline is to come.
        conditions: over rows of `CallFactsRow`.
        language: a copy in it goes before others.
        excluded: ids that do not count.
    """
    merging = (
        CallLinkRow.relation == Relation.SAME.value,
        CallLinkRow.state != LinkState.SPLIT.value,
    )
    linked = [select(end).where(*merging) for end in (CallLinkRow.a, CallLinkRow.b)]
    row = CallFactsRow
    members = select(
        row.id,
        at.next_instant.is_not(None),
        row.filled,
        row.languages,
        row.text_length,
    ).where(or_(*(row.id.in_(ids) for ids in linked)), *conditions)
    passing = {
        id_: lead_priority(
            filled=filled,
            has_deadline=bool(dated),
            has_language=language in languages.split(),
            text_length=length,
        )
        for id_, dated, filled, languages, length in session.execute(members)
        if id_ not in excluded
    }
    return find_minor_copies(groups.groups(), passing.get)
