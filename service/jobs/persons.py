"""A person's rights over what is kept of them, and how long anything is kept at all."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.context import Context
from service.domain.address import Address
from service.jobs.lock import held
from service.jobs.mailing import LOCK
from service.store.persons import Erased
from service.store.runs import Run

JUMP = timedelta(days=60)
"""Time since the last run that makes us doubt the clock; the digest asks every week."""


@dataclass(frozen=True)
class Kept:
    """What a run of retention cleared: texts of mails, and addresses with all their mails.

    ``doubted``: nothing, for the clock stands far beyond the last run.
    """

    texts: int = 0
    addresses: int = 0
    doubted: bool = False


def export(context: Context, address: Address) -> dict[str, Any]:
    """Return everything that the database has of an address, ready for JSON.

    Mails are given as they were sent, as text; what is no text in UTF-8 is in base64.
    """
    found = context.persons.export_rows(address)
    return {
        "address": str(address),
        "exported_at": datetime.now(UTC).isoformat(),
        **{name: [_plain(row) for row in rows] for name, rows in found.items()},
    }


def erase(context: Context, address: Address) -> Erased:
    """Delete all that is kept of an address but a salted hash, by which it is never mailed again.

    Raises:
        BusyError: mails are being sent just now: a mail under way would be sent all the same.
    """
    with held(context.settings.data, LOCK):
        return context.persons.erase(address, datetime.now(UTC))


def retain(context: Context, now: datetime | None = None) -> Kept:
    """Clear what the settings say is kept no longer; return how much.

    A clock that has jumped must not cost anybody what they said: the first run after a long time
    clears nothing, and the one after it, if the clock still stands there, does.
    """
    now, mail = now or datetime.now(UTC), context.settings.mail
    last = context.runs.last_good("retention", "")
    with context.runs.record("retention") as run:
        context.persons.note_missing_pilots([pilot.id for pilot in context.pilots.all()], now)
        if last is not None and now - _as_of(last) > JUMP:
            done = Kept(doubted=True)
        else:
            done = Kept(
                texts=context.deliveries.clear(now - timedelta(days=mail.keep_days)),
                addresses=context.persons.delete_ended(now - timedelta(days=mail.keep_addresses_days)),
            )
        run.report = {
            "as_of": now.isoformat(),
            "texts": done.texts,
            "addresses": done.addresses,
            "doubted": done.doubted,
        }
    return done


def _as_of(run: Run) -> datetime:
    given = run.report.get("as_of")
    return datetime.fromisoformat(given) if given else run.started_at


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value
