"""The calls that a text is ranked against, and how many are left out and why."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.search.searcher import Searcher
from scrapers.call import Call
from service.domain.calls.copies import LeadPriority, find_minor_copies, lead_priority
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.stored.call_columns import NEVER, STATUSES, CallColumns, Mask
from service.domain.calls.stored.call_facts import read_money
from service.domain.eligibility.condition_index import ConditionIndex, write_conditions
from service.domain.matching.feedback import DISMISSED_REASON, CurrentOpinions
from service.domain.matching.filters import Filters
from service.domain.matching.other_calls.hidden_calls import ExcludedCalls
from service.domain.pilots.profile import Profile
from service.messages.message import Message, message

if TYPE_CHECKING:
    from service.domain.matching.match_context import MatchContext

CONDITION_REASON = "a condition that fails"

_AMOUNT_REASONS = (
    "no amount stated",
    "an amount stated",
    "an amount in another currency",
    "a smaller amount",
    "a larger amount",
)

_REASONS = (
    *(f"status {status}" for status in STATUSES),
    "another funder",
    "another level",
    "another language",
    "deadline outside the window",
    *_AMOUNT_REASONS,
    CONDITION_REASON,
)
"""Why a call is left out, as `Filters.exclusion_reason` names it."""

_ADMITTED = -1
_KEPT = 8
"""Selections that are kept; one of a hundred thousand calls takes some 6 MB."""


@dataclass(frozen=True)
class Candidates:
    """The calls that may be matched.

    ``leads`` are the ids that are ranked: calls that passed the filters and are in the index, of
    each group of copies the one that is shown. It is the same set as long as nothing changes.
    ``considered`` counts them with all copies, ``waiting`` those that are not indexed yet, and
    ``left_out`` the other calls by reason. ``excluded`` returns those that filters leave out.
    """

    leads: frozenset[str]
    considered: int
    waiting: int
    left_out: Mapping[str, int]
    excluded: Callable[[], ExcludedCalls] = field(default=ExcludedCalls, compare=False)

    @property
    def notes(self) -> list[Message]:
        """What a reader must know of them: that some are not indexed yet."""
        if not self.waiting:
            return []
        return [message("note.waiting", count=self.waiting, calls=str(self.waiting))]


@dataclass(frozen=True)
class _Selection:
    """What filters leave of the calls, whatever somebody thinks of them.

    ``passing`` and ``indexed`` are by row, ``leads`` as in `Candidates`. ``find_excluded`` is asked
    once.
    """

    passing: Mask
    indexed: Mask
    leads: frozenset[str]
    left_out: Mapping[str, int]
    find_excluded: Callable[[], ExcludedCalls]

    @cached_property
    def excluded(self) -> ExcludedCalls:
        """The calls that the filters leave out; looked for when they are wanted first."""
        return self.find_excluded()


@dataclass(eq=False)
class CandidateIndex:
    """All stored calls, as far as candidates are chosen by them. Safe to share by threads.

    ``read_conditions`` returns the conditions of the calls; it is asked when a reader wants only
    calls whose conditions a profile meets.
    """

    columns: CallColumns
    links: CallGroups
    read_conditions: Callable[[], ConditionIndex]
    _kept: OrderedDict[object, _Selection] = field(default_factory=OrderedDict)
    _indexed: tuple[weakref.ref[Searcher], Mask] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def from_calls(cls, calls: Mapping[str, Call], links: CallGroups) -> CandidateIndex:
        """Return the index of ``calls``, of which every one is read."""

        def read_conditions() -> ConditionIndex:
            return ConditionIndex((call.id, write_conditions(call)) for call in calls.values())

        return cls(CallColumns.from_calls(calls.values()), links, read_conditions)

    def select(
        self,
        searcher: Searcher,
        filters: Filters,
        now: datetime,
        language: str,
        *,
        profile: Profile | None,
        opinions: CurrentOpinions,
        dismissed: bool = False,
    ) -> Candidates:
        """Return which calls a text is compared with.

        Args:
            searcher: the index.
            filters: the reader's choices, with the rates that amounts are compared by.
            now: the aware instant that open and closed are computed by.
            language: of the text: of several copies, the one in it leads.
            profile: what the calls' conditions are checked against, if the pilot has one.
            opinions: on calls; that on one copy is held on all.
            dismissed: admit also the calls that were judged not relevant.
        """
        chosen = self._select(searcher, filters, now, language, profile)
        rows = self.columns.rows
        hidden = [] if dismissed else [rows[id_] for id_ in opinions.dismissed if id_ in rows]
        hidden = [row for row in hidden if chosen.passing[row]]
        if not hidden:
            leads, left_out = chosen.leads, dict(chosen.left_out)
        else:
            leads = chosen.leads - {self.columns.ids[row] for row in hidden}
            left_out = {**chosen.left_out, DISMISSED_REASON: len(hidden)}
        considered = int(chosen.indexed.sum()) - int(chosen.indexed[hidden].sum())
        admitted = int(chosen.passing.sum()) - len(hidden)
        waiting = admitted - considered
        return Candidates(leads, considered, waiting, left_out, lambda: chosen.excluded)

    def _select(
        self,
        searcher: Searcher,
        filters: Filters,
        now: datetime,
        language: str,
        profile: Profile | None,
    ) -> _Selection:
        """Return what the filters leave; the last selections are kept while nothing changes."""
        checked = profile if filters.gates else None
        key = (
            self.columns.period(now),
            id(searcher),
            filters,
            language,
            None if checked is None else checked.model_dump_json(),
        )
        known = self._indexed_rows(searcher)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        codes = self._reason_codes(filters, now, checked)
        passing = codes == _ADMITTED
        indexed = passing & known
        leading = indexed.copy()
        leading[self._minor_copies(indexed, now, language)] = False
        leads = frozenset(map(self.columns.ids.__getitem__, np.flatnonzero(leading).tolist()))
        find_excluded = partial(self._find_excluded, codes, known, now, language)
        selection = _Selection(passing, indexed, leads, _count_reasons(codes), find_excluded)
        with self._lock:
            self._kept[key] = selection
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return selection

    def _indexed_rows(self, searcher: Searcher) -> Mask:
        """Return which calls the index holds; what is kept of another index is forgotten."""
        with self._lock:
            if self._indexed is None or self._indexed[0]() is not searcher:
                documents = searcher.documents
                known = np.array([id_ in documents for id_ in self.columns.ids], np.bool_)
                self._indexed = weakref.ref(searcher), known
                self._kept.clear()
            return self._indexed[1]

    def _reason_codes(
        self, filters: Filters, now: datetime, profile: Profile | None
    ) -> NDArray[np.int8]:
        """Return for each call the first choice that leaves it out, as a place in `_REASONS`."""
        columns = self.columns
        codes = np.full(len(columns), _ADMITTED, np.int8)

        def leave_out(mask: Mask, reason: str) -> None:
            codes[mask & (codes == _ADMITTED)] = _REASONS.index(reason)

        if filters.statuses:
            statuses = columns.statuses(now)
            for place, status in enumerate(STATUSES):
                if status not in filters.statuses:
                    leave_out(statuses == place, f"status {status}")
        for column, reason, fits in _word_choices(filters):
            leave_out(~columns.where(column, fits), reason)
        if filters.deadline_from or filters.deadline_to:
            _, days = columns.next_entries(now)
            first, last = filters.deadline_from or date.min, filters.deadline_to or date.max
            inside = (days >= first.toordinal()) & (days <= last.toordinal())
            leave_out(~inside, "deadline outside the window")
        if filters.chooses_amounts:
            for reason in _AMOUNT_REASONS:
                gives = partial(_is_left_out_for, filters, reason)
                leave_out(columns.where("maximum", gives), reason)
        if filters.gates == "pass":
            rows = np.flatnonzero(codes == _ADMITTED).tolist()
            ids = [columns.ids[row] for row in rows]
            failing = self.read_conditions().failing(ids, profile)
            codes[[columns.rows[id_] for id_ in failing]] = _REASONS.index(CONDITION_REASON)
        return codes

    def _find_excluded(
        self, codes: NDArray[np.int8], known: Mask, now: datetime, language: str
    ) -> ExcludedCalls:
        """Return the indexed calls that filters leave out, of copies one, if none is let through.

        Args:
            codes: what `_reason_codes` returned.
            known: which calls the index holds.
            now: the aware instant that copies are compared at.
            language: of the text.
        """
        columns, passing = self.columns, codes == _ADMITTED
        leading = known & ~passing
        for group in self._groups:
            if passing[group].any():
                leading[group] = False
        leading[self._minor_copies(leading, now, language)] = False
        ids = frozenset(map(columns.ids.__getitem__, np.flatnonzero(leading).tolist()))
        return ExcludedCalls(ids, lambda id_: _REASONS[codes[columns.rows[id_]]])

    def _minor_copies(self, present: Mask, now: datetime, language: str) -> list[int]:
        """Return the rows of copies in ``present`` while another copy of the call leads."""
        dated = self.columns.next_entries(now)[0] != NEVER

        def priority(row: int) -> LeadPriority | None:
            if not present[row]:
                return None
            languages = (self.columns.word("languages", row) or "").split()
            return lead_priority(
                has_deadline=bool(dated[row]),
                filled=self.columns.number("filled", row),
                has_language=language in languages,
                text_length=self.columns.number("text_length", row),
            )

        return list(find_minor_copies(self._groups, priority))

    @cached_property
    def copy_groups(self) -> NDArray[np.int64]:
        """For each call the row of the first of its copies: (calls,). Copies have the same."""
        first = np.arange(len(self.columns), dtype=np.int64)
        for group in self._groups:
            first[group] = min(group, default=0)
        return first

    @cached_property
    def _groups(self) -> list[list[int]]:
        """The rows of each group of copies; rows ascend as ids do."""
        rows = self.columns.rows
        return [[rows[id_] for id_ in group if id_ in rows] for group in self.links.groups()]


def index_of(context: MatchContext) -> CandidateIndex:
    """Return what the calls of ``context`` are chosen by; made of their records if need be."""
    return context.candidates or CandidateIndex.from_calls(context.calls, context.links)


def select_candidates(
    context: MatchContext,
    filters: Filters,
    language: str,
    *,
    profile: Profile | None,
    dismissed: bool = False,
) -> Candidates:
    """Return which calls of ``context`` a text is compared with.

    Args:
        context: the calls; an opinion on one copy of a call counts for all.
        filters: the reader's choices.
        language: of the text: of several copies, the one in it leads.
        profile: what the calls' conditions are checked against, if the pilot has one.
        dismissed: admit also the calls that were judged not relevant.
    """
    return index_of(context).select(
        context.searcher,
        filters,
        context.now,
        language,
        profile=profile,
        opinions=context.opinions,
        dismissed=dismissed,
    )


def _word_choices(filters: Filters) -> Iterator[tuple[str, str, Callable[[str | None], bool]]]:
    """Yield each choice by a word: its column, the reason it gives, and whether a word fits."""
    if filters.funders:
        yield "funder", "another funder", lambda word: word in filters.funders
    if filters.levels:
        yield "level", "another level", lambda word: word in filters.levels
    if filters.languages:
        yield (
            "languages",
            "another language",
            lambda word: filters.admits_languages((word or "").split()),
        )


def _is_left_out_for(filters: Filters, reason: str, maximum: str | None) -> bool:
    stated = None if maximum is None else read_money(maximum)
    return filters.amount_exclusion(stated) == reason


def _count_reasons(codes: NDArray[np.int8]) -> dict[str, int]:
    """Count the calls by reason, the most frequent first, of equals that of the first call."""
    left_out = codes[codes != _ADMITTED]
    places, firsts, counts = np.unique(left_out, return_index=True, return_counts=True)
    order = np.lexsort((firsts, -counts))
    return {_REASONS[places[n]]: int(counts[n]) for n in order}
