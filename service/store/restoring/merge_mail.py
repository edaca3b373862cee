"""What happened outside is not restored away: mails that were sent, and what people said.

A backup is a state of yesterday. Since then mails went out and people stopped them; no file brings
these back. So the mails and consents of the store that is replaced are carried into the restored
one before it takes that one's place. Pilots, judgements and calls are as the backup has them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, MailKind, MailState
from service.store.mail_tables import RecipientRow
from service.store.personal_data import ERASED_MARK, PersonStore
from service.store.recipients import SALT, RecipientStore
from service.store.restoring.copies import open_beside
from service.store.tables import FeedbackRow

GONE_REASON = "Not in the store that a backup replaced, and the backup is old."
UNSENT_REASON = "Waited when the backup was made; whether it was sent since then is not known."

_STATES = {
    MailState.BOUNCED: 5,
    MailState.SENT: 4,
    MailState.SENDING: 3,
    MailState.FAILED: 2,
    MailState.SUPERSEDED: 2,
    MailState.PENDING: 1,
}
"""How much is known of a mail in each state: of two records of one mail the higher one counts."""

_RANK = (
    "CASE {0}.state "
    + " ".join(f"WHEN '{state.value}' THEN {rank}" for state, rank in _STATES.items())
    + " ELSE 0 END"
)
_LATEST = (
    "max(coalesce({0}.asked_at, ''), coalesce({0}.confirmed_at, ''), coalesce({0}.ended_at, ''))"
)
"""When somebody last said something, or was asked. Instants are kept as text that sorts."""

_CONSENT = (
    "address",
    "address_key",
    "language",
    "state",
    "reason",
    "source",
    "soft_bounces",
    "asked_at",
    "confirmed_at",
    "ended_at",
    "paused_until",
)


@dataclass
class MergeReport:
    """What of the present store was carried over, in rows.

    ``stopped``: recipients that the backup would have mailed and that stopped since; ``erased``:
    persons of the backup who had been erased since; ``gone``: recipients whom the present store no
    longer knew, and who are not mailed; ``unsent``: mails of the backup that waited and are not
    sent any more. ``knows``: the present store is a later state of the same store; another one
    does not know what happened since the backup.
    """

    knows: bool = True
    stopped: int = 0
    erased: int = 0
    gone: int = 0
    recipients: int = 0
    mails: int = 0
    items: int = 0
    suppressions: int = 0
    unsent: int = 0


def merge_mail(restored: Path, present: Path, *, is_old: bool) -> MergeReport:
    """Carry the mails and consents of ``present`` into ``restored``; both have today's tables.

    Args:
        restored: the database of the backup, which is changed.
        present: the database that it will replace.
        is_old: whether the backup is from before an address that stopped may have been deleted.

    Raises:
        sqlite3.Error: one of them cannot be read.
    """
    report = MergeReport()
    with open_beside(restored, present) as opened:
        mailable = _mailable(opened)
        knows = report.knows = _is_same_store(opened)
        _merge_salts(opened)
        report.suppressions = _run(
            opened, "INSERT OR IGNORE INTO suppressions SELECT * FROM present.suppressions"
        )
        report.recipients = _merge_recipients(opened)
        if knows and is_old:
            report.gone = _stop_gone(opened)
        _merge_deliveries(opened, report)
        report.unsent = _take_back_unsent(opened, knows=knows)
        report.stopped = len(mailable - _mailable(opened))
    return report


def take_back_unsent(restored: Path) -> int:
    """Give up the weekly mails that waited in a backup when nothing is known of what came after.

    Returns how many; the next week's mails have their items.
    """
    with closing(sqlite3.connect(restored)) as opened, opened:
        return _supersede(opened)


def apply_suppressions(engine: Engine, now: datetime) -> tuple[int, int]:
    """Suppress or erase in a restored store whoever is suppressed or was erased by now.

    Returns:
        How many recipients are suppressed that were not, and how many persons were erased.
    """
    recipients = RecipientStore(engine)
    persons = PersonStore(engine, recipients)
    stopped = erased = 0
    for address in _addresses(engine):
        reason = recipients.suppression_reason(address)
        if reason == ERASED_MARK:
            persons.erase(address, now)
            erased += 1
        elif reason:
            before = [
                one
                for one in recipients.with_address(address)
                if one.consent is not Consent.SUPPRESSED
            ]
            recipients.suppress(address, reason, now)
            stopped += len(before)
    return stopped, erased


def _addresses(engine: Engine) -> list[Address]:
    """Return every address that a store knows, of recipients and of who judged."""
    with Session(engine) as session:
        known = set(session.scalars(select(RecipientRow.address)))
        signed = set(
            session.scalars(select(FeedbackRow.given_by).where(FeedbackRow.given_by.contains("@")))
        )
    found: dict[str, Address] = {}
    for written in sorted(known | signed):
        try:
            address = Address.parse(written)
        except ValueError:
            continue
        found.setdefault(address.key, address)
    return list(found.values())


def _is_same_store(opened: sqlite3.Connection) -> bool:
    """Return whether both are states of one store, so that what one lacks was deleted.

    A backup without recipients mails nobody, whatever happened since.
    """
    if opened.execute("SELECT 1 FROM main.recipients LIMIT 1").fetchone() is None:
        return True
    shared = opened.execute(
        "SELECT 1 FROM recipients r JOIN present.recipients p ON p.id = r.id LIMIT 1"
    ).fetchone()
    salts = [
        opened.execute(f"SELECT value FROM {schema}.meta WHERE name = ?", (SALT,)).fetchone()  # noqa: S608  names of ours
        for schema in ("main", "present")
    ]
    return shared is not None or (salts[0] is not None and salts[0] == salts[1])


def _merge_salts(opened: sqlite3.Connection) -> None:
    """Keep every salt that suppressions are hashed with; the restored store's own stays first."""
    own = opened.execute("SELECT value FROM main.meta WHERE name = ?", (SALT,)).fetchone()
    others = opened.execute(
        "SELECT name, value FROM present.meta WHERE name = ? OR name LIKE ?", (SALT, f"{SALT}.%")
    ).fetchall()
    for name, value in others:
        if name == SALT and own is None:
            opened.execute("INSERT INTO main.meta (name, value) VALUES (?, ?)", (SALT, value))
        elif own is None or value != own[0]:
            mark = hashlib.sha256(str(value).encode()).hexdigest()[:16]
            opened.execute(
                "INSERT OR IGNORE INTO main.meta (name, value) VALUES (?, ?)",
                (f"{SALT}.{mark}", value),
            )


