"""Hostile or wrong contents of answers that came whole, and what is read of them."""

from __future__ import annotations

import io
import json

import pytest

from scrapers.call import Status
from scrapers.errors import ShapeError
from scrapers.funders.tillvaxtverket import Tillvaxtverket
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.safe_xml import iterate_elements, parse_root
from scrapers.run import collect
from tests.scrapers.conftest import FetcherFactory, Site
from tests.scrapers.vinnova_lists import a_round, as_json, page, rounds, the_call

LISTED = '<!DOCTYPE html><html><body><a href="/utlysningar/a/b.1.html">Bidrag</a></body></html>'


@pytest.fixture
def fetcher(make: FetcherFactory) -> Fetcher:
    return make(limits=Limits(retries=0))


@pytest.mark.slow
def test_100_000_nested_divs_in_a_record_are_read(site: Site, fetcher: Fetcher) -> None:
    deep = "<div>" * 100_000 + "Vård i hemmet"
    report = rounds(site, fetcher, as_json([a_round(1, Beskrivning=deep)]))
    assert report.publishable
    assert "<div>" not in json.dumps(the_call(report).texts)
    assert len(site.paths()) == 3


@pytest.mark.slow
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
        parse_root(feed.body, "a feed")
    with pytest.raises(ShapeError, match="declares entities"):
        list(iterate_elements(io.BytesIO(feed.body), "item", "a feed"))
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
    for read in (
        lambda: parse_root(body, "a feed"),
        lambda: list(iterate_elements(io.BytesIO(body), "x", "a")),
    ):
        with pytest.raises(ShapeError, match=word):
            read()


def test_a_plain_document_type_is_no_attack() -> None:
    body = b'\n<!DOCTYPE rss PUBLIC "-//A//EN" "http://127.0.0.1:1/rss.dtd"><rss>a &amp; b</rss>'
    assert parse_root(body, "a feed").text == "a & b"


def test_an_extract_is_read_record_by_record_up_to_where_it_breaks() -> None:
    items = b"".join(b"<item><n>%d</n></item><other/>" % n for n in range(5))
    whole = b'<feed xmlns="urn:a">' + items + b"</feed>"
    for tag in ("{urn:a}item", "{*}item"):
        read = iterate_elements(io.BytesIO(whole), tag, "an extract")
        assert [item.findtext("{urn:a}n") for item in read] == list("01234")
    broken = iterate_elements(io.BytesIO(whole[:-20]), "{*}item", "an extract")
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
