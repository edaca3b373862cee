"""How a query or a form is read into a model, and what is wrong with it field by field."""

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
