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


@dataclass(frozen=True)
class Kept:
    """What a run of retention cleared: texts of mails, and addresses with all their mails."""

    texts: int
    addresses: int


def export(context: Context, address: Address) -> dict[str, Any]:
    """Return everything that the database has of an address, ready for JSON.

    Mails are given as they were sent, as text; what is no text in UTF-8 is in base64.
    """
    found = context.persons.rows(address)
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
    """Clear what the settings say is kept no longer; return how much."""
    now, mail = now or datetime.now(UTC), context.settings.mail
    with context.runs.record("retention") as run:
        context.persons.age([pilot.id for pilot in context.pilots.all()], now)
        done = Kept(
            texts=context.deliveries.clear(now - timedelta(days=mail.keep_days)),
            addresses=context.persons.forget(now - timedelta(days=mail.keep_addresses_days)),
        )
        run.report = {"texts": done.texts, "addresses": done.addresses}
    return done


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
