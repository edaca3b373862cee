"""Note: something to know about a search, as a code with values that any language can render."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """A code and its ``values``: texts, numbers and other notes by name."""

    code: str
    values: tuple[tuple[str, str | int | Note], ...] = ()


def note(code: str, /, **values: str | int | Note) -> Note:
    """Return the note ``code`` with ``values``."""
    return Note(code, tuple(values.items()))