def _merge_recipients(opened: sqlite3.Connection) -> int:
    """Take the later consent of each recipient, and those that came since; return how many came.

    Who was erased and came back has another id: then only the present record counts.
    """
    opened.execute(
        "DELETE FROM main.recipients WHERE EXISTS (SELECT 1 FROM present.recipients p WHERE "
        "p.pilot_id = recipients.pilot_id AND p.address_key = recipients.address_key "
        "AND p.id != recipients.id)"
    )
    values = ", ".join(f"{name} = p.{name}" for name in _CONSENT)
    opened.execute(
        f"UPDATE main.recipients AS r SET {values} FROM present.recipients AS p "  # noqa: S608  names of ours
        f"WHERE p.id = r.id AND {_LATEST.format('p')} >= {_LATEST.format('r')}"
    )
    return _insert(opened, "recipients", "present.recipients p", "1")


def _stop_gone(opened: sqlite3.Connection) -> int:
    """Unsubscribe whom the present store does not know: they may have stopped, and been deleted."""
    return _run(
        opened,
        "UPDATE main.recipients SET state = ?, reason = ?, ended_at = ? WHERE state IN (?, ?) "
        "AND id NOT IN (SELECT id FROM present.recipients)",
        Consent.UNSUBSCRIBED.value,
        GONE_REASON,
        f"{datetime.now(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}",
        Consent.PENDING.value,
        Consent.CONFIRMED.value,
    )


def _merge_deliveries(opened: sqlite3.Connection, report: MergeReport) -> None:
    """Take the record of each mail that knows more of it, with the items that it told."""
    opened.execute(
        "DELETE FROM main.deliveries WHERE EXISTS (SELECT 1 FROM present.deliveries p WHERE "  # noqa: S608  names of ours
        "p.recipient_id = deliveries.recipient_id AND p.occasion = deliveries.occasion "
        f"AND {_RANK.format('p')} >= {_RANK.format('deliveries')})"
    )
    known = "p.recipient_id IN (SELECT id FROM main.recipients)"
    report.mails = _insert(opened, "deliveries", "present.deliveries p", known)
    told = f"{known} AND p.delivery_id IN (SELECT id FROM main.deliveries)"  # noqa: S608  the same
    report.items = _insert(opened, "told", "present.told p", told)


def _take_back_unsent(opened: sqlite3.Connection, *, knows: bool) -> int:
    """Take back weekly mails that waited in the backup and that the present store has not.

    The same store has deleted them to compose them anew. Of another store nothing is known, so
    they may have been sent.
    """
    if not knows:
        return _supersede(opened)
    return _run(
        opened,
        "DELETE FROM main.deliveries WHERE kind = ? AND state IN (?, ?) "
        "AND id NOT IN (SELECT id FROM present.deliveries)",
        MailKind.DIGEST.value,
        MailState.PENDING.value,
        MailState.SENDING.value,
    )


def _supersede(opened: sqlite3.Connection) -> int:
    return _run(
        opened,
        "UPDATE main.deliveries SET state = ?, reason = ? WHERE kind = ? AND state IN (?, ?)",
        MailState.SUPERSEDED.value,
        UNSENT_REASON,
        MailKind.DIGEST.value,
        MailState.PENDING.value,
        MailState.SENDING.value,
    )


def _mailable(opened: sqlite3.Connection) -> set[str]:
    found = opened.execute(
        "SELECT id FROM main.recipients WHERE state = ?", (Consent.CONFIRMED.value,)
    )
    return {str(row[0]) for row in found}


def _insert(opened: sqlite3.Connection, table: str, source: str, which: str) -> int:
    """Insert the rows of ``source`` that are not there; return how many were inserted."""
    columns = [str(row[1]) for row in opened.execute(f"PRAGMA main.table_info({table})")]
    return _run(
        opened,
        f"INSERT OR IGNORE INTO main.{table} ({', '.join(columns)}) "  # noqa: S608  names of ours
        f"SELECT {', '.join(f'p.{name}' for name in columns)} FROM {source} WHERE {which}",
    )


def _run(opened: sqlite3.Connection, statement: str, *values: str) -> int:
    return max(0, opened.execute(statement, values).rowcount)
