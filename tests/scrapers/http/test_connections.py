"""Names, numbers and certificates: what is connected to is what was checked, and nothing else."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from urllib3.util import connection as urllib3_connection

from scrapers.errors import FetchError, PolicyError
from scrapers.http import netguard
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from tests.scrapers.conftest import FakeClock, Site, SiteReply

pytestmark = pytest.mark.whole

PEM = Path(__file__).parent / "named.example.pem"
PUBLIC = "93.184.215.14"

Names = dict[str, list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Answers of a name server: each name's in turn, the last one again and again."""
    known: Names = {}
    real = socket.getaddrinfo

    def ask(host: str, port: int, *args: object, **more: object) -> Any:
        if host not in known:
            return real(host, port, *args, **more)  # type: ignore[arg-type]
        left = known[host]
        answer = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in answer.split()
        ]

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return known


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


class TlsHandler(BaseHTTPRequestHandler):
    """Answers everything alike, and notes the name that TLS asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"named")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
        pass


class NamedServer(ThreadingHTTPServer):
    """Speaks TLS as named.example."""

    daemon_threads = True
    asked_for: list[str | None]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TlsHandler)
        self.asked_for = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        context.sni_callback = lambda _, name, __: self.asked_for.append(name)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self._context.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that refuse us are what the tests are about."""


@pytest.fixture
def tls() -> Iterator[NamedServer]:
    server = NamedServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def reached(tls: NamedServer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers that were connected to; each leads to the server on this machine."""
    found: list[str] = []
    real = urllib3_connection.create_connection

    def connect(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        found.append(address[0])
        return real(("127.0.0.1", tls.server_port), *args, **more)

    monkeypatch.setattr(urllib3_connection, "create_connection", connect)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(PEM))
    return found


def test_a_dns_answer_that_changes_is_of_no_use(
    fetcher: Fetcher, names: Names, reached: list[str], tls: NamedServer
) -> None:
    names["named.example"] = [PUBLIC, "127.0.0.1"]
    assert fetcher.get("https://named.example/a").body == b"named"
    # robots.txt and the page went over one connection; a second would have been refused
    assert set(reached) == {PUBLIC}
    assert set(tls.asked_for) == {"named.example"}
    fetcher.close()
    with pytest.raises(PolicyError, match=r"leads to 127\.0\.0\.1"):
        fetcher.get("https://named.example/b")
    assert set(reached) == {PUBLIC}


def test_the_certificate_must_be_of_the_name(
    fetcher: Fetcher, names: Names, reached: list[str]
) -> None:
    names["other.example"] = [PUBLIC]
    with pytest.raises(FetchError, match="no valid certificate"):
        fetcher.get("https://other.example/a")
    assert reached == [PUBLIC]


def test_a_certificate_nobody_vouches_for_is_refused(
    fetcher: Fetcher, names: Names, reached: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    names["named.example"] = [PUBLIC]
    with pytest.raises(FetchError, match="no valid certificate"):
        fetcher.get("https://named.example/a")


def test_the_next_number_of_a_name_is_tried(
    fetcher: Fetcher, names: Names, tls: NamedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    real = urllib3_connection.create_connection

    def connect(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        tried.append(address[0])
        if ":" in address[0]:
            raise OSError(101, "Network is unreachable")
        return real(("127.0.0.1", tls.server_port), *args, **more)

    monkeypatch.setattr(urllib3_connection, "create_connection", connect)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(PEM))
    names["named.example"] = [f"2606:2800:21f::1 {PUBLIC}"]
    assert fetcher.get("https://named.example/a").body == b"named"
    assert tried[:2] == ["2606:2800:21f::1", PUBLIC]


@pytest.mark.parametrize(
    "answer",
    [
        "127.0.0.1",
        "169.254.169.254",
        "10.1.2.3",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  an answer, nothing is bound to it
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "64:ff9b::a9fe:a9fe",
        "fe80::1",
        f"{PUBLIC} 10.0.0.1",
    ],
)
def test_a_name_that_leads_inside_is_refused(
    fetcher: Fetcher, names: Names, reached: list[str], answer: str
) -> None:
    names["inner.example"] = [answer]
    with pytest.raises(PolicyError, match=r"inner\.example leads"):
        fetcher.get("https://inner.example/a")
    assert reached == []


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001", "localhost."])
def test_this_machine_written_strangely_is_refused_even_to_a_local_fetcher(
    site: Site, clock: FakeClock, host: str
) -> None:
    port = site.url.rsplit(":", 1)[1]
    fetcher = Fetcher("https://example.org/who", clock=clock, local=True, limits=Limits(retries=0))
    with pytest.raises(PolicyError):
        fetcher.get(f"https://{host}:{port}/a")
    with pytest.raises(PolicyError):
        fetcher.get(f"http://{host}:{port}/a")
    fetcher.close()
    assert site.requests == []


def test_this_machine_is_asked_only_where_its_base_was_given(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", b"here")
    with pytest.raises(PolicyError, match="this machine"):
        fetcher.get(f"{site.url}/a")
    with (
        fetcher.allow_local("https://example.org"),
        pytest.raises(PolicyError, match="this machine"),
    ):
        fetcher.get(f"{site.url}/a")
    assert site.requests == []
    with fetcher.allow_local(site.url):
        assert fetcher.get(f"{site.url}/a").body == b"here"
    with pytest.raises(PolicyError, match="this machine"):
        fetcher.get(f"{site.url}/a")


def test_a_local_run_cannot_be_led_here_from_outside(
    names: Names,
    reached: list[str],
    clock: FakeClock,
    tls: NamedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names["named.example"] = [PUBLIC]
    fetcher = Fetcher("https://example.org/who", clock=clock, local=True, limits=Limits(retries=0))

    def moved(handler: TlsHandler) -> None:
        handler.send_response(302 if handler.path == "/a" else 404)
        handler.send_header("Location", "http://127.0.0.1/b")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    monkeypatch.setattr(TlsHandler, "do_GET", moved)
    with pytest.raises(PolicyError, match="leads to this machine"):
        fetcher.get("https://named.example/a")
    fetcher.close()


def test_a_proxy_of_the_environment_is_not_used(
    site: Site, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    site.serve("/a", SiteReply(b"here"))
    fetcher = Fetcher("https://example.org/who", clock=clock, local=True, limits=Limits(retries=0))
    assert fetcher.get(f"{site.url}/a").body == b"here"
    fetcher.close()


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        (PUBLIC, True),
        ("2606:2800:21f::1", True),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::5db8:d70e", False),
        ("2002:5db8:d70e::1", False),
        ("2001:0:5db8::1", False),
        ("2001:db8::1", False),
        ("::5db8:d70e", False),
        ("fd00:ec2::254", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("192.88.99.1", False),
        ("172.31.0.1", False),
        ("172.32.0.1", True),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_which_numbers_are_public(address: str, fits: bool) -> None:
    assert netguard.is_public(ipaddress.ip_address(address)) is fits


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org\\@127.0.0.1/",
        "https://example.org /",
        "https://example.org/\r\nX: 1",
        "https://example.org:port/",
        "https://[::1",
        "https://@example.org/",
    ],
)
def test_addresses_that_readers_disagree_on_are_refused(url: str) -> None:
    with pytest.raises(PolicyError):
        netguard.check_address(url, "https://example.org/")


def test_a_name_that_is_none_cannot_be_reached(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError):
        fetcher.get(f"https://{'a' * 70}.example/")
