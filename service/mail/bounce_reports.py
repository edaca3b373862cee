"""Reader of reports on mails that did not arrive (RFC 3464) or were called spam (RFC 5965).

A report is hostile input: anybody can write to the address that takes them. It counts only when it
names a mail of ours by its Message-ID or its mark, which nobody can guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from service.domain.notifications.recipient import BounceKind

MAX_REPORT_BYTES = 1024 * 1024
"""Bytes of a report that are read; the rest of the original mail is of no use."""

_MAX_PARTS = 200
_MAX_REASON_LENGTH = 300
_RECIPIENT_HEADERS = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_ADDRESS_MARK = re.compile(r"\+([0-9a-f]{32})@")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

_OTHER_SUBJECTS = {"2", "3", "4", "5", "6", "7"}
"""Subjects of a status (its second number) that are not about the address: RFC 3463."""

_DISABLED_STATUS = "5.2.1"
"""A mailbox that is switched off: the only permanent status that is not about an address."""


@dataclass(frozen=True)
class MailReport:
    """A report on a mail, which one of ``message_ids`` or ``marks`` names."""

    bounce: BounceKind
    reason: str
    message_ids: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def read_report(raw: bytes) -> MailReport | None:
    """Return the report in a mail; None when it holds none that a machine can read."""
    message = message_from_bytes(raw[:MAX_REPORT_BYTES], policy=policy.compat32)
    parts = list(_walk_parts(message))
    outcome = _read_delivery_status(parts) or _read_complaint(parts)
    if outcome is None:
        return None
    bounce, reason = outcome
    to = " ".join(_header(message, name) for name in _RECIPIENT_HEADERS)
    return MailReport(
        bounce,
        " ".join(reason.split())[:_MAX_REASON_LENGTH],
        tuple(dict.fromkeys(_original_message_ids(parts))),
        tuple(dict.fromkeys(_ADDRESS_MARK.findall(to.lower()))),
    )


def bounce_kind(action: str, status: str) -> BounceKind | None:
    """Return what an action and a status of RFC 3464 mean; None when the mail arrived.

    Only a status that calls the address bad is hard: after a full mailbox, or a mail that was
    taken for spam, the next may arrive.
    """
    if action == "delayed":
        return BounceKind.DELAYED
    if action != "failed":
        return None
    code = _STATUS.search(status)
    if code is None:
        return BounceKind.SOFT
    permanent = code.group(1) == "5"
    about_address = code.group(2) not in _OTHER_SUBJECTS
    if permanent and (code.group() == _DISABLED_STATUS or about_address):
        return BounceKind.HARD
    return BounceKind.SOFT


def _walk_parts(message: Message) -> Iterator[Message]:
    """Yield a mail's parts, not more than a sane one has."""
    for number, part in enumerate(message.walk()):
        if number == _MAX_PARTS:
            return
        yield part


def _read_delivery_status(parts: list[Message]) -> tuple[BounceKind, str] | None:
    """Read the fields of a delivery status; of several recipients, the worst outcome."""
    outcomes: list[tuple[BounceKind, str]] = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _inner_messages(part):
            status = _header(block, "Status")
            bounce = bounce_kind(_header(block, "Action").strip().lower(), status)
            if bounce is not None:
                answer = _header(block, "Diagnostic-Code") or "no reason given"
                outcomes.append((bounce, f"{status} {answer}"))
    order = [BounceKind.HARD, BounceKind.SOFT, BounceKind.DELAYED]
    return min(outcomes, key=lambda outcome: order.index(outcome[0])) if outcomes else None


def _read_complaint(parts: list[Message]) -> tuple[BounceKind, str] | None:
    for part in parts:
        if part.get_content_type() != "message/feedback-report":
            continue
        for block in _inner_messages(part):
            kind = _header(block, "Feedback-Type").strip().lower()
            if kind in {"abuse", "fraud", "opt-out"}:
                return BounceKind.COMPLAINT, f"reported as {kind}"
    return None


def _original_message_ids(parts: list[Message]) -> Iterator[str]:
    """Yield the Message-IDs of the mails that a report holds, whole or their headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            for block in _inner_messages(part):
                yield from _MESSAGE_ID.findall(_header(block, "Message-ID"))
        elif part.get_content_type() == "text/rfc822-headers":
            head = part.get_payload(decode=True)
            if isinstance(head, bytes):
                original = message_from_bytes(head, policy=policy.compat32)
                yield from _MESSAGE_ID.findall(_header(original, "Message-ID"))


def _inner_messages(part: Message) -> list[Message]:
    """Return the messages in a part of type message/*; a part cut short may hold plain text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    return [message_from_bytes(str(payload).encode("utf-8", "replace"), policy=policy.compat32)]


def _header(message: Message, name: str) -> str:
    """Return every value of a header; bytes that are no text are replaced."""
    return " ".join(str(value) for value in message.get_all(name, []))
