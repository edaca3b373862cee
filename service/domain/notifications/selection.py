"""Which calls a digest shows, and why; copies and near duplicates are shown as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scrapers.call import Call, Status
from service.domain.notifications.events import (
    CHANGE_REASONS,
    CLOSING_REASONS,
    CallVersions,
    CompareConditions,
    Event,
    EventReason,
    SentLog,
    closes_before,
    find_change_events,
    find_ending_events,
    find_events,
    no_conditions,
    with_relisting,
)

MAX_CALLS = 10
"""Calls that a digest shows in full; the rest are a number and a link."""

_RUN_LENGTH = timedelta(days=1)
"""A run that was under way at the last mail may have been stored after it, with its instant."""

_FIRST_LOOK = timedelta(days=7)
"""How far back an end is news to somebody of whom it is not known since when they follow."""


class CallMark(StrEnum):
    """A pilot team's opinion on a call, as digests use it."""

    RELEVANT = "relevant"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class DigestCandidate:
    """A ranked call with its versions, oldest first, at least one.

    ``ineligible`` says that the pilot is known to fail one of its conditions, ``relisted_at`` when
    its source listed it again after it was missing at the time of a mail. ``gone_at`` says when its
    source was first seen not to list it any more; None while it does, or while a copy is open.
    """

    versions: CallVersions
    score: float
    ineligible: bool = False
    relisted_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def call(self) -> Call:
        """The newest version."""
        return self.versions[-1][1]


@dataclass(frozen=True)
class DigestMoment:
    """When a digest is made (``now``), when the next is due (``until``), and the one before.

    ``since`` is the instant of the recipient's last mail; None: there was none. ``joined`` is since
    when the recipient follows the pilot, if that is known.
    """

    now: datetime
    until: datetime
    since: datetime | None = None
    joined: datetime | None = None

    @property
    def ends_after(self) -> datetime:
        """The aware instant since which the end of a call is news to the recipient."""
        if self.since is not None:
            return self.since - _RUN_LENGTH
        return self.joined or self.now - _FIRST_LOOK


@dataclass(frozen=True)
class SelectedCall:
    """A call chosen for a digest, and why; ``others`` are its copies and near duplicates."""

    call_id: str
    score: float
    events: tuple[Event, ...]
    others: tuple[SelectedCall, ...] = ()
    closes_before_next_mail: bool = False

    @property
    def is_new(self) -> bool:
        """Whether no mail has shown it before."""
        return any(event.reason is EventReason.NEW for event in self.events)

    @property
    def is_change(self) -> bool:
        """Whether something that the recipient knows is not so any more."""
        return any(event.reason in CHANGE_REASONS for event in self.events)

    @property
    def cannot_wait(self) -> bool:
        """Whether it is in this mail, however many others are."""
        return self.closes_before_next_mail or self.is_change or self.has_opened

    @property
    def has_opened(self) -> bool:
        """Whether it was told as forthcoming, and is open now."""
        return any(event.reason is EventReason.OPENED for event in self.events)


