"""Every bad input that docs/bad-input.md names, from a server on this machine to its outcome."""

from __future__ import annotations

import gzip
import io
import json
import re
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scrapers.call import Call, Status
from scrapers.errors import FetchError, PolicyError, ShapeError
from scrapers.fetch import Fetcher, Limits
from scrapers.funder import Expectations
from scrapers.funders.tillvaxtverket import Tillvaxtverket
from scrapers.funders.vinnova import Vinnova
from scrapers.run import RunReport, collect
from scrapers.safe_xml import records, root
from tests.scrapers.conftest import FakeClock, Reply, Site

TABLE = Path(__file__).parents[2] / "docs" / "bad-input.md"
ROUNDS = "/ansokningsomgangar/2020-01-01"
AGAIN = ("/utlysningar/2020-01-01", "/program/2020-01-01")
HOPS = 5
LISTED = '<!DOCTYPE html><html><body><a href="/utlysningar/a/b.1.html">Bidrag</a></body></html>'

Make = Callable[..., Fetcher]


@pytest.fixture
def make(clock: FakeClock) -> Iterator[Make]:
    made: list[Fetcher] = []

    def one(**limits: object) -> Fetcher:
        given = Limits(**{"retries": 0, **limits})  # type: ignore[arg-type]
        made.append(Fetcher("https://example.org/who", clock=clock, limits=given, local=True))
        return made[-1]

    yield one
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make: Make) -> Fetcher:
    return make()


def a_round(number: int, **more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "Diarienummer": f"2099-{number:05}",
        "DiarienummerUtlysning": "2098-00001",
        "Titel": f"Omgång {number}",
        "Oppningsdatum": "2099-01-01T00:00:00",
        "Stangningsdatum": f"2099-05-{number % 28 + 1:02}T14:00:00",
    }
    return base | more


def as_json(value: object, charset: str = "utf-8", declared: str = "utf-8") -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode(charset)
    return Reply(body, headers={"Content-Type": f"application/json; charset={declared}"})


