"""The route that tells which pilots fit a call, and which of them meet its rule together."""

from __future__ import annotations

from pydantic import Field

from index.hit import Hit
from service.api import examples_actors, problems
from service.api.blueprint import api
from service.api.schemas import Taken
from service.api.source import Source, source
from service.domain.match import Match, matched
from service.domain.meeting import FITS, PilotsFor, pilots_for
from service.domain.pilot import Pilot
from service.errors import NotFoundError
from service.messages.message import message


class MeetingQuery(Taken):
    """How long a list."""

    top: int = Field(default=10, ge=1, le=100, description="How many pilots at most.")


@api.get("/api/v1/calls/<path:call_id>/pilots")
@api.input(MeetingQuery, location="query", arg_name="asked")
@api.output(PilotsFor, description="Pilots, best first.", example=examples_actors.PILOTS_FOR)
@api.doc(
    summary="List the pilots that fit a call",
    description=(
        "The stored pilots that the call fits, what each brings, and, where the call asks for a "
        "consortium, up to three combinations that meet its rule together, with reasons."
    ),
    operation_id="listPilotsForCall",
    tags=["Calls"],
    responses=problems.documented(
        e404="There is no call with this id.",
        e422="Some values cannot be used: correct the fields named in errors.",
        e503="There is no index yet: run `fundscout reindex`.",
    ),
)
def list_pilots_for(call_id: str, asked: MeetingQuery) -> PilotsFor:
    """Return the pilots for a call."""
    return find_pilots(source(), call_id, top=asked.top)


def find_pilots(origin: Source, call_id: str, *, top: int, language: str = "en") -> PilotsFor:
    """Return the pilots for a call: the one way for API, page and command.

    Raises:
        NotFoundError: there is no such call.
        SnapshotError: there is no sound index.
    """
    call = origin.calls.get(call_id)
    if call is None:
        raise NotFoundError(message("problem.call.listed", id=call_id))
    searcher = origin.searcher()
    pilots = origin.pilots.all()
    queries = dict(zip((p.id for p in pilots), origin.queries(pilots), strict=True))
    found = [
        (pilot, hit)
        for pilot in pilots
        for hit in searcher.search(queries[pilot.id], top=1, allowed=[call.id])
        if hit.score >= FITS
    ]
    found.sort(key=lambda one: (-one[1].score, one[0].id))

    now = origin.now()

    def explain(pilot: Pilot, hit: Hit) -> Match:
        (why,) = searcher.explain(queries[pilot.id], [hit])
        return matched(call, hit, why, now, language, profile=pilot.profile)

    return pilots_for(call, found, explain, now, considered=len(pilots), language=language, top=top)