@dataclass(frozen=True)
class DigestSelection:
    """The calls of one digest, best first.

    ``brief`` are calls beyond the first ten that close before the next mail, have opened or have
    changed since they were told: a line each. ``ended`` are followed calls that closed before their
    time or were withdrawn: of these every one is told. ``more`` counts the calls that wait for the
    next mail, ``ineligible`` those first seen since the last mail that would be shown but for a
    condition that the pilot fails.
    """

    items: tuple[SelectedCall, ...] = ()
    brief: tuple[SelectedCall, ...] = ()
    ended: tuple[SelectedCall, ...] = ()
    more: int = 0
    ineligible: int = 0

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The id of every call that is shown and can be applied for."""
        return tuple(call.call_id for call in (*self.items, *self.brief))


def select_calls(
    candidates: Iterable[DigestCandidate],
    sent_log: SentLog,
    moment: DigestMoment,
    *,
    minimum: float,
    marks: Mapping[str, CallMark] | None = None,
    marked_at: Mapping[str, datetime] | None = None,
    delisted: Collection[str] = (),
    are_alike: Callable[[Call, Call], bool] = lambda _one, _other: False,
    conditions: CompareConditions = no_conditions,
    max_calls: int = MAX_CALLS,
) -> DigestSelection:
    """Choose the calls of a recipient's digest.

    Args:
        candidates: ranked calls in any order; those sent or marked before must be among them,
            however low they rank, so that their changes and deadlines are noticed.
        sent_log: what was sent to the recipient before.
        moment: when the mail is made.
        minimum: the score (0 to 1) from which a call that was never sent or marked fits.
        marks: the opinions on calls, by id.
        marked_at: their instants; of a call that was applied for and never sent, later changes
            are shown.
        delisted: ids of calls that their source no longer lists.
        are_alike: whether two calls are nearly the same; new ones are shown as one. Copies of one
            call, which ``sent_log`` knows, are shown as one whatever the reason.
        conditions: what compares the conditions in the texts of two versions.
        max_calls: how many are shown in full.
    """
    view = _RecipientView(sent_log, moment, minimum, marks or {}, marked_at or {}, conditions)
    selected: list[SelectedCall] = []
    ended: list[SelectedCall] = []
    calls: dict[str, Call] = {}
    ineligible: set[str] = set()
    for candidate in candidates:
        call = candidate.call
        if not view.is_for_pilot(candidate):
            continue
        ending = view.find_ending(candidate)
        if ending:
            ended.append(SelectedCall(call.id, candidate.score, ending))
            continue
        if call.id in delisted or not view.is_still_told(candidate):
            continue
        events = view.find_events(candidate)
        if not events:
            continue
        if candidate.ineligible and not view.is_followed(call.id):
            if view.is_new_arrival(candidate):
                ineligible.add(min(sent_log.copies_of(call.id)))
            continue
        closes = closes_before(call, moment.now, moment.until)
        selected.append(
            SelectedCall(call.id, candidate.score, events, closes_before_next_mail=closes)
        )
        calls[call.id] = call
    merged = merge_copies(selected, sent_log.copies_of)
    urgent = [call for call in merged if call.closes_before_next_mail]
    certain = [call for call in merged if call.cannot_wait and not call.closes_before_next_mail]
    others = [call for call in merged if not call.cannot_wait]
    first, brief = merge_near_duplicates([*urgent, *certain], calls, are_alike, max_calls)
    # what can be applied for now takes a place before what opens later
    others.sort(key=lambda call: calls[call.call_id].status(moment.now) is Status.FORTHCOMING)
    then, waiting = merge_near_duplicates(others, calls, are_alike, max_calls - len(first))
    return DigestSelection(
        items=tuple(sorted([*first, *then], key=_by_score)),
        brief=tuple(brief),
        ended=tuple(merge_copies(ended, sent_log.copies_of)),
        more=len(waiting),
        ineligible=len(ineligible),
    )


def can_be_applied_for(call: Call, now: datetime) -> bool:
    """Whether a call is open at ``now``, or is going to open."""
    return call.status(now) in (Status.OPEN, Status.FORTHCOMING)


def merge_copies(
    selected: Sequence[SelectedCall], copies_of: Callable[[str], Collection[str]]
) -> list[SelectedCall]:
    """Return ``selected`` with the copies of each call under the one that leads, best first.

    A copy that closes before the next mail leads, else the best. A change of another copy is shown
    with the leading one, or nobody would read it.

    Args:
        selected: in any order.
        copies_of: returns the ids of a call's copies, its own among them.
    """
    leads: dict[str, SelectedCall] = {}
    lead_of: dict[str, str] = {}
    for call in sorted(
        selected, key=lambda one: (not one.closes_before_next_mail, *_by_score(one))
    ):
        lead = next((lead_of[id_] for id_ in copies_of(call.call_id) if id_ in lead_of), None)
        lead_of[call.call_id] = lead or call.call_id
        if lead is None:
            leads[call.call_id] = call
        else:
            leads[lead] = _add_copy(leads[lead], call)
    return sorted(leads.values(), key=_by_score)


def merge_near_duplicates(
    selected: Sequence[SelectedCall],
    calls: Mapping[str, Call],
    are_alike: Callable[[Call, Call], bool],
    max_calls: int,
) -> tuple[list[SelectedCall], list[SelectedCall]]:
    """Return the first ``max_calls`` calls, and the rest.

    A new call that is nearly the same as a better new one goes under it and takes no place.
    """
    leads: list[SelectedCall] = []
    rest: list[SelectedCall] = []
    for call in selected:
        index = next(
            (
                n
                for n, lead in enumerate(leads)
                if call.is_new
                and lead.is_new
                and are_alike(calls[lead.call_id], calls[call.call_id])
            ),
            None,
        )
        if index is not None:
            others = (*leads[index].others, replace(call, others=()), *call.others)
            leads[index] = replace(leads[index], others=others)
        elif len(leads) < max_calls:
            leads.append(call)
        else:
            rest.append(call)
    return leads, rest


@dataclass(frozen=True)
class _RecipientView:
    """How a recipient sees calls: what was sent to them, and the marks of their pilot."""

    sent_log: SentLog
    moment: DigestMoment
    minimum: float
    marks: Mapping[str, CallMark]
    marked_at: Mapping[str, datetime]
    conditions: CompareConditions

    def is_followed(self, call_id: str) -> bool:
        """Whether the call was marked or sent before."""
        return call_id in self.marks or self.sent_log.contains(call_id)

    def is_new_arrival(self, candidate: DigestCandidate) -> bool:
        """Whether the call was first seen after the last mail."""
        since = self.moment.since
        return since is None or candidate.versions[0][0] > since

    def is_for_pilot(self, candidate: DigestCandidate) -> bool:
        """Whether a call is for this pilot: one that was sent or marked stays so to its end."""
        mark = self.marks.get(candidate.call.id)
        if mark is not None:
            return mark is not CallMark.DISMISSED
        return candidate.score >= self.minimum or self.sent_log.contains(candidate.call.id)

    def is_still_told(self, candidate: DigestCandidate) -> bool:
        """Whether a call is told that did not end before its time.

        One that is over as planned is of interest to who applied, or may have. One without any day
        left, which was told with one, has changed.
        """
        call, now = candidate.call, self.moment.now
        if can_be_applied_for(call, now):
            return True
        if not self.is_followed(call.id) or self.sent_log.last_ending(call.id):
            return False
        return call.status(now) is Status.UNKNOWN or call.id in self.marks

    def find_ending(self, candidate: DigestCandidate) -> tuple[Event, ...]:
        """Return that a followed call closed before its time, or was withdrawn."""
        call_id = candidate.call.id
        if not self.is_followed(call_id):
            return ()
        after = self.moment.ends_after
        if not self.sent_log.contains(call_id):
            # an opinion that came after the end was given in knowledge of it
            after = max(after, self.marked_at.get(call_id, after))
        return find_ending_events(
            candidate.versions,
            self.sent_log,
            since=self.moment.since,
            after=after,
            now=self.moment.now,
            gone_at=candidate.gone_at,
            conditions=self.conditions,
        )

    def find_events(self, candidate: DigestCandidate) -> tuple[Event, ...]:
        """Return why to show a call; empty: there is no reason."""
        versions = with_relisting(candidate.versions, candidate.relisted_at)
        sent_log, moment = self.sent_log, self.moment
        call_id = candidate.call.id
        known_by_mark = self.marks.get(call_id) is CallMark.APPLIED
        if known_by_mark or not can_be_applied_for(candidate.call, moment.now):
            # who has applied needs no reminder, and knows the call as it was then
            marked_at = self.marked_at.get(call_id, moment.now)
            since = moment.since if sent_log.contains(call_id) else marked_at
            return find_change_events(versions, sent_log, since, self.conditions)
        return find_events(
            versions,
            sent_log,
            since=moment.since,
            now=moment.now,
            until=moment.until,
            conditions=self.conditions,
        )


def _by_score(call: SelectedCall) -> tuple[float, str]:
    return -call.score, call.call_id


def _add_copy(lead: SelectedCall, copy: SelectedCall) -> SelectedCall:
    """Return ``lead`` with ``copy`` under it, and with the changes that only the copy has."""
    known = {change.sentence.en for event in lead.events for change in event.changes}
    reasons = {event.reason for event in lead.events}
    added = tuple(
        event
        for event in copy.events
        if event.reason not in CLOSING_REASONS | reasons
        or any(change.sentence.en not in known for change in event.changes)
    )
    left = tuple(event for event in copy.events if event not in added)
    return replace(
        lead, events=(*lead.events, *added), others=(*lead.others, replace(copy, events=left))
    )
