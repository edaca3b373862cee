"""The routes of pilots: store, list, get, change, put away and delete them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from service.api import problems
from service.api.blueprint import api
from service.api.etags import etag_header
from service.api.pilots import examples
from service.api.pilots.schemas import (
    NewPilot,
    PilotCard,
    PilotContent,
    PilotExclusions,
    PilotListQuery,
    PilotPage,
    PilotPatch,
    PilotPrivacy,
)
from service.domain.pilots.pilot import Pilot, make_id
from service.http.app_context import app_context
from service.http.idempotency import once
from service.http.preconditions import if_match
from service.http.reading import InvalidRequest, field_errors
from service.use_cases import pilots as use_cases
from service.use_cases.access import pilot_rights
from service.use_cases.access.pilot_rights import PilotDeletion
from service.use_cases.calls import page_of

_P = ParamSpec("_P")
_R = TypeVar("_R")

PilotAnswer = tuple[Pilot, int, dict[str, str]]
"""A pilot, the status, and the header with its ETag."""


def _answer(pilot: Pilot) -> PilotAnswer:
    return pilot, 200, etag_header(pilot)


def _merge_patch_only(view: Callable[_P, _R]) -> Callable[_P, _R]:
    """Take only bodies that say they are merge patches: plain JSON might mean a replacement."""

    @wraps(view)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if request.mimetype != "application/merge-patch+json":
            raise UnsupportedMediaType(_MERGE_PATCH)
        return view(*args, **kwargs)

    return guarded


_MERGE_PATCH = "Send a merge patch and say so: Content-Type: application/merge-patch+json."


@api.get("/api/v1/pilots")
@api.input(PilotListQuery, location="query", arg_name="query")
@api.output(PilotPage, description="A page of pilots.", example=examples.PILOT_PAGE)
@api.doc(
    summary="List pilots",
    description="The stored pilots by id, without their texts and without those put away.",
    operation_id="listPilots",
    tags=["Pilots"],
    responses=problems.document_problems(e422=problems.INVALID),
)
def list_pilots(query: PilotListQuery) -> PilotPage:
    """List the stored pilots."""
    pilots = use_cases.list_pilots(app_context(), archived=query.archived)
    shown, pages = page_of(pilots, query.page, query.page_size)
    return PilotPage(
        pilots=tuple(PilotCard.of(pilot) for pilot in shown),
        page=query.page,
        page_size=query.page_size,
        pages=pages,
        total=len(pilots),
    )


@api.post("/api/v1/pilots")
@once
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
        areas=body.areas,
        private=body.private,
    )
    stored = use_cases.add_pilot(app_context(), pilot)
    location = {"Location": url_for("api.get_pilot", pilot_id=stored.id)}
    return stored, 201, location | etag_header(stored)


@api.get("/api/v1/pilots/<pilot_id>")
@api.output(Pilot, description="The pilot with its text.", example=examples.PILOT)
@api.doc(
    summary="Get one pilot",
    description="Its header ETag names its state: changes send it in If-Match.",
    operation_id="getPilot",
    tags=["Pilots"],
    responses=problems.document_problems(e404=problems.NO_PILOT),
)
def get_pilot(pilot_id: str) -> PilotAnswer:
    """Return one pilot with its text."""
    return _answer(use_cases.get_pilot(app_context(), pilot_id))


_CHANGE_PROBLEMS = problems.document_problems(
    e400=problems.UNREADABLE,
    e404=problems.NO_PILOT,
    e412=problems.STALE,
    e413=problems.TOO_LARGE,
    e415=problems.NOT_JSON,
    e422=problems.INVALID,
    e428=problems.NO_ETAG,
)


@api.put("/api/v1/pilots/<pilot_id>")
@api.input(PilotContent, arg_name="body", example=examples.PILOT_CONTENT)
@api.output(Pilot, description="The pilot as stored.", example=examples.PILOT)
@api.doc(
    summary="Replace a pilot",
    description=(
        "All that it said is replaced; id, judgements and recipients stay. It is done only if the "
        "pilot is as `If-Match` says: of two who change it at once, the second is told."
    ),
    operation_id="replacePilot",
    tags=["Pilots"],
    responses=_CHANGE_PROBLEMS,
)
def replace_pilot(pilot_id: str, body: PilotContent) -> PilotAnswer:
    """Replace what a pilot says."""
    return _answer(use_cases.change_pilot(app_context(), pilot_id, body.of_pilot, if_match()))


@api.patch("/api/v1/pilots/<pilot_id>")
@_merge_patch_only
@api.input(PilotPatch, arg_name="body", example=examples.PILOT_PATCH)
@api.output(Pilot, description="The pilot as stored.", example=examples.PILOT)
@api.doc(
    summary="Change a pilot",
    description=(
        "A JSON merge patch (RFC 7396): what is absent stays, what is null is taken out, and lists "
        "are replaced whole. It is done only if the pilot is as `If-Match` says."
    ),
    operation_id="changePilot",
    tags=["Pilots"],
    responses=_CHANGE_PROBLEMS,
)
def change_pilot(pilot_id: str, body: PilotPatch) -> PilotAnswer:
    """Change some of what a pilot says."""
    try:
        changed = use_cases.change_pilot(app_context(), pilot_id, body.patch, if_match())
    except ValidationError as error:
        raise InvalidRequest(field_errors(error)) from error
    return _answer(changed)


_ARCHIVE_PROBLEMS = problems.document_problems(
    e404=problems.NO_PILOT, e412=problems.STALE, e428=problems.NO_ETAG
)


@api.put("/api/v1/pilots/<pilot_id>/archive")
@api.output(Pilot, description="The pilot, put away.", example=examples.ARCHIVED_PILOT)
@api.doc(
    summary="Put a pilot away",
    description=(
        "It gets no mails and is in no list unless asked for. Nothing of it is lost, and who "
        "follows it does so again when it is taken back. Twice changes nothing."
    ),
    operation_id="archivePilot",
    tags=["Pilots"],
    responses=_ARCHIVE_PROBLEMS,
)
def archive_pilot(pilot_id: str) -> PilotAnswer:
    """Put a pilot away."""
    return _answer(use_cases.archive_pilot(app_context(), pilot_id, if_match()))


@api.delete("/api/v1/pilots/<pilot_id>/archive")
@api.output(Pilot, description="The pilot, back again.", example=examples.PILOT)
@api.doc(
    summary="Take a pilot back",
    description="A pilot that was put away is listed and mailed about again.",
    operation_id="unarchivePilot",
    tags=["Pilots"],
    responses=_ARCHIVE_PROBLEMS,
)
def unarchive_pilot(pilot_id: str) -> PilotAnswer:
    """Take a pilot back."""
    return _answer(use_cases.archive_pilot(app_context(), pilot_id, if_match(), archived=False))


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
        e412=problems.STALE,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def exclude_for_pilot(pilot_id: str, body: PilotExclusions) -> PilotAnswer:
    """Replace what a pilot excludes."""
    expected = if_match(required=False)
    return _answer(use_cases.set_exclusions(app_context(), pilot_id, body.exclude, expected))


@api.put("/api/v1/pilots/<pilot_id>/private")
@api.input(PilotPrivacy, arg_name="body", example=examples.PILOT_PRIVACY)
@api.output(Pilot, description="The pilot as stored.", example=examples.PILOT)
@api.doc(
    summary="Say who sees a pilot",
    description=(
        "A private pilot is seen by its owner and administrators alone; to all others it is not "
        "there. Only they may change that."
    ),
    operation_id="setPilotPrivate",
    tags=["Pilots"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=problems.NOT_OWNER,
        e404=problems.NO_PILOT,
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def set_pilot_private(pilot_id: str, body: PilotPrivacy) -> Pilot:
    """Hide a pilot from others, or show it to all who are let in."""
    return pilot_rights.set_private(app_context(), pilot_id, private=body.private)


@api.delete("/api/v1/pilots/<pilot_id>")
@api.output(PilotDeletion, description="What was deleted.", example=examples.PILOT_DELETION)
@api.doc(
    summary="Delete a pilot with everything of it",
    description=(
        "Its text, judgements, recipients, and mails with their items go, for good. Its owner and "
        "administrators may do this. Addresses that are never to be mailed stay so."
    ),
    operation_id="deletePilot",
    tags=["Pilots"],
    responses=problems.document_problems(
        e403=problems.NOT_OWNER,
        e404=problems.NO_PILOT,
        e503="Mails are being sent: try again in a minute.",
    ),
)
def delete_pilot(pilot_id: str) -> PilotDeletion:
    """Delete a pilot."""
    return pilot_rights.delete_pilot(app_context(), pilot_id)
