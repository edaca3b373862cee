"""Read a query or a form into a model, and say field by field what is wrong with it."""

from __future__ import annotations

from typing import Any, get_origin

from pydantic import BaseModel, Field, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from service.domain.frozen_model import FrozenModel


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


def gather(model: type[BaseModel], sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return the values of ``sent`` by name: a tuple where ``model`` takes several."""
    values: dict[str, Any] = {}
    for name, texts in sent.lists():
        filled = [value for value in texts if value.strip()]
        if not filled:
            continue
        field = model.model_fields.get(name)
        takes_several = field is not None and get_origin(field.annotation) is tuple
        values[name] = tuple(filled) if takes_several or len(filled) > 1 else filled[0]
    return values


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Return what is wrong, field by field, without the value that was sent."""
    entries = error.errors(include_url=False, include_input=False, include_context=False)
    return tuple(
        FieldError(
            field=".".join(str(step) for step in entry["loc"]) or "(all)",
            message=entry["msg"].removeprefix("Value error, "),
        )
        for entry in entries
    )
