"""The pages of administration: people, keys, feeds, webhooks and settings, for administrators."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.context import Context
from service.domain.access.rights import AccountRole
from service.domain.notifications.webhook import NewMessage, WebhookEvent
from service.messages.words import words
from service.use_cases.access import keys, users
from service.use_cases.access.first_password import make_password_link
from tests.service.http.closed_service import PHRASE, ClosedService, close
from tests.service.http.test_opened_feeds import opens, status, tells
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

EN = words("en")


@pytest.fixture
def service(own_context: Context) -> ClosedService:
    return close(own_context)


@pytest.fixture
def admin(service: ClosedService) -> FlaskClient:
    return service.with_role("admin")


def secret(page: str) -> str:
    found = re.search(r'id="secret"[^>]* value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


PAGES = ("/admin", "/admin/keys", "/admin/feeds", "/admin/settings")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_each_page_is_one_for_people_in_both_languages(
    service: ClosedService, admin: FlaskClient, language: str
) -> None:
    t, editor = words(language), service.people["editor"]
    opens(service.context, editor.principal)
    hook = tells(service.context, editor.principal)
    addresses = [
        *PAGES,
        f"/admin/webhooks/{hook}",
        f"/admin/people/{editor.id}/remove",
        f"/admin/keys/{service.keys['write'].key.id}/revoke",
    ]
    for address in addresses:
        answer = admin.get(f"{address}?lang={language}")
        assert answer.status_code == 200, address
        page = outline(answer.text)
        assert len(page.all("h1")) == 1
        assert {one["lang"] for one in page.all("html")} == {language}
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert not page.all("script")
        assert "style" not in {name for _, attrs in page.tags for name in attrs}
        ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
        labelled = {one["for"] for one in page.all("label") if "for" in one}
        assert labelled <= ids
        named = [one for one in page.all("input") if one.get("type") in {"text", "password"}]
        assert {one["id"] for one in named} <= labelled
        for _, attrs in page.tags:
            assert set(attrs.get("aria-describedby", "").split()) <= ids, address
            assert set(attrs.get("aria-labelledby", "").split()) <= ids, address
        (current,) = [
            one
            for one in page.all("a")
            if "/admin" in one["href"]
            and "aria-current" in one
            and "class" not in one
            and "?" in one["href"]
        ][-1:]
        assert current["aria-current"] == "page"
        assert t("admin.people") in page.text


def test_a_person_is_added_by_a_link_that_works_once(
    service: ClosedService, admin: FlaskClient
) -> None:
    form = {"name": "new@example.org", "role": "editor", "how": "link"}
    page = admin.post("/admin/people?lang=en", data=form)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    path = secret(page.text).removeprefix("http://localhost")
    assert secret(page.text) not in admin.get("/admin").text
    browser = service.visitor()
    assert "new@example.org" in browser.get(path).text
    for typed, again in (("short", "short"), (PHRASE, "another"), ("new@example.org",) * 2):
        refused = browser.post(path, data={"password": typed, "again": again})
        assert refused.status_code == 422, typed
    done = browser.post(path, data={"password": PHRASE, "again": PHRASE})
    assert (done.status_code, done.headers["Location"]) == (303, "/sign-in")
    sent = {"name": "new@example.org", "password": PHRASE}
    assert browser.post("/sign-in", data=sent).status_code == 303
    assert browser.get("/pilots").status_code == 200
    for method in ("GET", "POST"):
        dead = service.visitor().open(path, method=method, data={"password": "x" * 20})
        assert dead.status_code == 410
        assert EN("password.dead") in outline(dead.text).text


@pytest.mark.parametrize("how", ["altered", "removed", "kept out", "changed", "another purpose"])
def test_a_link_to_choose_a_password_is_of_no_use_to_others(
    service: ClosedService, how: str
) -> None:
    context, user = service.context, service.people["reader"]
    token = make_password_link(context, user)
    if how == "altered":
        token = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
    elif how == "removed":
        users.remove_user(context, user.name)
    elif how == "kept out":
        users.set_disabled(context, user.name, disabled=True)
    elif how == "changed":
        users.set_password(context, user.name, PHRASE)
    path = f"/stop/{token}" if how == "another purpose" else f"/password/{token}"
    answer = service.visitor().post(path, data={"password": PHRASE, "again": PHRASE})
    assert answer.status_code >= 400
    known = context.users.get(user.id)
    assert known is None or bool(known.password_hash) == (how == "changed")


def test_a_person_is_added_with_a_password_or_for_the_provider(
    service: ClosedService, admin: FlaskClient
) -> None:
    form = {"name": "Bo", "role": "reader", "how": "password", "password": PHRASE}
    page = admin.post("/admin/people", data=form).text
    assert PHRASE not in page
    assert (
        service.visitor().post("/sign-in", data={"name": "bo", "password": PHRASE}).status_code
        == 303
    )
    for change, wrong in (
        ({}, 409),
        ({"name": "Ba", "password": "short"}, 422),
        ({"name": "Ba", "password": ""}, 422),
        ({"name": "Ba", "role": "king"}, 422),
        ({"name": " "}, 422),
        ({"name": "B" * 101}, 422),
    ):
        refused = admin.post("/admin/people?lang=sv", data=form | change)
        assert refused.status_code == wrong, change
        assert 'role="alert"' in refused.text
        assert 'lang="en"' not in refused.text.partition("<main")[2].partition("<form")[0]
        name = str((form | change)["name"])
        assert f'value="{name}"' in refused.text, "nothing typed is lost"
    assert "Ba" not in {user.name for user in users.list_users(service.context)}


def test_roles_sessions_and_people_change(service: ClosedService, admin: FlaskClient) -> None:
    context, editor = service.context, service.people["editor"]
    feed, hook = opens(context, editor.principal), tells(context, editor.principal)
    browser = service.as_person(editor)
    at = f"/admin/people/{editor.id}"
    changed = admin.post(f"{at}/role?lang=en", data={"role": "reader"})
    assert "These rest until" in outline(changed.text).text
    assert "for the team" in changed.text
    assert status(service, feed) == 403
    admin.post(f"{at}/role", data={"role": "editor"})
    assert status(service, feed) == 200
    assert admin.post(f"{at}/sign-out").status_code == 200
    assert browser.get("/pilots").status_code == 401
    browser = service.as_person(editor)
    assert admin.post(f"{at}/out", data={"out": "true"}).status_code == 200
    assert browser.get("/pilots").status_code == 401
    assert admin.post(f"{at}/out", data={"out": "false"}).status_code == 200
    asked = outline(admin.get(f"{at}/remove?lang=en").text)
    assert EN("admin.ask.keep") in asked.text
    gone = admin.post(f"{at}/remove?lang=en", data={"keep_feeds": "true"})
    assert "These are yours now" in outline(gone.text).text
    assert context.users.get(editor.id) is None
    assert status(service, feed) == 200
    kept = context.webhooks.get(hook)
    assert kept is not None
    assert kept.owner == service.people["admin"].principal.owner
    assert admin.post(f"{at}/role", data={"role": "reader"}).status_code == 404


def test_nobody_shuts_themselves_out(service: ClosedService, admin: FlaskClient) -> None:
    own = service.people["admin"]
    at = f"/admin/people/{own.id}"
    for path, data in (
        ("/role", {"role": "reader"}),
        ("/out", {"out": "true"}),
        ("/remove", {"keep_feeds": "true"}),
    ):
        answer = admin.post(f"{at}{path}", data=data)
        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
    assert admin.get(f"{at}/remove").status_code == 403
    assert service.context.users.get(own.id) is not None
    assert admin.get("/admin").status_code == 200


def test_a_key_is_made_shown_once_replaced_and_revoked(
    service: ClosedService, admin: FlaskClient
) -> None:
    made = admin.post("/admin/keys", data={"name": "<b>tool", "scope": "write", "days": "30"})
    text = secret(made.text)
    assert "<b>tool" not in made.text
    client = service.with_key(text)
    assert client.get("/api/v1/pilots").status_code == 200
    assert text not in admin.get("/admin/keys").text
    key = keys.find_key(service.context, text)
    feed = opens(service.context, key.principal)
    replaced = admin.post(f"/admin/keys/{key.id}/rotate", data={"overlap": "2"})
    later = secret(replaced.text)
    assert service.with_key(later).get("/api/v1/feeds").get_json()["feeds"]
    assert admin.post(f"/admin/keys/{key.id}/revoke").status_code == 200
    assert client.get("/api/v1/pilots").status_code == 401
    assert status(service, feed) == 200, "its successor is let in"
    successor = keys.find_key(service.context, later)
    page = admin.post(f"/admin/keys/{successor.id}/revoke?lang=en")
    assert "These ended with it" in outline(page.text).text
    assert status(service, feed) == 403
    for at in (
        f"/admin/keys/{key.id}/rotate",
        "/admin/keys/none/revoke",
        "/admin/keys/none/rotate",
    ):
        refused = admin.post(at)
        assert refused.status_code in {404, 422}
        assert 'role="alert"' in refused.text
    for wrong in ({"days": "0"}, {"days": "x"}, {"days": "99999"}, {"scope": "root"}, {"name": ""}):
        form = {"name": "n", "scope": "read"} | wrong
        assert admin.post("/admin/keys", data=form).status_code == 422


def test_feeds_and_webhooks_of_all_are_seen_and_ended(
    service: ClosedService, admin: FlaskClient
) -> None:
    context, editor = service.context, service.people["editor"]
    feed, hook = opens(context, editor.principal), tells(context, editor.principal)
    body = '{"a": "<script>"}'
    now = datetime.now(UTC)
    context.webhooks.queue(hook, [NewMessage(WebhookEvent.NEW, body, ("k",))], now)
    page = admin.get("/admin/feeds?lang=en").text
    assert "for the team" in page
    assert "a.example/secret-path" in page
    assert editor.name in page
    (message,) = context.webhooks.messages_of(hook, 1)
    log = admin.get(f"/admin/webhooks/{hook}").text
    assert message.id in log
    assert "<script>" not in log
    replay = f"/admin/webhooks/{hook}/messages/{message.id}/replay"
    assert admin.post(replay).status_code == 200
    context.webhooks.stop(hook, "It answered 410.", now)
    assert "It answered 410." in admin.get("/admin/feeds").text
    assert admin.post(f"/admin/webhooks/{hook}/start").status_code == 200
    assert admin.post(f"/admin/feeds/{feed.feed.id}/revoke").status_code == 200
    assert status(service, feed) == 403
    assert admin.post(f"/admin/webhooks/{hook}/remove").status_code == 200
    assert context.webhooks.get(hook) is None
    for gone in (f"/admin/webhooks/{hook}/start", "/admin/feeds/none/revoke"):
        assert admin.post(gone).status_code == 404
    assert admin.get(f"/admin/webhooks/{hook}").status_code == 404


def test_settings_are_shown_without_secrets(
    own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = "postgresql://anna:hunter2secret@db.example/x"
    monkeypatch.setattr(
        type(own_context.settings), "database_without_password", property(lambda _: "db.example/x")
    )
    client = close(own_context).with_role("admin")
    page = client.get("/admin/settings").text
    assert "FUNDSCOUT_RATE" in page
    assert "db.example/x" in page
    assert hidden not in page
    assert (
        (own_context.settings.mail.secret_file.read_text("utf-8") not in page)
        if (own_context.settings.mail.secret_file.exists())
        else True
    )


@pytest.fixture
def empty(own_context: Context) -> FlaskClient:
    return create_app(own_context).test_client()


def test_the_first_person_is_an_administrator(empty: FlaskClient, own_context: Context) -> None:
    assert EN("admin.open") in outline(empty.get("/admin?lang=en").text).text
    form = {"name": "Bo", "role": "reader", "how": "password", "password": PHRASE}
    assert empty.post("/admin/people", data=form).status_code == 422
    assert empty.post("/admin/keys", data={"name": "n", "scope": "admin"}).status_code == 422
    assert not users.list_users(own_context)
    assert not keys.list_keys(own_context)
    assert empty.post("/admin/people", data=form | {"role": "admin"}).status_code == 200
    assert empty.get("/admin").status_code == 401
    assert own_context.users.find("bo").role is AccountRole.ADMIN  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["visitor", "reader", "editor", "read", "write"])
def test_nobody_else_sees_or_changes_any_of_it(service: ClosedService, who: str) -> None:
    context, editor = service.context, service.people["editor"]
    feed, hook = opens(context, editor.principal), tells(context, editor.principal)
    other, key = service.people["reader"], service.keys["read"].key
    if who == "visitor":
        client = service.visitor()
    else:
        client = service.with_scope(who) if who in service.keys else service.with_role(who)
    for method, path in (
        *(("GET", page) for page in PAGES),
        ("POST", "/admin/people"),
        ("POST", f"/admin/people/{other.id}/role"),
        ("POST", f"/admin/people/{other.id}/out"),
        ("POST", f"/admin/people/{other.id}/sign-out"),
        ("POST", f"/admin/people/{other.id}/link"),
        ("GET", f"/admin/people/{other.id}/remove"),
        ("POST", f"/admin/people/{other.id}/remove"),
        ("POST", "/admin/keys"),
        ("POST", f"/admin/keys/{key.id}/rotate"),
        ("GET", f"/admin/keys/{key.id}/revoke"),
        ("POST", f"/admin/keys/{key.id}/revoke"),
        ("POST", f"/admin/feeds/{feed.feed.id}/revoke"),
        ("GET", f"/admin/webhooks/{hook}"),
        ("POST", f"/admin/webhooks/{hook}/start"),
        ("POST", f"/admin/webhooks/{hook}/remove"),
    ):
        data = {"role": "admin", "name": "x", "scope": "admin", "how": "link", "out": "true"}
        answer = client.open(path, method=method, data=data)
        assert answer.status_code == (401 if who == "visitor" else 403), path
        assert "secret" not in answer.text
        assert key.name not in answer.text
    assert len(keys.list_keys(context)) == len(service.keys)
    assert len(users.list_users(context)) == len(service.people)
    assert status(service, feed) == 200
