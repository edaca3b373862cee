"""The route that tells who funds a subject and who was funded for it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from scrapers.call import Level
from service.api import examples_actors, problems
from service.api.blueprint import api
from service.api.schemas import Taken
from service.api.source import Source, source
from service.context import check_text
from service.domain.actors import ActorKind
from service.domain.focus import AREAS, Area
from service.domain.landscape import ActorList, landscape
from service.errors import NotFoundError
from service.messages.message import message

NO_SUBJECT = "no_subject"
"""The type of the error that says that none, or several, were given."""


class ActorQuery(Taken):
    """A subject, and which actors of it to list."""

    q: Annotated[str, StringConstraints(max_length=2000)] = Field(
        default="", description="The subject in a few words, Swedish or English."
    )
    area: Area | None = Field(default=None, description="A focus area, in place of `q`.")
    pilot: str = Field(default="", max_length=100, description="A stored pilot, in place of `q`.")
    kind: ActorKind | None = Field(default=None, description="Only funders or organisations.")
    level: tuple[Level, ...] = Field(default=(), description="Only actors of these levels.")
    top: int = Field(default=20, ge=1, le=200, description="How many actors at most.")

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(map(bool, (self.q.strip(), self.area, self.pilot))) != 1:
            raise PydanticCustomError(NO_SUBJECT, "give one of q, area and pilot")
        return self


@api.get("/api/v1/actors")
@api.input(ActorQuery, location="query", arg_name="asked")
@api.output(ActorList, description="Actors.", example=examples_actors.ACTOR_LIST)
@api.doc(
    summary="List the actors of a subject",
    description=(
        "Who funds a subject, and which organisations were funded for it: found by meaning in "
        "calls and paid projects. Give `q`, `area` or `pilot`."
    ),
    operation_id="listActors",
    tags=["Actors"],
    responses=problems.documented(
        e404="There is no pilot with this id.",
        e422="Some values cannot be used: correct the fields named in errors.",
        e503="There is no index yet: run `fundscout reindex`.",
    ),
)
def list_actors(asked: ActorQuery) -> ActorList:
    """Return the actors of a subject."""
    return find_actors(source(), asked)


def find_actors(origin: Source, asked: ActorQuery) -> ActorList:
    """Return what ``asked`` asks for: the one way for API, page and command.

    Raises:
        NotFoundError: there is no such pilot.
        InputError: the subject has no letters.
    """
    text, language = asked.q, None
    if asked.area is not None:
        text = AREAS[asked.area].words
    elif asked.pilot:
        pilot = origin.pilots.get(asked.pilot)
        if pilot is None:
            raise NotFoundError(message("problem.pilot.listed", id=asked.pilot))
        text, language = pilot.text, pilot.language
    check_text(text)
    past, note = origin.paid()
    found = landscape(
        origin.searcher(),
        past,
        origin.calls.all(),
        text,
        origin.now(),
        language=language,
        kind=asked.kind,
        levels=asked.level,
        top=asked.top,
    )
    notes = (*found.notes, note) if note else found.notes
    return found.model_copy(update={"notes": notes, "area": asked.area})
