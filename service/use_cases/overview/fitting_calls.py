"""The calls that fit pilots now, as their mails would choose them; kept until something changes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime

from service.caches.fitting_cache import FittingCall, FittingCalls
from service.context import Context
from service.domain.calls.duplicates.links import CallGroups
from service.domain.notifications.selection import CallMark
from service.domain.pilots.pilot import Pilot
from service.feeds.chosen_calls import all_picks, similar_calls
from service.jobs.mail.digest_composer import ChosenCalls, DigestRecipient
from service.jobs.mail.skipped_digest import SkippedDigest
from service.use_cases.digest import make_composer

MOST_CALLS = 100
"""Calls of one pilot, the best."""


def list_fitting_calls(context: Context, pilots: Sequence[Pilot]) -> dict[str, FittingCalls]:
    """Return the calls that fit each of ``pilots`` and can be applied for, by the pilots' ids.

    They are what a mail would tell somebody who was told nothing yet: dismissed calls and those
    whose conditions the pilot fails are left out. A pilot that cannot be ranked has none.

    Raises:
        SnapshotError: there is no sound index.
    """
    by_id = {pilot.id: pilot for pilot in pilots}
    return context.fitting_cache.get(
        _states(context, pilots),
        lambda ids: _choose(context, [by_id[id_] for id_ in ids]),
    )


def _states(context: Context, pilots: Sequence[Pilot]) -> dict[str, Hashable]:
    """Return what the calls of each pilot are chosen by, so far as it changes."""
    opinions = context.feedback.all_opinions()
    shared = (
        context.calls.stamp(),
        context.links.stamp(),
        context.index_name(),
        f"{context.now():%Y%m%d%H}",
    )
    return {
        pilot.id: (*shared, pilot.etag, _opinions_key(opinions.get(pilot.id))) for pilot in pilots
    }


def _opinions_key(opinions: object) -> Hashable:
    parts = ("relevant", "applied", "dismissed")
    return tuple(tuple(sorted(getattr(opinions, part, ()))) for part in parts)


def _choose(context: Context, pilots: Sequence[Pilot]) -> Mapping[str, FittingCalls]:
    composer = make_composer(context, context.now())
    opinions, groups = context.feedback.all_opinions(), context.links.groups()
    recipients = [
        DigestRecipient.from_pilot(
            pilot,
            opinions[pilot.id].with_copies(groups)
            if pilot.id in opinions
            else DigestRecipient(pilot).opinions,
        )
        for pilot in pilots
    ]
    seen = context.calls.columns().arrivals.first_seen
    chosen: dict[str, FittingCalls] = {}
    for recipient, choice in zip(
        recipients, composer.choices(recipients, max_calls=MOST_CALLS), strict=True
    ):
        if isinstance(choice, SkippedDigest):
            continue
        chosen[recipient.pilot.id] = tuple(
            FittingCall(
                call_id,
                score,
                first_seen=seen(call_id),
                is_wanted=recipient.marks.get(call_id) is CallMark.RELEVANT,
                any_subject=any_subject,
            )
            for call_id, score, any_subject in _picks(choice, groups)
            if recipient.marks.get(call_id) is not CallMark.APPLIED
        )
    return chosen


def _picks(choice: ChosenCalls, groups: CallGroups) -> list[tuple[str, float, bool]]:
    """Return the chosen calls, best first, each with the calls nearly the same right after it.

    A mail shows those as one, but each has deadlines of its own and may be new by itself.
    """
    picks: list[tuple[str, float, bool]] = []
    for pick in sorted(all_picks(choice.selection), key=lambda one: -one.score):
        similar = similar_calls(pick, groups.group)
        picks += [(id_, pick.score, False) for id_ in (pick.call_id, *similar)]
    return [*picks, *((item.call_id, 0.0, True) for item in choice.any_subject.items)]


def new_since(calls: FittingCalls, since: datetime | None) -> FittingCalls:
    """Return those that were first collected after an instant; none without one."""
    if since is None:
        return ()
    return tuple(one for one in calls if one.first_seen is not None and one.first_seen > since)
