"""Names that a request may call us by, proxies that are believed, and how many requests count."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.access_settings import host_of, is_loopback
from service.app import create_app
from service.context import Context
from service.domain.access.rights import Scope
from service.http.access.rate_limits import address_of
from service.settings import Settings
from service.use_cases.access.keys import add_key
from tests.service.http.closed_service import close, open_copy

pytestmark = pytest.mark.whole

Open = Callable[..., Context]


@pytest.fixture
def opened(sample_data: Path, tmp_path: Path) -> Iterator[Open]:
    made: list[Context] = []

    def open_(**environment: str) -> Context:
        data = tmp_path / str(len(made))
        shutil.copytree(sample_data, data)
        made.append(open_copy(data, **environment))
        return made[-1]

    yield open_
    for context in made:
        context.calls._engine.dispose()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "0.0.0.0",  # noqa: S104  a name that a browser may be told
        "[::ffff:127.0.0.1]",
        "localhost:x",
        "localhost@evil.example",
        "evil.example#localhost",
        "",
        " ",
    ],
)
def test_a_name_that_nobody_has_set_is_refused_on_every_route(
    client: FlaskClient, host: str
) -> None:
    for address in ("/api/v1/pilots", "/pilots", "/healthz", "/static/style.css", "/nothing"):
        answer = client.get(address, headers={"Host": host}, buffered=True)
        assert answer.status_code == 400, address
        assert "Hjärtsvikt" not in answer.text
    tool = client.get("/api/v1/calls", headers={"Host": host})
    assert tool.mimetype == "application/problem+json"
    assert "FUNDSCOUT_TRUSTED_HOSTS" in tool.get_json()["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9999", "[::1]:8000"])
def test_names_of_this_machine_are_known(client: FlaskClient, host: str) -> None:
    assert client.get("/api/v1/pilots", headers={"Host": host}).status_code == 200


def test_names_that_are_set_are_known(opened: Open) -> None:
    context = opened(
        FUNDSCOUT_TRUSTED_HOSTS="Calls.example.org, .region.example",
        FUNDSCOUT_PUBLIC_URL="https://fund.example.org/",
        FUNDSCOUT_HOST="192.0.2.1",
    )
    client = create_app(context).test_client()
    for host, status in (
        ("calls.example.org", 200),
        ("fund.example.org:443", 200),
        ("a.b.region.example", 200),
        ("192.0.2.1:8000", 200),
        ("example.org", 400),
        ("evilregion.example", 400),
    ):
        assert client.get("/healthz", headers={"Host": host}).status_code == status, host


@pytest.mark.parametrize(("url", "host"), [("http://[::1]:80/x", "[::1]"), ("x", "")])
def test_hosts_of_addresses(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1", "localhost"]
)
def test_what_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("0.0.0.0")  # noqa: S104  every address
    assert not is_loopback("localhost.example")


def seen(context: Context, peer: str, **headers: str) -> tuple[str, str]:
    """Return the client's address and the scheme, as the application sees a request."""
    app, found = create_app(context), []

    @app.before_request
    def look() -> None:
        from flask import request  # noqa: PLC0415  of the request alone

        found.append((address_of(request), request.scheme))

    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = peer
    client.get(
        "/healthz", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    ((address, scheme),) = found
    return address, scheme


def test_only_proxies_that_are_set_are_believed(opened: Open) -> None:
    claimed = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    by_default = opened()
    assert seen(by_default, "198.51.100.1", **claimed) == ("198.51.100.1", "http")
    assert seen(by_default, "127.0.0.1", **claimed) == ("127.0.0.1", "https"), "as before"
    behind = opened(FUNDSCOUT_PROXIES="10.0.0.0/8, 127.0.0.1")
    assert seen(behind, "10.1.2.3", **claimed) == ("203.0.113.9", "https")
    assert seen(behind, "127.0.0.1", **claimed) == ("203.0.113.9", "https")
    assert seen(behind, "::ffff:10.1.2.3", **claimed) == ("203.0.113.9", "https")
    assert seen(behind, "198.51.100.1", **claimed) == ("198.51.100.1", "http")
    forged = {"X_Forwarded_For": "1.2.3.4, 203.0.113.9", "X_Forwarded_Host": "evil.example"}
    assert seen(behind, "10.1.2.3", **forged) == ("203.0.113.9", "http"), "what a client adds"
    assert seen(behind, "2001:db8::1") == ("2001:db8::/64", "http")


def test_a_key_that_asks_too_often_must_wait_and_another_need_not(opened: Open) -> None:
    service = close(opened(FUNDSCOUT_RATE="5"))
    busy, calm = service.with_scope("read"), service.with_scope("write")
    for left in (4, 3, 2, 1, 0):
        answer = busy.get("/api/v1/pilots?page_size=1")
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Limit"] == "5"
        assert answer.headers["RateLimit-Remaining"] == str(left)
        assert 0 < int(answer.headers["RateLimit-Reset"]) <= 60
    for address in ("/api/v1/pilots", "/api/v1/calls", "/pilots?lang=sv"):
        refused = busy.get(address)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["RateLimit-Remaining"] == "0"
    problem = busy.get("/api/v1/calls")
    assert problem.mimetype == "application/problem+json"
    assert "try again in" in problem.get_json()["detail"]
    assert "försök igen om" in busy.get("/pilots?lang=sv").text
    assert calm.get("/api/v1/pilots").status_code == 200
    assert busy.get("/healthz").status_code == 200
    assert busy.get("/static/style.css", buffered=True).status_code == 200


def test_who_is_not_let_in_is_counted_by_address(opened: Open) -> None:
    service = close(opened(FUNDSCOUT_RATE="4"))
    answers = [
        service.with_key(f"fundscout_{'0' * 12}_{str(n) * 43}").get("/api/v1/calls").status_code
        for n in range(3)
    ]
    answers += [service.visitor().get("/pilots").status_code for _ in range(2)]
    assert answers == [401, 401, 401, 401, 429]
    other = service.visitor()
    other.environ_base["REMOTE_ADDR"] = "127.0.0.9"
    assert other.get("/pilots").status_code == 401
    assert service.with_scope("read").get("/api/v1/pilots").status_code == 200


def test_searches_have_a_limit_of_their_own(opened: Open) -> None:
    service = close(opened(FUNDSCOUT_RATE="60", FUNDSCOUT_RATE_SEARCHES="2"))
    client, wish = service.with_scope("read"), {"text": "Hjärtsvikt hemma"}
    for status in (200, 200, 429):
        assert client.post("/api/v1/match", json=wish).status_code == status
    assert client.get("/?pilot=heart").status_code == 429, "the page searches too"
    assert client.get("/").status_code == 200, "a form without a question does not"
    assert client.get("/api/v1/calls").status_code == 200


def test_where_all_is_open_or_no_limit_is_set_nothing_is_counted(opened: Open) -> None:
    alone = create_app(opened(FUNDSCOUT_RATE="1")).test_client()
    free = close(opened(FUNDSCOUT_RATE="0")).with_scope("read")
    for client in (alone, free):
        for _ in range(3):
            answer = client.get("/api/v1/pilots")
            assert answer.status_code == 200
            assert "RateLimit-Limit" not in answer.headers


def test_one_client_cannot_use_up_the_questions_of_all(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = opened(FUNDSCOUT_RATE="0")
    service = close(context)
    one, other = (
        service.with_key(add_key(context, name, Scope.WRITE, None).text) for name in ("a", "b")
    )
    where = "/api/v1/pilots/heart/recipients"
    codes = [one.post(where, json={"address": f"p{n}@example.org"}).status_code for n in range(17)]
    assert codes == [202] * 15 + [429] * 2
    refused = one.post(where, json={"address": "x@example.org"})
    assert int(refused.headers["Retry-After"]) > 3000
    assert "wait before the next" in refused.get_json()["detail"]
    assert other.post(where, json={"address": "real@example.org"}).status_code == 202
    monkeypatch.setattr("service.use_cases.recipients.QUESTIONS_AN_HOUR", 10)
    assert other.post(where, json={"address": "more@example.org"}).status_code == 429


def test_the_settings_show_no_secret() -> None:
    rows = Settings.from_env(
        {
            "FUNDSCOUT_OIDC_ISSUER": "https://id.example.org",
            "FUNDSCOUT_OIDC_CLIENT": "fundscout",
            "FUNDSCOUT_OIDC_SECRET_FILE": "/etc/fundscout.oidc",
            "FUNDSCOUT_PROXIES": "127.0.0.1, ::1",
        }
    ).as_rows()
    assert rows["FUNDSCOUT_PROXIES"] == "127.0.0.1/32, ::1/128"
    assert str(rows["FUNDSCOUT_OIDC_SECRET_FILE"]) == "/etc/fundscout.oidc"
    assert rows["FUNDSCOUT_OIDC_ROLE"] == ""
    assert rows["FUNDSCOUT_SESSION_HOURS"] == 12
