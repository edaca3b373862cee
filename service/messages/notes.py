"""Notes: what the index, a stored record or an error says, as messages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from index import note as index_note
from index.errors import IndexingError
from scrapers.platforms.sedia import CLOSING_NOTE
from service.errors import ServiceError
from service.messages.message import Message, Value, message, of, verbatim
from service.messages.render import english

_IN_RECORDS = {CLOSING_NOTE: "note.portal_closing"}
"""Remarks of a reader of ours that stand in stored calls, by their words there."""


def from_index(note: index_note.Note) -> Message:
    """Return a note of the index as a message."""
    values: dict[str, Value] = {
        name: from_index(value) if isinstance(value, index_note.Note) else value
        for name, value in note.values
    }
    return of(f"index.{note.code}", values)


def from_record(text: str) -> Message | None:
    """Return what a reader of ours remarked in a stored call; None for a funder's own wording."""
    key = _IN_RECORDS.get(text)
    return message(key) if key else None


def from_error(error: Exception) -> Message:
    """Return what an error says, verbatim where there is an English sentence only."""
    if isinstance(error, ServiceError) and error.message is not None:
        return error.message
    if isinstance(error, IndexingError) and error.note is not None:
        return from_index(error.note)
    return verbatim(str(error))


def _note(given: Any) -> Message:
    if isinstance(given, Message):
        return given
    return verbatim(given) if isinstance(given, str) else from_index(given)


Note = Annotated[
    Message,
    PlainValidator(_note),
    PlainSerializer(english, return_type=str),
    WithJsonSchema({"type": "string"}),
]
"""A message that JSON has as its English sentence; a note of the index becomes one."""
