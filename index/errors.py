"""What can go wrong in the index, in words that say what to do."""


class IndexingError(Exception):
    """Base of the index room's errors; its text is fit to show an operator."""


class ModelError(IndexingError):
    """The embedding model is missing, damaged or not what was asked for."""


class SnapshotError(IndexingError):
    """A snapshot is missing, damaged or was built by another model."""


class BusyError(IndexingError):
    """Another process holds the lock for this work."""
