"""The documentation's examples of webhooks and their messages."""

from __future__ import annotations

import base64
from datetime import timedelta

from service.api.sample import MATCH, NOW, PILOT, STORED, STORED_CALLS, dump
from service.api.webhooks.schemas import NewWebhook
from service.domain.notifications.digest import AnySubjectItems
from service.domain.notifications.events import SentLog
from service.domain.notifications.selection import DigestCandidate, DigestMoment, select_calls
from service.domain.notifications.webhook import MessageState, Webhook, WebhookEvent
from service.domain.notifications.week import next_mail_due
from service.feeds.webhook_message import make_messages
from service.use_cases.feeds.webhooks import (
    AttemptRecord,
    MadeWebhook,
    MessageRecord,
    WebhookCard,
    WebhookList,
    WebhookLog,
)

_URL = "https://tools.example.org/fundscout"
_CARD = WebhookCard(
    id="5b1c9e0a7d3f4e2b8c6a1f0d9e8b7a65",
    pilot=PILOT.id,
    url=_URL,
    events=tuple(WebhookEvent),
    language="en",
    working=True,
    reason="",
    failures=0,
    waiting=0,
    created_at=NOW,
    stopped_at=None,
    made_by="Caremap",
)


def _body() -> str:
    """Return what is sent of a call that is new."""
    moment = DigestMoment(NOW, next_mail_due(NOW))
    seen = NOW - timedelta(days=1)
    chosen = select_calls(
        [DigestCandidate(((seen, STORED),), MATCH.score)], SentLog(()), moment, minimum=0.5
    )
    webhook = Webhook(
        id=_CARD.id,
        pilot_id=PILOT.id,
        url=_URL,
        events=tuple(WebhookEvent),
        language="en",
        secret_number=1,
        failures=0,
        created_at=NOW,
    )
    public_url = "https://fundscout.example.org"
    return make_messages(webhook, chosen, AnySubjectItems(), STORED_CALLS, public_url)[0].body


_MESSAGE = MessageRecord(
    id="msg_2f6d8a0c4b1e4f7d9a3c5e7b1d2f4a68",
    type=WebhookEvent.NEW.value,
    state=MessageState.DELIVERED,
    reason="",
    body=_body(),
    created_at=NOW,
    next_try=None,
    delivered_at=NOW + timedelta(seconds=2),
    attempts=(
        AttemptRecord(
            at=NOW + timedelta(seconds=2),
            status=204,
            milliseconds=87,
            outcome="It answered 204.",
        ),
    ),
)
_SECRET = f"whsec_{base64.b64encode(b'an example, of nobody: 32 bytes.').decode()}"

NEW_WEBHOOK = dump(NewWebhook(url=_URL))
MADE_WEBHOOK = dump(MadeWebhook(webhook=_CARD, secret=_SECRET))
WEBHOOK = dump(_CARD)
WEBHOOK_LIST = dump(WebhookList(pilot=PILOT.id, webhooks=(_CARD,)))
WEBHOOK_LOG = dump(WebhookLog(webhook=_CARD, messages=(_MESSAGE,)))
MESSAGE = dump(_MESSAGE.model_copy(update={"state": MessageState.PENDING, "next_try": NOW}))
