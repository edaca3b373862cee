"""What needs somebody's attention: deadlines, new matches, sources, and mails that reach nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from pydantic import Field

from index.errors import IndexingError
from scrapers.call import Deadline
from service.caches.fitting_cache import FittingCalls
from service.context import Context
from service.domain.calls.copies import title_in
from service.domain.calls.freshness import is_closing
from service.domain.calls.sources import SourceState
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.recipient import BounceKind, Consent, MailState, Recipient
from service.domain.pilots.pilot import Pilot
from service.errors import ServiceError
from service.messages.notes import Note, from_error
from service.use_cases.overview.fitting_calls import list_fitting_calls, new_since
from service.use_cases.overview.visits import last_looks
from service.use_cases.pilots import list_pilots
from service.use_cases.sources import find_gaps

MOST_CLOSING: Final = 10
"""Closing calls that are named; more are counted."""

BOUNCES_FOR: Final = timedelta(days=30)
"""How long a mail that came back needs attention."""

ANSWER_WITHIN: Final = timedelta(days=3)
"""After how long without an answer somebody should ask again, or in person."""


class PilotName(FrozenModel):
    """A pilot by its id and title."""

    id: str
    title: str
    language: str | None = None

    @classmethod
    def of(cls, pilot: Pilot) -> PilotName:
        """Return what a pilot is called."""
        return cls(id=pilot.id, title=pilot.title, language=pilot.language)


class ClosingCall(FrozenModel):
    """An open call that closes within two weeks, and the pilots that it fits."""

    call: str
    title: str
    titles: dict[str, str]
    funder: str
    deadline: Deadline
    wanted: bool = Field(description="The team of one of the pilots found it relevant.")
    pilots: tuple[PilotName, ...]


class NewMatches(FrozenModel):
    """Calls that fit a pilot and were first collected since the reader looked at it."""

    pilot: PilotName
    count: int
    since: datetime


class SourceGap(FrozenModel):
    """A source that fails, or was not read well for long."""

    key: str
    name: str
    state: SourceState
    last_good: datetime | None = Field(description="When it was last read well; null: never.")


class LostMail(FrozenModel):
    """A recipient whom the last mail did not reach."""

    pilot: PilotName
    recipient: str = Field(description="Names the recipient in a removal.")
    address: str = Field(description="Masked: the first letter and the domain.")
    why: Literal["hard", "soft", "complaint", "failed"]
    at: datetime


class OpenQuestion(FrozenModel):
    """A recipient who has not answered whether mails are wanted."""

    pilot: PilotName
    recipient: str
    address: str = Field(description="Masked: the first letter and the domain.")
    asked_at: datetime


class Attention(FrozenModel):
    """What needs attention, over the pilots that whoever asks may see. Archived ones need none."""

    as_of: datetime = Field(description="The clock that deadlines were compared with.")
    closing: tuple[ClosingCall, ...] = Field(
        default=(), description="Fitting calls that close within 14 days, the soonest first."
    )
    more_closing: int = Field(default=0, description="Closing calls beyond those named.")
    new: tuple[NewMatches, ...] = ()
    sources: tuple[SourceGap, ...] = ()
    without_recipients: tuple[PilotName, ...] = Field(
        default=(), description="Pilots about which nobody gets mails, or was asked."
    )
    lost_mails: tuple[LostMail, ...] = ()
    unanswered: tuple[OpenQuestion, ...] = Field(
        default=(), description="Questions without an answer for more than three days."
    )
    notes: tuple[Note, ...] = Field(
        default=(), description="Why something could not be looked at, such as a missing index."
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs attention."""
        return not any(
            (
                *(self.closing, self.new, self.sources, self.without_recipients),
                *(self.lost_mails, self.unanswered, self.notes),
            )
        )


def find_attention(context: Context, language: str, since: datetime | None = None) -> Attention:
    """Return what needs attention now.

    Args:
        context: the stores and the index.
        language: of titles (ISO 639).
        since: from when on a match is new; by default from the reader's last look at each pilot.
    """
    pilots = list_pilots(context)
    notes: tuple[Note, ...] = ()
    fitting: dict[str, FittingCalls] = {}
    try:
        if pilots and not context.calls.is_empty():
            fitting = list_fitting_calls(context, pilots)
    except (ServiceError, IndexingError) as error:
        notes = (from_error(error),)
    closing = _closing(context, pilots, fitting, language)
    recipients = _recipients(context, pilots)
    return Attention(
        as_of=context.now(),
        closing=closing[:MOST_CLOSING],
        more_closing=max(0, len(closing) - MOST_CLOSING),
        new=_new(context, pilots, fitting, since),
        sources=_sources(context),
        without_recipients=tuple(
            PilotName.of(pilot)
            for pilot in pilots
            if not any(_is_asked(one) for one in recipients[pilot.id])
        ),
        lost_mails=_lost_mails(context, pilots, recipients),
        unanswered=_unanswered(pilots, recipients),
        notes=notes,
    )


