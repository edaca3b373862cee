"""Who may come in is not restored away: what was revoked, removed or stopped since stays so.

A backup has the keys, people, links to feeds and webhooks of its day. What the present store says
of one of them counts; one that the same store has no more was removed since. Everybody signs in
anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from service.store.restoring.copies import open_beside

REMOVED_REASON = "Removed after the backup was made."

_ENDINGS = {
    "users": "disabled_at = coalesce(disabled_at, :now)",
    "api_keys": "revoked_at = coalesce(revoked_at, :now)",
    "feed_links": "revoked_at = coalesce(revoked_at, :now)",
    "webhooks": "stopped_at = coalesce(stopped_at, :now), reason = :reason",
}
"""How what was removed from each table is ended."""

_WHOLE_SITE = "p.pilot_id IS NULL OR p.pilot_id IN (SELECT id FROM main.pilots)"


def merge_access(restored: Path, present: Path) -> None:
    """Carry who may come in from ``present`` into ``restored``; both have today's tables.

    Raises:
        sqlite3.Error: one of them cannot be read.
    """
    now = f"{datetime.now(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    with open_beside(restored, present) as opened:
        if _is_same_store(opened):
            for table, change in _ENDINGS.items():
                _end_removed(opened, table, change, now)
            _merge_searches(opened)
        opened.execute(
            "UPDATE main.pilots SET record = json_set(record, '$.private', json('true')) WHERE id "
            "IN (SELECT id FROM present.pilots WHERE json_extract(record, '$.private'))"
        )
        _take_over(opened, "api_keys", "1")
        _take_over(opened, "users", "1")
        _take_over(opened, "feed_links", _WHOLE_SITE)
        _merge_webhooks(opened)


def _merge_searches(opened: sqlite3.Connection) -> None:
    """Keep what is private so, and bring no text back that was to be kept for a while only.

    Of searches the present store says who sees them. An unsaved one that it has no more was
    deleted since, or its time was over; so was everything of a person who was removed.
    """
    opened.execute(
        "UPDATE main.searches SET private = 1 WHERE id IN "
        "(SELECT id FROM present.searches WHERE private)"
    )
    opened.execute(
        "DELETE FROM main.searches WHERE id NOT IN (SELECT id FROM present.searches) AND "
        "(saved_at IS NULL OR (owner LIKE 'person:%' AND substr(owner, 8) NOT IN "
        "(SELECT id FROM present.users)))"
    )


def forget_sessions(restored: Path) -> None:
    """Let everybody sign in anew, and keep no answer of before: a backup has those of its day."""
    with closing(sqlite3.connect(restored)) as opened, opened:
        opened.execute("DELETE FROM web_sessions")
        opened.execute("DELETE FROM idempotent_answers")


def _is_same_store(opened: sqlite3.Connection) -> bool:
    """Whether both are states of one store: a row of theirs, or a pilot's first instant, is one."""
    same = "SELECT 1 FROM main.{0} m JOIN present.{0} p ON p.id = m.id{1} LIMIT 1"
    asked = [same.format(table, "") for table in (*_ENDINGS, "recipients")]
    asked.append(same.format("pilots", " AND p.created_at = m.created_at"))
    return any(opened.execute(one).fetchone() is not None for one in asked)


def _end_removed(opened: sqlite3.Connection, table: str, change: str, now: str) -> None:
    """End what only the backup has: it was removed since."""
    opened.execute(
        f"UPDATE main.{table} SET {change} WHERE id NOT IN (SELECT id FROM present.{table})",  # noqa: S608  names of ours
        {"now": now, "reason": REMOVED_REASON},
    )


def _take_over(opened: sqlite3.Connection, table: str, which: str) -> None:
    """Take the present rows in place of those of the same id, name or token, and those since."""
    columns = _columns(opened, table)
    opened.execute(
        f"INSERT OR REPLACE INTO main.{table} ({', '.join(columns)}) "  # noqa: S608  names of ours
        f"SELECT {', '.join(f'p.{name}' for name in columns)} FROM present.{table} p WHERE {which}"
    )


def _merge_webhooks(opened: sqlite3.Connection) -> None:
    """Take what the present store knows of webhooks; a replaced one would lose what it was told."""
    values = [name for name in _columns(opened, "webhooks") if name not in {"id", "pilot_id"}]
    opened.execute(
        f"UPDATE main.webhooks AS w SET {', '.join(f'{name} = p.{name}' for name in values)} "  # noqa: S608  names of ours
        "FROM present.webhooks AS p WHERE p.id = w.id"
    )
    _add(opened, "webhooks", "p.pilot_id IN (SELECT id FROM main.pilots)")
    known = "p.webhook_id IN (SELECT id FROM main.webhooks)"
    _add(opened, "webhook_events", known)
    opened.execute(
        "DELETE FROM main.webhook_messages WHERE id IN (SELECT id FROM present.webhook_messages)"
    )
    _add(opened, "webhook_messages", known)
    told = "p.message_id IN (SELECT id FROM main.webhook_messages)"
    _add(opened, "webhook_attempts", told, but="key")


def _add(opened: sqlite3.Connection, table: str, which: str, but: str = "") -> None:
    columns = [name for name in _columns(opened, table) if name != but]
    opened.execute(
        f"INSERT OR IGNORE INTO main.{table} ({', '.join(columns)}) "  # noqa: S608  names of ours
        f"SELECT {', '.join(f'p.{name}' for name in columns)} FROM present.{table} p WHERE {which}"
    )


def _columns(opened: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in opened.execute(f"PRAGMA main.table_info({table})")]
