"""The calls of all pilots in one list, as their mails would choose them."""

from __future__ import annotations

from dataclasses import dataclass

from service.context import Context
from service.domain.matching.call_card import CallCard, make_card
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.skipped_digest import SkippedDigest
from service.use_cases.digest import make_composer
from service.use_cases.feeds.feed_request import recipient_of
from service.use_cases.pilots import list_pilots

MOST_FOR_PILOT = 25
"""Calls of one pilot, the best."""


@dataclass(frozen=True)
class PilotCall:
    """A call that fits a pilot, and how well (0 to 1)."""

    pilot: Pilot
    call: CallCard
    score: float


def list_pilots_calls(context: Context, language: str) -> list[PilotCall]:
    """Return the calls that fit each pilot, by pilot and best first.

    A pilot whose text cannot be ranked has none; `fundscout doctor` names it.

    Args:
        context: the stores and the index.
        language: of titles.

    Raises:
        SnapshotError: there is no sound index.
    """
    composer = make_composer(context, context.now())
    pilots = list_pilots(context)
    recipients = [recipient_of(context, pilot) for pilot in pilots]
    rows: list[PilotCall] = []
    choices = composer.choices(recipients, max_calls=MOST_FOR_PILOT)
    stored = composer.match_context
    for pilot, chosen in zip(pilots, choices, strict=True):
        if isinstance(chosen, SkippedDigest):
            continue
        rows += [
            PilotCall(pilot, make_card(stored, stored.calls[pick.call_id], language), pick.score)
            for pick in sorted(chosen.selection.items, key=lambda one: -one.score)
        ]
    return rows
