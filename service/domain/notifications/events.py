"""Events that put a call into a mail, and the keys by which none is sent twice.

A key is ``reason|call id|mark``. Keys are kept for each recipient once their mail is sent. The
mark of a new, changed or reopened call is the instant of the version that was sent, so that the
next change is counted from what the reader knows, not from what came between. The mark of a
closing call is its deadline.
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
"""The versions of a call, oldest first, each with the aware instant it was first seen."""


class EventReason(StrEnum):
    """Why a call is in a mail."""

    NEW = "new"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSING_14 = "closing_14"
    CLOSING_3 = "closing_3"


CLOSING_REASONS = frozenset({EventReason.CLOSING_14, EventReason.CLOSING_3})

_LAST_NOTICE_MARGIN = timedelta(days=1)
"""A mail that leaves less time than this to a deadline is too late to be the last notice."""

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
"""Beginnings of the fields whose change is worth a mail; texts are edited for a comma."""


class Event(FrozenModel):
    """One reason to tell of a call; ``key`` is the same whenever this news is made again."""

    reason: EventReason
    key: str = Field(description="Kept when it was told, so that it is told once.")
    changes: tuple[Change, ...] = Field(
        default=(), description="What differs from what was told before, field by field."
    )


_DAY_LENGTH = len("20260302")


class SentLog:
    """What was sent to a recipient, by call. Who got one copy of a call knows them all.

    ``copies_of`` returns the ids of a call's copies, its own among them.
    """

    def __init__(
        self,
        keys: Collection[str],
        copies_of: Callable[[str], Collection[str]] = lambda call_id: (call_id,),
    ) -> None:
        """Read ``keys``; one with a reason that is not known any more is skipped."""
        self.copies_of = copies_of
        self._by_call: dict[str, dict[EventReason, set[str]]] = {}
        for key in keys:
            reason, _, rest = key.partition("|")
            call_id, _, mark = rest.rpartition("|")
            if reason in EventReason.__members__.values():
                marks = self._by_call.setdefault(call_id, {})
                marks.setdefault(EventReason(reason), set()).add(mark)

    @property
    def call_ids(self) -> frozenset[str]:
        """The ids of the calls that were sent."""
        return frozenset(self._by_call)

    def contains(self, call_id: str) -> bool:
        """Whether the call was sent at all, by whichever copy."""
        return any(id_ in self._by_call for id_ in self.copies_of(call_id))

    def was_reminded(self, call_id: str, reason: EventReason, mark: str) -> bool:
        """Whether a deadline was sent; of another copy any hour of that day counts as the same."""
        if mark in self.marks_of(call_id, reason):
            return True
        copies = (id_ for id_ in self.copies_of(call_id) if id_ != call_id)
        return any(
            sent[:_DAY_LENGTH] == mark[:_DAY_LENGTH]
            for copy in copies
            for sent in self.marks_of(copy, reason)
        )

    def marks_of(self, call_id: str, *reasons: EventReason) -> frozenset[str]:
        """Return the marks of the events of a call that were sent for ``reasons``."""
        marks = self._by_call.get(call_id, {})
        return frozenset(mark for reason in reasons for mark in marks.get(reason, ()))


def find_events(
    versions: CallVersions,
    sent_log: SentLog,
    *,
    since: datetime | None,
    now: datetime,
    until: datetime,
) -> tuple[Event, ...]:
    """Return why to show a call, what weighs most first; nothing when all of it was sent.

    Args:
        versions: of the call, at least one.
        sent_log: what was sent to the recipient before.
        since: the instant of the recipient's last mail, None before the first.
        now: the aware instant of this mail.
        until: when the next mail is due.
    """
    call = versions[-1][1]
    if not sent_log.contains(call.id):
        first = Event(
            reason=EventReason.NEW,
            key=_event_key(EventReason.NEW, call.id, format_mark(versions[-1][0])),
        )
        return (first, *find_closing_events(call, sent_log, now, until))
    return (
        *find_change_events(versions, sent_log, since),
        *find_closing_events(call, sent_log, now, until),
    )


def find_closing_events(
    call: Call, sent_log: SentLog, now: datetime, until: datetime
) -> tuple[Event, ...]:
    """Return the notices that the call closes: one within 14 days, and a last one in good time.

    The last comes within 3 days of the deadline, or earlier when the next mail would be late.
    """
    deadline = call.next_deadline(now)
    if deadline is None or deadline.at is None or call.status(now) is not Status.OPEN:
        return ()
    reasons = []
    if deadline.at <= now + timedelta(days=14):
        reasons.append(EventReason.CLOSING_14)
    if closes_before(call, now, until) or deadline.at <= now + timedelta(days=3):
        reasons.append(EventReason.CLOSING_3)
    mark = format_mark(deadline.at)
    return tuple(
        Event(reason=reason, key=_event_key(reason, call.id, mark))
        for reason in reasons
        if not sent_log.was_reminded(call.id, reason, mark)
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
    """Return an instant as a key holds it."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def with_relisting(versions: CallVersions, relisted_at: datetime | None) -> CallVersions:
    """Return the versions with one more: the call as it was when its source listed it again.

    It is the object of the version before: the same object twice means that the call came back.
    """
    if relisted_at is None or relisted_at < versions[0][0]:
        return versions
    earlier = [call for seen, call in versions if seen < relisted_at] or [versions[0][1]]
    others = [version for version in versions if version[0] != relisted_at]
    later = [version for version in versions if version[0] == relisted_at]
    return sorted([*others, (relisted_at, earlier[-1]), *later], key=lambda version: version[0])


