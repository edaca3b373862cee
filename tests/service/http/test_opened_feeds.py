"""What a key or a person has opened is theirs alone, and does not outlive them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from scrapers.http.post import Poster
from service.context import Context
from service.domain.access.principal import Principal, as_principal
from service.domain.access.rights import AccountRole, Scope
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.domain.notifications.webhook import NewMessage, WebhookEvent
from service.jobs.webhooks import WebhookSender, send_webhooks
from service.use_cases.access import keys, users
from service.use_cases.feeds import webhooks
from service.use_cases.feeds.links import MadeFeedLink, list_feed_links, make_feed_link
from tests.service.http.closed_service import ClosedService, close
from tests.service.jobs.backups.weeks import backed_up, filled, opened, restored
from tests.service.mail.mail_round import PILOTS

pytestmark = pytest.mark.whole

SEARCH = FeedSubject(FeedKind.SEARCH, SavedSearch(words="ubåtsspaning").key)
PILOT = FeedSubject(FeedKind.PILOT, "heart")


@pytest.fixture
def service(own_context: Context) -> ClosedService:
    return close(own_context)


def opens(context: Context, who: Principal, subject: FeedSubject = PILOT) -> MadeFeedLink:
    with as_principal(who):
        return make_feed_link(context, subject, "sv", "for the team")


def tells(context: Context, who: Principal, pilot_id: str = "heart") -> str:
    events, now = tuple(WebhookEvent), datetime.now(UTC)
    url = "https://a.example/secret-path"
    return context.webhooks.add(pilot_id, url, events, "sv", now, owner=who.owner).id


def status(service: ClosedService, made: MadeFeedLink) -> int:
    root = service.context.settings.mail.public_url
    return service.visitor().get(made.address.removeprefix(root)).status_code


def is_told(context: Context, webhook_id: str) -> bool:
    return any(one.id == webhook_id and one.working for one in webhooks.list_all_webhooks(context))


Two = tuple[tuple[Principal, FlaskClient], tuple[Principal, FlaskClient]]


def two(service: ClosedService, kind: str, level: str) -> Two:
    """Return two keys of a scope, or two people of a role."""
    context = service.context
    if kind == "key":
        made = [keys.add_key(context, name, Scope(level), None) for name in ("one", "two")]
        first, second = ((one.key.principal, service.with_key(one.text)) for one in made)
    else:
        people = [users.add_user(context, name, AccountRole(level)) for name in ("Anna", "Bo")]
        first, second = ((one.principal, service.as_person(one)) for one in people)
    return first, second


WRITERS = (("key", "write"), ("person", "editor"))
READERS = (("key", "read"), ("person", "reader"))
ADMINS = (("key", "admin"), ("person", "admin"))


@pytest.mark.parametrize(("kind", "level"), [*WRITERS, *READERS])
def test_nobody_but_administrators_sees_or_changes_what_another_opened(
    service: ClosedService, kind: str, level: str
) -> None:
    (owner, own), (_, other) = two(service, kind, level)
    search, feed = opens(service.context, owner, SEARCH), opens(service.context, owner)
    hook = tells(service.context, owner)
    service.context.webhooks.queue(
        hook, [NewMessage(WebhookEvent.NEW, "{}", ("k",))], datetime.now(UTC)
    )
    (message,) = service.context.webhooks.messages_of(hook, 1)
    hooks = "/api/v1/pilots/heart/webhooks"
    for address in ("/api/v1/feeds", "/feed-links", hooks):
        mine, theirs = own.get(address), other.get(address)
        assert theirs.status_code == 200
        for word in (search.feed.id, feed.feed.id, hook, "ubåtsspaning", "for the team"):
            assert word not in theirs.text, (address, word)
            assert "a.example" not in theirs.text
        assert hook in mine.text or "for the team" in mine.text
    for method, path in (
        ("DELETE", f"/api/v1/feeds/{feed.feed.id}"),
        ("POST", f"/feed-links/{feed.feed.id}/revoke"),
        ("GET", f"{hooks}/{hook}/messages"),
        ("PUT", f"{hooks}/{hook}/start"),
        ("PUT", f"{hooks}/{hook}/secret"),
        ("PUT", f"{hooks}/{hook}/messages/{message.id}/replay"),
        ("DELETE", f"{hooks}/{hook}"),
    ):
        wanted = {404} if (kind, level) in WRITERS or method == "GET" else {403}
        assert other.open(path, method=method).status_code in wanted, (method, path)
        assert "whsec_" not in other.open(path, method=method).text
    kept = service.context.webhooks.get(hook)
    assert kept is not None
    assert kept.secret_number == 1
    for admin_kind, admin_level in ADMINS:
        admin = service.with_scope("admin") if admin_kind == "key" else service.with_role("admin")
        assert admin_level == "admin"
        assert search.feed.id in admin.get("/api/v1/feeds").text
        assert "a.example/secret-path" in admin.get(hooks).text


def end_key(context: Context, who: Principal, *, keep: bool) -> Any:
    return keys.revoke_key(context, who.id, keep_feeds=keep).feeds


def end_person(context: Context, who: Principal, *, keep: bool) -> Any:
    return users.remove_user(context, who.name, keep_feeds=keep).feeds


ENDS: dict[str, Callable[..., Any]] = {"key": end_key, "person": end_person}


@pytest.mark.parametrize(("kind", "level"), WRITERS)
@pytest.mark.parametrize("keep", [False, True])
def test_it_ends_with_its_key_or_person_or_is_handed_over(
    service: ClosedService, kind: str, level: str, *, keep: bool
) -> None:
    context = service.context
    (owner, _), (other, _) = two(service, kind, level)
    mine, search, theirs = (
        opens(context, owner),
        opens(context, owner, SEARCH),
        opens(context, other),
    )
    hook, their_hook = tells(context, owner), tells(context, other)
    assert [status(service, one) for one in (mine, theirs)] == [200, 200]
    admin = service.people["admin"].principal
    with as_principal(admin):
        feeds = ENDS[kind](context, owner, keep=keep)
    assert {one.id for one in feeds.links} == {mine.feed.id, search.feed.id}
    assert [one.id for one in feeds.webhooks] == [hook]
    assert feeds.kept is keep
    assert status(service, mine) == (200 if keep else 403)
    assert status(service, search) == (200 if keep else 403)
    assert is_told(context, hook) is keep
    assert status(service, theirs) == 200
    assert is_told(context, their_hook)
    if keep:
        made_by = {one.made_by for one in list_feed_links(context).feeds}
        assert made_by == {admin.name, other.name}


def test_of_a_rotated_key_everything_goes_to_its_successor(service: ClosedService) -> None:
    context = service.context
    old = keys.add_key(context, "tool", Scope.WRITE, None)
    client = service.with_key(old.text)
    body = {"id": "own", "title": "Own", "text": "Hjärtsvikt hemma.", "private": True}
    assert client.post("/api/v1/pilots", json=body).status_code == 201
    feed, hook = opens(context, old.key.principal), tells(context, old.key.principal)
    second = keys.rotate_key(context, old.key.id, timedelta(days=7))
    third = keys.rotate_key(context, second.key.id, timedelta(days=7))
    for text in (old.text, second.text, third.text):
        later = service.with_key(text)
        assert later.get("/api/v1/pilots/own").status_code == 200
        assert feed.feed.id in later.get("/api/v1/feeds").text
        assert hook in later.get("/api/v1/pilots/heart/webhooks").text
    assert not keys.revoke_key(context, old.key.id).feeds
    assert not keys.revoke_key(context, third.key.id).feeds
    assert status(service, feed) == 200, "the second key is let in still"
    assert keys.revoke_key(context, second.key.id).feeds
    assert status(service, feed) == 403
    assert not is_told(context, hook)


@pytest.mark.parametrize("how", ["disabled", "demoted"])
@pytest.mark.parametrize("keep", [False, True])
def test_it_rests_while_a_person_is_kept_out_or_may_only_read(
    service: ClosedService, how: str, *, keep: bool
) -> None:
    context = service.context
    (owner, _), _ = two(service, "person", "editor")
    feed, hook = opens(context, owner), tells(context, owner)

    def change(*, out: bool) -> Any:
        if how == "disabled":
            return users.set_disabled(context, owner.name, disabled=out, keep_feeds=keep)
        role = AccountRole.READER if out else AccountRole.EDITOR
        return users.set_role(context, owner.name, role, keep_feeds=keep)

    resting = users.list_resting(context, change(out=True))
    assert (len(resting.links), len(resting.webhooks)) == ((0, 0) if keep else (1, 1))
    assert status(service, feed) == (200 if keep else 403)
    assert is_told(context, hook) is keep
    assert not users.list_resting(context, change(out=False))
    assert status(service, feed) == 200
    assert is_told(context, hook)


def test_an_expired_key_has_nothing_open(service: ClosedService) -> None:
    context = service.context
    made = keys.add_key(context, "short", Scope.WRITE, timedelta(days=1))
    feed, hook = opens(context, made.key.principal), tells(context, made.key.principal)
    assert status(service, feed) == 200
    context.keys.replace(made.key.id, "", datetime.now(UTC) - timedelta(seconds=1))
    assert status(service, feed) == 403
    assert not is_told(context, hook)
    page = service.with_role("admin").get("/feed-links?lang=en").text
    assert "At rest" in page


def test_an_administrator_of_before_follows_no_private_pilot(service: ClosedService) -> None:
    context, admin = service.context, service.people["admin"]
    (owner, own), _ = two(service, "person", "editor")
    body = {"id": "own", "title": "Own", "text": "Hjärtsvikt hemma.", "private": True}
    assert own.post("/api/v1/pilots", json=body).status_code == 201
    of_own = FeedSubject(FeedKind.PILOT, "own")
    feed, shared = opens(context, admin.principal, of_own), opens(context, admin.principal)
    hook, theirs = tells(context, admin.principal, "own"), opens(context, owner, of_own)
    users.set_role(context, admin.name, AccountRole.EDITOR)
    assert status(service, feed) == 403
    assert not is_told(context, hook)
    assert status(service, shared) == 200
    assert status(service, theirs) == 200


def test_a_webhook_at_rest_is_sent_nothing_until_somebody_takes_it_over(
    service: ClosedService,
) -> None:
    context = service.context
    (owner, _), _ = two(service, "person", "editor")
    hook = tells(context, owner)
    now = datetime.now(UTC)
    context.webhooks.queue(hook, [NewMessage(WebhookEvent.NEW, "{}", ("k",))], now)
    users.set_disabled(context, owner.name, disabled=True)
    tried: list[str] = []

    class Deaf(Poster):
        def post(self, url: str, *_: object, **__: object) -> Any:
            tried.append(url)
            raise AssertionError(url)

    send_webhooks(context, WebhookSender(Deaf("test"), lambda: now))
    assert tried == []
    assert context.webhooks.count_pending(hook) == 1
    start = f"/api/v1/pilots/heart/webhooks/{hook}/start"
    assert service.with_scope("write").put(start).status_code == 404
    started = service.with_role("admin").put(start).get_json()
    assert (started["working"], started["made_by"]) == (True, "admin@example.org")


@pytest.mark.parametrize("keep", [False, True])
def test_a_restore_opens_nothing_again_and_takes_nothing_back(
    tmp_path: Path, *, keep: bool
) -> None:
    data = tmp_path / "data"
    filled(data)
    area = FeedSubject(FeedKind.AREA, "home_care")
    with opened(data) as context:
        key = keys.add_key(context, "tool", Scope.WRITE, None).key
        anna = users.add_user(context, "Anna", AccountRole.EDITOR)
        both = (key.principal, anna.principal)
        links = {opens(context, who, area).feed.id for who in both}
        hooks = {tells(context, who, PILOTS[0]) for who in both}
    backup = backed_up(data, tmp_path / "b.tar.gz")
    with opened(data) as context:
        keys.revoke_key(context, key.id, keep_feeds=keep)
        users.remove_user(context, "Anna", keep_feeds=keep)
    restored(data, backup)
    with opened(data) as context:
        cards = list_feed_links(context).feeds
        assert {one.id for one in cards if one.working} == (links if keep else set())
        assert {one.id for one in webhooks.list_all_webhooks(context) if one.working} == (
            hooks if keep else set()
        )
        assert {one.made_by for one in cards} == ({""} if keep else {"tool", "Anna"})
    shutil.rmtree(data)
