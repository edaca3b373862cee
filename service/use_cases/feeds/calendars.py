"""The calendar of a pilot's deadlines: of calls that fit, of those marked, of those withdrawn."""

from __future__ import annotations

from datetime import timedelta

from service.domain.calls.stored.call_reader import read_ahead
from service.domain.notifications.selection import CallMark
from service.feeds.chosen_calls import all_picks, similar_calls
from service.feeds.deadline_calendar import DatedCall, render_deadlines
from service.jobs.mail.digest_composer import ChosenCalls, Composer, DigestRecipient
from service.use_cases.digest import make_composer
from service.use_cases.feeds.feed_request import (
    FeedRequest,
    choose_calls,
    name_in_title,
    recipient_of,
)
from service.use_cases.pilots import get_pilot

_WITHDRAWN_WITHIN = timedelta(days=60)
"""How long a calendar says that the deadlines of a call are cancelled."""


def make_calendar(request: FeedRequest) -> bytes:
    """Return the calendar of a pilot.

    Raises:
        UnknownPilotError: the pilot is gone.
        SnapshotError: there is no sound index.
    """
    context = request.context
    pilot = get_pilot(context, request.key)
    composer, recipient = make_composer(context, context.now()), recipient_of(context, pilot)
    return render_deadlines(
        request.words("mail.calendar.name", pilot=name_in_title(pilot.title)),
        pilot.id,
        _dated_calls(request, composer, recipient),
        composer.match_context,
        request.words,
        public_url=request.public_url,
    )


def _dated_calls(
    request: FeedRequest, composer: Composer, recipient: DigestRecipient
) -> list[DatedCall]:
    chosen, context = choose_calls(composer, recipient), request.context
    now, calls = chosen.moment.now, composer.match_context.calls
    wanted = dict.fromkeys(
        (
            *(fitting := _fitting(request, chosen)),
            *_marked(request, recipient, fitting),
            *composer.withdrawn(recipient, now - _WITHDRAWN_WITHIN),
        )
    )
    versions = context.calls.versions_of(wanted)
    read_ahead(calls, wanted)
    composer.match_context.modified.fetch(tuple(wanted))
    missing = context.calls.not_seen_since()
    return [
        DatedCall(
            calls[id_],
            versions.get(id_) or ((now, calls[id_]),),
            withdrawn_at=missing.get(id_),
            relisted_at=chosen.relisted_at.get(id_),
        )
        for id_ in wanted
        if id_ in calls
    ]


def _fitting(request: FeedRequest, chosen: ChosenCalls) -> list[str]:
    """Return the calls that fit, with those nearly the same, whose deadlines may be others."""
    copies_of = request.context.links.groups().group
    picked = [
        id_
        for pick in all_picks(chosen.selection)
        for id_ in (pick.call_id, *similar_calls(pick, copies_of))
    ]
    return [*picked, *(item.call_id for item in chosen.any_subject.items)]


def _marked(request: FeedRequest, recipient: DigestRecipient, fitting: list[str]) -> list[str]:
    """Return the calls that the pilot wants or has applied for, of which no copy is there."""
    groups = request.context.links.groups()
    there = {copy for id_ in fitting for copy in groups.group(id_)}
    return [
        id_
        for id_, mark in sorted(recipient.marks.items())
        if mark is not CallMark.DISMISSED and id_ not in there
    ]
