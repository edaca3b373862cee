"""A rendered mail as a message (RFC 5322): its parts, its headers, and the bytes to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Protocol

from service.domain.notifications.address import Address


class MailBody(Protocol):
    """The parts of a mail."""

    @property
    def subject(self) -> str:
        """One line."""
        ...

    @property
    def html(self) -> str:
        """The mail as HTML."""
        ...

    @property
    def text(self) -> str:
        """The mail as plain text."""
        ...

    @property
    def ics(self) -> str:
        """A calendar; empty for none."""
        ...


class _VerbatimHeader(UnstructuredHeader, BaseHeader):
    """A header of ASCII addresses, which must not be folded within one or encoded (RFC 8058)."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header, one address a line."""
        return f"{self.name}: {self.replace(', ', f',{policy.linesep} ')}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "list-id", "message-id"):
    _HEADERS.map_to_type(_name, _VerbatimHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class MailEnvelope:
    """What the headers say: who sends to whom, when, and how to stop the mails."""

    sender: Address
    recipient: Address
    language: str
    message_id: str
    date: datetime
    unsubscribe: str = ""
    list_id: str = ""


def build_message(body: MailBody, envelope: MailEnvelope) -> bytes:
    """Return the message as it goes over the wire: CRLF, and ASCII unless an address is not."""
    message = EmailMessage(policy=_POLICY.clone(utf8=not envelope.recipient.is_ascii))
    message["From"] = envelope.sender.parts
    message["To"] = envelope.recipient.parts
    message["Subject"] = " ".join(body.subject.split())
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if envelope.list_id:
        message["List-Id"] = f"<{envelope.list_id}>"
    message.set_content(body.text, cte="quoted-printable")
    message.add_alternative(body.html, subtype="html", cte="quoted-printable")
    if body.ics:
        message.add_attachment(
            body.ics.encode(),
            maintype="text",
            subtype="calendar",
            filename="deadlines.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    message["Content-Language"] = envelope.language  # set_content clears what was before it
    return message.as_bytes()


def read_html(message: bytes) -> str:
    """Return the HTML of a message that `build_message` made."""
    part = message_from_bytes(message, _class=EmailMessage, policy=_POLICY).get_body(("html",))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
