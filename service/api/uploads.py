"""Forms with a file in place of a JSON body: read into the same models, and documented."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from flask import Request
from pydantic import BaseModel
from pydantic_core import from_json
from werkzeug.exceptions import BadRequest

from service.errors import ForbiddenError
from service.http.cross_site import CROSS_SITE_MESSAGE, is_cross_site
from service.http.reading import FieldError, InvalidRequest, check_json_size
from service.http.uploads import FILE_FIELD, read_sent_file, sent_file
from service.use_cases.files import FileReading

REQUEST_FIELD: Final = "request"
"""The name of the part with the JSON that would be the body, but for the text."""


class FromFile:
    """Mixed into a request whose ``text`` may come as a file; its ``title`` too, if it has one."""

    from_file: ClassVar[bool] = True


def takes_file(model: type[BaseModel]) -> bool:
    """Return whether the text of ``model`` may come as a file."""
    return issubclass(model, FromFile)


def values_of_form(sent: Request, model: type[BaseModel]) -> dict[str, Any]:
    """Return the values of ``model`` that a form with a file has.

    Raises:
        ForbiddenError: a page of another site sent the form.
        InputError: the file cannot be read.
        InvalidRequest: a part is missing or unknown.
        BadRequest: the part with JSON has none.
    """
    if is_cross_site(sent):
        raise ForbiddenError(CROSS_SITE_MESSAGE)
    file = sent_file(sent)
    if file is None:
        raise _wrong(FILE_FIELD, "Field required: a file, as PDF, Word (.docx), Markdown or text")
    for name in {*sent.form, *sent.files} - {FILE_FIELD, REQUEST_FIELD}:
        raise _wrong(name[:100], f"no such part: send {FILE_FIELD} and {REQUEST_FIELD}")
    values = _json_part(sent)
    if "text" in values:
        raise _wrong(f"{REQUEST_FIELD}.text", f"the text is in {FILE_FIELD}: leave it out here")
    reading = read_sent_file(file)
    if "title" in model.model_fields:
        values.setdefault("title", reading.title)
    return values | {"text": reading.text}


def file_of_form(sent: Request) -> FileReading:
    """Return what is read of the file of a form that has nothing else.

    Raises:
        ForbiddenError: a page of another site sent the form.
        InputError: the file cannot be read.
        InvalidRequest: there is no file, or something else.
    """
    if is_cross_site(sent):
        raise ForbiddenError(CROSS_SITE_MESSAGE)
    file = sent_file(sent)
    if file is None:
        raise _wrong(FILE_FIELD, "Field required: a file, as PDF, Word (.docx), Markdown or text")
    for name in {*sent.form, *sent.files} - {FILE_FIELD}:
        raise _wrong(name[:100], f"no such part: send {FILE_FIELD} alone")
    return read_sent_file(file)


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
    """Add to ``spec`` the forms with which requests may come as well."""
    for path, schema in _FORMS.items():
        operation = spec["paths"].get(path, {}).get("post")
        if operation is not None:
            body = operation.setdefault("requestBody", {"content": {}})
            body["content"]["multipart/form-data"] = _form(schema)


_FORMS: Final = {
    "/api/v1/match": "MatchRequest",
    "/api/v1/pilots": "NewPilot",
    "/api/v1/files": "",
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
