"""Say whether an index is being built now."""

from __future__ import annotations

from service.context import Context

REINDEX_JOB = "reindex"
_RUNNING = "running"


def is_indexing(context: Context) -> bool:
    """Return whether the newest run of the job that builds the index has not ended."""
    newest = context.runs.newest(REINDEX_JOB)
    return any(run.state == _RUNNING for run in newest.values())
