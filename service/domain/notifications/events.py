"""What there is to tell a reader about a call, and the keys by which nothing is told twice.

A key is ``reason|call id|mark``. Keys are kept for each recipient once their mail is sent. The
mark of a new, changed or reopened call is the instant of the version that was told, so that the
next change is told from what the reader knows, not from what came between.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from scrapers.call import Call, Deadline, Status
from service.domain.calls.history import Change, ChangeKind, compare_versions
from service.domain.frozen_model import FrozenModel

CallVersions = Sequence[tuple[datetime, Call]]
"""What a call has been, oldest first, with the aware instant each version was first seen."""


class EventReason(StrEnum):
    """Why a call is in a mail."""

    NEW = "new"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSING_14 = "closing_14"
    CLOSING_3 = "closing_3"


CLOSING_REASONS = frozenset({EventReason.CLOSING_14, EventReason.CLOSING_3})

_LAST_NOTICE_MARGIN = timedelta(days=1)
"""A mail that leaves less than this to a deadline comes too late to be the last word on it."""

_VERSION_REASONS = (EventReason.NEW, EventReason.CHANGED, EventReason.REOPENED)
_NOTABLE_FIELDS = (
    "deadlines",
    "opens",
    "funding.total",
    "funding.maximum",
    "funding.minimum",
    "funding.share_percent",
    "titles.",
    "invited_only",
)
"""Beginnings of the fields that are worth a mail; texts are edited for a comma."""


class Event(FrozenModel):
    """One reason to tell of a call; ``key`` is the same whenever this news is made again."""

    reason: EventReason
    key: str = Field(description="Kept when it was told, so that it is told once.")
    changes: tuple[Change, ...] = Field(
        default=(), description="What differs from what was told before, field by field."
    )


_DAY_LENGTH = len("20260302")


class SentLog:
    """What a recipient has been told, by call. Who was told of one copy of a call knows them all.

    ``same`` gives the ids of a call's copies, its own among them.
    """

    def __init__(
        self,
        keys: Collection[str],
        same: Callable[[str], Collection[str]] = lambda call_id: (call_id,),
    ) -> None:
        self.same = same
        self._by_call: dict[str, dict[EventReason, set[str]]] = {}
        for key in keys:
            reason, _, rest = key.partition("|")
            call_id, _, mark = rest.rpartition("|")
            if reason in EventReason.__members__.values():
                told = self._by_call.setdefault(call_id, {})
                told.setdefault(EventReason(reason), set()).add(mark)

    @property
    def call_ids(self) -> frozenset[str]:
        """The ids of the calls that were told."""
        return frozenset(self._by_call)

    def contains(self, call_id: str) -> bool:
        """Whether the call was told at all, by whichever copy."""
        return any(one in self._by_call for one in self.same(call_id))

    def was_reminded(self, call_id: str, reason: EventReason, mark: str) -> bool:
        """Whether a deadline was told; of another copy any hour of that day counts as the same."""
        if mark in self.marks_of(call_id, reason):
            return True
        copies = (one for one in self.same(call_id) if one != call_id)
        return any(
            m[:_DAY_LENGTH] == mark[:_DAY_LENGTH]
            for one in copies
            for m in self.marks_of(one, reason)
        )

    def marks_of(self, call_id: str, *reasons: EventReason) -> frozenset[str]:
        """Return the marks of what was told of a call for ``reasons``."""
        told = self._by_call.get(call_id, {})
        return frozenset(mark for reason in reasons for mark in told.get(reason, ()))


def find_events(
    past: CallVersions, memory: SentLog, *, since: datetime | None, now: datetime, until: datetime
) -> tuple[Event, ...]:
    """Return what to tell of a call, what weighs most first; nothing when all was told.

    Args:
        past: the call's versions, at least one.
        memory: what the recipient was told before.
        since: the instant of the recipient's last mail, None before the first.
        now: the aware instant of this mail.
        until: when the next mail is due.
    """
    call = past[-1][1]
    if not memory.contains(call.id):
        first = Event(
            reason=EventReason.NEW,
            key=_event_key(EventReason.NEW, call.id, format_mark(past[-1][0])),
        )
        return (first, *find_closing_events(call, memory, now, until))
    return (
        *find_change_events(past, memory, since),
        *find_closing_events(call, memory, now, until),
    )


def find_closing_events(
    call: Call, memory: SentLog, now: datetime, until: datetime
) -> tuple[Event, ...]:
    """Return the notices that the call closes: within 14 days, and the last one in good time.

    The last comes within 3 days of the deadline, or earlier when the next mail would be late.
    """
    deadline = call.next_deadline(now)
    if deadline is None or deadline.at is None or call.status(now) is not Status.OPEN:
        return ()
    due = []
    if deadline.at <= now + timedelta(days=14):
        due.append(EventReason.CLOSING_14)
    if closes_before(call, now, until) or deadline.at <= now + timedelta(days=3):
        due.append(EventReason.CLOSING_3)
    mark = format_mark(deadline.at)
    return tuple(
        Event(reason=reason, key=_event_key(reason, call.id, mark))
        for reason in due
        if not memory.was_reminded(call.id, reason, mark)
    )


def closes_before(call: Call, now: datetime, until: datetime) -> bool:
    """Whether the next deadline at ``now`` leaves less than a day after the mail at ``until``."""
    deadline = call.next_deadline(now)
    return (
        deadline is not None
        and deadline.at is not None
        and deadline.at < until + _LAST_NOTICE_MARGIN
    )


def format_mark(instant: datetime) -> str:
    """Return an instant as it stands in a key."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def with_relisting(past: CallVersions, returned: datetime | None) -> CallVersions:
    """Return the versions of a call with the instant that it was listed again as one of them.

    It is the same call then: one object twice says that it came back.
    """
    if returned is None or returned < past[0][0]:
        return past
    there = [call for seen, call in past if seen < returned] or [past[0][1]]
    others = [version for version in past if version[0] != returned]
    after = [version for version in past if version[0] == returned]
    return sorted([*others, (returned, there[-1]), *after], key=lambda version: version[0])


