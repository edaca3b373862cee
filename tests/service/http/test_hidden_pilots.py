"""Hiding a pilot closes what others opened on it before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.context import Context
from service.domain.notifications.webhook import WebhookEvent
from tests.service.http.closed_service import ClosedService, close

pytestmark = pytest.mark.whole


@pytest.fixture
def service(own_context: Context) -> ClosedService:
    return close(own_context)


def test_a_hidden_pilot_has_no_open_feed_and_no_working_webhook(service: ClosedService) -> None:
    owner, context = service.with_scope("write"), service.context
    body = {"id": "shared", "title": "Valar", "text": "Valar med hydrofoner."}
    assert owner.post("/api/v1/pilots", json=body).status_code == 201
    other = service.with_role("editor")
    link = other.post(
        "/api/v1/feeds", json={"kind": "pilot", "subject": "shared", "language": "sv"}
    ).get_json()
    feed = f"/feeds/pilots/shared.atom?token={link['token']}"
    assert service.visitor().get(feed).status_code in {200, 503}
    events = tuple(WebhookEvent)
    context.webhooks.add("shared", "https://a.example/x", events, "sv", datetime.now(UTC))
    hidden = owner.put("/api/v1/pilots/shared/private", json={"private": True})
    assert hidden.get_json()["private"] is True
    assert service.visitor().get(feed).status_code == 403
    assert context.webhooks.all("shared", working=True) == []
    assert owner.get("/api/v1/pilots/shared").status_code == 200


def test_who_may_only_read_sees_where_an_own_webhook_goes_and_not_its_path(
    service: ClosedService,
) -> None:
    url = "https://hooks.example.org/services/T0/secret?also=this"
    context, editor = service.context, service.people["editor"]
    owner, events = editor.principal.owner, tuple(WebhookEvent)
    context.webhooks.add("heart", url, events, "sv", datetime.now(UTC), owner=owner)
    path = "/api/v1/pilots/heart/webhooks"
    assert service.with_scope("read").get(path).get_json()["webhooks"] == []
    assert service.with_scope("write").get(path).get_json()["webhooks"] == []
    (whole,) = service.with_scope("admin").get(path).get_json()["webhooks"]
    assert (whole["url"], whole["made_by"]) == (url, editor.name)
    context.users.change(editor.id, role="reader")
    (seen,) = service.as_person(editor).get(path).get_json()["webhooks"]
    assert seen["url"] == "https://hooks.example.org/…"
    assert not seen["working"]
