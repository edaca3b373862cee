"""The route that reads a file."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.api import problems
from service.api.blueprint import api
from service.api.files import examples
from service.api.uploads import file_of_form
from service.http.uploads import MULTIPART
from service.use_cases.files import FileReading

NO_FORM = "Send a form with a file: Content-Type: multipart/form-data."


@api.post("/api/v1/files")
@api.output(FileReading, description="What was read.", example=examples.FILE_READING)
@api.doc(
    summary="Read a file",
    description=(
        "Returns the text of a PDF, a Word file, Markdown or plain text, and says what was left "
        "out. Stores nothing: look through the text, then match it or store it as a pilot."
    ),
    operation_id="readFile",
    tags=["Matches"],
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
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType(NO_FORM)
    return file_of_form(request)
