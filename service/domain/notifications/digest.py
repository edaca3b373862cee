"""Digest: what one pilot is told in one week. Pure: the store, the clock and the mail are others'.

`select` decides which calls and why; their matches are then explained, and `compose` puts both
together. So only calls that are told need an explanation, which costs more than the rank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from scrapers.call import Call, Status
from service.domain.calls.sources import SourceState, SourceStatus
from service.domain.frozen_model import FrozenModel
from service.domain.matching.match import Match
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
from service.domain.notifications.selection import SelectedCall, merge_copies, merge_near_duplicates
from service.domain.notifications.week import Week, week_of, weeks_between
from service.domain.pilots.pilot import Pilot

MAX_CALLS = 10
"""Calls told in full; the rest are a number and a link."""

WEEKS_BETWEEN_QUIET_MAILS = 4
"""Weeks after the last mail that one says that nothing fits, where that is wanted."""


class QuietWeekPolicy(StrEnum):
    """What happens in a week when nothing fits."""

    SILENT = "silent"
    MONTHLY = "monthly"


class CallMark(StrEnum):
    """What a pilot said of a call."""

    RELEVANT = "relevant"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class DigestCandidate:
    """A ranked call with what it has been: the versions, oldest first, at least one.

    ``barred`` says that the pilot is known not to meet a condition of it, ``returned`` when its
    source listed it again after a mail had to do without it.
    """

    versions: CallVersions
    score: float
    ineligible: bool = False
    relisted_at: datetime | None = None

    @property
    def call(self) -> Call:
        """The call as it is."""
        return self.versions[-1][1]


@dataclass(frozen=True)
class DigestMoment:
    """When a digest is made: now, the recipient's last mail (None: none yet), and the next."""

    now: datetime
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True)
class DigestSelection:
    """The calls of one digest, best first.

    ``brief`` are calls beyond the ten that close before the next mail: told in a line each.
    ``more`` counts those that wait for the next mail, ``barred`` those first seen since the last
    mail that would fit but for a condition.
    """

    items: tuple[SelectedCall, ...] = ()
    brief: tuple[SelectedCall, ...] = ()
    more: int = 0
    barred: int = 0

    @property
    def call_ids(self) -> tuple[str, ...]:
        """Every call that is told."""
        return tuple(pick.call_id for pick in (*self.items, *self.brief))


class DigestItem(FrozenModel):
    """A call that is told, with why now and why at all."""

    call_id: str
    reasons: tuple[Event, ...] = Field(description="Why now; each has a key that is told once.")
    beside: tuple[Event, ...] = Field(
        default=(), description="Of the calls nearly the same, told beside this one: the same."
    )
    match: Match = Field(description="Why at all: the score and what it rests on.")

    @property
    def all_events(self) -> tuple[Event, ...]:
        """All that counts as told once this item is sent."""
        return (*self.reasons, *self.beside)

    @property
    def is_closing(self) -> bool:
        """Whether it is here because it closes soon."""
        return any(news.reason in CLOSING_REASONS for news in self.reasons)

    @property
    def is_new(self) -> bool:
        """Whether it was never told before."""
        return any(news.reason is EventReason.NEW for news in self.reasons)


class UnavailableSource(FrozenModel):
    """A source whose calls may be missing from a digest."""

    key: str
    name: str
    state: SourceState
    last_good: datetime | None = Field(description="When it was last read well, if ever.")


class Digest(FrozenModel):
    """What a pilot is told in a week. ``send`` is false when there is nothing worth a mail."""

    pilot_id: str
    pilot_title: str
    week: Week
    language: str = Field(description="The language that the pilot's text was read in.")
    as_of: datetime = Field(description="The clock that statuses and days left are counted from.")
    next_mail: datetime = Field(description="When the mail after this one is due.")
    items: tuple[DigestItem, ...] = Field(description="At most ten calls, best first.")
    brief: tuple[DigestItem, ...] = Field(
        description="Calls beyond the ten that close before the next mail: a line each."
    )
    more: int = Field(description="Calls that wait for the next mail.")
    barred: int = Field(
        description="Calls near in topic, first seen since the last mail, left out because a "
        "condition is not met."
    )
    considered: int = Field(description="Calls that the pilot was compared with.")
    amiss: tuple[UnavailableSource, ...] = Field(
        description="Sources that could not be read of late."
    )
    send: bool = Field(description="Whether there is anything to send.")

    @property
    def keys(self) -> tuple[str, ...]:
        """What counts as told once this digest is sent."""
        items = (*self.items, *self.brief)
        return tuple(n.key for item in items for n in item.all_events)

    @property
    def stale_at(self) -> datetime | None:
        """The first deadline that is told, if any: then what is said is no longer so."""
        due = (item.match.call.next_deadline for item in (*self.items, *self.brief))
        return min((one.at for one in due if one is not None and one.at), default=None)


