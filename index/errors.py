"""What can go wrong in the index, in words that say what to do."""

from __future__ import annotations

from index.note import Note


class IndexingError(Exception):
    """Base of the index room's errors; its text is fit to show an operator.

    ``note`` says the same in a form that can be said in a reader's language, where there is one.
    """

    def __init__(self, text: str, note: Note | None = None) -> None:
        super().__init__(text)
        self.note = note


class ModelError(IndexingError):
    """The embedding model is missing, damaged or not what was asked for."""


class SnapshotError(IndexingError):
    """A snapshot is missing, damaged or was built by another model."""


class IndexBusyError(IndexingError):
    """Another process holds the lock for this work."""
