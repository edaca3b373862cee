"""Notes of the index, remarks in stored calls, and errors, as messages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from index import note as index_note
from index.errors import IndexingError
from scrapers.call import (
    EARLIER_STEP_NOTE,
    HOUR_ELSEWHERE_NOTE,
    LATER_CUT_OFFS_NOTE,
    PORTAL_CLOSING_NOTE,
)
from service.errors import ServiceError
from service.messages.message import Message, Value, message, verbatim
from service.messages.render import english

_IN_RECORDS = {
    PORTAL_CLOSING_NOTE: "note.portal_closing",
    HOUR_ELSEWHERE_NOTE: "note.hour_elsewhere",
    LATER_CUT_OFFS_NOTE: "note.later_cut_offs",
}
"""Remarks that our readers of funders left in stored calls: the key of each, by its words."""

_TEXT_SAYS = "The text says: "
"""Begins the remark that a deadline was read in a call's text and stands in no field."""

_QUOTED = {_TEXT_SAYS: "note.text_says", EARLIER_STEP_NOTE: "note.earlier_step"}
"""What begins a remark that ends with the call's own words: its key."""


def from_index(note: index_note.Note) -> Message:
    """Return a note of the index as a message."""
    values: dict[str, Value] = {
        name: from_index(value) if isinstance(value, index_note.Note) else value
        for name, value in note.values
    }
    return message(f"index.{note.code}", **values)


def text_says(quote: str) -> str:
    """Return the remark of a stored call that only its text states a deadline, in ``quote``."""
    return f"{_TEXT_SAYS}{quote}"


def from_record(text: str) -> Message | None:
    """Return the message of a remark in a stored call; None for a funder's own wording."""
    for begins, key in _QUOTED.items():
        if text.startswith(begins):
            return message(key, quote=verbatim(text.removeprefix(begins)))
    remark = _IN_RECORDS.get(text)
    return message(remark) if remark else None


def from_error(error: Exception) -> Message:
    """Return the message of an error, verbatim where it has only an English sentence."""
    if isinstance(error, ServiceError) and error.message is not None:
        return error.message
    if isinstance(error, IndexingError) and error.note is not None:
        return from_index(error.note)
    return verbatim(str(error))


def _to_message(note: Any) -> Message:
    if isinstance(note, Message):
        return note
    return verbatim(note) if isinstance(note, str) else from_index(note)


Note = Annotated[
    Message,
    PlainValidator(_to_message),
    PlainSerializer(english, return_type=str),
    WithJsonSchema({"type": "string"}),
]
"""A message that JSON has as its English sentence; made of a note of the index, too."""
