"""The route of actors: who funds a subject, and who was funded for it."""

from __future__ import annotations

from service.api import problems
from service.api.actors import examples
from service.api.blueprint import api
from service.domain.awards.actors import ActorList
from service.http.app_context import app_context
from service.http.queries import ActorQuery
from service.use_cases.actors import find_actors


@api.get("/api/v1/actors")
@api.input(ActorQuery, location="query", arg_name="query")
@api.output(ActorList, description="Actors.", example=examples.ACTOR_LIST)
@api.doc(
    summary="List the actors of a subject",
    description=(
        "Who funds a subject, and which organisations were funded for it: found by meaning in "
        "calls and paid projects. Give `q`, `area` or `pilot`."
    ),
    operation_id="listActors",
    tags=["Actors"],
    responses=problems.document_problems(
        e404=problems.NO_PILOT,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def list_actors(query: ActorQuery) -> ActorList:
    """Return the actors of a subject."""
    return find_actors(
        app_context(),
        text=query.q,
        area=query.area,
        pilot_id=query.pilot,
        kind=query.kind,
        levels=query.level,
        top=query.top,
    )
