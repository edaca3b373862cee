"""Errors for the log: where they happened and of which kind, never what a person wrote.

The text of an error that is not ours may repeat what it was given: pydantic quotes the value, a
codec the text, a mapping the key. So of those only the kind is told, and no local variable of any.
"""

from __future__ import annotations

import sqlite3
import sys
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
"""What `sys.exc_info` returns inside an `except`."""

_OURS = ("index.errors", "scrapers.errors", "service.errors")
"""Modules whose errors have words of ours, which name ids and files."""

_LEFT_OUT = "(its text is left out: it may repeat what somebody wrote)"
_MOST_CAUSES = 5
_LONGEST = 300


def format_error(exc_info: ExcInfo) -> str:
    """Return the frames of an error and of what caused it, and of each the kind."""
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    trace = exc_info[2]
    while error is not None and len(parts) < _MOST_CAUSES:
        frames = "".join(traceback.format_tb(trace))
        parts.append(f"Traceback (most recent call last):\n{frames}{describe_safely(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        trace = error.__traceback__ if error is not None else None
    return "\n\nThis came after:\n\n".join(parts)


def describe_safely(error: BaseException) -> str:
    """Return the kind of an error, and its text where that cannot repeat what a person wrote."""
    kind = type(error).__name__
    said = _own_words(error)
    return f"{kind}: {said}" if said else f"{kind} {_LEFT_OUT}"


def print_unexpected(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an error that ends a command: what `sys.excepthook` is called with."""
    if issubclass(kind, KeyboardInterrupt):
        return
    print(format_error((kind, error, trace)), file=sys.stderr)  # noqa: T201  where Python prints it


def _own_words(error: BaseException) -> str:
    """Return what an error says if the words are ours, the system's or the database's."""
    if type(error).__module__ in _OURS:
        said = str(error)
    elif isinstance(error, OSError):
        said = error.strerror or ""
    else:
        inner = error if isinstance(error, sqlite3.Error) else getattr(error, "orig", None)
        said = str(inner) if isinstance(inner, sqlite3.Error) else ""
    return " ".join(said.split())[:_LONGEST]
