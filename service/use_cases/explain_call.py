"""Explain one call for a pilot, whether it was recommended or not."""

from __future__ import annotations

from dataclasses import replace

from service.context import Context
from service.domain.matching import call_explanation
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.filters import Filters
from service.domain.matching.match_context import MatchContext
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Profile
from service.errors import UnknownCallError
from service.use_cases.match import check_text
from service.use_cases.pilots import get_pilot
from service.use_cases.sources import gap_notes

_UNSTORED = "text"
"""The id that a text has in place of a pilot's."""


def explain_call(
    context: Context, pilot_id: str, call_id: str, filters: Filters | None = None
) -> CallExplanation:
    """Return the match of a call with a pilot, its place, and what would change it.

    Args:
        context: the stores and the index.
        pilot_id: the pilot.
        call_id: any stored call.
        filters: the choices of the list that it may be missing from;
            by default those that are open or open later.

    Raises:
        UnknownPilotError: there is no such pilot.
        UnknownCallError: there is no such call.
        SnapshotError: there is no sound index.
    """
    pilot = get_pilot(context, pilot_id)
    if context.calls.get(call_id) is None:
        raise UnknownCallError(call_id)
    return _explain(context, context.match_context(pilot.id), pilot, call_id, filters)


def explain_call_for_text(
    context: Context,
    text: str,
    call_id: str,
    filters: Filters | None = None,
    profile: Profile | None = None,
) -> CallExplanation:
    """Return the same for a text that is not stored; its pilot's id is "text".

    Raises:
        InputError: the text is empty, has no letters or is too long.
        UnknownCallError: there is no such call.
        SnapshotError: there is no sound index.
    """
    check_text(text)
    if context.calls.get(call_id) is None:
        raise UnknownCallError(call_id)
    pilot = Pilot(id=_UNSTORED, title=_UNSTORED, text=text, profile=profile)
    return _explain(context, context.match_context(), pilot, call_id, filters)


def _explain(
    context: Context, known: MatchContext, pilot: Pilot, call_id: str, filters: Filters | None
) -> CallExplanation:
    """Explain a stored call, and say of which sources calls may be missing."""
    noted = replace(known, notes=(*known.notes, *gap_notes(context, filters)))
    return call_explanation.explain_call(noted, pilot, call_id, filters)
