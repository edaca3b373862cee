"""Mails written to a folder to be looked at: nothing is sent by it, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import MailKind
from service.jobs.mail.send_mails import (
    Compose,
    MailRunReport,
    compose_mails,
    find_followers,
    plan_batches,
)
from service.mail.mailer import Mailer
from service.mail.transport import FolderTransport, Parcel


def write_digests(
    context: Context,
    compose: Compose,
    mailer: Mailer,
    folder: Path,
    *,
    week: str,
    pilot_id: str | None = None,
    in_order: bool = False,
    clock: Callable[[], datetime],
) -> MailRunReport:
    """Write the mails of ``week`` that a run would send to a folder; return how many there are.

    Those that are composed and wait are among them. No mail counts as sent, nobody is asked
    anything, and the next run sends the same.

    Args:
        context: the stores.
        compose: makes digests of the week.
        mailer: writes mails.
        folder: made when it is missing.
        week: an ISO week.
        pilot_id: the pilot whose recipients are meant; None for all.
        in_order: leave out who has the mail of a later week.
        clock: what mails are dated by.

    Raises:
        TransportError: the folder cannot be written.
    """
    report = MailRunReport(week)
    followers = find_followers(context, week, pilot_id, in_order=in_order)
    report.recipients = followers.count
    report.already = followers.count - len(followers.pending)
    for unread, reason in followers.unreadable.items():
        report.skip(unread, reason)
    out = FolderTransport(folder)
    for parcel in waiting_parcels(context, mailer, week, pilot_id, kind=MailKind.DIGEST):
        out.deliver(parcel)
        report.composed += 1
    for batch in plan_batches(followers.pending):
        mails = compose_mails(context, compose, mailer, batch, report=report, clock=clock)
        for recipient, mail in mails:
            sender = mailer.envelope_sender(mail.id)
            out.deliver(Parcel(sender, recipient.address, mail.message_id, mail.message))
            report.composed += 1
    return report


def waiting_parcels(
    context: Context,
    mailer: Mailer,
    week: str,
    pilot_id: str | None = None,
    *,
    kind: MailKind | None = None,
    only: str | None = None,
) -> Iterator[Parcel]:
    """Yield the mails that wait to be sent, as they would be; none is claimed.

    Args:
        context: the stores.
        mailer: names their sender.
        week: whose digests are meant.
        pilot_id: the pilot whose recipients are meant; None for all.
        kind: of mails; None for both.
        only: the one mail that is meant.
    """
    due = context.deliveries.list_due(datetime.now(UTC), week, pilot_id, as_of=context.now())
    for waiting in due:
        mail = context.sent_items.get(waiting.id)
        if mail is None or mail.message is None or only not in (None, mail.id):
            continue
        if kind is not None and mail.kind is not kind:
            continue
        address = _address_of(context, mail.recipient_id)
        if address is not None:
            yield Parcel(mailer.envelope_sender(mail.id), address, mail.message_id, mail.message)


def _address_of(context: Context, recipient_id: str) -> Address | None:
    recipient = context.recipients.get(recipient_id)
    return None if recipient is None else recipient.address
