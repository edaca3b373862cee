"""The facts of all calls as columns: every call is looked at in a few milliseconds.

A hundred thousand calls take less than 100 MB. Columns never change: `merged` returns new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrapers.call import Call, Status
from service.domain.calls.freshness import Arrivals
from service.domain.calls.stored.call_facts import (
    Entry,
    entries_of,
    facts_of,
    to_datetime,
    to_instant,
)

Mask = NDArray[np.bool_]
Instants = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
"""Stands for an instant or day that there is not: no clock reaches it."""

STATUSES = tuple(Status)
"""What the numbers of `CallColumns.statuses` mean."""

_NUMBERS = (
    "opens",
    "closed_by",
    "first_entry",
    "last_entry",
    "first_day",
    "last_day",
    "filled",
    "text_length",
)
_FLAGS = ("is_rolling", "is_announced", "has_deadlines")
_WORDS = ("funder", "level", "languages", "maximum")


COLUMN_NAMES = ("id", *_WORDS, *_NUMBERS, *_FLAGS)
"""The facts that columns are made of, as `CallFacts` names them."""


class CallColumns:
    """Columns of facts, a row for each call; rows ascend as ids do."""

    def __init__(
        self,
        rows: Iterable[Sequence[Any]] = (),
        entries: Mapping[str, Sequence[Entry]] | None = None,
        first_seen: Mapping[str, int] | None = None,
    ) -> None:
        """Take the facts of calls.

        Args:
            rows: those named in `COLUMN_NAMES`, of every call once.
            entries: of calls with several, all of them by id, the earliest first.
            first_seen: when each call was first stored (microseconds since 1970), by id.
        """
        ordered = sorted(rows, key=itemgetter(0))
        columns = list(zip(*ordered, strict=True)) or [()] * len(COLUMN_NAMES)
        by_name: dict[str, tuple[Any, ...]] = dict(zip(COLUMN_NAMES, columns, strict=True))
        self.ids: tuple[str, ...] = by_name["id"]
        self.entries = dict(entries or {})
        seen = first_seen or {}
        self._first_seen = _numbers(map(seen.get, self.ids))
        self._numbers = {name: _numbers(by_name[name]) for name in _NUMBERS}
        self._flags = {name: np.array(by_name[name], np.bool_) for name in _FLAGS}
        self._words = {name: _Words(by_name[name]) for name in _WORDS}

    @classmethod
    def from_calls(
        cls, calls: Iterable[Call], first_seen: Mapping[str, int] | None = None
    ) -> CallColumns:
        """Return the columns of ``calls``, each once; ``first_seen`` is as for the columns."""
        stored = list(calls)
        entries = {call.id: entries_of(call) for call in stored}
        several = {id_: own for id_, own in entries.items() if len(own) > 1}
        choose = attrgetter(*COLUMN_NAMES)
        return cls((choose(facts_of(call)) for call in stored), several, first_seen)

    def __len__(self) -> int:
        """Return how many calls there are."""
        return len(self.ids)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each call by its id."""
        return {id_: row for row, id_ in enumerate(self.ids)}

    def merged(self, newer: CallColumns) -> CallColumns:
        """Return these columns with the calls of ``newer`` added, or in place of older ones."""
        joined = CallColumns()
        kept = np.array([id_ not in newer.rows for id_ in self.ids], np.bool_)
        old = [id_ for id_, keep in zip(self.ids, kept, strict=True) if keep]
        unordered = [*old, *newer.ids]
        order = np.array(sorted(range(len(unordered)), key=unordered.__getitem__), np.int64)
        joined.ids = tuple(unordered[place] for place in order)
        joined.entries = {
            id_: own for id_, own in self.entries.items() if id_ not in newer.rows
        } | newer.entries
        joined._first_seen = np.concatenate([self._first_seen[kept], newer._first_seen])[order]
        for mine, theirs, into in (
            (self._numbers, newer._numbers, joined._numbers),
            (self._flags, newer._flags, joined._flags),
        ):
            for name, column in mine.items():
                into[name] = np.concatenate([column[kept], theirs[name]])[order]
        for name, words in self._words.items():
            joined._words[name] = words.followed_by(kept, newer._words[name], order)
        return joined

    def statuses(self, now: datetime) -> NDArray[np.int8]:
        """Return each call's status at ``now`` (aware), as a place in `STATUSES`: (calls,)."""
        moment = to_instant(now)
        opens, closed_by = self._numbers["opens"], self._numbers["closed_by"]
        rolling, announced = self._flags["is_rolling"], self._flags["is_announced"]
        last = self._numbers["last_entry"]
        decided = (closed_by != NEVER) & (closed_by <= moment)
        upcoming = (rolling & ~decided) | ((last != NEVER) & (last >= moment))
        has_entries = rolling | (last != NEVER)
        ahead = (opens != NEVER) & (opens > moment) & (upcoming | ~has_entries)
        closed = self._flags["has_deadlines"] | decided
        chosen = np.select(
            [ahead, upcoming, announced & ~decided, closed],
            [
                STATUSES.index(status)
                for status in (Status.FORTHCOMING, Status.OPEN, Status.FORTHCOMING, Status.CLOSED)
            ],
            STATUSES.index(Status.UNKNOWN),
        )
        return chosen.astype(np.int8)

    def of_status(self, now: datetime, *statuses: Status) -> set[str]:
        """Return the calls that have one of some statuses at ``now`` (aware)."""
        wanted = [STATUSES.index(status) for status in statuses]
        return {self.ids[row] for row in np.flatnonzero(np.isin(self.statuses(now), wanted))}

    def next_entries(self, now: datetime) -> tuple[Instants, Instants]:
        """Return instant and day of each call's next deadline for newcomers, else `NEVER`."""
        moment = to_instant(now)
        first, last = self._numbers["first_entry"], self._numbers["last_entry"]
        ahead, between = first >= moment, (first < moment) & (last != NEVER) & (last >= moment)
        instants = np.where(ahead, first, np.where(between, last, NEVER))
        days = np.where(
            ahead, self._numbers["first_day"], np.where(between, self._numbers["last_day"], NEVER)
        )
        for row in np.flatnonzero(between):
            own = self.entries.get(self.ids[row], ())
            entry = next((one for one in own if one.instant >= moment), None)
            if entry is not None:
                instants[row], days[row] = entry
        return instants, days

    def period(self, now: datetime) -> int:
        """Return a number that stays the same as long as no status and no next deadline changes."""
        return int(np.searchsorted(self._changes, to_instant(now), side="right"))

    def where(self, column: str, holds: Callable[[str | None], bool]) -> Mask:
        """Return which calls have a word for which ``holds`` returns true: (calls,).

        Args:
            column: funder, level, languages or maximum.
            holds: asked once for each different word.
        """
        words = self._words[column]
        return words.mask(holds)

    def codes(self, column: str) -> tuple[NDArray[np.int32], Sequence[str | None]]:
        """Return a number for each call, and the words that the numbers are places of: (calls,)."""
        words = self._words[column]
        return words.codes, words.known

    def word(self, column: str, row: int) -> str | None:
        """Return what a call has in ``column``: funder, level, languages or maximum."""
        return self._words[column].word(row)

    def number(self, column: str, row: int) -> int:
        """Return a number of a call, such as ``filled`` or ``text_length``."""
        return int(self._numbers[column][row])

    @cached_property
    def arrivals(self) -> Arrivals:
        """When calls were first seen."""
        return Arrivals(_SeenTimes(self), self._funders_began())

    def first_seen(self, row: int) -> datetime | None:
        """Return when a call was first stored, if that is known."""
        instant = int(self._first_seen[row])
        return None if instant == NEVER else to_datetime(instant)

    def _funders_began(self) -> dict[str, datetime]:
        words = self._words["funder"]
        began = np.full(len(words.known), NEVER, np.int64)
        np.minimum.at(began, words.codes, self._first_seen)
        return {
            str(funder): to_datetime(int(instant))
            for funder, instant in zip(words.known, began, strict=True)
            if instant != NEVER
        }

    @cached_property
    def _changes(self) -> Instants:
        """The instants at which something changes: a call opens or closes, a deadline is over."""
        several = [entry.instant for own in self.entries.values() for entry in own]
        over = [self._numbers["first_entry"], self._numbers["last_entry"], _numbers(several)]
        passed = np.concatenate(over)
        return np.unique(
            np.concatenate(
                [
                    passed[passed != NEVER] + 1,
                    self._numbers["opens"],
                    self._numbers["closed_by"],
                ]
            )
        )


