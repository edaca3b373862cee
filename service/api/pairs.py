"""The route that explains one call for one pilot, whether it was recommended or not."""

from __future__ import annotations

from service.api import examples_pair, problems
from service.api.blueprint import api
from service.api.schemas import MatchQuery
from service.api.source import Source, source
from service.domain.filters import Filters
from service.domain.pair import Pair, explained
from service.errors import NotFoundError
from service.messages.message import message


@api.get("/api/v1/pilots/<pilot_id>/calls/<path:call_id>")
@api.input(MatchQuery, location="query", arg_name="asked")
@api.output(Pair, description="The pair explained.", example=examples_pair.PAIR)
@api.doc(
    summary="Explain one call for a pilot",
    description=(
        "Any stored call: the match with its reasons, the place of the call, every reason why it "
        "is not recommended, where it would stand without each sentence that is quoted, and what "
        "would meet the conditions that are not met. The filters are those of the list that the "
        "call may be missing from; by default only open calls."
    ),
    operation_id="explainPair",
    tags=["Matches"],
    responses=problems.documented(
        e404="There is no pilot or no call with this id.",
        e422="Some values cannot be used: correct the fields named in errors.",
        e503="There is no index yet: run `fundscout reindex`.",
    ),
)
def explain_pair(pilot_id: str, call_id: str, asked: MatchQuery) -> Pair:
    """Explain one call for a pilot."""
    return find_pair(source(), pilot_id, call_id, asked.filters())


def find_pair(origin: Source, pilot_id: str, call_id: str, filters: Filters) -> Pair:
    """Return the pair explained: the one way for API, page and command.

    Raises:
        NotFoundError: there is no such pilot or no such call.
        SnapshotError: there is no sound index.
    """
    pilot = origin.pilots.get(pilot_id)
    if pilot is None:
        raise NotFoundError(message("problem.pilot.listed", id=pilot_id))
    if origin.calls.get(call_id) is None:
        raise NotFoundError(message("problem.call.listed", id=call_id))
    scene, note = origin.scene(pilot.id)
    pricing = origin.pricing()
    found = explained(scene, pilot, call_id, pricing.filters(filters))
    (card,) = pricing.cards([found.match.call])
    return found.model_copy(
        update={
            "match": found.match.model_copy(update={"call": card}),
            "notes": (*found.notes, *([note] if note else [])),
        }
    )
