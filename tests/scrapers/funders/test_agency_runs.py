"""Five agencies played by a site on this machine: runs, hostile pages, labels and sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call
from scrapers.catalogue import get_funder
from scrapers.funder import Expectations, Funder, SourceItem
from scrapers.funders.nih_guide import NihGuide
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.platforms.labelled_pages import Vocabulary, read_labelled_page
from scrapers.reading.amounts import find_amounts
from scrapers.reading.patterns import load
from scrapers.run import collect, parse_files
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest
from tests.scrapers.funders.agency_pages import PAGED, guide, hit, one_deadline, page, read

pytestmark = pytest.mark.whole

STOCKHOLM = ZoneInfo("Europe/Stockholm")
UKRI = load("ukri.toml", package="scrapers.funders")
VINNOVA = load("vinnova_page.toml", package="scrapers.platforms")


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def asking(key: str, site: Site) -> Funder:
    """The funder at a site of ours, content with few calls."""
    source = get_funder(key, site.url)
    # an instance may differ from its class here because only this run sees it
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    return source


# Whole runs


@pytest.mark.parametrize("key", PAGED)
def test_a_list_without_links_to_calls_is_fatal(key: str, site: Site, fetcher: Fetcher) -> None:
    source = asking(key, site)
    path = source.list_path(1).split("?")[0]  # type: ignore[attr-defined]
    site.serve(path, b'<html><body><main><a href="/om/">Om</a></main></body></html>')
    report = collect(source, fetcher)
    assert report.calls == ()
    assert not report.publishable
    assert any("no link to a call" in finding.message for finding in report.findings)


def energy_list(*cards: str) -> bytes:
    items = "".join(f"<li>{card}</li>" for card in cards)
    return f"<html><body><main><ul>{items}</ul></main></body></html>".encode()


def test_energy_pages_are_asked_for_open_calls_only(site: Site, fetcher: Fetcher) -> None:
    card = '<a href="/utlysningar/{0}/">{0} {1} Övrigt Om {0}.</a>'
    lists = {
        "": energy_list(
            card.format("ett", "Stänger 1 maj 2099"), card.format("gammal", "2 maj 2020")
        ),
        "1": energy_list(card.format("ett", "Stänger 1 maj 2099")),
        "2": energy_list(card.format("tva", "Öppnar 3 maj 2099")),
    }

    def answer(request: SiteRequest) -> SiteReply:
        number = parse_qs(urlsplit(request.path).query).get("page", [""])[0]
        return SiteReply(lists[number]) if number in lists else SiteReply(b"", 404)

    site.routes["/utlysningar/"] = answer
    long = "<html><body><main><h1>Ett</h1><p>Stänger 1 maj 2099 klockan 15:00</p><p>Mer.</p></main>"
    site.serve("/utlysningar/ett/", long.encode())
    report = collect(asking("energimyndigheten", site), fetcher)
    assert site.paths() == [
        "/utlysningar/",
        "/utlysningar/?page=1",
        "/utlysningar/?page=2",
        "/utlysningar/?page=3",
        "/utlysningar/tva/",
        "/utlysningar/ett/",
    ]
    calls = {call.native_id: call for call in report.calls}
    # the page of "tva" was lost, so that call is left as it was stored
    assert set(calls) == {"ett", "gammal"}
    assert calls["ett"].texts["sv"] == "Mer."
    assert calls["ett"].keywords == ("Övrigt",)
    assert one_deadline(calls["ett"]).at == datetime(2099, 5, 1, 15, tzinfo=STOCKHOLM)
    assert one_deadline(calls["gammal"]).date_only
    assert [where for where, _ in report.problems] == ["energimyndigheten tva"]


def finder(*names: str, after: int | None = None) -> bytes:
    cards = "".join(f'<div><a href="/opportunity/{name}/">{name}</a></div>' for name in names)
    more = f'<a class="next" href="/opportunity/page/{after}/?x=1">Next</a>' if after else ""
    return f"<html><body><main>{cards}{more}</main></body></html>".encode()


def opportunity(name: str, day: int = 4) -> bytes:
    rows = f"<dl><dt>Closing date:</dt><dd>{day} March 2099 4:00pm UK time</dd></dl>"
    html = f"<html><body><main><h1>Funding opportunity: {name}</h1>{rows}<p>Said.</p></main>"
    return html.encode()


def test_ukri_is_walked_while_there_is_a_next_page(site: Site, fetcher: Fetcher) -> None:
    site.serve("/opportunity/", finder("a", "b", after=2))
    site.serve("/opportunity/page/2/", finder("b", "c"))
    for name in "abc":
        site.serve(f"/opportunity/{name}/", opportunity(name))
    report = collect(asking("ukri", site), fetcher)
    assert sorted(call.native_id for call in report.calls) == ["a", "b", "c"]
    assert report.complete
    assert report.publishable
    assert len(site.paths()) == 5
    assert report.calls[0].url == f"https://www.ukri.org/opportunity/{report.calls[0].native_id}/"


def feed(*names: str) -> str:
    link = "https://www.ukri.org/opportunity/{0}/?utm_source=rss"
    item = f"<item><title>Old</title><link>{link}</link><description>Short.</description></item>"
    entries = "".join(item.format(name) for name in names)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'


def test_ukri_reads_the_feed_when_its_list_fails(site: Site, fetcher: Fetcher) -> None:
    names = [f"call-{number}" for number in range(20)]
    site.serve("/opportunity/", b"<html><body>nothing</body></html>")
    site.serve("/opportunity/feed/", feed(*names).encode())
    for day, name in enumerate(names, 1):
        site.serve(f"/opportunity/{name}/", opportunity(f"Fuller {name}", day))
    report = collect(asking("ukri", site), fetcher)
    assert [call.titles["en"] for call in report.calls] == [f"Fuller {name}" for name in names]
    assert report.publishable
    assert not report.complete
    again = collect(asking("ukri", site), fetcher, last_good=20)
    assert not again.publishable, "twenty calls must not replace all that are stored"


def test_a_feed_that_defines_entities_is_refused(tmp_path: Path) -> None:
    bomb = feed("a").replace("<rss", '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss', 1)
    report = read("ukri", tmp_path, bomb, "feed.xml")
    assert report.calls == ()
    assert "entities" in report.problems[0][1]


def test_a_link_to_another_host_is_no_call() -> None:
    listed = read_labelled_page(
        page('<html><body><a href="https://evil.example/opportunity/a/">a</a>'), "x"
    )
    source = get_funder("ukri")
    assert source.linked_calls(listed) == {}  # type: ignore[attr-defined]


def test_nih_is_asked_until_all_hits_came(site: Site, fetcher: Fetcher) -> None:
    every = [hit(f"PA-27-{number:03}", expdate="2099-01-02") for number in range(150)]
    every[7] = hit("NOT-OD-27-001", doctype="NOT")

    def answer(request: SiteRequest) -> SiteReply:
        start = int(parse_qs(urlsplit(request.path).query)["from"][0])
        return SiteReply(guide(*every[start : start + 100], total={"value": 150}).encode())

    site.routes["/api"] = answer
    source = NihGuide(f"{site.url}/api", until=date(2026, 11, 23))
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    seen: list[tuple[int, int | None]] = []
    report = collect(source, fetcher, progress=lambda done, total: seen.append((done, total)))
    assert len(report.calls) == 149
    assert report.skipped == {"notice": 1}
    assert report.complete
    assert seen == [(1, 2), (2, 2)]
    asked = parse_qs(urlsplit(site.paths()[0]).query)
    assert asked["daterange"] == ["01011991-11232026"]
    assert asked["type"] == ["active"]


def test_nih_without_hits_is_fatal(site: Site, fetcher: Fetcher) -> None:
    for body in (guide(total=5), guide(total=0), '{"data": {}}', "<html>blocked</html>"):
        site.serve("/api", body.encode())
        report = collect(NihGuide(f"{site.url}/api"), fetcher)
        assert report.calls == ()
        assert not report.publishable
        assert not report.complete


# Labels, headings and sums


def test_persons_end_where_the_next_heading_of_their_level_begins() -> None:
    body = (
        "<main><h1>T</h1><p>Before.</p><h2>Contact details</h2><p>Jane</p><h3>Office</h3>"
        "<p>John</p><h2>After that</h2><p>Free.</p><p>Programme contact: Joan</p></main>"
    )
    facts, sections = Vocabulary({}, {}).read(read_labelled_page(page(body), "x"))
    assert facts == {}
    assert sections == {"": "Before.\n\nAfter that\n\nFree."}


def test_persons_under_a_label_that_is_no_heading_end_at_the_next_heading() -> None:
    body = "<main><h1>T</h1><p>Kontakt</p><p>Eva</p><h3>Mer</h3><p>Fritt.</p></main>"
    _, sections = Vocabulary({}, {}).read(read_labelled_page(page(body), "x"))
    assert sections == {"": "Mer\n\nFritt."}


def test_a_fact_takes_one_line_and_its_first_saying_counts() -> None:
    words = Vocabulary(UKRI.group("facts"), VINNOVA.group("sections"))
    lines = (
        "T\nClosing date:\n\n1 May 2027\nText.\nWho can apply?\nAll.\n"
        "Closing date: 2 May 2027\nMore."
    )
    facts, sections = words.read(read_labelled_page(page(lines), "x"))
    assert facts == {"closes": "1 May 2027"}
    assert sections == {"": "Text.", "who": "All.\nMore."}


@pytest.mark.parametrize(
    ("text", "currency", "amounts"),
    [
        ("£11,000,000", "GBP", [11_000_000]),
        ("£200,000 - £1.5 million", "GBP", [200_000, 1_500_000]),
        ("between £2m and £3bn", "GBP", [2_000_000, 3_000_000_000]),
        ("NOK 60 million or 15 MNOK, 1 200 000 NOK", "NOK", [60_000_000, 15_000_000, 1_200_000]),
        ("£ to be told, 400 places", "GBP", []),
    ],
)
def test_sums_beside_a_mark(text: str, currency: str, amounts: list[int]) -> None:
    found = list(find_amounts(text, currency))
    ends = [end for one in found for end in dict.fromkeys((one.low, one.high))]
    assert ends == [Decimal(amount) for amount in amounts]
    assert all(one.currency == currency for one in found)


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
def test_an_example_cut_off_anywhere_is_read_or_refused(key: str, tmp_path: Path) -> None:
    for path in sorted((Path(__file__).parents[2] / "examples" / key).iterdir()):
        if ".expected." in path.name:
            continue
        whole = path.read_bytes()
        for cut in range(0, len(whole), 1 + len(whole) // 12):
            short = tmp_path / path.name
            short.write_bytes(whole[:cut] + b"\xff<")
            report = parse_files(key, [short])
            assert report.calls or report.problems or report.skipped
            for call in report.calls:
                assert Call.model_validate_json(call.model_dump_json()) == call


def test_a_list_says_which_links_it_left_to_their_pages() -> None:
    source = get_funder("tillvaxtverket")
    body = (
        '<html><body><a href="/a/utlysningar/ny.12.html">Ny</a>'
        '<a href="/a/utlysningar.1139.html">Alla</a></body></html>'
    )
    (item,) = source.items(page(body, "https://tillvaxtverket.se/a/utlysningar.1139.html"))
    assert isinstance(item, SourceItem)
    assert (item.id, item.skip) == ("12", "link to a call's page")
