"""The open interface of the councils: paging, keys, and what is no answer of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.catalogue import get_funder
from scrapers.errors import ShapeError
from scrapers.funder import SourceItem
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.page import Failure, Page
from scrapers.platforms import gdp
from scrapers.run import collect
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest
from tests.scrapers.platforms.council_runs import COUNCILS, KEY, at, days


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def a_row(number: int, **more: object) -> dict[str, object]:
    row = {"finansiarNamn": "Formas", "diarienummer": f"2099-{number:05}", "titel": f"Nr {number}"}
    return {**row, "oppningsdatum": "2098-12-01", "stangningsdatum": "2099-05-06", **more}


def play(site: Site, rows: list[dict[str, object]], *, cap: int = 200, link: bool = True) -> None:
    """Serve ``rows`` at most ``cap`` at a time, with the headers of the specification."""

    def answer(request: SiteRequest) -> SiteReply:
        if request.headers.get("authorization") != KEY:
            return SiteReply(b'{"message": "no key"}', 401)
        query = {
            name: int(value[0]) for name, value in parse_qs(urlsplit(request.path).query).items()
        }
        start = query["offset"]
        part = rows[start : start + min(query["limit"], cap)]
        headers = {"X-TotalRecords": str(len(rows))}
        if link and start + len(part) < len(rows):
            following = f"http://inside.invalid/utlysningar?limit={cap}&offset={start + len(part)}"
            headers["X-Next"] = following
        return SiteReply(json.dumps(part).encode(), headers=headers)

    site.routes["/utlysningar"] = answer


@pytest.mark.parametrize("link", [True, False])
def test_every_page_of_the_interface_is_asked_for(
    site: Site, fetcher: Fetcher, *, link: bool
) -> None:
    play(site, [a_row(number) for number in range(7)], cap=3, link=link)
    told: list[int | None] = []
    report = collect(at(site, secret=KEY), fetcher, progress=lambda _, total: told.append(total))
    assert len(report.calls) == 7
    assert report.complete
    assert report.publishable
    assert report.pages == 3
    assert [parse_qs(urlsplit(path).query)["offset"] for path in site.paths()] == [
        ["0"],
        ["3"],
        ["6"],
    ]
    assert told == [3, 3, 3]
    assert days(report.calls[0]) == ("2098-12-01T00:00:00+01:00", ["2099-05-06T23:59:59+02:00"])
    assert report.calls[0].deadlines[0].date_only


@pytest.mark.parametrize("key", COUNCILS)
def test_a_key_opens_the_interface_of_each_council(key: str) -> None:
    asked: list[str] = []

    class Asking(Fetcher):
        def get(
            self,
            url: str,
            *,
            deadline: float | None = None,
            headers: Mapping[str, str] | None = None,
        ) -> Page:
            asked.append(url)
            assert deadline
            assert headers == {"Authorization": KEY}
            return Page(url, json.dumps([a_row(1)]).encode())

    source = get_funder(key)
    source.secret = KEY
    (page,) = source.pages(Asking("https://example.org/who"))
    assert isinstance(page, Page)
    assert asked == [f"https://api.{key}.se/gdp_{key}/utlysningar?limit=200&offset=0"]


def test_a_refused_key_is_fatal_and_not_named(site: Site, fetcher: Fetcher) -> None:
    play(site, [a_row(1)])
    report = collect(at(site, secret=f"not-{KEY}"), fetcher)
    assert not report.publishable
    ((_, message),) = report.problems
    assert "the key for formas was refused" in message
    assert KEY not in repr(report)


def test_an_offset_that_is_ignored_ends_the_asking(site: Site, fetcher: Fetcher) -> None:
    body = json.dumps([a_row(1), a_row(2)]).encode()
    site.serve("/utlysningar", SiteReply(body, headers={"x-totalrecords": "9"}))
    report = collect(at(site, secret=KEY), fetcher, last_good=2)
    assert len(site.paths()) == 2
    assert not report.complete
    assert not report.publishable
    assert any("the same rows came again" in message for _, message in report.problems)


def test_a_later_page_that_fails_keeps_what_is_stored(site: Site, fetcher: Fetcher) -> None:
    first = SiteReply(json.dumps([a_row(1)]).encode(), headers={"x-totalrecords": "2"})
    site.serve("/utlysningar", first, SiteReply(b"", 500))
    report = collect(at(site, secret=KEY), fetcher, last_good=1)
    assert [call.native_id for call in report.calls] == ["2099-00001"]
    assert not report.complete
    assert not report.publishable


def test_fewer_calls_than_the_interface_counts_is_a_loss(site: Site, fetcher: Fetcher) -> None:
    first = SiteReply(json.dumps([a_row(1)]).encode(), headers={"x-totalrecords": "2"})
    site.serve("/utlysningar", first, b"[]")
    report = collect(at(site, secret=KEY), fetcher)
    assert ("formas utlysningar", "1 of 2 rows came, 1 missing") in report.problems


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("[]", "an empty list"),
        ('{"message": "Unauthorized"}', "Unauthorized"),
        ('[{"title": "x", "url": "y"}]', "another program's output"),
        ("[1, 2]", "no rows"),
        ('[{"diarienummer"', "cut off"),
    ],
)
def test_what_is_no_answer_of_the_interface_is_refused(body: str, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        list(get_funder("vr").items(Page("answer.json", body.encode())))


def test_records_that_are_no_calls_are_counted_and_bad_ones_are_said() -> None:
    rows = [
        a_row(1),
        a_row(2, utlysning={"diarienummer": "2099-00001"}, personer=[{"namn": "Jane"}]),
        a_row(3, finansiarNamn="Forte"),
        a_row(4, diarienummer=None),
        a_row(5, stangningsdatum="in spring"),
        a_row(6, titel=None),
        a_row(7, budgetBelopp=5, budgetValuta="pengar"),
    ]
    source = get_funder("formas")
    found = list(source.items(Page("answer.json", json.dumps(rows).encode())))
    assert [item.skip for item in found if isinstance(item, SourceItem) and item.skip] == [
        "application or award",
        "call of another funder",
    ]
    (lost,) = [item for item in found if isinstance(item, Failure)]
    assert "diarienummer" in lost.message
    items = {item.id: item for item in found if isinstance(item, SourceItem)}
    for number in ("2099-00005", "2099-00006"):
        with pytest.raises(ShapeError):
            source.call([items[number]])
    assert source.call([items["2099-00007"]]).funding is None
    assert "no currency" in items["2099-00007"].fields.notes[0][1]


def test_the_interfaces_status_changes_nothing() -> None:
    calls = []
    for status in ("Kommande", "Avslutad", None):
        body = json.dumps([a_row(1, status=status)]).encode()
        (item,) = get_funder("formas").items(Page("answer.json", body))
        assert isinstance(item, SourceItem)
        calls.append(get_funder("formas").call([item]).content_hash())
    assert len(set(calls)) == 1


def test_the_count_of_calls_is_read_only_where_it_is_one() -> None:
    assert gdp.total_calls(Page("x", b"", headers={"x-totalrecords": "41"})) == 41
    assert gdp.total_calls(Page("x", b"", headers={"x-totalrecords": "many"})) is None
    assert gdp.total_calls(Page("x", b"")) is None