def find_change_events(
    versions: CallVersions, sent_log: SentLog, since: datetime | None
) -> tuple[Event, ...]:
    """Return what changed since the version that was sent last, if it matters.

    Where none was sent, since the version of the aware instant ``since``.
    """
    known = _last_sent_version(versions, sent_log, since)
    if known == len(versions) - 1:
        return ()
    later = versions[known:]
    at, call = later[-1]
    steps = list(itertools.pairwise(later))
    reopened = any(
        before is after
        or any(c.kind is ChangeKind.REOPENED for c in compare_versions(before, after, seen))
        for (_, before), (seen, after) in steps
    )
    changes = _notable_changes(later[0][1], call, at)
    if not (changes or reopened):
        return ()
    reason = EventReason.REOPENED if reopened else EventReason.CHANGED
    key = _event_key(reason, call.id, format_mark(at))
    return (Event(reason=reason, key=key, changes=changes),)


def _notable_changes(before: Call, after: Call, at: datetime) -> tuple[Change, ...]:
    """Return the differences that are worth a mail at the instant ``at`` of the change."""
    minor = set()
    if _upcoming_deadlines(before, at) == _upcoming_deadlines(after, at):
        minor.add("deadlines")  # a cut-off that has passed was taken off the list
    for code in {*before.titles, *after.titles}:
        if _title_words(before.titles.get(code, "")) == _title_words(after.titles.get(code, "")):
            minor.add(f"titles.{code}")
    return tuple(
        change
        for change in compare_versions(before, after, at)
        if change.field.startswith(_NOTABLE_FIELDS) and change.field not in minor
    )


def _upcoming_deadlines(call: Call, at: datetime) -> list[Deadline]:
    return [d for d in call.deadlines if d.at is None or d.at >= at]


def _title_words(title: str) -> list[str]:
    """Return the words of a title: a change of case, spaces or punctuation is none."""
    return re.findall(r"\w+", title.casefold())


def _last_sent_version(versions: CallVersions, sent_log: SentLog, since: datetime | None) -> int:
    """Return the index of the newest version that was sent to the recipient.

    Where none is known, as after the store was made anew, it is the one at the last mail.
    """
    newest = max(sent_log.marks_of(versions[-1][1].id, *_VERSION_REASONS), default="")
    sent = [n for n, (seen, _) in enumerate(versions) if format_mark(seen) <= newest]
    if sent:
        return sent[-1]
    earlier = [n for n, (seen, _) in enumerate(versions) if since is not None and seen <= since]
    return earlier[-1] if earlier else 0


def _event_key(reason: EventReason, call_id: str, mark: str) -> str:
    return f"{reason}|{call_id}|{mark}"
