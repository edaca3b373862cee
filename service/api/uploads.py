"""Forms with a file in place of a text: read into the models of JSON bodies, and documented."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from service.http.reading import FieldError, InvalidRequest, check_json_size, field_errors
from service.http.uploads import FILE_FIELD, MULTIPART, read_sent_file, sent_file
from service.use_cases.files.read_upload import FileReading

Model = TypeVar("Model", bound=BaseModel)

REQUEST_FIELD: Final = "request"
"""The name of the part with the JSON that would be the body, but for the text."""


NO_FORM: Final = "Send a form with a file: Content-Type: multipart/form-data."


def read_form(sent: Request, model: type[Model]) -> tuple[Model, FileReading]:
    """Return the ``model`` that a form has, with the text of its file, and what was read of that.

    A title that is not given is the file's.

    Raises:
        InputError: the file cannot be read.
        InvalidRequest: a part is missing or unknown.
        BadRequest: the part with JSON has none.
    """
    file = _checked_file(sent, (FILE_FIELD, REQUEST_FIELD))
    values = _json_part(sent)
    if "text" in values:
        raise _wrong(f"{REQUEST_FIELD}.text", f"the text is in {FILE_FIELD}: leave it out here")
    reading = read_sent_file(file)
    if "title" in model.model_fields:
        values.setdefault("title", reading.title)
    try:
        read = model.model_validate_json(to_json(values | {"text": reading.text}))
    except ValidationError as error:
        raise InvalidRequest(field_errors(error)) from error
    return read, reading


def file_of_form(sent: Request) -> FileReading:
    """Return what is read of the file of a form that has nothing else.

    Raises:
        InputError: the file cannot be read.
        InvalidRequest: there is no file, or something else.
    """
    return read_sent_file(_checked_file(sent, (FILE_FIELD,)))


def _checked_file(sent: Request, parts: tuple[str, ...]) -> FileStorage:
    """Return the file of a form that has no other ``parts``."""
    if sent.mimetype != MULTIPART:
        raise UnsupportedMediaType(NO_FORM)
    file = sent_file(sent)
    if file is None:
        raise _wrong(FILE_FIELD, "Field required: a file, as PDF, Word (.docx), Markdown or text")
    # a part may come without a name, which is None here whatever the types say
    for name in sorted({name or "" for name in (*sent.form, *sent.files)} - {*parts}):
        raise _wrong(name[:100], f"no such part: send {' and '.join(parts)}")
    return file


def _json_part(sent: Request) -> dict[str, Any]:
    """Return the object in the part with JSON; some clients send it as a file without a name."""
    part = sent.files.get(REQUEST_FIELD)
    body = part.stream.read() if part else sent.form.get(REQUEST_FIELD, "").encode()
    if not body.strip():
        return {}
    check_json_size(body)
    try:
        values = from_json(body)
    except ValueError as error:
        raise BadRequest(f"The part {REQUEST_FIELD} is not JSON: {error}.") from error
    if not isinstance(values, dict):
        raise _wrong(REQUEST_FIELD, "Input should be an object")
    return values


def _wrong(field: str, sentence: str) -> InvalidRequest:
    return InvalidRequest((FieldError(field=field, message=sentence),))


def document_uploads(spec: dict[str, Any]) -> None:
    """Add to ``spec`` the forms that the routes of files take."""
    for path, schema in _FORMS.items():
        spec["paths"][path]["post"]["requestBody"] = {"content": {MULTIPART: _form(schema)}}


_FORMS: Final = {
    "/api/v1/files": "",
    "/api/v1/files/match": "MatchRequest",
    "/api/v1/files/pilot": "NewPilot",
}
"""The routes that take a file, and the model whose JSON goes into the part beside it."""


def _form(schema: str) -> dict[str, Any]:
    file = {
        "type": "string",
        "format": "binary",
        "contentMediaType": "application/octet-stream",
        "description": (
            "PDF, Word (.docx), Markdown or plain text, at most 10 MB; what it is is told by its "
            "content."
        ),
    }
    properties: dict[str, Any] = {FILE_FIELD: file}
    if schema:
        properties[REQUEST_FIELD] = {
            "type": "object",
            "description": f"As JSON, what a {schema} has beside the text; the text is the file's.",
        }
    form = {
        "type": "object",
        "properties": properties,
        "required": [FILE_FIELD],
        "additionalProperties": False,
    }
    media: dict[str, Any] = {"schema": form}
    if schema:
        media["encoding"] = {REQUEST_FIELD: {"contentType": "application/json"}}
    return media
