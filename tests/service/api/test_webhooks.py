"""Webhooks by the API: added, listed, read, started, removed; each of its own pilot."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from scrapers.http import post
from service.api.webhooks.examples import MADE_WEBHOOK, WEBHOOK_LOG
from service.context import Context
from service.domain.notifications.webhook import NewMessage, WebhookEvent
from service.feeds.webhook_message import sign_message
from tests.service.sample_calls import NOW

ROOT = Path(__file__).parents[3]
HOOKS = "/api/v1/pilots/heart/webhooks"


@pytest.fixture
def made(own_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A webhook at an address that counts as one on the internet."""
    monkeypatch.setattr(post, "check_target", lambda *_, **__: None)
    answer = own_client.post(HOOKS, json={"url": "https://tools.example.org/x", "language": "sv"})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_added_and_its_secret_is_shown_once(
    own_client: FlaskClient, made: dict[str, Any]
) -> None:
    assert made["secret"].startswith("whsec_")
    assert made["webhook"]["events"] == ["match.new", "match.changed", "match.closing"]
    listed = own_client.get(HOOKS)
    assert listed.get_json()["webhooks"] == [made["webhook"]]
    assert made["secret"] not in listed.text
    other = own_client.put(f"{HOOKS}/{made['webhook']['id']}/secret").get_json()
    assert other["secret"] != made["secret"]


@pytest.mark.parametrize(
    "url",
    ["https://10.0.0.7/x", "https://169.254.169.254/", "http://example.org/", "https://localhost/"],
)
def test_an_address_that_is_not_on_the_internet_is_refused(
    own_client: FlaskClient, url: str
) -> None:
    answer = own_client.post(HOOKS, json={"url": url})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert "Private networks and this machine are not reached" in answer.get_json()["detail"]
    assert own_client.get(HOOKS).get_json()["webhooks"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": "https://a.example/", "events": []},
        {"url": "https://a.example/", "events": ["match.none"]},
        {"url": "https://a.example/" + "x" * 2000},
        {"url": "https://a.example/", "secret": "mine"},
    ],
)
def test_what_no_webhook_has_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.post(HOOKS, json=body).status_code == 422


def test_what_was_sent_is_read_and_sent_again(
    own_context: Context, own_client: FlaskClient, made: dict[str, Any]
) -> None:
    path = f"{HOOKS}/{made['webhook']['id']}"
    message = NewMessage(WebhookEvent.NEW, '{"type": "match.new"}', ("new|a:1|1",))
    own_context.webhooks.queue(made["webhook"]["id"], [message], NOW)
    (one,) = own_client.get(f"{path}/messages").get_json()["messages"]
    assert (one["state"], one["body"], one["attempts"]) == ("pending", message.body, [])
    own_context.webhooks.stop(made["webhook"]["id"], "Stopped.", NOW)
    assert own_client.get(HOOKS).get_json()["webhooks"][0]["reason"] == "Stopped."
    assert own_client.put(f"{path}/start").get_json()["working"] is True
    again = own_client.put(f"{path}/messages/{one['id']}/replay").get_json()
    assert (again["id"], again["state"]) == (one["id"], "pending")
    assert own_client.delete(path).get_json() == {"pilot": "heart", "webhooks": []}


def test_nobody_reaches_the_webhook_of_another_pilot(
    own_context: Context, own_client: FlaskClient, made: dict[str, Any]
) -> None:
    id_ = made["webhook"]["id"]
    own_context.webhooks.queue(id_, [NewMessage(WebhookEvent.NEW, "{}", ("k",))], NOW)
    (message,) = own_context.webhooks.messages_of(id_, 1)
    foreign = f"/api/v1/pilots/hostile/webhooks/{id_}"
    for method, path in (
        ("DELETE", foreign),
        ("PUT", f"{foreign}/start"),
        ("PUT", f"{foreign}/secret"),
        ("GET", f"{foreign}/messages"),
        ("PUT", f"{foreign}/messages/{message.id}/replay"),
        ("PUT", f"{HOOKS}/none/messages/{message.id}/replay"),
        ("GET", "/api/v1/pilots/none/webhooks"),
    ):
        assert own_client.open(path, method=method).status_code == 404, (method, path)
    assert len(own_client.get(HOOKS).get_json()["webhooks"]) == 1


def documented(language: str) -> str:
    text = (ROOT / "docs" / "using" / "feeds.md").read_text("utf-8")
    (block,) = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return str(block)


def test_the_documented_message_is_what_is_sent() -> None:
    (message,) = WEBHOOK_LOG["messages"]
    assert json.loads(documented("json")) == json.loads(message["body"])


def test_the_documented_check_tells_our_messages_from_others() -> None:
    scope: dict[str, Any] = {}
    exec(documented("python"), scope)  # noqa: S102  the page's own words
    secret = str(MADE_WEBHOOK["secret"])
    headers = sign_message(secret, "msg_1", datetime.now(UTC), b"{}")
    assert scope["is_ours"](secret, headers, b"{}")
    assert not scope["is_ours"](secret, headers, b"{ }")
    old = sign_message(secret, "msg_1", NOW, b"{}")
    assert not scope["is_ours"](secret, old, b"{}"), "a message of long ago is no news"
