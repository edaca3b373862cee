"""The routes of pilots: store one, list them, get one."""

from __future__ import annotations

from flask import url_for

from service.api import problems
from service.api.blueprint import api
from service.api.pilots import examples
from service.api.pilots.schemas import (
    NewPilot,
    PageQuery,
    PilotCard,
    PilotExclusions,
    PilotPage,
)
from service.domain.pilots.pilot import Pilot, make_id
from service.http.app_context import app_context
from service.use_cases import pilots as use_cases
from service.use_cases.calls import page_of


@api.get("/api/v1/pilots")
@api.input(PageQuery, location="query", arg_name="query")
@api.output(PilotPage, description="A page of pilots.", example=examples.PILOT_PAGE)
@api.doc(
    summary="List pilots",
    description="The stored pilots by id, without their texts.",
    operation_id="listPilots",
    tags=["Pilots"],
    responses=problems.document_problems(e422=problems.INVALID),
)
def list_pilots(query: PageQuery) -> PilotPage:
    """List the stored pilots."""
    pilots = use_cases.list_pilots(app_context())
    shown, pages = page_of(pilots, query.page, query.page_size)
    return PilotPage(
        pilots=tuple(PilotCard.of(pilot) for pilot in shown),
        page=query.page,
        page_size=query.page_size,
        pages=pages,
        total=len(pilots),
    )


@api.post("/api/v1/pilots")
@api.input(NewPilot, arg_name="body", example=examples.NEW_PILOT)
@api.output(
    Pilot,
    status_code=201,
    description="The pilot as stored; the header Location says where.",
    example=examples.PILOT,
)
@api.doc(
    summary="Store a pilot",
    description="Without an id one is made from the title and the text.",
    operation_id="addPilot",
    tags=["Pilots"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e409="There is a pilot with this id already.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def add_pilot(body: NewPilot) -> tuple[Pilot, int, dict[str, str]]:
    """Store a pilot."""
    pilot = Pilot(
        id=body.id or make_id(body.title, body.text),
        title=body.title,
        text=body.text,
        language=body.language,
        profile=body.profile,
        exclude=body.exclude,
    )
    stored = use_cases.add_pilot(app_context(), pilot)
    return stored, 201, {"Location": url_for("api.get_pilot", pilot_id=stored.id)}


@api.get("/api/v1/pilots/<pilot_id>")
@api.output(Pilot, description="The pilot with its text.", example=examples.PILOT)
@api.doc(
    summary="Get one pilot",
    operation_id="getPilot",
    tags=["Pilots"],
    responses=problems.document_problems(e404=problems.NO_PILOT),
)
def get_pilot(pilot_id: str) -> Pilot:
    """Return one pilot with its text."""
    return use_cases.get_pilot(app_context(), pilot_id)


@api.put("/api/v1/pilots/<pilot_id>/exclude")
@api.input(PilotExclusions, arg_name="body", example=examples.PILOT_EXCLUSIONS)
@api.output(Pilot, description="The pilot as stored.", example=examples.PILOT)
@api.doc(
    summary="Say what a pilot excludes",
    description=(
        "Calls that are about one of the subjects are left out of the pilot's matches and mails, "
        "in Swedish and English alike, and counted. An empty list excludes nothing."
    ),
    operation_id="excludeForPilot",
    tags=["Pilots"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e404=problems.NO_PILOT,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def exclude_for_pilot(pilot_id: str, body: PilotExclusions) -> Pilot:
    """Replace what a pilot excludes."""
    return use_cases.set_exclusions(app_context(), pilot_id, body.exclude)
