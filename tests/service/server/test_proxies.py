"""Caddy and nginx with the files of `deploy/`, in front of a service that asks who comes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from service.domain.access.rights import AccountRole, Scope
from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.use_cases.access.keys import add_key
from service.use_cases.access.users import add_user
from service.use_cases.feeds.links import make_feed_link
from tests.service import sample_calls
from tests.service.http.closed_service import PHRASE
from tests.service.server.clients import serve
from tests.service.server.proxies import NAME, Proxy, run_proxy

pytestmark = pytest.mark.whole

RATE = 40
MIB = 1024 * 1024
BOTH = ("caddy", "nginx")


@dataclass
class Behind:
    """A service, and what opens it."""

    port: int
    key: str
    feed: str


@pytest.fixture(scope="module")
def service(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    data = tmp_path_factory.mktemp("behind") / "data"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(data)
    key = add_key(context, "tool", Scope.WRITE, None).text
    add_user(context, "anna", AccountRole.EDITOR, PHRASE)
    feed = make_feed_link(context, FeedSubject(FeedKind.FUNDER, "vinnova"), "sv").address
    context.calls._engine.dispose()
    settings = {
        "FUNDSCOUT_PUBLIC_URL": f"https://{NAME}",
        "FUNDSCOUT_PROXIES": "127.0.0.1",
        "FUNDSCOUT_RATE": str(RATE),
    }
    with serve(data, settings=settings, costly=(1, 4)) as served:
        yield Behind(served.port, key, f"/feeds/{feed.partition('/feeds/')[2]}")


@pytest.fixture(scope="module", params=BOTH)
def proxy(
    request: pytest.FixtureRequest, service: Behind, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy") / request.param
    with run_proxy(request.param, folder, service.port) as running:
        yield running


def test_all_goes_by_tls_and_its_answers_say_so(proxy: Proxy) -> None:
    answer = proxy.ask("GET", "/sign-in")
    assert answer.status == 200
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "/" not in answer.headers.get("server", "")
    plain = proxy.ask("GET", "/pilots", tls=False)
    assert plain.status in {301, 308}
    assert plain.headers["location"].startswith("https://")


def test_a_person_signs_in_and_sends_forms(proxy: Proxy) -> None:
    form = urlencode({"name": "anna", "password": PHRASE}).encode()
    sent: dict[str, Any] = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Origin": f"https://{NAME}:{proxy.https}",
    }
    answer = proxy.ask("POST", "/sign-in", form, **sent)
    assert answer.status == 303, answer.body
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-fundscout=")
    assert "Secure" in cookie
    session = cookie.partition(";")[0]
    assert proxy.ask("GET", "/pilots", Cookie=session).status == 200
    body = urlencode({"exclude": "x"}).encode()
    own = proxy.ask("POST", "/pilots/heart/exclude", body, Cookie=session, **sent)
    assert own.status == 303, "the form's sender is known by its Origin"
    strange = sent | {"Origin": "https://evil.example"}
    assert proxy.ask("POST", "/pilots/heart/exclude", body, Cookie=session, **strange).status == 403


def test_only_the_proxy_says_where_a_request_comes_from(proxy: Proxy) -> None:
    for name in ("X_Forwarded_For", "Forwarded", "X_Real_IP"):
        claimed = "for=127.0.0.1" if name == "Forwarded" else "127.0.0.1"
        assert proxy.ask("GET", "/metrics", **dict[str, Any]({name: claimed})).status == 401, name
    assert proxy.ask("GET", "/metrics", X_Forwarded_Proto="http").status == 401
    page = proxy.ask("GET", "/sign-in?lang=en", X_Forwarded_Proto="http")
    assert b"https" not in page.body, "it is believed that TLS was used"


def test_a_limit_is_of_each_client_whatever_it_claims(proxy: Proxy) -> None:
    source = f"127.0.{1 + proxy.https % 250}.77"
    seen = [
        proxy.ask("GET", "/api/v1/pilots", source=source, X_Forwarded_For=f"192.0.2.{number}")
        for number in range(RATE + 3)
    ]
    assert [one.status for one in seen[:3]] == [401] * 3
    assert seen[-1].status == 429
    assert int(seen[-1].headers["retry-after"]) > 0
    assert proxy.ask("GET", "/api/v1/pilots", source=source.replace(".77", ".78")).status == 401


def test_another_name_leads_nowhere(proxy: Proxy) -> None:
    for host in ("evil.example", f"evil.example:{proxy.https}", "127.0.0.1.evil.example"):
        answer = proxy.ask("GET", "/sign-in", host=host)
        assert answer.status == 400 or not answer.body, (host, answer.status)
        assert b"<form" not in answer.body


def test_bodies_have_limits_before_they_reach_the_service(proxy: Proxy, service: Behind) -> None:
    given: dict[str, Any] = {
        "Authorization": f"Bearer {service.key}",
        "Content_Type": "application/json",
    }
    for size in (MIB + 1, 2 * MIB, 5 * MIB):
        assert proxy.ask("POST", "/api/v1/match", b"x" * size, **given).status == 413, size
    whole = b'{"text": "' + b"x" * (MIB - 12) + b'"}'
    assert len(whole) == MIB
    own = proxy.ask("POST", "/api/v1/match", whole, **given)
    assert own.headers["content-type"] == "application/problem+json", "the service says it itself"
    for path in ("/api/v1/files", "/api/v1/files/match", "/api/v1/files/pilot"):
        assert proxy.ask("POST", path, b"x" * (12 * MIB), **given).status == 413, path
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        + "Hjärtsvikt i hemmet. ".encode() * 150_000
        + b"\r\n--b--\r\n"
    )
    assert len(form) > 3 * MIB
    given["Content_Type"] = "multipart/form-data; boundary=b"
    large = proxy.ask("POST", "/api/v1/files", form, **given)
    assert large.status != 413, "a file may be larger than another body"
    assert large.headers["content-type"].startswith("application/")


def test_no_secret_is_in_the_log(proxy: Proxy, service: Behind) -> None:
    token = service.feed.partition("token=")[2]
    assert proxy.ask("GET", service.feed).status == 200
    for path in ("confirm", "u", "f", "m", "password"):
        assert proxy.ask("GET", f"/{path}/secret-{path}-0123456789").status >= 400
    proxy.ask("GET", "/calls?q=secret-search", Referer=f"https://{NAME}/?token=secret-referer")
    given: dict[str, Any] = {
        "Authorization": f"Bearer {service.key}",
        "Cookie": "__Host-fundscout=secret-cookie",
    }
    assert proxy.ask("GET", "/api/v1/pilots", **given).status == 200
    written = proxy.log.read_text("utf-8")
    assert "/api/v1/pilots" in written
    for word in (token, "secret-", service.key):
        assert word not in written, word


def test_without_tls_nobody_signs_in(service: Behind, tmp_path: Path) -> None:
    with run_proxy("caddy", tmp_path / "caddy", service.port, tls=False) as proxy:
        assert b"https" in proxy.ask("GET", "/sign-in?lang=en", tls=False).body
        form = urlencode({"name": "anna", "password": PHRASE}).encode()
        sent: dict[str, Any] = {"Content_Type": "application/x-www-form-urlencoded"}
        answer = proxy.ask("POST", "/sign-in", form, tls=False, **sent)
        assert answer.status == 422
        assert "set-cookie" not in answer.headers
        given: dict[str, Any] = {"Authorization": f"Bearer {service.key}"}
        assert proxy.ask("GET", "/api/v1/pilots", tls=False, **given).status == 200
