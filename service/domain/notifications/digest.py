"""The digest of a pilot: what the mail of one week shows. Pure: it reads no store and no clock.

`selection.select_calls` chooses the calls; their matches are explained; `compose_digest` puts both
together. So only the calls that are shown are explained, which costs more than ranking them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from service.domain.calls.sources import SourceState, SourceStatus
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard
from service.domain.matching.match import Match
from service.domain.matching.other_calls.any_subject import AnySubjectCall
from service.domain.notifications.events import CLOSING_REASONS, Event, EventReason, read_mark
from service.domain.notifications.selection import DigestMoment, DigestSelection, SelectedCall
from service.domain.notifications.week import Week, week_of, weeks_between
from service.domain.pilots.pilot import Pilot

WEEKS_BETWEEN_QUIET_MAILS = 4
"""Weeks from the last mail to one that says that nothing fits, where such mails are wanted."""


class QuietWeekPolicy(StrEnum):
    """What happens in a week when nothing fits."""

    SILENT = "silent"
    MONTHLY = "monthly"


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
        """Every event that counts as sent once this item is sent."""
        return (*self.reasons, *self.beside)

    @property
    def is_closing(self) -> bool:
        """Whether it is here because it closes soon."""
        return any(event.reason in CLOSING_REASONS for event in self.reasons)

    @property
    def is_new(self) -> bool:
        """Whether no mail has shown it before."""
        return any(event.reason is EventReason.NEW for event in self.reasons)

    @property
    def has_opened(self) -> bool:
        """Whether it was told as forthcoming, and is open now."""
        return any(event.reason is EventReason.OPENED for event in self.reasons)


class EndedItem(FrozenModel):
    """A call that was told or judged, and closed before its time or was withdrawn."""

    call_id: str
    reasons: tuple[Event, ...] = Field(description="Why now; each has a key that is told once.")
    beside: tuple[Event, ...] = Field(default=(), description="Of its copies: the same.")
    call: CallCard
    ended_at: datetime = Field(description="When it was first seen to have ended.")

    @property
    def all_events(self) -> tuple[Event, ...]:
        """Every event that counts as sent once this item is sent."""
        return (*self.reasons, *self.beside)


class AnySubjectItem(FrozenModel):
    """A call that is open to any subject, with why now; ``beside`` is as that of `DigestItem`."""

    call_id: str
    reasons: tuple[Event, ...] = Field(description="Why now; each has a key that is told once.")
    beside: tuple[Event, ...] = Field(
        default=(), description="Of the calls nearly the same, told beside this one: the same."
    )
    call: AnySubjectCall

    @property
    def all_events(self) -> tuple[Event, ...]:
        """Every event that counts as sent once this item is sent."""
        return (*self.reasons, *self.beside)


class AnySubjectItems(FrozenModel):
    """The calls of a digest that are open to any subject, the best fit of conditions first."""

    items: tuple[AnySubjectItem, ...] = ()
    more: int = Field(default=0, description="Calls that wait for the next mail.")


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
        description="Calls beyond the ten that close before the next mail, have opened or have "
        "changed since they were told: a line each."
    )
    ended: tuple[EndedItem, ...] = Field(
        default=(),
        description="Calls that were told or judged and that closed before their time or were "
        "withdrawn.",
    )
    more: int = Field(description="Calls that wait for the next mail.")
    any_subject: AnySubjectItems = Field(
        default=AnySubjectItems(), description="Calls that are open to any subject, at most five."
    )
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
        """The keys of every event that counts as sent once this digest is sent."""
        told = (
            *(item.all_events for item in (*self.items, *self.brief)),
            *(item.all_events for item in self.ended),
            *(item.all_events for item in self.any_subject.items),
        )
        return tuple(event.key for events in told for event in events)

    @property
    def has_news(self) -> bool:
        """Whether it tells of any call."""
        return bool(self.items or self.ended or self.any_subject.items)

    @property
    def stale_at(self) -> datetime | None:
        """The first deadline that is shown, if any: after it the digest is no longer true."""
        cards = (
            *(item.match.call for item in (*self.items, *self.brief)),
            *(item.call.call for item in self.any_subject.items),
        )
        deadlines = (card.next_deadline for card in cards)
        return min((due.at for due in deadlines if due is not None and due.at), default=None)


def compose_digest(
    pilot: Pilot,
    week: str,
    selection: DigestSelection,
    matches: Mapping[str, Match],
    moment: DigestMoment,
    *,
    language: str,
    considered: int,
    sources: Sequence[SourceStatus] = (),
    quiet: QuietWeekPolicy = QuietWeekPolicy.SILENT,
    any_subject: AnySubjectItems | None = None,
    ended: Mapping[str, CallCard] | None = None,
) -> Digest:
    """Return the digest of the selected calls.

    Args:
        pilot: whom it is for.
        week: of the mail, such as 2026-W48.
        selection: what `select_calls` returned.
        matches: the explained match of every selected call, by id.
        moment: when the mail is made.
        language: that the pilot's text was read in (ISO 639).
        considered: how many calls were compared.
        sources: the status of every source.
        quiet: what happens when no call was selected.
        any_subject: the calls that are open to any subject.
        ended: the card of every selected call that has ended, by id.
    """
    items, brief = (
        tuple(_make_item(call, matches[call.call_id]) for call in calls)
        for calls in (selection.items, selection.brief)
    )
    long_ago = (
        moment.since is None
        or weeks_between(week_of(moment.since), week) >= WEEKS_BETWEEN_QUIET_MAILS
    )
    endings = tuple(_make_ending(call, (ended or {})[call.call_id]) for call in selection.ended)
    return Digest(
        pilot_id=pilot.id,
        pilot_title=pilot.title,
        week=week,
        language=language,
        as_of=moment.now,
        next_mail=moment.until,
        items=items,
        brief=brief,
        ended=endings,
        more=selection.more,
        any_subject=any_subject or AnySubjectItems(),
        barred=selection.ineligible,
        considered=considered,
        amiss=_list_unavailable_sources(sources),
        send=bool(items or endings or (any_subject and any_subject.items))
        or (quiet is QuietWeekPolicy.MONTHLY and long_ago),
    )


def _make_item(call: SelectedCall, match: Match) -> DigestItem:
    beside = tuple(event for other in call.others for event in other.events)
    return DigestItem(call_id=call.call_id, reasons=call.events, beside=beside, match=match)


def _make_ending(call: SelectedCall, card: CallCard) -> EndedItem:
    return EndedItem(
        call_id=call.call_id,
        reasons=call.events,
        beside=tuple(event for other in call.others for event in other.events),
        call=card,
        ended_at=min(read_mark(event.key) for event in call.events),
    )


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