def _closing(
    context: Context, pilots: Sequence[Pilot], fitting: dict[str, FittingCalls], language: str
) -> tuple[ClosingCall, ...]:
    now, calls = context.now(), context.calls.reader()
    groups = context.links.groups()
    wanted: dict[str, bool] = {}
    named: dict[str, dict[str, PilotName]] = {}
    for pilot in pilots:
        for one in fitting.get(pilot.id, ()):
            call = calls.get(one.call_id)
            if one.any_subject or call is None or not is_closing(call, now):
                continue
            # copies of one call stand once
            first = next((id_ for id_ in groups.group(call.id) if id_ in named), call.id)
            wanted[first] = wanted.get(first, False) or one.is_wanted
            named.setdefault(first, {})[pilot.id] = PilotName.of(pilot)
    found = []
    for id_, of in named.items():
        call = calls[id_]
        deadline = call.next_deadline(now)
        if deadline is not None and deadline.at is not None:
            found.append(
                ClosingCall(
                    call=id_,
                    title=title_in(call, language),
                    titles=dict(call.titles),
                    funder=call.funder,
                    deadline=deadline,
                    wanted=wanted[id_],
                    pilots=tuple(of.values()),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.deadline.at or now, one.call)))


def _new(
    context: Context,
    pilots: Sequence[Pilot],
    fitting: dict[str, FittingCalls],
    since: datetime | None,
) -> tuple[NewMatches, ...]:
    looks = last_looks(context)
    found = []
    for pilot in pilots:
        from_ = since or looks.get(pilot.id)
        count = len(new_since(fitting.get(pilot.id, ()), from_))
        if from_ is not None and count:
            found.append(NewMatches(pilot=PilotName.of(pilot), count=count, since=from_))
    return tuple(sorted(found, key=lambda one: (-one.count, one.pilot.title.casefold())))


def _sources(context: Context) -> tuple[SourceGap, ...]:
    return tuple(
        SourceGap(
            key=one.key,
            name=one.name,
            state=one.state,
            last_good=(one.last_good.finished_at or one.last_good.started_at)
            if one.last_good
            else None,
        )
        for one in find_gaps(context)
    )


def _recipients(context: Context, pilots: Sequence[Pilot]) -> dict[str, list[Recipient]]:
    found: dict[str, list[Recipient]] = {pilot.id: [] for pilot in pilots}
    for one in context.recipients.all():
        if one.pilot_id in found:
            found[one.pilot_id].append(one)
    return found


def _is_asked(one: Recipient) -> bool:
    return one.consent in {Consent.PENDING, Consent.CONFIRMED}


def _lost_mails(
    context: Context, pilots: Sequence[Pilot], recipients: dict[str, list[Recipient]]
) -> tuple[LostMail, ...]:
    """Return whom the last mail did not reach, unless somebody has acted on it since.

    That is: the recipient was taken off, or another address was asked for the pilot.
    """
    outcomes = context.sent_items.latest_outcomes(datetime.now(UTC) - BOUNCES_FOR)
    found = []
    for pilot in pilots:
        for one in recipients[pilot.id]:
            outcome = outcomes.get(one.id)
            if outcome is None or one.consent is Consent.UNSUBSCRIBED:
                continue
            failed = outcome.state is MailState.FAILED
            arrived = outcome.bounce in {"", BounceKind.DELAYED.value}
            if (arrived and not failed) or _asked_since(recipients[pilot.id], outcome.at, one):
                continue
            found.append(
                LostMail(
                    pilot=PilotName.of(pilot),
                    recipient=one.id,
                    address=one.masked,
                    why="failed" if failed else BounceKind(outcome.bounce).value,
                    at=outcome.at,
                )
            )
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _asked_since(others: Sequence[Recipient], at: datetime, lost: Recipient) -> bool:
    return any(
        one.id != lost.id and _is_asked(one) and one.asked_at is not None and one.asked_at > at
        for one in others
    )


def _unanswered(
    pilots: Sequence[Pilot], recipients: dict[str, list[Recipient]]
) -> tuple[OpenQuestion, ...]:
    before = datetime.now(UTC) - ANSWER_WITHIN
    return tuple(
        OpenQuestion(
            pilot=PilotName.of(pilot), recipient=one.id, address=one.masked, asked_at=one.asked_at
        )
        for pilot in pilots
        for one in recipients[pilot.id]
        if one.consent is Consent.PENDING and one.asked_at is not None and one.asked_at < before
    )
