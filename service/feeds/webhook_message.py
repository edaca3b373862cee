"""Messages to webhooks in the form of Standard Webhooks: the body, and its signature.

A body has ids, titles of calls and links. It has nothing of a pilot but its id: the receiver is
somebody else's machine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.digest import AnySubjectItem, AnySubjectItems
from service.domain.notifications.events import Event
from service.domain.notifications.selection import DigestSelection, SelectedCall
from service.domain.notifications.webhook import NewMessage, Webhook, WebhookEvent
from service.feeds.chosen_calls import all_picks
from service.feeds.feed_view import call_page
from service.mail.digest_view import title_of
from service.mail.safe_text import SafeWords, one_line, safe_link
from service.mail.signed_links import LinkKeys
from service.messages.words import words

_SECRET_MARK = "whsec_"  # noqa: S105  what every secret begins with
_LONGEST_SENTENCE = 300


def make_secret(keys: LinkKeys, webhook: Webhook) -> str:
    """Return the secret that a webhook's messages are signed by: 256 bits.

    It is made from the installation's key, so that the database has none of it.
    """
    mark = keys.mark("webhook", webhook.id, str(webhook.secret_number), length=64)
    return f"{_SECRET_MARK}{base64.b64encode(bytes.fromhex(mark)).decode()}"


def sign_message(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of an attempt: the id, the second, and what only we could sign."""
    key = base64.b64decode(secret.removeprefix(_SECRET_MARK))
    second = str(int(at.timestamp()))
    signed = f"{message_id}.{second}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": second,
        "webhook-signature": f"v1,{signature}",
    }


def make_messages(
    webhook: Webhook,
    selection: DigestSelection,
    any_subject: AnySubjectItems,
    stored: StoredCalls,
    public_url: str,
) -> list[NewMessage]:
    """Return what a webhook is told: a message for each call and kind of event.

    Events of kinds that it does not want count as told all the same.

    Args:
        webhook: who is told.
        selection: the calls that fit, and why now.
        any_subject: the calls that are open to any subject.
        stored: what cards are made of; its clock is the message's.
        public_url: of the installation, for links.
    """
    messages: list[NewMessage] = []
    told: list[tuple[SelectedCall | AnySubjectItem, Sequence[Event], Fit | None]] = [
        *((one, one.events, Fit.from_score(one.score)) for one in all_picks(selection)),
        *((one, one.events, None) for one in selection.ended),
        *((item, item.reasons, None) for item in any_subject.items),
    ]
    for one, events, fit in told:
        by_type: dict[WebhookEvent, list[Event]] = {}
        for event in events:
            by_type.setdefault(WebhookEvent.of(event.reason), []).append(event)
        card = make_card(stored, stored.calls[one.call_id], webhook.language)
        data = {
            "pilot": webhook.pilot_id,
            "call": _call(card, webhook, public_url),
            "fit": fit.value if fit else None,
            "any_subject": isinstance(one, AnySubjectItem),
        }
        beside = _beside(one)
        for kind, of_kind in by_type.items():
            body = _body(kind, data, of_kind, webhook, _instant(stored.now))
            keys = (*(event.key for event in of_kind), *beside)
            messages.append(NewMessage(kind, body if kind in webhook.events else "", keys))
            beside = ()
    return messages


def _beside(one: SelectedCall | AnySubjectItem) -> tuple[str, ...]:
    """Return the keys of calls nearly the same, which are told beside this one."""
    if isinstance(one, AnySubjectItem):
        return tuple(event.key for event in one.beside)
    return tuple(event.key for other in one.others for event in other.events)


def _body(
    kind: WebhookEvent, data: Mapping[str, Any], events: Sequence[Event], webhook: Webhook, at: str
) -> str:
    reasons = [_reason(event, webhook.language) for event in events]
    whole = {"type": kind.value, "timestamp": at, "data": {**data, "reasons": reasons}}
    return json.dumps(whole, ensure_ascii=False)


def _call(card: CallCard, webhook: Webhook, public_url: str) -> Mapping[str, Any]:
    due = card.next_deadline
    return {
        "id": card.id,
        "title": title_of(card, SafeWords(words(webhook.language))),
        "funder": one_line(card.funder, _LONGEST_SENTENCE),
        "status": card.status.value,
        "next_deadline": due.at.isoformat() if due and due.at else None,
        "date_only": due.date_only if due else None,
        "page": call_page(public_url, card.id, webhook.language),
        "funder_page": safe_link(card.url) or None,
        "api": f"{public_url}/api/v1/calls/{card.id}",
    }


def _reason(event: Event, language: str) -> Mapping[str, Any]:
    return {
        "reason": event.reason.value,
        "changes": [
            one_line(change.sentence.in_(language), _LONGEST_SENTENCE) for change in event.changes
        ],
    }


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
