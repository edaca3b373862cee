"""Explain one call for a pilot, whether it was recommended or not."""

from __future__ import annotations

from dataclasses import replace

from service.context import Context
from service.domain.matching import call_explanation
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.filters import Filters
from service.errors import UnknownCallError
from service.use_cases.pilots import get_pilot
from service.use_cases.sources import gap_notes


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
    known = context.match_context(pilot.id)
    noted = replace(known, notes=(*known.notes, *gap_notes(context, filters)))
    return call_explanation.explain_call(noted, pilot, call_id, filters)
