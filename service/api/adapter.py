"""How APIFlask reads requests into our pydantic models: strictly, with every value of a query."""

from __future__ import annotations

from typing import Any, get_origin

from apiflask.schema_adapters.pydantic import PydanticAdapter
from apiflask.schema_adapters.registry import registry
from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from service.api.schemas import FieldError

_BOM = b"\xef\xbb\xbf"


class InvalidRequest(HTTPException):
    """The request was read, but some of its values cannot be used."""

    code = 422
    description = "Some values cannot be used: correct the fields named in errors."

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__()
        self.errors = errors


class StrictAdapter(PydanticAdapter):
    """Reads JSON bodies only when they say they are JSON, and queries with repeated names.

    A browser sends a form to another site without asking, but never JSON: the check of the
    content type is what keeps strangers' pages from storing pilots.
    """

    def validate_input(self, request: Request, location: str, **_kwargs: Any) -> BaseModel:
        """Return the model read from ``request``; raise an HTTP error naming what is wrong."""
        if location == "json":
            return self._body(request)
        return self._check(self.model_class.model_validate, read_query(self.model_class, request))

    def _body(self, request: Request) -> BaseModel:
        if not request.is_json:
            raise UnsupportedMediaType("Send JSON and say so: Content-Type: application/json.")
        body = request.get_data(cache=False).removeprefix(_BOM)
        if not body.strip():
            raise BadRequest("The body is empty: send a JSON object.")
        return self._check(self.model_class.model_validate_json, body)

    @staticmethod
    def _check(validate: Any, data: Any) -> BaseModel:
        try:
            model: BaseModel = validate(data)
        except ValidationError as error:
            raise _problem(error) from error
        return model


def read_query(model: type[BaseModel], request: Request) -> dict[str, Any]:
    """Return the query of ``request`` as ``model`` wants it; blank values count as absent."""
    return gather(model, request.args)


def gather(model: type[BaseModel], given: MultiDict[str, str]) -> dict[str, Any]:
    """Turn repeated names into tuples where ``model`` takes several values."""
    values: dict[str, Any] = {}
    for name, several in given.lists():
        filled = [value for value in several if value.strip()]
        if not filled:
            continue
        field = model.model_fields.get(name)
        takes_several = field is not None and get_origin(field.annotation) is tuple
        values[name] = tuple(filled) if takes_several or len(filled) > 1 else filled[0]
    return values


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Say what is wrong, field by field, without repeating the value that was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return tuple(
        FieldError(
            field=".".join(str(step) for step in entry["loc"]) or "(all)",
            message=entry["msg"].removeprefix("Value error, "),
        )
        for entry in found
    )


def _problem(error: ValidationError) -> HTTPException:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON in UTF-8: {first['msg']}.")
    return InvalidRequest(field_errors(error))


registry.register("pydantic", StrictAdapter)
