"""How APIFlask reads requests into our pydantic models: strictly, with every value of a query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, get_args

from apiflask.schema_adapters.pydantic import PydanticAdapter
from apiflask.schema_adapters.registry import registry
from flask import Request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from service.domain.pilots.plain_decimal import IN_DIGITS
from service.http.reading import FieldError, InvalidRequest, check_json_size, field_errors, gather

_BOM = b"\xef\xbb\xbf"


class StrictAdapter(PydanticAdapter):
    """Reads JSON bodies only when they say they are JSON, and queries with repeated names.

    Values are of the types that the documentation names, and none is made of another: 0 is no
    false, a number no date, and a blank no absent value.

    A browser sends a form to another site without asking, but never JSON: the check of the
    content type is what keeps strangers' pages from storing pilots.
    """

    def validate_input(self, request: Request, location: str, **_kwargs: Any) -> BaseModel:
        """Return the model read from ``request``; raise an HTTP error that names what is wrong."""
        if location == "json":
            return self._body(request)
        sent = gather(self.model_class, request.args, keep_blank=True)
        _check_forms(self.model_class, sent)
        return self._check(partial(self.model_class.model_validate, context=IN_DIGITS), sent)

    def _body(self, request: Request) -> BaseModel:
        if not request.is_json:
            raise UnsupportedMediaType("Send JSON and say so: Content-Type: application/json.")
        body = request.get_data(cache=False).removeprefix(_BOM)
        if not body.strip():
            raise BadRequest("The body is empty: send a JSON object.")
        check_json_size(body)
        read = partial(self.model_class.model_validate_json, strict=True, context=IN_DIGITS)
        return self._check(read, body)

    @staticmethod
    def _check(validate: Any, data: Any) -> BaseModel:
        try:
            model: BaseModel = validate(data)
        except ValidationError as error:
            raise _problem(error) from error
        return model


_FORMS: dict[type, tuple[re.Pattern[str], str]] = {
    bool: (re.compile(r"true|false"), "give true or false"),
    date: (re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), "give a day such as 2026-03-02"),
}
"""How values of a query are written that are otherwise made of many things, such as 0."""


def _check_forms(model: type[BaseModel], sent: Mapping[str, Any]) -> None:
    """Check the values of a query whose types are in `_FORMS`."""
    wrong: list[FieldError] = []
    for name, value in sent.items():
        annotation = model.model_fields[name].annotation if name in model.model_fields else None
        for kind in {annotation, *get_args(annotation)} & _FORMS.keys():
            form, advice = _FORMS[kind]
            if isinstance(value, str) and not form.fullmatch(value):
                wrong.append(FieldError(field=name, message=advice))
    if wrong:
        raise InvalidRequest(tuple(wrong))


def _problem(error: ValidationError) -> HTTPException:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not JSON in UTF-8: {first['msg']}.")
    return InvalidRequest(field_errors(error))


registry.register("pydantic", StrictAdapter)