class _SeenTimes(Mapping[str, datetime]):
    """When each call was first seen, read from the columns when it is asked for."""

    def __init__(self, columns: CallColumns) -> None:
        self._columns = columns

    def __getitem__(self, call_id: str) -> datetime:
        seen = self._columns.first_seen(self._columns.rows[call_id])
        if seen is None:
            raise KeyError(call_id)
        return seen

    def __iter__(self) -> Any:
        return iter(self._columns.ids)

    def __len__(self) -> int:
        return len(self._columns)


class _Words:
    """A column of words: each different word once, and a number for each call."""

    def __init__(self, words: Sequence[str | None]) -> None:
        places: dict[str | None, int] = {}
        codes = [places.setdefault(word, len(places)) for word in words]
        self.codes: NDArray[np.int32] = np.array(codes, np.int32)
        self.known = list(places)

    def followed_by(self, kept: Mask, newer: _Words, order: NDArray[np.int64]) -> _Words:
        """Return the words of the calls ``kept`` and those of ``newer``, in another ``order``."""
        joined = _Words(())
        places = {word: place for place, word in enumerate(self.known)}
        moved = [places.setdefault(word, len(places)) for word in newer.known]
        codes = np.concatenate([self.codes[kept], np.array(moved, np.int32)[newer.codes]])
        joined.codes, joined.known = codes[order], list(places)
        return joined

    def mask(self, holds: Callable[[str | None], bool]) -> Mask:
        fitting = np.array([holds(word) for word in self.known], np.bool_)
        mask: Mask = fitting[self.codes] if len(fitting) else np.zeros(0, np.bool_)
        return mask

    def word(self, row: int) -> str | None:
        return self.known[int(self.codes[row])]


def _numbers(values: Iterable[int | None]) -> Instants:
    return np.array([NEVER if value is None else value for value in values], np.int64)
