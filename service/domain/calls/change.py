"""Change: one thing that became different about a call, and the sentence that says so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from service.domain.frozen_model import FrozenModel
from service.messages.message import Message, Shortened, Value, message
from service.messages.render import english
from service.messages.sentence import Sentence

_MAX_QUOTE_LENGTH = 160


class ChangeKind(StrEnum):
    """What happened to a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RAISED = "raised"
    LOWERED = "lowered"
    REOPENED = "reopened"
    CLOSED = "closed"


class Change(FrozenModel):
    """One difference between two versions of a call."""

    field: str = Field(
        description="A field of the call, with the language or part after a dot, or `status`."
    )
    kind: ChangeKind
    before: str | None = Field(
        description="As it was: instants in ISO 8601, amounts with currency; null for nothing."
    )
    after: str | None = Field(description="As it is since, in the same form.")
    sections: tuple[str, ...] = Field(
        default=(), description="Of a text: the sections that differ. Texts are not repeated."
    )
    sentence: Sentence


class CallVersion(FrozenModel):
    """What a call was from an instant on."""

    number: int = Field(description="Counted from 1, the call as it was first stored.")
    seen_at: datetime = Field(description="When this version was first seen.")
    changes: tuple[Change, ...] = Field(description="What differs from the version before.")


def change_of(field: str, name: Message, before: Message | None, after: Message | None) -> Change:
    """Return the change of a value to another, or from or to nothing at all."""
    if before is None and after is not None:
        return describe_addition(field, name, after)
    if after is None and before is not None:
        return describe_removal(field, name, before)
    return describe_transition(field, ChangeKind.CHANGED, name, (before, after))


def describe_addition(field: str, name: Message, after: Message) -> Change:
    """Return the change from nothing to ``after``."""
    return Change(
        field=field,
        kind=ChangeKind.ADDED,
        before=None,
        after=english(after),
        sentence=Sentence.of(message("change.stated", name=name, after=shorten(after))),
    )


def describe_removal(field: str, name: Message, before: Message) -> Change:
    """Return the change from ``before`` to nothing."""
    return Change(
        field=field,
        kind=ChangeKind.REMOVED,
        before=english(before),
        after=None,
        sentence=Sentence.of(message("change.withdrawn", name=name, before=shorten(before))),
    )


def describe_transition(
    field: str,
    kind: ChangeKind,
    name: Message,
    values: tuple[Message | None, Message | None],
    how: str = "",
    **more: Value,
) -> Change:
    """Return the change of one value into another.

    It is said with the verb of ``kind``, and what is to be added when ``how`` names a text of it.
    """
    before, after = (shorten(value) if value else "" for value in values)
    key = f"change.{kind}{how}"
    return Change(
        field=field,
        kind=kind,
        before=english(values[0]) or None if values[0] else None,
        after=english(values[1]) or None if values[1] else None,
        sentence=Sentence.of(message(key, name=name, before=before, after=after, **more)),
    )


def change_with_sentence(field: str, before: str, after: str, sentence: Message) -> Change:
    """Return a change that has a sentence of its own; an empty text is nothing."""
    return Change(
        field=field,
        kind=ChangeKind.CHANGED,
        before=before or None,
        after=after or None,
        sentence=Sentence.of(sentence),
    )


def shorten(value: Value) -> Shortened:
    """Return ``value`` on one line within a sentence, cut where it is long."""
    return Shortened(value, _MAX_QUOTE_LENGTH)
