"""What can go wrong in the index, in words that say what to do."""

from __future__ import annotations

from index.note import Note


class IndexingError(Exception):
    """Base of the index's errors; its text can be shown to an operator.

    ``note``, where there is one, is the same as a code that can be rendered in any language.
    """

    def __init__(self, text: str, note: Note | None = None) -> None:
        super().__init__(text)
        self.note = note


class ModelError(IndexingError):
    """The embedding model is missing, damaged or not what was asked for."""


class SnapshotError(IndexingError):
    """A snapshot is missing, damaged or was built by another model."""


class CacheError(IndexingError):
    """Vectors cannot be kept: the disk is full, or the file cannot be written."""


class IndexBusyError(IndexingError):
    """Another process holds the lock for this work."""