def find_change_events(
    past: CallVersions, memory: SentLog, since: datetime | None
) -> tuple[Event, ...]:
    """Return what became different since the version that was told last, if it matters.

    Where none was told, since the version of the aware instant ``since``.
    """
    known = _last_sent_version(past, memory, since)
    if known == len(past) - 1:
        return ()
    later = past[known:]
    at, call = later[-1]
    steps = itertools.pairwise(later)
    became = [compare_versions(was, now, seen) for (_, was), (seen, now) in steps]
    opened = any(c.kind is ChangeKind.REOPENED for changes in became for c in changes)
    returned = any(was is now for (_, was), (_, now) in itertools.pairwise(later))
    reopened = opened or returned
    telling = _notable_changes(later[0][1], call, at)
    reason = EventReason.REOPENED if reopened else EventReason.CHANGED
    if not (telling or reopened):
        return ()
    key = _event_key(reason, call.id, format_mark(at))
    return (Event(reason=reason, key=key, changes=telling),)


def _notable_changes(before: Call, after: Call, at: datetime) -> tuple[Change, ...]:
    """Return the differences that are worth a mail at the instant ``at`` of the change."""
    dull = set()
    if _upcoming_deadlines(before, at) == _upcoming_deadlines(after, at):
        dull.add("deadlines")  # a cut-off that went by was taken off the list
    for code in {*before.titles, *after.titles}:
        if _title_words(before.titles.get(code, "")) == _title_words(after.titles.get(code, "")):
            dull.add(f"titles.{code}")
    return tuple(
        change
        for change in compare_versions(before, after, at)
        if change.field.startswith(_NOTABLE_FIELDS) and change.field not in dull
    )


def _upcoming_deadlines(call: Call, at: datetime) -> list[Deadline]:
    return [d for d in call.deadlines if d.at is None or d.at >= at]


def _title_words(title: str) -> list[str]:
    """Return the words of a title: case, spaces and punctuation are no news."""
    return re.findall(r"\w+", title.casefold())


def _last_sent_version(past: CallVersions, memory: SentLog, since: datetime | None) -> int:
    """Return the position of the newest version that the recipient was told.

    Where none is known, as after the store was made anew, it is the one of the last mail.
    """
    newest = max(memory.marks_of(past[-1][1].id, *_VERSION_REASONS), default="")
    told = [n for n, (seen, _) in enumerate(past) if format_mark(seen) <= newest]
    if told:
        return told[-1]
    before = [n for n, (seen, _) in enumerate(past) if since is not None and seen <= since]
    return before[-1] if before else 0


def _event_key(reason: EventReason, call_id: str, mark: str) -> str:
    return f"{reason}|{call_id}|{mark}"
