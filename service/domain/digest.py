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
from service.domain.frozen_model import FrozenModel
from service.domain.match import Match
from service.domain.news import (
    CLOSING,
    Memory,
    News,
    Past,
    Reason,
    changed,
    closes_before,
    news,
    with_return,
)
from service.domain.pick import Pick, one_of_each, together
from service.domain.pilot import Pilot
from service.domain.sources import SourceState, SourceStatus
from service.domain.week import Week, week_of, weeks_from

MOST = 10
"""Calls told in full; the rest are a number and a link."""

MONTH = 4
"""Weeks after the last mail that one says that nothing fits, where that is wanted."""


class Quiet(StrEnum):
    """What happens in a week when nothing fits."""

    SILENT = "silent"
    MONTHLY = "monthly"


class Mark(StrEnum):
    """What a pilot said of a call."""

    RELEVANT = "relevant"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Candidate:
    """A ranked call with what it has been: the versions, oldest first, at least one.

    ``barred`` says that the pilot is known not to meet a condition of it, ``returned`` when its
    source listed it again after a mail had to do without it.
    """

    versions: Past
    score: float
    ineligible: bool = False
    relisted_at: datetime | None = None

    @property
    def call(self) -> Call:
        """The call as it is."""
        return self.versions[-1][1]


@dataclass(frozen=True)
class Moment:
    """When a digest is made: now, the recipient's last mail (None: none yet), and the next."""

    now: datetime
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True)
class Selection:
    """The calls of one digest, best first.

    ``brief`` are calls beyond the ten that close before the next mail: told in a line each.
    ``more`` counts those that wait for the next mail, ``barred`` those first seen since the last
    mail that would fit but for a condition.
    """

    items: tuple[Pick, ...] = ()
    brief: tuple[Pick, ...] = ()
    more: int = 0
    barred: int = 0

    @property
    def call_ids(self) -> tuple[str, ...]:
        """Every call that is told."""
        return tuple(pick.call_id for pick in (*self.items, *self.brief))


class Item(FrozenModel):
    """A call that is told, with why now and why at all."""

    call_id: str
    reasons: tuple[News, ...] = Field(description="Why now; each has a key that is told once.")
    beside: tuple[News, ...] = Field(
        default=(), description="Of the calls nearly the same, told beside this one: the same."
    )
    match: Match = Field(description="Why at all: the score and what it rests on.")

    @property
    def all_events(self) -> tuple[News, ...]:
        """All that counts as told once this item is sent."""
        return (*self.reasons, *self.beside)

    @property
    def is_closing(self) -> bool:
        """Whether it is here because it closes soon."""
        return any(news.reason in CLOSING for news in self.reasons)

    @property
    def is_new(self) -> bool:
        """Whether it was never told before."""
        return any(news.reason is Reason.NEW for news in self.reasons)


class Amiss(FrozenModel):
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
    items: tuple[Item, ...] = Field(description="At most ten calls, best first.")
    brief: tuple[Item, ...] = Field(
        description="Calls beyond the ten that close before the next mail: a line each."
    )
    more: int = Field(description="Calls that wait for the next mail.")
    barred: int = Field(
        description="Calls near in topic, first seen since the last mail, left out because a "
        "condition is not met."
    )
    considered: int = Field(description="Calls that the pilot was compared with.")
    amiss: tuple[Amiss, ...] = Field(description="Sources that could not be read of late.")
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


