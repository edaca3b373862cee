"""Which calls a digest shows, and why; copies and near duplicates are shown as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scrapers.call import Call, Status
from service.domain.notifications.events import (
    CLOSING_REASONS,
    CallVersions,
    Event,
    EventReason,
    SentLog,
    closes_before,
    find_change_events,
    find_events,
    with_relisting,
)

MAX_CALLS = 10
"""Calls that a digest shows in full; the rest are a number and a link."""


class CallMark(StrEnum):
    """A pilot team's opinion on a call, as digests use it."""

    RELEVANT = "relevant"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class DigestCandidate:
    """A ranked call with its versions, oldest first, at least one.

    ``ineligible`` says that the pilot is known to fail one of its conditions, ``relisted_at`` when
    its source listed it again after it was missing at the time of a mail.
    """

    versions: CallVersions
    score: float
    ineligible: bool = False
    relisted_at: datetime | None = None

    @property
    def call(self) -> Call:
        """The newest version."""
        return self.versions[-1][1]


@dataclass(frozen=True)
class DigestMoment:
    """When a digest is made (``now``), when the next is due (``until``), and the one before.

    ``since`` is the instant of the recipient's last mail; None: there was none.
    """

    now: datetime
    until: datetime
    since: datetime | None = None


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


@dataclass(frozen=True)
class DigestSelection:
    """The calls of one digest, best first.

    ``brief`` are calls beyond the first ten that close before the next mail: a line each. ``more``
    counts the calls that wait for the next mail, ``ineligible`` those first seen since the last
    mail that would be shown but for a condition that the pilot fails.
    """

    items: tuple[SelectedCall, ...] = ()
    brief: tuple[SelectedCall, ...] = ()
    more: int = 0
    ineligible: int = 0

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The id of every call that is shown."""
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
        max_calls: how many are shown in full.
    """
    view = _RecipientView(sent_log, moment, minimum, marks or {}, marked_at or {})
    selected: list[SelectedCall] = []
    calls: dict[str, Call] = {}
    ineligible: set[str] = set()
    for candidate in candidates:
        call = candidate.call
        if (
            call.id in delisted
            or not can_be_applied_for(call, moment)
            or not view.is_for_pilot(candidate)
        ):
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
    others = [call for call in merged if not call.closes_before_next_mail]
    first, brief = merge_near_duplicates(urgent, calls, are_alike, max_calls)
    then, waiting = merge_near_duplicates(others, calls, are_alike, max_calls - len(first))
    items = sorted([*first, *then], key=_by_score)
    return DigestSelection(tuple(items), tuple(brief), len(waiting), len(ineligible))


def can_be_applied_for(call: Call, moment: DigestMoment) -> bool:
    """Whether a call is open, or opens before the next mail, which would show it late."""
    status = call.status(moment.now)
    if status is Status.FORTHCOMING:
        return call.opens is not None and call.opens <= moment.until
    return status is Status.OPEN


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

    def find_events(self, candidate: DigestCandidate) -> tuple[Event, ...]:
        """Return why to show a call; empty: there is no reason."""
        versions = with_relisting(candidate.versions, candidate.relisted_at)
        sent_log, moment = self.sent_log, self.moment
        call_id = candidate.call.id
        if self.marks.get(call_id) is CallMark.APPLIED:
            # who has applied needs no reminder, and knows the call as it was then
            applied_at = self.marked_at.get(call_id, moment.now)
            since = moment.since if sent_log.contains(call_id) else applied_at
            return find_change_events(versions, sent_log, since)
        return find_events(
            versions, sent_log, since=moment.since, now=moment.now, until=moment.until
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
