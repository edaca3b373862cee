"""The fetcher against a site that behaves badly in every way we know of."""

from __future__ import annotations

import gzip
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scrapers.errors import FetchError, PolicyError
from scrapers.http.archive import PageArchive
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.pace import SystemClock
from tests.scrapers.conftest import FakeClock, FetcherFactory, Site, SiteReply

pytestmark = pytest.mark.whole


def test_a_page_is_fetched_identified_and_kept(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    archive = PageArchive(tmp_path)
    site.serve(
        "/a", SiteReply("å".encode(), headers={"Content-Type": "text/plain", "Set-Cookie": "x=1"})
    )
    fetcher = make(archive=archive)
    page = fetcher.get(f"{site.url}/a")
    assert page.text() == "å"
    assert page.fetched_at is not None
    assert archive.read(page.sha256) == page.body
    fetcher.get(f"{site.url}/a")
    asked = [request for request in site.requests if request.path == "/a"]
    assert all("fundscout/" in request.headers["user-agent"] for request in asked)
    assert all("(+https://example.org/who)" in request.headers["user-agent"] for request in asked)
    assert "cookie" not in asked[1].headers
    assert [kept.sha256 for kept in archive.pages()] == [page.sha256, page.sha256]


@pytest.mark.parametrize("contact", ["", "  ", "a\r\nX-Evil: 1"])
def test_nobody_asks_without_a_contact(contact: str) -> None:
    with pytest.raises(PolicyError, match="contact"):
        Fetcher(contact)


def test_a_host_is_given_its_pause(site: Site, make: FetcherFactory, clock: FakeClock) -> None:
    site.serve("/a", b"1")
    fetcher = make(pause=1.0)
    fetcher.get(f"{site.url}/a")
    fetcher.get(f"{site.url}/a")
    assert clock.slept == [1.0, 1.0]  # after robots.txt, and between the two


def test_a_crawl_delay_longer_than_the_pause_counts(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    site.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n")
    site.serve("/a", b"1")
    make().get(f"{site.url}/a")
    assert clock.slept == [7.0]


def test_robots_txt_is_obeyed_and_read_once(site: Site, make: FetcherFactory) -> None:
    site.serve("/robots.txt", b"User-agent: fundscout\nDisallow: /private\n")
    site.serve("/open", b"1")
    fetcher = make()
    with pytest.raises(PolicyError, match="does not allow"):
        fetcher.get(f"{site.url}/private/a")
    fetcher.get(f"{site.url}/open")
    assert [asked.path for asked in site.requests] == ["/robots.txt", "/open"]


def test_a_failing_robots_txt_forbids_everything_for_a_while(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    site.serve("/robots.txt", SiteReply(b"", 503), SiteReply(b"", 404))
    site.serve("/a", b"1")
    fetcher = make()
    with pytest.raises(PolicyError, match="answered 503"):
        fetcher.get(f"{site.url}/a")
    with pytest.raises(PolicyError, match="answered 503"):
        fetcher.get(f"{site.url}/a")
    clock.sleep(301)
    assert fetcher.get(f"{site.url}/a").body == b"1"


def test_an_endless_robots_txt_is_read_to_500_kib(site: Site, make: FetcherFactory) -> None:
    rules = b"User-agent: *\nDisallow: /private\n" + b"# and so on\n" * 100_000
    site.serve("/robots.txt", rules)
    site.serve("/a", b"1")
    fetcher = make()
    assert fetcher.get(f"{site.url}/a").body == b"1"
    with pytest.raises(PolicyError):
        fetcher.get(f"{site.url}/private")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(
    site: Site, make: FetcherFactory, clock: FakeClock, status: int
) -> None:
    site.serve("/a", SiteReply(b"", status), SiteReply(b"", status), b"at last")
    assert make().get(f"{site.url}/a").body == b"at last"
    assert 2.0 in clock.slept
    assert 4.0 in clock.slept


def test_a_lasting_failure_is_given_up_after_three_more_times(
    site: Site, make: FetcherFactory
) -> None:
    site.serve("/a", SiteReply(b"", 503))
    with pytest.raises(FetchError, match="answered 503, 4 times"):
        make().get(f"{site.url}/a")
    assert site.paths() == ["/a"] * 4


def test_retry_after_is_honoured_in_seconds_and_as_a_date(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    later = "Mon, 23 Nov 2026 12:02:00 GMT"
    site.serve(
        "/a",
        SiteReply(b"", 429, {"Retry-After": "37"}),
        SiteReply(b"", 503, {"Retry-After": later}),
        b"thanks",
    )
    assert make(pause=0.0).get(f"{site.url}/a").body == b"thanks"
    assert clock.slept == [37.0, 83.0]  # the second one counts from 12:00:37


def test_too_long_a_retry_after_is_not_waited_for(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    site.serve("/a", SiteReply(b"", 429, {"Retry-After": "3600"}))
    with pytest.raises(FetchError, match="asks to wait 3600 s"):
        make(pause=0.0).get(f"{site.url}/a")
    assert clock.slept == []


def test_an_unreadable_retry_after_falls_back_to_our_own(
    site: Site, make: FetcherFactory, clock: FakeClock
) -> None:
    site.serve("/a", SiteReply(b"", 429, {"Retry-After": "soon"}), b"1")
    make(pause=0.0).get(f"{site.url}/a")
    assert clock.slept == [2.0]


def test_a_refusal_is_not_tried_again(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"", 403))
    with pytest.raises(FetchError, match="answered 403"):
        make().get(f"{site.url}/a")
    assert site.paths() == ["/a"]


def test_an_oversized_body_is_given_up(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", b"x" * (1 << 20))
    with pytest.raises(FetchError, match="answered more than"):
        make(limits=Limits(body=1000)).get(f"{site.url}/a")


def test_a_small_body_that_unpacks_to_a_huge_one_is_given_up(
    site: Site, make: FetcherFactory
) -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    site.serve("/a", SiteReply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="answered more than 20 MiB"):
        make().get(f"{site.url}/a")


def test_a_packed_body_is_unpacked(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"}))
    assert make().get(f"{site.url}/a").body == b"hello"


def test_a_body_cut_off_is_tried_again(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"hal", headers={"Content-Length": "5"}), b"whole")
    assert make().get(f"{site.url}/a").body == b"whole"


def test_a_silent_server_is_given_up(site: Site, make: FetcherFactory) -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)

    site.serve("/a", SiteReply(raw=silent))
    with pytest.raises(FetchError, match="cannot be reached"):
        make(limits=Limits(read=0.1, retries=0)).get(f"{site.url}/a")


def test_a_trickling_server_is_given_up(site: Site, make: FetcherFactory) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.02)

    site.serve("/a", SiteReply(raw=trickle))
    limits = Limits(deadline=0.1, retries=0)
    with pytest.raises(FetchError, match="took too long"):
        make(limits=limits, clock=SystemClock(), pause=0.0).get(f"{site.url}/a")


def test_nobody_there_is_said_after_a_few_tries(clock: FakeClock, make: FetcherFactory) -> None:
    closed = Site()
    closed.close()
    with pytest.raises(PolicyError, match="could not be read"):
        make().get(f"{closed.url}/a")
    assert clock.slept == [2.0, 4.0, 8.0]


def test_json_and_parts_are_posted_as_their_funders_want_them(
    site: Site, make: FetcherFactory
) -> None:
    site.serve("/j", b"1")
    site.serve("/p", b"1")
    fetcher = make()
    fetcher.post_json(f"{site.url}/j", {"rows": 5})
    fetcher.post_parts(f"{site.url}/p", {"languages": ["en"]})
    json_sent, parts_sent = (asked for asked in site.requests if asked.method == "POST")
    assert json_sent.headers["content-type"] == "application/json"
    assert json_sent.body == b'{"rows": 5}'
    assert parts_sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="languages"; filename="blob"' in parts_sent.body
    assert b"Content-Type: application/json" in parts_sent.body
    assert b'["en"]' in parts_sent.body