def select(
    candidates: Iterable[Candidate],
    memory: Memory,
    moment: Moment,
    *,
    minimum: float,
    marks: Mapping[str, Mark] | None = None,
    said_at: Mapping[str, datetime] | None = None,
    gone: Collection[str] = (),
    alike: Callable[[Call, Call], bool] = lambda _one, _other: False,
    most: int = MOST,
) -> Selection:
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
    view = _View(memory, moment, minimum, marks or {}, said_at or {})
    picks: list[Pick] = []
    calls: dict[str, Call] = {}
    barred: set[str] = set()
    for candidate in candidates:
        call = candidate.call
        if call.id in gone or not can_be_applied_for(call, moment) or not view.is_for_pilot(candidate):
            continue
        told = view.find_events(candidate)
        if told and candidate.ineligible and not view.is_followed(call.id):
            if view.is_new_arrival(candidate):
                barred.add(min(memory.same(call.id)))
        elif told:
            hurries = closes_before(call, moment.now, moment.until)
            picks.append(Pick(call.id, candidate.score, told, closes_before_next_mail=hurries))
            calls[call.id] = call
    once = one_of_each(picks, memory.same)
    first, brief = together([pick for pick in once if pick.closes_before_next_mail], calls, alike, most)
    calm = [pick for pick in once if not pick.closes_before_next_mail]
    then, rest = together(calm, calls, alike, most - len(first))
    items = sorted([*first, *then], key=lambda pick: (-pick.score, pick.call_id))
    return Selection(tuple(items), tuple(brief), len(rest), len(barred))


@dataclass(frozen=True)
class _View:
    """How a recipient sees calls: what they know, what the pilot said and when."""

    sent_log: Memory
    moment: Moment
    minimum: float
    marks: Mapping[str, Mark]
    marked_at: Mapping[str, datetime]

    def is_followed(self, call_id: str) -> bool:
        """Whether the call was marked or told before."""
        return call_id in self.marks or self.sent_log.contains(call_id)

    def is_new_arrival(self, candidate: Candidate) -> bool:
        """Whether the call was first seen after the last mail."""
        since = self.moment.since
        return since is None or candidate.versions[0][0] > since

    def is_for_pilot(self, candidate: Candidate) -> bool:
        """Whether a call is for this pilot: what was told or marked is followed to its end."""
        mark = self.marks.get(candidate.call.id)
        if mark is not None:
            return mark is not Mark.DISMISSED
        return candidate.score >= self.minimum or self.sent_log.contains(candidate.call.id)

    def find_events(self, candidate: Candidate) -> tuple[News, ...]:
        """Return what there is to tell of a call."""
        past = with_return(candidate.versions, candidate.relisted_at)
        memory, moment = self.sent_log, self.moment
        call_id = candidate.call.id
        if self.marks.get(call_id) is Mark.APPLIED:
            # who has applied needs no reminder to, and knows the call as it was then
            then = self.marked_at.get(call_id, moment.now)
            return changed(past, memory, moment.since if memory.contains(call_id) else then)
        return news(past, memory, since=moment.since, now=moment.now, until=moment.until)


def compose(
    pilot: Pilot,
    week: str,
    chosen: Selection,
    matches: Mapping[str, Match],
    moment: Moment,
    *,
    language: str,
    considered: int,
    sources: Sequence[SourceStatus] = (),
    quiet: Quiet = Quiet.SILENT,
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
        tuple(_item(pick, matches[pick.call_id]) for pick in picks)
        for picks in (chosen.items, chosen.brief)
    )
    long_ago = moment.since is None or weeks_from(week_of(moment.since), week) >= MONTH
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
        amiss=_amiss(sources),
        send=bool(items) or (quiet is Quiet.MONTHLY and long_ago),
    )


def _item(pick: Pick, match: Match) -> Item:
    beside = tuple(news for other in pick.others for news in other.events)
    return Item(call_id=pick.call_id, reasons=pick.events, beside=beside, match=match)


def can_be_applied_for(call: Call, moment: Moment) -> bool:
    """Whether a call is open, or opens before the next mail: then that one would tell it late."""
    status = call.status(moment.now)
    if status is Status.FORTHCOMING:
        return call.opens is not None and call.opens <= moment.until
    return status is Status.OPEN


def _amiss(sources: Sequence[SourceStatus]) -> tuple[Amiss, ...]:
    return tuple(
        Amiss(
            key=source.key,
            name=source.name,
            state=source.state,
            last_good=source.last_good.started_at if source.last_good else None,
        )
        for source in sources
        if source.state in (SourceState.FAILING, SourceState.STALE)
    )
