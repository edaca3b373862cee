"""Notes of the index, remarks in stored calls, and errors, as messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from index import note as index_note
from index.errors import IndexingError
from scrapers.remarks import RemarkValue, WrittenRemark, read_text
from service.errors import ServiceError
from service.messages.message import (
    ListStyle,
    Message,
    Value,
    join_values,
    message,
    quote,
    verbatim,
)
from service.messages.render import english


@dataclass(frozen=True)
class RecordPart:
    """A part of a stored text: a remark of ours, or words of the funder's, as they stand."""

    message: Message
    is_ours: bool


def from_index(note: index_note.Note) -> Message:
    """Return a note of the index as a message."""
    values: dict[str, Value] = {
        name: from_index(value) if isinstance(value, index_note.Note) else value
        for name, value in note.values
    }
    return message(f"index.{note.code}", **values)


def from_record(text: str) -> tuple[RecordPart, ...]:
    """Return the parts of a stored text in their order; none of an empty one."""
    return tuple(
        RecordPart(_remark(part), is_ours=True)
        if isinstance(part, WrittenRemark)
        else RecordPart(verbatim(part), is_ours=False)
        for part in read_text(text)
    )


def has_remark(text: str) -> bool:
    """Whether a remark of ours stands in a stored text."""
    return any(part.is_ours for part in from_record(text))


def record_sentences(text: str) -> Message:
    """Return a stored text as one message, in which only the funder's words are quoted."""
    parts = [one.message if one.is_ours else quote(one.message) for one in from_record(text)]
    whole = parts[0] if parts else verbatim("")
    for part in parts[1:]:
        whole = message("remark.then", before=whole, after=part)
    return whole


def _remark(written: WrittenRemark) -> Message:
    values = {name: _remark_value(value, more=written.more) for name, value in written.values}
    return message(f"remark.{written.remark.name.lower()}", **values)


def _remark_value(value: RemarkValue, *, more: bool) -> Value:
    if not isinstance(value, tuple):
        return value
    return join_values([*value, *([message("remark.more")] if more else [])], ListStyle.COMMAS)


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
