"""Reports of mail servers, made by hand as several programs write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

_STATUS = """Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 23 Nov 2026 06:00:00 +0100

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {said}
"""


def dsn(
    message_id: str,
    *,
    to: str = "anna@example.org",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user",
    returned: str = "bounces@example.com",
    headers_only: bool = False,
) -> bytes:
    """Return a report of RFC 3464 on the mail with a Message-ID, or on none when it is empty."""
    head = (
        f"Message-ID: {message_id}\r\nSubject: =?utf-8?q?Tv=C3=A5?=\r\n"
        if message_id
        else "X: y\r\n"
    )
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    parts = [
        "Content-Type: text/plain\r\n\r\nThe mail could not be delivered.",
        "Content-Type: message/delivery-status\r\n\r\n"
        + _STATUS.format(to=to, action=action, status=status, said=said).replace("\n", "\r\n"),
        f"Content-Type: {kind}\r\n\r\n{head}\r\n",
    ]
    return _report("delivery-status", parts, returned)


def complaint(message_id: str, *, kind: str = "abuse") -> bytes:
    """Return a report of RFC 5965 that a reader called the mail spam."""
    parts = [
        "Content-Type: text/plain\r\n\r\nThis is an abuse report.",
        f"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nVersion: 1\r\n",
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n\r\nHej\r\n",
    ]
    return _report("feedback-report", parts, "abuse@example.com")


def answer(text: str = "I am away until Monday.") -> bytes:
    """Return a mail that a person's program sent back."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "anna@example.org", "bounces@example.com"
    message["Subject"] = "Away"
    message.set_content(text)
    return message.as_bytes()


def _report(kind: str, parts: list[str], to: str) -> bytes:
    head = (
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: {to}\r\nSubject: Undelivered\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"\r\n'
    )
    body = "".join(f"\r\n--b\r\n{part}" for part in parts)
    return f"{head}{body}\r\n--b--\r\n".encode()
