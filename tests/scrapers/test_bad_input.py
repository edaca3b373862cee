"""Every bad answer that docs/using/bad-input.md names, from a server here to its outcome."""

from __future__ import annotations

import gzip
import json
import re
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scrapers.errors import FetchError, PolicyError
from scrapers.funders.tillvaxtverket import Tillvaxtverket
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.run import collect
from tests.scrapers.conftest import FakeClock, FetcherFactory, Site, SiteReply
from tests.scrapers.test_bad_contents import LISTED
from tests.scrapers.vinnova_lists import (
    AGAIN,
    ROUNDS,
    a_round,
    all_messages,
    as_json,
    page,
    rounds,
    the_call,
)

pytestmark = pytest.mark.whole

TABLE = Path(__file__).parents[2] / "docs" / "using" / "bad-input.md"
HOPS = 5


@pytest.fixture
def fetcher(make: FetcherFactory) -> Fetcher:
    return make(limits=Limits(retries=0))


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<html><body>Ett fel har uppstått</body></html>", "a page of HTML"),
        ("<!DOCTYPE html><title>Öppna data: så används API:et</title>", "a page of HTML"),
    ],
)
def test_html_or_a_manual_with_status_200_publishes_nothing(
    site: Site, fetcher: Fetcher, body: str, word: str
) -> None:
    report = rounds(site, fetcher, page(body), last_good=40)
    assert report.calls == ()
    assert not report.complete
    assert not report.publishable
    assert word in all_messages(report)
    assert "fewer than the 40" in all_messages(report)


@pytest.mark.parametrize(
    "reply",
    [
        page("<html><head><title>Just a moment...</title></head></html>"),
        page("<html><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></html>"),
        page("<html><head><title>Request Rejected</title></head></html>"),
        SiteReply(b"", 202, {"x-amzn-waf-action": "challenge"}),
    ],
)
def test_a_wall_is_no_page_even_where_pages_are_read(
    site: Site, fetcher: Fetcher, reply: SiteReply
) -> None:
    front = "/tillvaxtverket/sokfinansiering/utlysningar.1139.html"
    site.serve(front, page(LISTED))
    site.serve("/utlysningar/a/b.1.html", reply)
    report = collect(Tillvaxtverket(site.url), fetcher, last_good=9)
    assert report.calls == ()
    assert not report.publishable
    assert "shows a wall against programs" in all_messages(report)


def test_a_page_that_only_speaks_of_walls_is_a_page(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", page("<title>Bidrag</title><p>Just a moment... and Cloudflare."))
    assert "Bidrag" in fetcher.get(f"{site.url}/a").text()


def test_an_empty_list_publishes_nothing(site: Site, fetcher: Fetcher) -> None:
    report = rounds(site, fetcher, as_json([]), last_good=40)
    assert not report.publishable
    assert not report.complete
    assert "an empty list came" in all_messages(report)


def test_half_a_body_is_fetched_again(site: Site, make: FetcherFactory) -> None:
    whole = json.dumps([a_round(1)]).encode()
    half = SiteReply(whole[:50], headers={"Content-Length": str(len(whole))})
    site.serve("/a", half, whole)
    assert make(limits=Limits(retries=1)).get(f"{site.url}/a").body == whole


def test_half_a_body_that_stays_half_publishes_nothing(site: Site, fetcher: Fetcher) -> None:
    whole = json.dumps([a_round(1)]).encode()
    report = rounds(site, fetcher, whole[:-7])
    assert not report.publishable
    assert f"cut off after {len(whole) - 7} characters" in all_messages(report)


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("cp1252", "hex"), ("utf-16-le", "utf-8")],
)
def test_a_wrong_charset_does_no_harm(
    site: Site, fetcher: Fetcher, charset: str, declared: str
) -> None:
    report = rounds(
        site, fetcher, as_json([a_round(1, Titel="Hälsa på rätt sätt")], charset, declared)
    )
    assert the_call(report).titles == {"sv": "Hälsa på rätt sätt"}


def test_a_bomb_of_300_mb_is_cut_at_the_cap(site: Site, fetcher: Fetcher) -> None:
    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        pack = zlib.compressobj(wbits=31)
        for _ in range(300):
            handler.wfile.write(pack.compress(bytes(1 << 20)))
        handler.wfile.write(pack.flush())

    site.serve("/a", SiteReply(raw=bomb))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="answered more than 20 MiB"):
            fetcher.get(f"{site.url}/a")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80 << 20


def test_a_server_that_drips_its_body_is_given_up(
    site: Site, fetcher: Fetcher, clock: FakeClock
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            clock.passed += 10
            handler.wfile.write(b".")
            time.sleep(0.005)

    site.serve("/a", SiteReply(raw=drip))
    with pytest.raises(FetchError, match="took too long"):
        fetcher.get(f"{site.url}/a")


def test_a_server_that_drips_its_head_is_given_up(site: Site, make: FetcherFactory) -> None:
    ended: list[int] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(500):
            handler.wfile.write(b"X-%d: 1\r\n" % (number % 90))
            time.sleep(0.01)
        ended.append(1)

    site.serve("/a", SiteReply(raw=drip))
    with pytest.raises(FetchError, match="cannot be reached"):
        make(limits=Limits(retries=0, read=0.2)).get(f"{site.url}/a")
    assert ended == []


def test_a_429_is_waited_for_in_seconds_and_until_a_date(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    site.serve(
        "/a",
        SiteReply(b"", 429, {"Retry-After": "37"}),
        SiteReply(b"", 429, {"Retry-After": "Mon, 23 Nov 2026 12:02:00 GMT"}),
        b"thanks",
    )
    assert make(limits=Limits(retries=2)).get(f"{site.url}/a").body == b"thanks"
    # a pause after robots.txt, then what was asked for, the date counted from then
    assert clock.slept == [1.0, 37.0, 82.0]


def test_a_redirect_loop_ends_after_five(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", SiteReply(b"", 302, {"Location": "/b"}))
    site.serve("/b", SiteReply(b"", 302, {"Location": "/a"}))
    with pytest.raises(PolicyError, match="redirects more than 5 times"):
        fetcher.get(f"{site.url}/a")
    assert len(site.paths()) == HOPS + 1


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/",
        "https://10.0.0.1/",
        "https://[fd00:ec2::254]/",
        "https://[",
    ],
)
def test_a_redirect_to_inner_addresses_is_refused(
    site: Site, fetcher: Fetcher, target: str
) -> None:
    report = rounds(site, fetcher, SiteReply(b"", 302, {"Location": target}))
    assert site.paths() == [ROUNDS, *AGAIN]
    assert not report.publishable
    assert re.search("is not https|names no host|is no address", all_messages(report))


def test_a_redirect_with_a_bomb_for_a_body_is_cut_too(site: Site, make: FetcherFactory) -> None:
    headers = {"Location": "/b", "Content-Encoding": "gzip"}
    site.serve("/a", SiteReply(gzip.compress(bytes(4 << 20)), 302, headers))
    with pytest.raises(FetchError, match="answered more than 1 MiB"):
        make(limits=Limits(retries=0, body=1 << 20)).get(f"{site.url}/a")


def test_the_table_names_tests_that_are_there() -> None:
    answers, _, _ = TABLE.read_text("utf-8").partition("## Addresses")
    named = re.findall(r"`(test_\w+)`", answers)
    here = Path(__file__).parents[1]
    there = "".join(path.read_text("utf-8") for path in here.rglob("test_*.py"))
    assert len(named) >= 17
    assert [name for name in named if f"def {name}(" not in there] == []
