"""Record reports about mails that came back."""

from __future__ import annotations

from service.context import Context
from service.domain.notifications.recipient import BounceKind
from service.errors import ServiceError
from service.jobs.mail import bounces
from service.mail.bounce_reports import MailReport


def report_bounce(context: Context, message_id: str, kind: BounceKind, reason: str = "") -> str:
    """Record what happened to a mail; return its kind if it was new, else why nothing changed.

    Args:
        context: the stores.
        message_id: the mail's Message-ID, with or without its angle brackets.
        kind: what happened to it.
        reason: in the words of who reports it.
    """
    bracketed = f"<{message_id.strip().strip('<>')}>"
    text = " ".join(reason.split()) or "reported by the mail provider"
    return bounces.record_report(context, MailReport(kind, text, (bracketed,)))


def read_bounce_secret(context: Context) -> str:
    """Return the secret that a report over HTTP must bring; empty: none is accepted.

    Raises:
        ServiceError: the file that the settings name cannot be read.
    """
    path = context.settings.mail.bounce_secret_file
    if path is None:
        return ""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(
            "The secret of bounces cannot be read: see FUNDSCOUT_BOUNCE_SECRET_FILE."
        ) from error