def select_calls(
    candidates: Iterable[DigestCandidate],
    memory: SentLog,
    moment: DigestMoment,
    *,
    minimum: float,
    marks: Mapping[str, CallMark] | None = None,
    said_at: Mapping[str, datetime] | None = None,
    gone: Collection[str] = (),
    alike: Callable[[Call, Call], bool] = lambda _one, _other: False,
    most: int = MAX_CALLS,
) -> DigestSelection:
    """Choose what a recipient is told.

    Args:
        candidates: ranked calls in any order; those told or marked before must be among them,
            however low they rank, for their changes and deadlines to be told.
        memory: what the recipient was told before.
        moment: when.
        minimum: the score (0 to 1) from which an unknown call fits.
        marks: what the pilot said of calls.
        said_at: when: of a call that was applied for and never told, later changes are told.
        gone: ids of calls that their source lists no more.
        alike: whether two calls are nearly the same; new ones are told as one. Copies of one
            call, which ``memory`` knows, are told as one whatever the reason.
        most: how many are told in full.
    """
    view = _RecipientView(memory, moment, minimum, marks or {}, said_at or {})
    picks: list[SelectedCall] = []
    calls: dict[str, Call] = {}
    barred: set[str] = set()
    for candidate in candidates:
        call = candidate.call
        if (
            call.id in gone
            or not can_be_applied_for(call, moment)
            or not view.is_for_pilot(candidate)
        ):
            continue
        told = view.find_events(candidate)
        if told and candidate.ineligible and not view.is_followed(call.id):
            if view.is_new_arrival(candidate):
                barred.add(min(memory.same(call.id)))
        elif told:
            hurries = closes_before(call, moment.now, moment.until)
            picks.append(
                SelectedCall(call.id, candidate.score, told, closes_before_next_mail=hurries)
            )
            calls[call.id] = call
    once = merge_copies(picks, memory.same)
    first, brief = merge_near_duplicates(
        [pick for pick in once if pick.closes_before_next_mail], calls, alike, most
    )
    calm = [pick for pick in once if not pick.closes_before_next_mail]
    then, rest = merge_near_duplicates(calm, calls, alike, most - len(first))
    items = sorted([*first, *then], key=lambda pick: (-pick.score, pick.call_id))
    return DigestSelection(tuple(items), tuple(brief), len(rest), len(barred))


@dataclass(frozen=True)
class _RecipientView:
    """How a recipient sees calls: what they know, what the pilot said and when."""

    sent_log: SentLog
    moment: DigestMoment
    minimum: float
    marks: Mapping[str, CallMark]
    marked_at: Mapping[str, datetime]

    def is_followed(self, call_id: str) -> bool:
        """Whether the call was marked or told before."""
        return call_id in self.marks or self.sent_log.contains(call_id)

    def is_new_arrival(self, candidate: DigestCandidate) -> bool:
        """Whether the call was first seen after the last mail."""
        since = self.moment.since
        return since is None or candidate.versions[0][0] > since

    def is_for_pilot(self, candidate: DigestCandidate) -> bool:
        """Whether a call is for this pilot: what was told or marked is followed to its end."""
        mark = self.marks.get(candidate.call.id)
        if mark is not None:
            return mark is not CallMark.DISMISSED
        return candidate.score >= self.minimum or self.sent_log.contains(candidate.call.id)

    def find_events(self, candidate: DigestCandidate) -> tuple[Event, ...]:
        """Return what there is to tell of a call."""
        past = with_relisting(candidate.versions, candidate.relisted_at)
        memory, moment = self.sent_log, self.moment
        call_id = candidate.call.id
        if self.marks.get(call_id) is CallMark.APPLIED:
            # who has applied needs no reminder to, and knows the call as it was then
            then = self.marked_at.get(call_id, moment.now)
            return find_change_events(
                past, memory, moment.since if memory.contains(call_id) else then
            )
        return find_events(past, memory, since=moment.since, now=moment.now, until=moment.until)


def compose_digest(
    pilot: Pilot,
    week: str,
    chosen: DigestSelection,
    matches: Mapping[str, Match],
    moment: DigestMoment,
    *,
    language: str,
    considered: int,
    sources: Sequence[SourceStatus] = (),
    quiet: QuietWeekPolicy = QuietWeekPolicy.SILENT,
) -> Digest:
    """Return the digest of what was chosen.

    Args:
        pilot: whom it is for.
        week: of the mail, such as 2026-W48.
        chosen: what `select` returned.
        matches: the explained match of every chosen call.
        moment: when.
        language: that the pilot's text was read in (ISO 639).
        considered: how many calls were compared.
        sources: how every source fares.
        quiet: what to do when nothing was chosen.
    """
    items, brief = (
        tuple(_make_item(pick, matches[pick.call_id]) for pick in picks)
        for picks in (chosen.items, chosen.brief)
    )
    long_ago = (
        moment.since is None
        or weeks_between(week_of(moment.since), week) >= WEEKS_BETWEEN_QUIET_MAILS
    )
    return Digest(
        pilot_id=pilot.id,
        pilot_title=pilot.title,
        week=week,
        language=language,
        as_of=moment.now,
        next_mail=moment.until,
        items=items,
        brief=brief,
        more=chosen.more,
        barred=chosen.barred,
        considered=considered,
        amiss=_list_unavailable_sources(sources),
        send=bool(items) or (quiet is QuietWeekPolicy.MONTHLY and long_ago),
    )


def _make_item(pick: SelectedCall, match: Match) -> DigestItem:
    beside = tuple(news for other in pick.others for news in other.events)
    return DigestItem(call_id=pick.call_id, reasons=pick.events, beside=beside, match=match)


def can_be_applied_for(call: Call, moment: DigestMoment) -> bool:
    """Whether a call is open, or opens before the next mail: then that one would tell it late."""
    status = call.status(moment.now)
    if status is Status.FORTHCOMING:
        return call.opens is not None and call.opens <= moment.until
    return status is Status.OPEN


def _list_unavailable_sources(sources: Sequence[SourceStatus]) -> tuple[UnavailableSource, ...]:
    return tuple(
        UnavailableSource(
            key=source.key,
            name=source.name,
            state=source.state,
            last_good=source.last_good.started_at if source.last_good else None,
        )
        for source in sources
        if source.state in (SourceState.FAILING, SourceState.STALE)
    )
