"""Every route stands in the table, and lets in exactly those who have the right that it needs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.context import Context
from service.domain.access.principal import OPERATOR, acting
from service.domain.access.rights import Right
from service.http.access import route_rights
from service.http.access.route_rights import ROUTE_RIGHTS
from tests.service.http.closed_service import ClosedService, close, open_copy

pytestmark = pytest.mark.whole

WHO = (
    *("visitor", "public"),
    *("key read", "key write", "key admin"),
    *("person reader", "person editor", "person admin"),
)
HAVE = {
    "visitor": {Right.OPEN, Right.LINK},
    "public": {Right.OPEN, Right.LINK, Right.PUBLIC},
    "read": {Right.OPEN, Right.LINK, Right.PUBLIC, Right.LOCAL, Right.READ},
    "write": set(Right) - {Right.ADMIN},
    "admin": set(Right),
}
HAVE |= {"reader": HAVE["read"], "editor": HAVE["write"]}
OF_THEIR_OWN = {
    *("web.send_sign_in", "api.report_bounce"),
    *("web.pilot_feed", "web.deadline_feed", "web.funder_feed", "web.area_feed", "web.search_feed"),
    "web.saved_search_feed",
}
"""Routes that ask for a password, a secret or a token of their own."""

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
"""Another machine than the service's own."""

NOBODY = {
    "pilot_id": "nobody",
    "oppId": "00000000-0000-4000-8000-000000000000",
    "call_id": "none:1",
    "recipient_id": "0",
    "area_key": "own-nothing-000000",
    "token": "x",
    "form": "csv",
}


@pytest.fixture(scope="module")
def service(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosedService]:
    data = tmp_path_factory.mktemp("closed") / "data"
    shutil.copytree(sample_data, data)
    context = open_copy(data, FUNDSCOUT_RATE="0", FUNDSCOUT_RATE_SEARCHES="0")
    yield close(context)
    context.calls._engine.dispose()


@pytest.fixture(scope="module")
def public(service: ClosedService) -> Iterator[ClosedService]:
    data = service.context.settings.data
    context = open_copy(
        data, FUNDSCOUT_RATE="0", FUNDSCOUT_RATE_SEARCHES="0", FUNDSCOUT_ACCESS="public"
    )
    yield close_to(context)
    context.calls._engine.dispose()


