"""The pilots that a call concerns: those that it fits, and those that it was judged for."""

from __future__ import annotations

from pydantic import Field

from index.errors import IndexingError
from service.context import Context
from service.domain.consortium.shortlist import Shortlist, ShortlistedPilot
from service.domain.frozen_model import FrozenModel
from service.domain.matching.feedback import Judgement, current_judgements
from service.domain.pilots.pilot import Pilot
from service.errors import ServiceError
from service.messages.message import Message
from service.messages.notes import from_error
from service.use_cases.shortlist import shortlist_pilots

MOST_PILOTS = 10
"""Pilots that fit at most; the short list has the same."""


class PilotOfCall(FrozenModel):
    """A pilot, how well the call fits it, and what was said of the call for it."""

    id: str
    title: str
    language: str | None
    fitting: ShortlistedPilot | None = Field(description="Null when the call does not fit.")
    judgement: Judgement | None = Field(description="What holds; null when nobody has judged.")


class PilotsOfCall(FrozenModel):
    """What a call is to the pilots that whoever asks may see."""

    pilots: tuple[PilotOfCall, ...] = Field(description="Those that it fits best first.")
    others: tuple[Pilot, ...] = Field(description="All other pilots, by title.")
    shortlist: Shortlist | None = Field(description="Null when no index can be asked.")
    problem: Message | None = Field(description="Why there is no short list.")


def list_pilots_of_call(context: Context, call_id: str, language: str) -> PilotsOfCall:
    """Return the pilots that a call concerns; without an index, those that it was judged for.

    Args:
        context: the stores and the index.
        call_id: the call.
        language: of the call's title.

    Raises:
        UnknownCallError: there is no such call.
    """
    shortlist, problem = None, None
    try:
        shortlist = shortlist_pilots(context, call_id, top=MOST_PILOTS, language=language)
    except (IndexingError, ServiceError) as error:
        problem = from_error(error)
    pilots = {pilot.id: pilot for pilot in context.pilots.all()}
    judged = find_judgements(context, call_id, pilots)
    fitting = {one.id: one for one in shortlist.pilots} if shortlist else {}
    shown = [*fitting, *(id_ for id_ in judged if id_ not in fitting)]
    return PilotsOfCall(
        pilots=tuple(
            PilotOfCall(
                id=id_,
                title=pilots[id_].title,
                language=pilots[id_].language,
                fitting=fitting.get(id_),
                judgement=judged.get(id_),
            )
            for id_ in shown
            if id_ in pilots
        ),
        others=tuple(
            sorted(
                (pilot for id_, pilot in pilots.items() if id_ not in shown),
                key=lambda pilot: pilot.title.casefold(),
            )
        ),
        shortlist=shortlist,
        problem=problem,
    )


def find_judgements(
    context: Context, call_id: str, pilots: dict[str, Pilot]
) -> dict[str, Judgement]:
    """Return the judgement on a call or a copy of it that holds for each of ``pilots``."""
    copies = {call_id, *context.links.groups().group(call_id)}
    found: dict[str, Judgement] = {}
    for pilot_id, history in context.feedback.histories().items():
        if pilot_id not in pilots:
            continue
        held = [one for one in current_judgements(history) if one.call in copies]
        if held:
            found[pilot_id] = held[0]
    return found
