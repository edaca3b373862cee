"""Webhooks from a collected call to the receiver: signed, once more until taken, never lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrapers.http.post import Poster
from service.context import Context
from service.domain.notifications.webhook import MessageState, WebhookEvent
from service.errors import ConflictError, InputError, NotFoundError, UnknownPilotError
from service.jobs import webhooks
from service.jobs.reindex import reindex
from service.jobs.webhooks import KEPT_DAYS, WebhookReport, WebhookSender, send_webhooks
from service.use_cases.feeds import webhooks as use_cases
from service.use_cases.feeds.webhooks import MadeWebhook
from tests.scrapers.conftest import Site, SiteReply, SiteRequest
from tests.service.sample_calls import NOW, dated, some_calls

pytestmark = pytest.mark.whole

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Attempts are made at an instant that a test moves."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hook(own_context: Context, site: Site) -> MadeWebhook:
    site.serve("/hook", SiteReply(b"", 204))
    return use_cases.add_webhook(
        own_context, "heart", f"{site.url}/hook", language="sv", local=True
    )


def run(context: Context, clock: Clock) -> WebhookReport:
    return send_webhooks(context, WebhookSender(Poster("test", local=True), clock, lambda: 0.5))


def bodies(site: Site) -> Iterator[dict[str, Any]]:
    return (json.loads(request.body) for request in site.requests)


def told(site: Site) -> list[tuple[str, str]]:
    return [(body["type"], body["data"]["call"]["id"]) for body in bodies(site)]


def is_signed(request: SiteRequest, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    wanted = hmac.digest(key, head.encode() + request.body, hashlib.sha256)
    return request.headers["webhook-signature"] == f"v1,{base64.b64encode(wanted).decode()}"


def test_matches_are_told_once_and_signed(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    report = run(own_context, clock)
    assert report.queued == report.delivered == len(site.requests) > 0
    assert ("match.new", "vinnova:2026-00001") in told(site)
    assert ("match.closing", "vinnova:2026-00001") in told(site)
    assert all(is_signed(request, hook.secret) for request in site.requests)
    assert all(request.headers["content-type"] == "application/json" for request in site.requests)
    ids = [request.headers["webhook-id"] for request in site.requests]
    assert len(set(ids)) == len(ids)
    clock.wait(hours=2)
    assert run(own_context, clock).queued == 0
    assert len(site.requests) == len(ids)


def test_a_change_is_told_and_nothing_of_the_pilot_leaves(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    run(own_context, clock)
    site.requests.clear()
    moved = [
        call.model_copy(update={"deadlines": (dated(30, 4),)})
        if call.id == "vinnova:2026-00001"
        else call
        for call in some_calls()
    ]
    own_context.calls.upsert(moved, NOW)
    reindex(own_context)
    clock.wait(minutes=15)
    run(own_context, clock)
    assert told(site) == [("match.changed", "vinnova:2026-00001")]
    (body,) = bodies(site)
    assert body["data"]["reasons"][0]["changes"]
    text = site.requests[0].body.decode()
    pilot = own_context.pilots.get("heart")
    assert pilot is not None
    assert pilot.text.splitlines()[-1] not in text
    assert pilot.title not in text


def test_a_message_is_tried_with_the_same_id_and_body_until_it_is_taken(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    site.serve("/hook", SiteReply(b"", 500), SiteReply(b"", 503, {"Retry-After": "600"}), b"")
    assert run(own_context, clock).later == 1, "the others wait behind the one that failed"
    assert run(own_context, clock).later == 1, "another message, which is due"
    first = site.requests[0]
    clock.wait(minutes=2)
    run(own_context, clock)
    again = [r for r in site.requests if r.headers["webhook-id"] == first.headers["webhook-id"]]
    assert len(again) == 2
    assert again[0].body == again[1].body
    assert again[0].headers["webhook-timestamp"] < again[1].headers["webhook-timestamp"]
    assert is_signed(again[1], hook.secret)
    clock.wait(minutes=20)
    run(own_context, clock)
    log = use_cases.read_log(own_context, hook.webhook.id)
    assert {one.state for one in log.messages} == {MessageState.DELIVERED}
    attempts = {one.id: one.attempts for one in log.messages}[first.headers["webhook-id"]]
    assert [one.status for one in attempts] == [500, 200]
    assert log.webhook.failures == 0


def test_after_three_days_a_message_is_given_up_and_can_be_sent_again(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    clock.at = datetime.now(UTC)
    run(own_context, clock)
    site.serve("/hook", SiteReply(b"", 500))
    one = use_cases.read_log(own_context, hook.webhook.id).messages[0]
    again = use_cases.replay_message(own_context, one.id, hook.webhook.id, "heart")
    assert (again.id, again.body, again.state) == (one.id, one.body, MessageState.PENDING)
    clock.wait(minutes=1)
    for _ in range(8):
        run(own_context, clock)
        clock.wait(hours=12)
    (ended,) = (
        message
        for message in use_cases.read_log(own_context, hook.webhook.id).messages
        if message.id == one.id
    )
    assert ended.state is MessageState.FAILED
    assert ended.reason == "Given up after 3 days. It answered 500."
    assert ended.next_try is None
    site.serve("/hook", b"")
    site.requests.clear()
    use_cases.replay_message(own_context, one.id)
    clock.at = datetime.now(UTC)
    run(own_context, clock)
    assert [request.headers["webhook-id"] for request in site.requests] == [one.id]


def test_an_address_that_fails_again_and_again_is_stopped_with_a_sentence(
    own_context: Context,
    site: Site,
    hook: MadeWebhook,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "STOP_AFTER", 5)
    site.serve("/hook", SiteReply(b"", 500))
    stopped = 0
    for _ in range(50):
        stopped += run(own_context, clock).stopped
        clock.wait(minutes=15)
    assert stopped == 1
    (card,) = use_cases.list_webhooks(own_context, "heart").webhooks
    assert not card.working
    assert card.reason == (
        "Stopped after 5 failed attempts in a row. The last one: It answered 500."
    )
    assert len(site.requests) == 5
    site.serve("/hook", b"")
    assert use_cases.start_webhook(own_context, hook.webhook.id).working
    assert run(own_context, clock).delivered == card.waiting > 0


def test_who_is_gone_is_stopped_at_once(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    site.serve("/hook", SiteReply(b"", 410))
    assert run(own_context, clock).stopped == 1
    (card,) = use_cases.list_webhooks(own_context, "heart").webhooks
    assert "410" in card.reason


def test_a_process_that_dies_after_the_yes_sends_once_more_under_the_same_id(
    own_context: Context,
    site: Site,
    hook: MadeWebhook,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(own_context.webhooks, "note_delivered", die)
        with pytest.raises(KeyboardInterrupt):
            run(own_context, clock)
    assert len(site.requests) == 1
    run(own_context, clock)
    ids = [request.headers["webhook-id"] for request in site.requests]
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(ids) - 1


def test_a_webhook_is_told_only_what_it_wants(
    own_context: Context, site: Site, clock: Clock
) -> None:
    site.serve("/closing", b"")
    use_cases.add_webhook(
        own_context,
        "heart",
        f"{site.url}/closing",
        events=(WebhookEvent.CLOSING,),
        local=True,
    )
    run(own_context, clock)
    assert {type_ for type_, _ in told(site)} == {"match.closing"}


def test_without_an_index_what_waits_is_sent_all_the_same(
    own_context: Context,
    site: Site,
    hook: MadeWebhook,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site.serve("/hook", SiteReply(b"", 500), b"")
    run(own_context, clock)
    shutil.rmtree(own_context.snapshots)
    clock.wait(hours=2)
    report = run(own_context, clock)
    assert report.delivered > 0
    assert set(report.skipped) == {"index"}


def test_old_messages_are_cleared_and_nothing_is_told_twice(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    run(own_context, clock)
    count = len(site.requests)
    clock.wait(days=KEPT_DAYS + 1)
    assert run(own_context, clock).cleared == count
    assert use_cases.read_log(own_context, hook.webhook.id).messages == ()
    assert len(site.requests) == count


def test_another_secret_signs_from_then_on(
    own_context: Context, site: Site, hook: MadeWebhook, clock: Clock
) -> None:
    secret = use_cases.change_secret(own_context, hook.webhook.id).secret
    run(own_context, clock)
    assert all(is_signed(request, secret) for request in site.requests)
    assert not any(is_signed(request, hook.secret) for request in site.requests)


@pytest.mark.parametrize(
    "url", ["https://10.0.0.7/x", "http://example.org/", "https://localhost/", "https://a:b@c.se/"]
)
def test_an_address_in_a_private_network_is_refused_with_a_sentence(
    own_context: Context, url: str
) -> None:
    with pytest.raises(InputError, match="begins with https, names a host on the internet"):
        use_cases.add_webhook(own_context, "heart", url)
    assert not use_cases.list_webhooks(own_context, "heart").webhooks


def test_what_is_not_there_is_said(own_context: Context, site: Site, hook: MadeWebhook) -> None:
    url = f"{site.url}/hook"
    with pytest.raises(UnknownPilotError):
        use_cases.add_webhook(own_context, "none", url, local=True)
    with pytest.raises(InputError):
        use_cases.add_webhook(own_context, "heart", url, events=(), local=True)
    with pytest.raises(NotFoundError):
        use_cases.remove_webhook(own_context, hook.webhook.id, "hostile")
    with pytest.raises(NotFoundError):
        use_cases.read_log(own_context, "none")
    with pytest.raises(NotFoundError):
        use_cases.replay_message(own_context, "msg_none")
    for _ in range(19):
        use_cases.add_webhook(own_context, "heart", url, local=True)
    with pytest.raises(ConflictError):
        use_cases.add_webhook(own_context, "heart", url, local=True)
    use_cases.remove_webhook(own_context, hook.webhook.id, "heart")
    assert len(use_cases.list_all_webhooks(own_context)) == 19
