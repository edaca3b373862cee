"""Personal data: exported and erased for a person, and cleared when it is old."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.context import Context
from service.domain.notifications.address import Address
from service.jobs.lock import hold_lock
from service.jobs.mail.send_mails import MAIL_LOCK
from service.jobs.old_searches import remove_old_searches
from service.store.personal_data import ErasureReport
from service.store.runs import Run

CLOCK_JUMP = timedelta(days=60)
"""Time since the last run after which we doubt the clock; the digest runs this every week."""


@dataclass(frozen=True)
class RetentionReport:
    """What a run of retention cleared: texts of mails, and addresses with all their mails.

    ``doubted``: nothing was cleared, because the clock is far beyond the last run.
    """

    texts: int = 0
    addresses: int = 0
    doubted: bool = False


def export_person(context: Context, address: Address) -> dict[str, Any]:
    """Return everything that the database has of an address, ready for JSON.

    Mails are text as they were sent; bytes that are not UTF-8 are in base64.
    """
    tables = context.persons.export_rows(address)
    return {
        "address": str(address),
        "exported_at": datetime.now(UTC).isoformat(),
        **{name: [_as_json_row(row) for row in rows] for name, rows in tables.items()},
    }


def erase_person(context: Context, address: Address) -> ErasureReport:
    """Delete all that is kept of an address but a salted hash, by which it is never mailed again.

    Raises:
        JobBusyError: mails are being sent: one of them could go to the address all the same.
    """
    with hold_lock(context.settings.data, MAIL_LOCK):
        return context.persons.erase(address, datetime.now(UTC))


def apply_retention(context: Context, now: datetime | None = None) -> RetentionReport:
    """Clear what is older than the settings keep it; return how much.

    A wrong clock must not delete data: the first run after a long pause clears nothing, and the
    next one does if the clock has not gone back.
    """
    now, mail = now or datetime.now(UTC), context.settings.mail
    last = context.runs.last_good("retention", "")
    with context.runs.record("retention") as run:
        context.persons.note_missing_pilots(context.pilots.ids(), now)
        if last is not None and now - _run_instant(last) > CLOCK_JUMP:
            done = RetentionReport(doubted=True)
        else:
            context.idempotency.forget_old(now)
            remove_old_searches(context, now)
            done = RetentionReport(
                texts=context.deliveries.clear(now - timedelta(days=mail.keep_days)),
                addresses=context.persons.delete_ended(
                    now - timedelta(days=mail.keep_addresses_days)
                ),
            )
        run.report = {
            "as_of": now.isoformat(),
            "texts": done.texts,
            "addresses": done.addresses,
            "doubted": done.doubted,
        }
    return done


def _run_instant(run: Run) -> datetime:
    as_of = run.report.get("as_of")
    return datetime.fromisoformat(as_of) if as_of else run.started_at


def _as_json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_json_value(value) for name, value in row.items()}


def _as_json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value
