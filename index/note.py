"""Note: what somebody should know of a search, as a code with values that any language can say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """What is to be said; ``values`` are texts, numbers and other notes by their names."""

    code: str
    values: tuple[tuple[str, str | int | Note], ...] = ()


def note(code: str, /, **values: str | int | Note) -> Note:
    """Return the note ``code`` with ``values``."""
    return Note(code, tuple(values.items()))
