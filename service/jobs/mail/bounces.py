"""Reports on mails that were sent: who is never mailed again, and which items count as unsent."""

from __future__ import annotations

import mailbox
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.context import Context
from service.domain.notifications.recipient import BounceKind, Delivery, MailKind, MailState
from service.errors import InputError
from service.mail import bounce_reports
from service.mail.bounce_reports import MailReport

MAX_SOFT_BOUNCES = 4
"""Weekly mails in a row with a temporary bounce, after which the address is suppressed."""


KNOWN, FOREIGN, NO_REPORT = "known", "foreign", "no report"
"""Why a message changes nothing: reported before, not a mail of ours, or for a person to read."""


@dataclass
class BounceTally:
    """What a mailbox held, in messages by kind of bounce, or by why they changed nothing."""

    counted: Counter[str] = field(default_factory=Counter)


def record_report(context: Context, report: MailReport) -> str:
    """Store a report on a mail; return its kind, `KNOWN` or `FOREIGN`.

    A hard bounce or a complaint suppresses the address. The items of a mail that did not arrive
    count as unsent.
    """
    mail = _find_delivery(context, report)
    if mail is None:
        return FOREIGN
    if not context.deliveries.mark_bounced(mail.id, report.bounce, report.reason):
        return KNOWN
    recipient = context.recipients.get(mail.recipient_id)
    if recipient is None:
        return report.bounce.value
    now, address = datetime.now(UTC), recipient.address
    if report.bounce is BounceKind.HARD:
        context.recipients.suppress(address, f"bounced: {report.reason}", now)
    elif report.bounce is BounceKind.COMPLAINT:
        context.recipients.suppress(address, f"complained: {report.reason}", now)
    elif report.bounce is BounceKind.SOFT:
        told = context.deliveries.recipients_of(mail.id)
        for recipient_id in told:
            context.recipients.count_soft_bounce(recipient_id)
        if any(_never_arrives(context, recipient_id) for recipient_id in told):
            context.recipients.suppress(
                address, f"bounced {MAX_SOFT_BOUNCES} times in a row: {report.reason}", now
            )
    return report.bounce.value


def record_mail(context: Context, raw: bytes) -> str:
    """Store the report in a mail; return as `record_report`, or `NO_REPORT`."""
    report = bounce_reports.read_report(raw)
    return NO_REPORT if report is None else record_report(context, report)


def record_mailbox(context: Context, path: Path, *, remove: bool = False) -> BounceTally:
    """Read every message of a mailbox: a maildir, an mbox file, a folder of .eml, or one message.

    Args:
        context: the stores.
        path: the mailbox; reading it twice changes nothing more.
        remove: delete the reports; other messages are left for a person to read.

    Raises:
        InputError: the mailbox cannot be read.
    """
    tally = BounceTally()
    with context.runs.record("bounces") as run:
        try:
            box = _open_mailbox(path)
            with closing(box):
                for key, raw in box:
                    outcome = record_mail(context, raw)
                    tally.counted[outcome] += 1
                    if remove and outcome != NO_REPORT:
                        box.discard(key)
        except (OSError, mailbox.Error) as error:
            raise InputError(
                f"The mailbox {path} cannot be read: {error}. Give a maildir, an mbox file, a "
                "folder of .eml files, or a file with one message."
            ) from error
        run.report = dict(tally.counted)
    return tally


class _FileBox:
    """A mailbox with a file for each message."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for path in self._paths:
            yield str(path), path.read_bytes()

    def discard(self, key: str) -> None:
        Path(key).unlink(missing_ok=True)

    def close(self) -> None:
        """Do nothing: no file stays open."""


class _LockedMailbox:
    """A mailbox of the standard library, locked while it is read."""

    def __init__(self, box: mailbox.Mailbox[Any]) -> None:
        self._box = box
        box.lock()

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for key in self._box.keys():  # noqa: SIM118  a mailbox iterates over its messages
            yield key, self._box.get_bytes(key)

    def discard(self, key: str) -> None:
        self._box.discard(key)

    def close(self) -> None:
        self._box.flush()
        self._box.unlock()
        self._box.close()


def _open_mailbox(path: Path) -> _FileBox | _LockedMailbox:
    if path.is_dir():
        if all((path / name).is_dir() for name in ("new", "cur", "tmp")):
            return _LockedMailbox(mailbox.Maildir(path, create=False))
        return _FileBox(sorted(path.glob("*.eml")))
    with path.open("rb") as file:
        start = file.read(5)
    if start == b"From ":
        return _LockedMailbox(mailbox.mbox(path, create=False))
    return _FileBox([path] if start else [])


def _find_delivery(context: Context, report: MailReport) -> Delivery | None:
    for message_id in report.message_ids:
        if mail := context.sent_items.by_message_id(message_id):
            return mail
    for mark in report.marks:
        if mail := context.sent_items.get(mark):
            return mail
    return None


def _never_arrives(context: Context, recipient_id: str) -> bool:
    """Whether the last weekly mails all bounced."""
    final = {MailState.SENT, MailState.BOUNCED}
    mails = [
        mail
        for mail in context.sent_items.mails_of(recipient_id)
        if mail.kind is MailKind.DIGEST and mail.state in final
    ]
    last = mails[-MAX_SOFT_BOUNCES:]
    return len(last) == MAX_SOFT_BOUNCES and all(mail.bounce == BounceKind.SOFT for mail in last)
