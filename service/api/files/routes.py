"""The routes that take a file: read it, match it, or store it as a pilot."""

from __future__ import annotations

from flask import request, url_for

from service.api import problems
from service.api.blueprint import api
from service.api.etags import etag_header
from service.api.files import examples
from service.api.matches.examples import MATCH_LIST
from service.api.matches.schemas import MatchRequest
from service.api.pilots.examples import PILOT
from service.api.pilots.schemas import NewPilot
from service.api.uploads import NO_FORM, file_of_form, read_form
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot, make_id
from service.http.app_context import app_context
from service.http.idempotency import once
from service.use_cases.files.read_upload import FileReading
from service.use_cases.match import match_text
from service.use_cases.pilots import add_pilot


@api.post("/api/v1/files")
@api.output(FileReading, description="What was read.", example=examples.FILE_READING)
@api.doc(
    summary="Read a file",
    description=(
        "Returns the text of a PDF, a Word file, Markdown or plain text, and says what was left "
        "out. Stores nothing: look through the text, then match it or store it as a pilot."
    ),
    operation_id="readFile",
    tags=["Files"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=problems.CROSS_SITE,
        e413=problems.FILE_TOO_LARGE,
        e415=NO_FORM,
        e422=problems.INVALID,
        e503=problems.BUSY,
    ),
)
def read_file() -> FileReading:
    """Read a file."""
    return file_of_form(request)


@api.post("/api/v1/files/match")
@api.output(MatchList, description="Matches, best first.", example=MATCH_LIST)
@api.doc(
    summary="Match a file",
    description=(
        "The same answer as a match of the file's text; its first notes say what was read of the "
        "file. Stores nothing."
    ),
    operation_id="matchFile",
    tags=["Files"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=problems.CROSS_SITE,
        e413=problems.FILE_TOO_LARGE,
        e415=NO_FORM,
        e422=problems.INVALID,
        e503=problems.NOT_READY,
    ),
)
def match_file() -> MatchList:
    """Rank the calls against the text of a file."""
    wanted, reading = read_form(request, MatchRequest)
    results = match_text(
        app_context(),
        wanted.text,
        filters=wanted.filters,
        top=wanted.top,
        language=wanted.language,
        profile=wanted.profile,
        group=wanted.group,
        wishes=wanted.wishes(),
        counted=wanted.count,
    )
    return results.model_copy(update={"notes": (*reading.notes, *results.notes)})


@api.post("/api/v1/files/pilot")
@once
@api.output(
    Pilot,
    status_code=201,
    description="The pilot as stored; the header Location says where.",
    example=PILOT,
)
@api.doc(
    summary="Store a pilot from a file",
    description=(
        "The pilot's text is the file's; without a title it is the file's own too. The file is "
        "not kept."
    ),
    operation_id="addPilotFromFile",
    tags=["Files"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=problems.CROSS_SITE,
        e409="There is a pilot with this id already.",
        e413=problems.FILE_TOO_LARGE,
        e415=NO_FORM,
        e422=problems.INVALID,
        e503=problems.BUSY,
    ),
)
def add_pilot_from_file() -> tuple[Pilot, int, dict[str, str]]:
    """Store the text of a file as a pilot."""
    wanted, _ = read_form(request, NewPilot)
    pilot = Pilot(
        id=wanted.id or make_id(wanted.title, wanted.text),
        title=wanted.title,
        text=wanted.text,
        language=wanted.language,
        profile=wanted.profile,
        exclude=wanted.exclude,
        areas=wanted.areas,
        private=wanted.private,
    )
    stored = add_pilot(app_context(), pilot)
    location = {"Location": url_for("api.get_pilot", pilot_id=stored.id)}
    return stored, 201, location | etag_header(stored)
