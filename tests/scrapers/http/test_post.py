"""Posts to addresses of others' choice: never into a private network, by whatever way."""

from __future__ import annotations

import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from scrapers.errors import FetchError, PolicyError
from scrapers.http import post
from scrapers.http.post import Poster, check_target
from tests.scrapers.conftest import Site, SiteReply

PRIVATE = (
    "10.0.0.7",
    "192.168.1.1",
    "172.20.0.1",
    "169.254.169.254",
    "127.0.0.1",
    "::1",
    "fd00::1",
)
UNFIT = (
    "http://example.org/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://[::1]/x",
    "https://10.0.0.7/x",
    "https://169.254.169.254/latest/meta-data",
    "https://user:secret@example.org/x",
    "ftp://example.org/x",
    "https:///x",
    "https://exa mple.org/",
    "https://2130706433/x",
    "javascript:alert(1)",
    "",
)


def answer_with(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every name lead to each of some addresses in turn, the last again and again."""
    left, asked = list(answers), []

    def ask(host: Any, port: Any, *_: Any, **__: Any) -> Any:
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return asked


@pytest.mark.parametrize("url", UNFIT)
def test_an_unfit_address_is_refused_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    asked = answer_with(monkeypatch, "10.0.0.7")
    with pytest.raises(PolicyError):
        check_target(url)
    with pytest.raises(PolicyError):
        Poster("test").post(url, b"{}", {})
    assert asked in ([], ["2130706433"] * 2)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    answer_with(monkeypatch, address)
    with pytest.raises(PolicyError):
        check_target("https://inner.example.org/hook")
    with pytest.raises(PolicyError):
        Poster("test").post("https://inner.example.org/hook", b"{}", {})


def test_a_name_that_leads_elsewhere_when_it_is_connected_to_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_with(monkeypatch, "93.184.216.34", "127.0.0.1")
    check_target("https://rebinding.example.org/hook")
    with pytest.raises(PolicyError):
        Poster("test").post("https://rebinding.example.org/hook", b"{}", {})


def test_a_name_that_nobody_knows_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    with pytest.raises(FetchError, match="is not known") as raised:
        check_target("https://nowhere.example/hook")
    assert not isinstance(raised.value, PolicyError)


def test_this_machine_is_reached_by_tests_alone(site: Site) -> None:
    site.serve("/hook", SiteReply(b"taken", 202))
    poster = Poster("fundscout-webhooks/test", local=True)
    answer = poster.post(f"{site.url}/hook", b'{"a":1}', {"webhook-id": "msg_1"})
    assert (answer.status, answer.wait) == (202, None)
    (request,) = site.requests
    assert (request.method, request.body) == ("POST", b'{"a":1}')
    assert request.headers["webhook-id"] == "msg_1"
    assert request.headers["user-agent"] == "fundscout-webhooks/test"
    assert not {"cookie", "authorization", "referer"} & request.headers.keys()
    with pytest.raises(PolicyError):
        Poster("test").post(f"{site.url}/hook", b"{}", {})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(site: Site, status: int) -> None:
    site.serve("/hook", SiteReply(b"", status, {"Location": f"{site.url}/inner"}))
    assert Poster("test", local=True).post(f"{site.url}/hook", b"{}", {}).status == status
    assert site.paths() == ["/hook"]


def test_who_asks_to_be_left_alone_is_heard(site: Site) -> None:
    site.serve("/hook", SiteReply(b"", 429, {"Retry-After": "120"}))
    answer = Poster("test", local=True).post(f"{site.url}/hook", b"{}", {})
    assert (answer.status, answer.wait) == (429, 120.0)


def test_an_answer_without_end_is_not_read(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(10_000):
                handler.wfile.write(b"x" * 10_000)
        except OSError:
            return

    site.serve("/hook", SiteReply(raw=endless))
    assert Poster("test", local=True).post(f"{site.url}/hook", b"{}", {}).status == 200


def test_a_head_that_trickles_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "ANSWER_SECONDS", 0.4)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                handler.wfile.write(b"X: 1\r\n")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    site.serve("/hook", SiteReply(raw=trickle))
    with pytest.raises(FetchError):
        Poster("test", local=True).post(f"{site.url}/hook", b"{}", {})
