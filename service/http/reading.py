"""Read a query or a form into a model, and say field by field what is wrong with it."""

from __future__ import annotations

from typing import Any, get_origin

from flask import Request
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from scrapers.plurals import count_noun
from service.domain.frozen_model import FrozenModel

MOST_VALUES = 5_000
"""Values of a JSON body, or fields of a form; no request needs a tenth of them."""

_WHOLE = "(all)"
"""Stands for the field where no single one is wrong."""

_MOST_ERRORS = 50
"""Fields that an answer names as wrong."""


class FieldError(FrozenModel):
    """What is wrong with one field."""

    field: str = Field(description="Its path, such as `filters.statuses.0`.")
    message: str


class InvalidRequest(HTTPException):
    """The request was read, but some of its values cannot be used."""

    code = 422
    description = "Some values cannot be used: correct the fields named in errors."

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__()
        self.errors = errors


def gather(
    model: type[BaseModel], sent: MultiDict[str, str], *, keep_blank: bool = False
) -> dict[str, Any]:
    """Return the values of ``sent`` by name: a tuple where ``model`` takes several.

    Of a form a blank field is one that was left out; with ``keep_blank`` it is a value like others.
    """
    values: dict[str, Any] = {}
    for name, texts in sent.lists():
        filled = [value for value in texts if keep_blank or value.strip()]
        if not filled:
            continue
        field = model.model_fields.get(name)
        takes_several = field is not None and get_origin(field.annotation) is tuple
        values[name] = tuple(filled) if takes_several or len(filled) > 1 else filled[0]
    return values


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Return what is wrong, field by field, without the value that was sent."""
    entries = error.errors(include_url=False, include_input=False, include_context=False)
    named = tuple(
        FieldError(
            field=".".join(str(step)[:100] for step in entry["loc"]) or _WHOLE,
            message=entry["msg"].removeprefix("Value error, "),
        )
        for entry in entries[:_MOST_ERRORS]
    )
    rest = len(entries) - len(named)
    if not rest:
        return named
    return (*named, FieldError(field=_WHOLE, message=f"{count_noun(rest, 'more error')}"))


def check_json_size(body: bytes) -> None:
    """Check that a JSON body has no more values than a request needs; what is no JSON passes.

    Raises:
        InvalidRequest: it has more than `MOST_VALUES`.
    """
    try:
        waiting = [from_json(body)]
    except ValueError:
        return
    count = 0
    while waiting:
        one = waiting.pop()
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        count += len(inner)
        _check_count(count)
        waiting.extend(inner)


def check_form_size(request: Request) -> None:
    """Check, before it is parsed, that a form has no more fields than a request needs.

    Raises:
        InvalidRequest: it has more than `MOST_VALUES`.
    """
    if request.mimetype == "application/x-www-form-urlencoded":
        _check_count(request.get_data().count(b"&"))


def _check_count(count: int) -> None:
    if count > MOST_VALUES:
        sentence = f"more than {MOST_VALUES:,} values: send only what the documentation names"
        raise InvalidRequest((FieldError(field=_WHOLE, message=sentence),))
