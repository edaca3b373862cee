"""The tables of feeds and webhooks: added to an older store, and gone with their pilot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from service.domain.notifications.feed_link import FeedKind, FeedSubject, make_token
from service.domain.notifications.webhook import (
    DeliveryAttempt,
    NewMessage,
    WebhookEvent,
)
from service.domain.pilots.pilot import Pilot
from service.errors import NotFoundError
from service.store.database import connect
from service.store.feeds.feed_links import FeedLinkStore
from service.store.feeds.webhooks import WebhookStore
from service.store.pilots import PilotStore
from tests.service.old_databases import older

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PILOT = Pilot(id="heart", title="Hjärtsvikt", text="Hjärtsvikt hemma.")
TABLES = ("feed_links", "webhooks", "webhook_events", "webhook_messages", "webhook_attempts")


def test_a_store_of_the_version_before_gets_the_tables_and_keeps_its_pilots(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    older(address, "0011")
    engine = connect(address)
    PilotStore(engine).add(PILOT)
    assert FeedLinkStore(engine).all() == []
    assert WebhookStore(engine).all() == []
    engine.dispose()
    again = connect(address)
    assert PilotStore(again).get("heart") is not None
    again.dispose()


def test_everything_of_a_pilot_goes_with_it(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.sqlite'}")
    links, webhooks = FeedLinkStore(engine), WebhookStore(engine)
    with pytest.raises(NotFoundError):
        links.add(FeedSubject(FeedKind.PILOT, "heart"), make_token(), "sv", "", NOW)
    with pytest.raises(NotFoundError):
        webhooks.add("heart", "https://a.example/", list(WebhookEvent), "sv", NOW)
    PilotStore(engine).add(PILOT)
    links.add(FeedSubject(FeedKind.PILOT, "heart"), make_token(), "sv", "", NOW)
    kept = links.add(FeedSubject(FeedKind.FUNDER, "vinnova"), make_token(), "sv", "", NOW)
    hook = webhooks.add("heart", "https://a.example/", list(WebhookEvent), "sv", NOW)
    assert webhooks.queue(hook.id, [NewMessage(WebhookEvent.NEW, "{}", ("new|a|1",))], NOW) == 1
    (message,) = webhooks.due(NOW)
    webhooks.note_failed(message, DeliveryAttempt(NOW, 500, 3, "It answered 500."), NOW)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM pilots"))
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608  ours
            for table in TABLES
        ]
    assert counts == [1, 0, 0, 0, 0]
    assert links.all() == [kept]
    engine.dispose()


def test_an_event_is_told_once_whatever_is_queued(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.sqlite'}")
    webhooks = WebhookStore(engine)
    PilotStore(engine).add(PILOT)
    hook = webhooks.add("heart", "https://a.example/", list(WebhookEvent), "sv", NOW)
    unwanted = NewMessage(WebhookEvent.CHANGED, "", ("changed|a|2",))
    assert webhooks.queue(hook.id, [unwanted], NOW) == 0
    assert webhooks.queue(hook.id, [unwanted], NOW) == 0
    assert webhooks.told_keys(hook.id) == {"changed|a|2"}
    assert webhooks.due(NOW) == []
    engine.dispose()
