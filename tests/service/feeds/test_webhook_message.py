"""Messages of webhooks: signed as Standard Webhooks says, and without a pilot's text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.digest import AnySubjectItems
from service.domain.notifications.webhook import (
    Webhook,
    WebhookEvent,
    retry_wait,
)
from service.feeds.webhook_message import make_messages, make_secret, sign_message
from service.mail.signed_links import LinkKeys
from tests.service.mail.sample_digests import NOW, PILOT, a_call, due, pick

KEYS = LinkKeys("k" * 40)


def a_webhook(**others: object) -> Webhook:
    values: dict[str, object] = {
        "id": "w1",
        "pilot_id": PILOT.id,
        "url": "https://tools.example/x",
        "events": tuple(WebhookEvent),
        "language": "sv",
        "secret_number": 1,
        "failures": 0,
        "created_at": NOW,
    }
    return Webhook(**(values | others))  # type: ignore[arg-type]  # of several types


def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature as the receiver does, by the words of the standard."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = b".".join(
        (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    )
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return any(
        hmac.compare_digest(given, f"v1,{expected}")
        for given in headers["webhook-signature"].split(" ")
    )


def test_the_receiver_can_check_who_sent_it() -> None:
    secret = make_secret(KEYS, a_webhook())
    headers = sign_message(secret, "msg_1", NOW, b'{"type":"match.new"}')
    assert verify(secret, headers, b'{"type":"match.new"}')
    assert not verify(secret, headers, b'{"type":"match.new "}')
    assert not verify(secret, headers | {"webhook-id": "msg_2"}, b'{"type":"match.new"}')
    assert not verify(secret, headers | {"webhook-timestamp": "1"}, b'{"type":"match.new"}')
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_secret_has_256_bits_and_is_another_for_each() -> None:
    secret = make_secret(KEYS, a_webhook())
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    others = (
        make_secret(KEYS, a_webhook(id="w2")),
        make_secret(KEYS, a_webhook(secret_number=2)),
        make_secret(LinkKeys("j" * 40), a_webhook()),
    )
    assert len({secret, *others}) == 4


def made(webhook: Webhook) -> list[tuple[str, dict[str, object], tuple[str, ...]]]:
    calls = (a_call(), a_call("a:2", deadlines=(due(timedelta(days=2)),)))
    stored = StoredCalls(calls={call.id: call for call in calls}, now=NOW)
    messages = make_messages(
        webhook, pick(*calls), AnySubjectItems(), stored, "https://fundscout.example"
    )
    return [(one.type, json.loads(one.body) if one.body else {}, one.keys) for one in messages]


def test_a_message_says_what_a_mail_would_and_nothing_of_the_pilot() -> None:
    messages = made(a_webhook())
    assert [(type_, body["data"]["call"]["id"]) for type_, body, _ in messages] == [  # type: ignore[index]
        ("match.new", "a:2"),
        ("match.closing", "a:2"),
        ("match.new", "vinnova:1"),
    ]
    text = json.dumps([body for _, body, _ in messages], ensure_ascii=False)
    assert PILOT.text not in text
    assert PILOT.title not in text
    data = messages[0][1]["data"]
    assert data == {
        "pilot": "heart",
        "call": {
            "id": "a:2",
            "title": "Utlysning a:2",
            "funder": "Vinnova",
            "status": "open",
            "next_deadline": "2026-03-04T06:00:00+00:00",
            "date_only": False,
            "page": "https://fundscout.example/calls/a:2?lang=sv",
            "funder_page": "https://www.vinnova.se/e/1",
            "api": "https://fundscout.example/api/v1/calls/a:2",
        },
        "fit": "good",
        "any_subject": False,
        "reasons": [{"reason": "new", "changes": []}],
    }


def test_what_nobody_wants_to_hear_is_told_all_the_same() -> None:
    messages = made(a_webhook(events=(WebhookEvent.CLOSING,)))
    assert [(type_, bool(body)) for type_, body, _ in messages] == [
        ("match.new", False),
        ("match.closing", True),
        ("match.new", False),
    ]
    assert [keys for _, _, keys in messages] == [keys for _, _, keys in made(a_webhook())]


def test_waits_grow_and_are_never_all_the_same() -> None:
    minutes = [retry_wait(attempts, 0.5).total_seconds() / 60 for attempts in range(1, 12)]
    assert minutes[:6] == [1, 3, 9, 27, 81, 243]
    assert max(minutes) == minutes[-1] == 720
    assert retry_wait(1, 0.0) < retry_wait(1, 1.0)
    assert retry_wait(1, 0.5, asked=600).total_seconds() == 600
    assert retry_wait(1, 0.5, asked=1e9) == timedelta(hours=12)
    assert sum(minutes) < 3 * 24 * 60 + 12 * 60
