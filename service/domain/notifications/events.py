"""Events that put a call into a mail, and the keys by which none is sent twice.

A key is ``reason|call id|mark``. Keys are kept for each recipient once their mail is sent. The
mark of a new, changed or reopened call is the instant of the version that was sent, so that the
next change is counted from what the reader knows, not from what came between. The mark of a
closing call is its deadline. A forthcoming call is marked by the version in which it was first told
as one, and its opening by the same mark: so it is told once more, when it opens.
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
    FORTHCOMING = "forthcoming"
    OPENED = "opened"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CLOSING_14 = "closing_14"
    CLOSING_3 = "closing_3"


CLOSING_REASONS = frozenset({EventReason.CLOSING_14, EventReason.CLOSING_3})

ENDING_REASONS = frozenset({EventReason.CLOSED, EventReason.WITHDRAWN})
"""Why a followed call is told though nobody can apply for it any more."""

CHANGE_REASONS = frozenset({EventReason.CHANGED, EventReason.REOPENED})

CompareConditions = Callable[[Call, Call], tuple[Change, ...]]
"""Returns the conditions that differ in the texts of two versions of a call."""

_LAST_NOTICE_MARGIN = timedelta(days=1)
"""A mail that leaves less time than this to a deadline is too late to be the last notice."""

_VERSION_REASONS = (
    EventReason.NEW,
    EventReason.CHANGED,
    EventReason.REOPENED,
    EventReason.CLOSED,
)
"""Reasons whose mark is the version that was told."""

_NOTABLE_FIELDS = (
    "deadlines",
    "opens",
    "funding.total",
    "funding.maximum",
    "funding.minimum",
    "funding.share_percent",
    "titles.",
    "eligibility",
    "invited_only",
)
"""Beginnings of the fields whose change is worth a mail; texts are edited for a comma."""


def no_conditions(_before: Call, _after: Call) -> tuple[Change, ...]:
    """Return no change of a condition: texts are not compared."""
    return ()


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

    def forthcoming_marks(self, call_id: str) -> frozenset[str]:
        """Return the marks by which a call was told as forthcoming, and not yet as opened."""
        told, opened = (
            frozenset(
                mark for copy in self.copies_of(call_id) for mark in self.marks_of(copy, reason)
            )
            for reason in (EventReason.FORTHCOMING, EventReason.OPENED)
        )
        newest = max(opened, default="")
        return frozenset(mark for mark in told if mark > newest)

    def last_ending(self, call_id: str) -> str:
        """Return the mark by which the end of a call was told, if no reopening was told since."""
        marks = {
            reason: [
                mark for copy in self.copies_of(call_id) for mark in self.marks_of(copy, reason)
            ]
            for reason in (*ENDING_REASONS, EventReason.REOPENED)
        }
        ended = max((mark for one in ENDING_REASONS for mark in marks[one]), default="")
        reopened = max(marks[EventReason.REOPENED], default="")
        return ended if ended > reopened else ""

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
    conditions: CompareConditions = no_conditions,
) -> tuple[Event, ...]:
    """Return why to show a call, what weighs most first; nothing when all of it was sent.

    Args:
        versions: of the call, at least one.
        sent_log: what was sent to the recipient before.
        since: the instant of the recipient's last mail, None before the first.
        now: the aware instant of this mail.
        until: when the next mail is due.
        conditions: what compares the conditions in texts.
    """
    call = versions[-1][1]
    closing = find_closing_events(call, sent_log, now, until)
    if not sent_log.contains(call.id):
        first = Event(
            reason=EventReason.NEW,
            key=_event_key(EventReason.NEW, call.id, format_mark(versions[-1][0])),
        )
        return (first, *find_opening_events(versions, sent_log, now, until), *closing)
    return (
        *find_change_events(versions, sent_log, since, conditions),
        *find_opening_events(versions, sent_log, now, until),
        *closing,
    )


def find_opening_events(
    versions: CallVersions, sent_log: SentLog, now: datetime, until: datetime
) -> tuple[Event, ...]:
    """Return that a call is not open yet, or that one that was told as such has opened.

    One that opens and closes before the next mail, which is due at ``until``, is told now. The mark
    of the opening is that of the telling that it answers, by whichever copy.
    """
    seen, call = versions[-1]
    waiting = sent_log.forthcoming_marks(call.id)
    status = call.status(now)
    if status is Status.FORTHCOMING and not waiting:
        reason, mark = EventReason.FORTHCOMING, format_mark(seen)
    elif waiting and (status is Status.OPEN or _is_open_between(call, now, until)):
        reason, mark = EventReason.OPENED, max(waiting)
    else:
        return ()
    return (Event(reason=reason, key=_event_key(reason, call.id, mark)),)


def _is_open_between(call: Call, now: datetime, until: datetime) -> bool:
    opens_soon = call.opens is not None and now < call.opens <= until
    return opens_soon and closes_before(call, now, until)


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


def read_mark(key: str) -> datetime:
    """Return the instant (UTC) that the mark of a key stands for."""
    mark = key.rpartition("|")[2].removesuffix("+")
    return datetime.strptime(mark, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)


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
    versions: CallVersions,
    sent_log: SentLog,
    since: datetime | None,
    conditions: CompareConditions = no_conditions,
) -> tuple[Event, ...]:
    """Return what changed since the version that was sent last, if it matters.

    Where none was sent, since the version of the aware instant ``since``. A call whose end was told
    and that is listed or open again, there or as a copy, has reopened, though it is as it was.
    """
    known = last_sent_version(versions, sent_log, since)
    later = versions[known:]
    at, call = later[-1]
    ended = sent_log.last_ending(call.id)
    if known == len(versions) - 1 and not ended:
        return ()
    steps = list(itertools.pairwise(later))
    reopened = ended or any(
        before is after
        or any(c.kind is ChangeKind.REOPENED for c in compare_versions(before, after, seen))
        for (_, before), (seen, after) in steps
    )
    changes = notable_changes(later[0][1], call, at, conditions)
    if not (changes or reopened):
        return ()
    reason = EventReason.REOPENED if reopened else EventReason.CHANGED
    # later than the end that it answers, also where the call came back as it was
    mark = max(format_mark(at), f"{ended}+" if ended else "")
    return (Event(reason=reason, key=_event_key(reason, call.id, mark), changes=changes),)


def find_ending_events(
    versions: CallVersions,
    sent_log: SentLog,
    *,
    since: datetime | None,
    after: datetime,
    now: datetime,
    gone_at: datetime | None = None,
    conditions: CompareConditions = no_conditions,
) -> tuple[Event, ...]:
    """Return that a followed call closed before its time or was withdrawn, or nothing.

    A call that ends on the day that its reader knows is no news.

    Args:
        versions: of the call, at least one.
        sent_log: what was sent to the recipient before.
        since: the instant of the recipient's last mail, None before the first.
        after: the aware instant since which an end is news.
        now: the aware instant of this mail.
        gone_at: when its source was first seen not to list it any more; None while it does, or
            while a copy of it can be applied for.
        conditions: what compares the conditions in texts.
    """
    call = versions[-1][1]
    if sent_log.last_ending(call.id):
        return ()
    known = versions[last_sent_version(versions, sent_log, since)][1]
    early = _early_end(versions, sent_log, since, now)
    if early is not None and early > after:
        changes = notable_changes(known, call, early, conditions)
        return (_ending_event(EventReason.CLOSED, call.id, early, changes),)
    if gone_at is None or gone_at <= after or call.status(gone_at) is Status.CLOSED:
        return ()
    return (_ending_event(EventReason.WITHDRAWN, call.id, gone_at, ()),)


def _ending_event(
    reason: EventReason, call_id: str, at: datetime, changes: tuple[Change, ...]
) -> Event:
    return Event(reason=reason, key=_event_key(reason, call_id, format_mark(at)), changes=changes)


def _early_end(
    versions: CallVersions, sent_log: SentLog, since: datetime | None, now: datetime
) -> datetime | None:
    """Return when the version was seen that ended a call before the day that was sent; else None.

    A version that came after that day ended nothing: the call was over.
    """
    if versions[-1][1].status(now) is not Status.CLOSED:
        return None
    number = last_sent_version(versions, sent_log, since)
    planned = _last_entry(versions[number][1])
    later = [(at, one) for at, one in versions[number + 1 :] if planned is None or at < planned]
    if not later or versions[number][1].status(later[0][0]) is Status.CLOSED:
        return None
    early = list(
        itertools.takewhile(lambda one: _ends_before(one[1], planned, now), reversed(later))
    )
    return early[-1][0] if early else None


def _ends_before(call: Call, planned: datetime | None, now: datetime) -> bool:
    """Whether a version is over at ``now``, and ends before ``planned``; None is no planned day."""
    end = _last_entry(call)
    return call.status(now) is Status.CLOSED and not (planned and end and end >= planned)


def _last_entry(call: Call) -> datetime | None:
    """Return the last instant at which a newcomer can apply; None when no day ends a call."""
    entries = [deadline.at for deadline in call.deadlines if deadline.admits_new_applicants]
    dated = [at for at in entries if at is not None]
    if not entries or len(dated) < len(entries):
        return call.over_by
    return max(dated)


def notable_changes(
    before: Call, after: Call, at: datetime, conditions: CompareConditions = no_conditions
) -> tuple[Change, ...]:
    """Return the differences that are worth a mail at the instant ``at`` of the change."""
    minor = set()
    if _upcoming_deadlines(before, at) == _upcoming_deadlines(after, at):
        minor.add("deadlines")  # a cut-off that has passed was taken off the list
    for code in {*before.titles, *after.titles}:
        if _words_of(before.titles.get(code, "")) == _words_of(after.titles.get(code, "")):
            minor.add(f"titles.{code}")
    if _who_may_apply(before) == _who_may_apply(after):
        minor.add("eligibility")
    changes = tuple(
        change
        for change in compare_versions(before, after, at)
        if change.field.startswith(_NOTABLE_FIELDS) and change.field not in minor
    )
    fields = {change.field.partition(".")[0] for change in changes}
    more = conditions(before, after) if before is not after else ()
    return (*changes, *(one for one in more if one.field.partition(".")[0] not in fields))


def _who_may_apply(call: Call) -> set[tuple[str, str]]:
    """Return who may apply, in whatever words the call says so."""
    return {(one.kind, one.value) for one in call.eligibility}


def _upcoming_deadlines(call: Call, at: datetime) -> list[Deadline]:
    return [d for d in call.deadlines if d.at is None or d.at >= at]


def _words_of(text: str) -> list[str]:
    """Return the words of a text: a change of case, spaces or punctuation is none."""
    return re.findall(r"\w+", text.casefold())


def last_sent_version(versions: CallVersions, sent_log: SentLog, since: datetime | None) -> int:
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