def page(body: str, status: int = 200) -> Reply:
    return Reply(body.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


def source_at(site: Site) -> Vinnova:
    source = Vinnova(site.url)
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    return source


def rounds(
    site: Site, fetcher: Fetcher, reply: Reply | bytes, last_good: int | None = None
) -> RunReport:
    """A collection in which the one list that matters is answered with ``reply``."""
    site.serve(ROUNDS, reply)
    parent = {
        "Diarienummer": "2098-00001",
        "DiarienummerProgram": "2097-00001",
        "Titel": "Utlysning",
    }
    site.serve(AGAIN[0], as_json([parent]))
    site.serve(AGAIN[1], as_json([{"Diarienummer": "2097-00001", "Titel": "Program"}]))
    return collect(source_at(site), fetcher, last_good=last_good)


def said(report: RunReport) -> str:
    return " | ".join(
        [
            *(message for _, message in report.problems),
            *(finding.message for finding in report.findings),
        ]
    )


def the_call(report: RunReport) -> Call:
    (call,) = report.calls
    return call


# an answer that is not the answer


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
    assert word in said(report)
    assert "fewer than the 40" in said(report)


@pytest.mark.parametrize(
    "reply",
    [
        page("<html><head><title>Just a moment...</title></head></html>"),
        page("<html><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></html>"),
        page("<html><head><title>Request Rejected</title></head></html>"),
        Reply(b"", 202, {"x-amzn-waf-action": "challenge"}),
    ],
)
def test_a_wall_is_no_page_even_where_pages_are_read(
    site: Site, fetcher: Fetcher, reply: Reply
) -> None:
    front = "/tillvaxtverket/sokfinansiering/utlysningar.1139.html"
    site.serve(front, page(LISTED))
    site.serve("/utlysningar/a/b.1.html", reply)
    report = collect(Tillvaxtverket(site.url), fetcher, last_good=9)
    assert report.calls == ()
    assert not report.publishable
    assert "shows a wall against programs" in said(report)


def test_a_page_that_only_speaks_of_walls_is_a_page(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", page("<title>Bidrag</title><p>Just a moment... and Cloudflare."))
    assert "Bidrag" in fetcher.get(f"{site.url}/a").text()


def test_an_empty_list_publishes_nothing(site: Site, fetcher: Fetcher) -> None:
    report = rounds(site, fetcher, as_json([]), last_good=40)
    assert not report.publishable
    assert not report.complete
    assert "an empty list came" in said(report)


def test_half_a_body_is_fetched_again(site: Site, make: Make) -> None:
    whole = json.dumps([a_round(1)]).encode()
    half = Reply(whole[:50], headers={"Content-Length": str(len(whole))})
    site.serve("/a", half, whole)
    assert make(retries=1).get(f"{site.url}/a").body == whole


def test_half_a_body_that_stays_half_publishes_nothing(site: Site, fetcher: Fetcher) -> None:
    whole = json.dumps([a_round(1)]).encode()
    report = rounds(site, fetcher, whole[:-7])
    assert not report.publishable
    assert f"cut off after {len(whole) - 7} characters" in said(report)


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


# too much, too slow, too often


def test_a_bomb_of_300_mb_is_cut_at_the_cap(site: Site, fetcher: Fetcher) -> None:
    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        pack = zlib.compressobj(wbits=31)
        for _ in range(300):
            handler.wfile.write(pack.compress(bytes(1 << 20)))
        handler.wfile.write(pack.flush())

    site.serve("/a", Reply(raw=bomb))
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

    site.serve("/a", Reply(raw=drip))
    with pytest.raises(FetchError, match="took too long"):
        fetcher.get(f"{site.url}/a")


def test_a_server_that_drips_its_head_is_given_up(site: Site, make: Make) -> None:
    ended: list[int] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(500):
            handler.wfile.write(b"X-%d: 1\r\n" % (number % 90))
            time.sleep(0.01)
        ended.append(1)

    site.serve("/a", Reply(raw=drip))
    with pytest.raises(FetchError, match="cannot be reached"):
        make(read=0.2).get(f"{site.url}/a")
    assert ended == []


def test_a_429_is_waited_for_in_seconds_and_until_a_date(
    site: Site, make: Make, clock: FakeClock
) -> None:
    site.serve(
        "/a",
        Reply(b"", 429, {"Retry-After": "37"}),
        Reply(b"", 429, {"Retry-After": "Mon, 23 Nov 2026 12:02:00 GMT"}),
        b"thanks",
    )
    assert make(retries=2).get(f"{site.url}/a").body == b"thanks"
    # a pause after robots.txt, then what was asked for, the date counted from then
    assert clock.slept == [1.0, 37.0, 82.0]


# elsewhere


def test_a_redirect_loop_ends_after_five(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", Reply(b"", 302, {"Location": "/b"}))
    site.serve("/b", Reply(b"", 302, {"Location": "/a"}))
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
    report = rounds(site, fetcher, Reply(b"", 302, {"Location": target}))
    assert site.paths() == [ROUNDS, *AGAIN]
    assert not report.publishable
    assert re.search("is not https|names no host|is no address", said(report))


def test_a_redirect_with_a_bomb_for_a_body_is_cut_too(site: Site, make: Make) -> None:
    headers = {"Location": "/b", "Content-Encoding": "gzip"}
    site.serve("/a", Reply(gzip.compress(bytes(4 << 20)), 302, headers))
    with pytest.raises(FetchError, match="answered more than 1 MiB"):
        make(body=1 << 20).get(f"{site.url}/a")


# hostile or wrong contents


def test_100_000_nested_divs_in_a_record_are_read(site: Site, fetcher: Fetcher) -> None:
    deep = "<div>" * 100_000 + "Vård i hemmet"
    report = rounds(site, fetcher, as_json([a_round(1, Beskrivning=deep)]))
    assert report.publishable
    assert "<div>" not in json.dumps(the_call(report).texts)
    assert len(site.paths()) == 3


def test_100_000_nested_divs_on_a_page_end_in_time(site: Site, fetcher: Fetcher) -> None:
    front = "/tillvaxtverket/sokfinansiering/utlysningar.1139.html"
    site.serve(front, page(LISTED))
    head = (
        "<!DOCTYPE html><html><body><h1>Bidrag</h1><p>Vad kan du söka för?</p><p>Vård i hemmet.</p>"
    )
    site.serve("/utlysningar/a/b.1.html", page(head + "<div>" * 100_000 + "botten"))
    report = collect(Tillvaxtverket(site.url), fetcher)
    assert the_call(report).titles == {"sv": "Bidrag"}


ENTITIES = [
    "<!ENTITY x SYSTEM '{0}/secret'>",
    "<!ENTITY x SYSTEM 'file:///etc/hostname'>",
    "<!ENTITY % p SYSTEM '{0}/secret'> %p;",
    "<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY x '&b;&b;&b;&b;&b;&b;'>",
]


@pytest.mark.parametrize("entity", ENTITIES)
def test_xml_with_entities_is_refused_and_asks_nobody(
    site: Site, fetcher: Fetcher, entity: str
) -> None:
    site.serve("/secret", b"the secret")
    declared = entity.replace("{0}", site.url)
    site.serve("/feed", f"<!DOCTYPE feed [{declared}]><feed><item>&x;</item></feed>".encode())
    feed = fetcher.get(f"{site.url}/feed")
    with pytest.raises(ShapeError, match="declares entities"):
        root(feed.body, "a feed")
    with pytest.raises(ShapeError, match="declares entities"):
        list(records(io.BytesIO(feed.body), "item", "a feed"))
    assert site.paths() == ["/feed"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "cannot be read"),
        (b"<html><p>one<br></html>", "cannot be read"),
        (b"<feed><item>1</item>", "cannot be read"),
        (b"<a>" * 100_000, "Excessive depth"),
        (b"<?xml version='1.0' encoding='hex'?><a/>", "Unsupported encoding"),
    ],
)
def test_what_is_no_xml_is_said(body: bytes, word: str) -> None:
    for read in (lambda: root(body, "a feed"), lambda: list(records(io.BytesIO(body), "x", "a"))):
        with pytest.raises(ShapeError, match=word):
            read()


def test_a_plain_document_type_is_no_attack() -> None:
    body = b'\n<!DOCTYPE rss PUBLIC "-//A//EN" "http://127.0.0.1:1/rss.dtd"><rss>a &amp; b</rss>'
    assert root(body, "a feed").text == "a & b"


def test_an_extract_is_read_record_by_record_up_to_where_it_breaks() -> None:
    items = b"".join(b"<item><n>%d</n></item><other/>" % n for n in range(5))
    whole = b'<feed xmlns="urn:a">' + items + b"</feed>"
    for tag in ("{urn:a}item", "{*}item"):
        read = records(io.BytesIO(whole), tag, "an extract")
        assert [item.findtext("{urn:a}n") for item in read] == list("01234")
    broken = records(io.BytesIO(whole[:-20]), "{*}item", "an extract")
    got: list[object] = []
    with pytest.raises(ShapeError, match="an extract"):
        got.extend(item.findtext("{urn:a}n") for item in broken)


def test_a_call_without_title_is_named_and_the_others_come(site: Site, fetcher: Fetcher) -> None:
    rows = [a_round(number) for number in range(1, 31)]
    rows[3] |= {"Titel": " "}
    report = rounds(site, fetcher, as_json(rows))
    assert len(report.calls) == 29
    assert not report.complete
    assert "vinnova:2099-00004" not in {call.id for call in report.calls}
    assert any("2099-00004" in where for where, _ in report.problems)


def test_a_deadline_before_its_opening_is_left_out_and_said(site: Site, fetcher: Fetcher) -> None:
    wrong = a_round(1, Oppningsdatum="2099-05-02T00:00:00", Stangningsdatum="2098-05-01T14:00:00")
    same_day = a_round(2, Oppningsdatum="2099-05-03T00:00:00")
    report = rounds(site, fetcher, as_json([wrong, same_day]))
    first, second = report.calls
    assert first.deadlines == ()
    assert first.opens is not None
    assert first.status(first.opens) is Status.UNKNOWN
    assert len(second.deadlines) == 1
    message = "the deadline 2098-05-01 14:00 is before the opening 2099-05-02; left out"
    assert ("vinnova:2099-00001", message) in report.problems
    assert report.complete
    assert report.publishable


# the table


def test_the_table_names_tests_that_are_there() -> None:
    named = re.findall(r"`(test_\w+)`", TABLE.read_text("utf-8"))
    here = Path(__file__).parent
    there = "".join(path.read_text("utf-8") for path in here.glob("test_*.py"))
    assert len(named) >= 17
    assert [name for name in named if f"def {name}(" not in there] == []
