"""How APIFlask reads requests into our pydantic models: strictly, with every value of a query."""

from __future__ import annotations

from typing import Any

from apiflask.schema_adapters.pydantic import PydanticAdapter
from apiflask.schema_adapters.registry import registry
from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from service.http.reading import InvalidRequest, check_json_size, field_errors, gather

_BOM = b"\xef\xbb\xbf"


class StrictAdapter(PydanticAdapter):
    """Reads JSON bodies only when they say they are JSON, and queries with repeated names.

    A browser sends a form to another site without asking, but never JSON: the check of the
    content type is what keeps strangers' pages from storing pilots.
    """

    def validate_input(self, request: Request, location: str, **_kwargs: Any) -> BaseModel:
        """Return the model read from ``request``; raise an HTTP error that names what is wrong."""
        if location == "json":
            return self._body(request)
        return self._check(self.model_class.model_validate, gather(self.model_class, request.args))

    def _body(self, request: Request) -> BaseModel:
        if not request.is_json:
            raise UnsupportedMediaType("Send JSON and say so: Content-Type: application/json.")
        body = request.get_data(cache=False).removeprefix(_BOM)
        if not body.strip():
            raise BadRequest("The body is empty: send a JSON object.")
        check_json_size(body)
        return self._check(self.model_class.model_validate_json, body)

    @staticmethod
    def _check(validate: Any, data: Any) -> BaseModel:
        try:
            model: BaseModel = validate(data)
        except ValidationError as error:
            raise _problem(error) from error
        return model


def _problem(error: ValidationError) -> HTTPException:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON in UTF-8: {first['msg']}.")
    return InvalidRequest(field_errors(error))


registry.register("pydantic", StrictAdapter)