def close_to(context: Context) -> ClosedService:
    from service.app import create_app  # noqa: PLC0415  this helper alone needs it

    return ClosedService(context, create_app(context))


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Return (endpoint, method, an address of it that names nothing there is)."""
    adapter = app.url_map.bind("localhost")
    found: list[tuple[str, str, str]] = []
    for rule in app.url_map.iter_rules():
        values = {name: NOBODY.get(name, "style.css") for name in rule.arguments}
        address = adapter.build(rule.endpoint, values)
        methods = sorted((rule.methods or set()) - {"OPTIONS"})
        found.extend((rule.endpoint, method, address) for method in methods)
    return found


def client_of(who: str, service: ClosedService, public: ClosedService) -> FlaskClient:
    kind, _, level = who.partition(" ")
    if kind == "visitor":
        return service.visitor()
    if kind == "public":
        return public.visitor()
    return service.with_scope(level) if kind == "key" else service.with_role(level)


def test_every_route_stands_in_the_table_and_no_row_is_idle(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTE_RIGHTS)
    assert len(ROUTE_RIGHTS) > 50


@pytest.mark.parametrize("who", WHO)
def test_a_route_lets_in_who_has_its_right_and_nobody_else(
    who: str, service: ClosedService, public: ClosedService
) -> None:
    client, have = client_of(who, service, public), HAVE[who.rsplit(" ", maxsplit=1)[-1]]
    stranger = who in {"visitor", "public"}
    tried = 0
    for endpoint, method, address in routes(service.app):
        if endpoint in OF_THEIR_OWN:
            continue
        asked_from = ELSEWHERE if ROUTE_RIGHTS[endpoint] is Right.LOCAL else {}
        answer = client.open(address, method=method, buffered=True, environ_overrides=asked_from)
        if ROUTE_RIGHTS[endpoint] in have:
            assert answer.status_code not in {401, 403}, (who, method, address)
        else:
            assert answer.status_code == (401 if stranger else 403), (who, method, address)
            assert ("WWW-Authenticate" in answer.headers) == stranger
        if endpoint == "web.sign_out_here":
            client = client_of(who, service, public)
        tried += 1
    assert tried > 80


def test_what_is_refused_to_tools_is_a_problem_and_to_people_a_page(service: ClosedService) -> None:
    tool = service.visitor().get("/api/v1/pilots/heart")
    assert (tool.status_code, tool.mimetype) == (401, "application/problem+json")
    assert "Bearer" in tool.get_json()["detail"]
    assert "heart" not in tool.text
    page = service.visitor().get("/pilots/heart?lang=sv")
    assert (page.status_code, page.mimetype) == (401, "text/html")
    assert "Logga in" in page.text
    assert "Hjärtsvikt hemma" not in page.text
    short = service.with_scope("read").delete("/api/v1/pilots/heart")
    assert (short.status_code, short.mimetype) == (403, "application/problem+json")
    assert "the scope write" in short.get_json()["detail"]


def test_a_route_that_is_not_in_the_table_is_refused_to_everybody(
    service: ClosedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {name: right for name, right in ROUTE_RIGHTS.items() if name != "api.list_calls"}
    monkeypatch.setattr("service.http.access.guard.ROUTE_RIGHTS", left)
    assert route_rights.ROUTE_RIGHTS is not left
    for client in (service.visitor(), service.with_scope("admin"), service.with_role("admin")):
        assert client.get("/api/v1/calls").status_code == 403


def test_on_this_machine_without_key_and_person_all_is_open(client: FlaskClient) -> None:
    for address in ("/", "/pilots", "/pilots/heart", "/api/v1/pilots/heart", "/calls"):
        assert client.get(address).status_code == 200, address
    page = client.get("/pilots/heart").text
    assert "/sign-in" not in page
    assert "/sign-out" not in page


def test_an_open_service_is_open_to_this_machine_alone(app: Flask) -> None:
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert stranger.get("/api/v1/pilots").status_code == 401
    assert stranger.get("/healthz").status_code == 200


def test_in_public_mode_calls_and_searches_are_open_and_no_pilot_is(public: ClosedService) -> None:
    visitor = public.visitor()
    assert visitor.get("/api/v1/calls").get_json()["total"] > 0
    assert visitor.post("/api/v1/match", json={"text": "Hjärtsvikt hemma"}).status_code == 200
    search = visitor.get("/")
    assert search.status_code == 200
    assert "Hjärtsvikt hemma" not in search.text
    assert visitor.get("/?pilot=heart").status_code == 404
    assert visitor.get("/actors?pilot=heart").status_code == 404
    assert visitor.get("/api/v1/actors?pilot=heart").status_code == 404
    for address in ("/pilots", "/calls/hostile:1/pilots", "/pilots/heart/recipients"):
        assert visitor.get(address).status_code == 401
    assert "/pilots" not in visitor.get("/calls/hostile:1").text.replace("/pilots/", "")


def test_a_visitors_text_is_kept_in_the_store_alone_and_no_longer_than_said(
    public: ClosedService,
) -> None:
    context = public.context

    def kept() -> set[str]:
        return {
            path.name.partition(".")[0]
            for path in context.settings.data.rglob("*")
            if path.is_file() and "Rederiet" in path.read_bytes().decode("latin-1")
        }

    text = "Rederiet prövar ensamma segel på Vänern med egna seglare"
    assert public.visitor().post("/api/v1/match", json={"text": text}).status_code == 200
    assert kept() == set()
    asked = public.visitor().post("/", data={"text": text})
    assert asked.status_code == 303
    assert kept() == {"fundscout"}
    assert text in unescape(public.visitor().get(asked.headers["Location"]).text)
    assert context.searches.remove_unsaved(datetime.now(UTC) + timedelta(seconds=1)) >= 1
    assert public.visitor().get(asked.headers["Location"]).status_code == 404


def test_after_a_request_this_thread_acts_for_nobody(service: ClosedService) -> None:
    service.visitor().get("/api/v1/pilots")
    service.with_role("reader").get("/pilots")
    assert acting() is OPERATOR
