"""Removes the unsaved searches whose time is over, with their texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.context import Context


def remove_old_searches(context: Context, now: datetime | None = None) -> int:
    """Delete the unsaved searches that are older than the settings keep them; return how many."""
    kept = timedelta(days=context.settings.keep_searches_days)
    gone = context.searches.remove_unsaved((now or datetime.now(UTC)) - kept)
    if gone:
        context.persons.scrub()
    return gone
