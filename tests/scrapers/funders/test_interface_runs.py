"""Whole runs: each funder played by a server on this machine that keeps to its manners."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.call import Call
from scrapers.catalogue import get_funder
from scrapers.errors import FetchError
from scrapers.funder import Expectations, Funder, PageFetcher
from scrapers.funders.vinnova import Vinnova
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.run import RunReport, collect
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest

pytestmark = pytest.mark.whole


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def expecting(source: Funder, minimum: int) -> Funder:
    """``source`` as it is, but content with fewer calls than the real one has."""
    # an instance may differ from its class here because only this run sees it
    object.__setattr__(source, "expects", Expectations(minimum=minimum, fill=()))
    return source


def as_json(value: object) -> SiteReply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return SiteReply(body, headers={"Content-Type": "application/json; charset=utf-8"})


def by_id(report: RunReport) -> dict[str, Call]:
    return {call.native_id: call for call in report.calls}


# Vinnova


def a_round(number: str, parent: str, **more: object) -> dict[str, object]:
    base = {"Diarienummer": number, "DiarienummerUtlysning": parent, "Titel": f"Omgång {number}"}
    return {**base, "Stangningsdatum": "2099-05-06T14:00:00", **more}


def play_vinnova(site: Site) -> None:
    since = "2020-01-01"
    site.routes[f"/ansokningsomgangar/{since}"] = lambda _: as_json(
        [a_round("2099-00011", "2099-00001"), a_round("2099-00012", "2098-00001")]
    )
    site.routes[f"/utlysningar/{since}"] = lambda _: as_json(
        [{"Diarienummer": "2099-00001", "DiarienummerProgram": "2097-00001", "Titel": "Ny"}]
    )
    site.routes["/utlysningar/2098-00001"] = lambda _: as_json(
        [{"Diarienummer": "2098-00001", "DiarienummerProgram": "2097-00002", "Titel": "Gammal"}]
    )
    site.routes[f"/program/{since}"] = lambda _: as_json(
        [{"Diarienummer": "2097-00001", "Titel": "Ett"}]
    )
    site.routes["/program/2097-00002"] = lambda _: as_json(
        [{"Diarienummer": "2097-00002", "Titel": "Två"}]
    )


def test_vinnova_is_asked_for_changes_and_then_for_missing_parents(
    site: Site, fetcher: Fetcher
) -> None:
    play_vinnova(site)
    source = expecting(Vinnova(site.url, since=date(2020, 1, 1)), 1)
    seen: list[tuple[int, int | None]] = []
    report = collect(source, fetcher, progress=lambda done, total: seen.append((done, total)))
    assert site.paths() == [
        "/ansokningsomgangar/2020-01-01",
        "/utlysningar/2020-01-01",
        "/utlysningar/2098-00001",
        "/program/2020-01-01",
        "/program/2097-00002",
    ]
    calls = by_id(report)
    assert calls["2099-00011"].programme == "Ett"
    assert calls["2099-00012"].programme == "Två"
    assert calls["2099-00012"].keywords == ("Gammal", "Två")
    assert calls["2099-00012"].provenance.url == f"{site.url}/ansokningsomgangar/2020-01-01"
    assert report.complete
    assert report.publishable
    assert [done for done, _ in seen] == [1, 2, 3, 4, 5]


def test_vinnova_rounds_come_even_when_their_parents_do_not(site: Site, fetcher: Fetcher) -> None:
    play_vinnova(site)
    site.routes["/utlysningar/2020-01-01"] = lambda _: SiteReply(b"", 500)
    report = collect(expecting(Vinnova(site.url), 1), fetcher)
    assert set(by_id(report)) == {"2099-00011", "2099-00012"}
    assert not report.complete
    assert any("utlysningar/2020-01-01" in where for where, _ in report.problems)


def test_vinnova_answering_with_its_manual_publishes_nothing(site: Site, fetcher: Fetcher) -> None:
    play_vinnova(site)
    page = SiteReply(b"<!DOCTYPE html><title>API</title>", headers={"Content-Type": "text/html"})
    site.routes["/ansokningsomgangar/2020-01-01"] = lambda _: page
    report = collect(expecting(Vinnova(site.url), 1), fetcher, last_good=46)
    assert report.calls == ()
    assert not report.complete
    assert not report.publishable
    assert any("HTML" in message for _, message in report.problems)
    assert any("fewer than the 46" in finding.message for finding in report.findings)


# The EU portal


def a_topic(number: int, language: str = "en") -> dict[str, Any]:
    native = f"HORIZON-TEST-{number:04}"
    metadata = {
        "identifier": [native],
        "title": [f"Topic {number} in {language}"],
        "type": ["1"],
        "language": [language],
        "descriptionByte": ["<p>Says something.</p>"],
        "deadlineDate": [f"2099-01-{number % 28 + 1:02}T00:00:00.000+0000"],
    }
    return {"reference": f"{number}TOPICS{language}", "metadata": metadata}


def play_portal(site: Site, counts: dict[str, int], broken: set[tuple[str, int]]) -> None:
    """Answer searches as the portal does: by the form's language, a hundred a page."""

    def answer(request: SiteRequest) -> SiteReply:
        page = int(parse_qs(urlsplit(request.path).query)["pageNumber"][0])
        language = next(name for name in counts if f'["{name}"]'.encode() in request.body)
        if (language, page) in broken:
            return SiteReply(b"", 500)
        numbers = range((page - 1) * 100, min(page * 100, counts[language]))
        results = [a_topic(number, language) for number in numbers]
        return as_json({"totalResults": counts[language], "results": results})

    site.routes["/search"] = answer


def test_the_portal_is_paged_in_both_languages_and_merged(site: Site, fetcher: Fetcher) -> None:
    play_portal(site, {"en": 150, "sv": 30}, set())
    seen: list[tuple[int, int | None]] = []
    source = expecting(get_funder("eu_portal", f"{site.url}/search"), 100)
    report = collect(source, fetcher, progress=lambda done, total: seen.append((done, total)))
    assert len(report.calls) == 150
    assert report.complete
    assert report.publishable
    calls = by_id(report)
    assert set(calls["HORIZON-TEST-0007"].titles) == {"en", "sv"}
    assert set(calls["HORIZON-TEST-0140"].titles) == {"en"}
    assert seen[0] == (1, 4)
    form = next(asked for asked in site.requests if asked.method == "POST")
    assert b'"type": ["1", "2", "8"]' in form.body
    assert b'"status": ["31094501", "31094502"]' in form.body


def test_the_portal_without_swedish_copies_is_still_published(site: Site, fetcher: Fetcher) -> None:
    play_portal(site, {"en": 150, "sv": 30}, {("sv", 1)})
    source = expecting(get_funder("eu_portal", f"{site.url}/search"), 100)
    report = collect(source, fetcher)
    assert len(report.calls) == 150
    assert not report.complete
    assert report.publishable
    # but where calls are stored already, they must not lose their Swedish
    again = collect(source, fetcher, last_good=150)
    assert not again.publishable
    assert any("sv page 1" in finding.message for finding in again.findings)


def test_the_portal_missing_a_page_is_not_published(site: Site, fetcher: Fetcher) -> None:
    play_portal(site, {"en": 150, "sv": 30}, {("en", 2)})
    report = collect(expecting(get_funder("eu_portal", f"{site.url}/search"), 100), fetcher)
    assert len(report.calls) == 100
    assert not report.complete
    assert not report.publishable
    assert any("en page 2" in finding.message for finding in report.findings)


def test_a_filter_that_is_ignored_does_not_make_news_into_calls(
    site: Site, fetcher: Fetcher
) -> None:
    news = {"reference": "1", "metadata": {"type": ["6"], "identifier": ["HORIZON-TEST-0001"]}}
    answer = {"totalResults": 2, "results": [a_topic(1), news]}
    site.routes["/search"] = lambda _: as_json(answer)
    report = collect(expecting(get_funder("eu_portal", f"{site.url}/search"), 1), fetcher)
    assert set(by_id(report)) == {"HORIZON-TEST-0001"}
    assert report.skipped == {"news": 2}


def test_a_page_that_is_short_of_results_is_said(site: Site, fetcher: Fetcher) -> None:
    answer = {"totalResults": 3, "results": [a_topic(1), a_topic(2)]}
    site.routes["/search"] = lambda _: as_json(answer)
    report = collect(expecting(get_funder("eu_portal", f"{site.url}/search"), 1), fetcher)
    assert len(report.calls) == 2
    assert not report.complete
    assert ("en page 1", "2 results came, 3 were due") in report.problems


def test_more_results_than_the_search_shows_is_said(site: Site, fetcher: Fetcher) -> None:
    # one topic a page keeps it small: what counts is the total
    site.routes["/search"] = lambda _: as_json({"totalResults": 21_020, "results": [a_topic(1)]})
    source = expecting(get_funder("eu_portal", f"{site.url}/search"), 1)
    report = collect(source, fetcher)
    assert not report.publishable
    assert any("10000" in finding.message for finding in report.findings)
    assert len(site.paths()) == 200


# grants.gov


def play_grants(site: Site, count: int, broken: set[int]) -> None:
    hits = [
        {"id": str(n), "number": f"N-{n}", "title": f"Grant {n}", "openDate": "11/02/2026",
         "closeDate": f"{n % 12 + 1:02}/05/2099", "oppStatus": "posted"}
        for n in range(1, count + 1)
    ]  # fmt: skip

    def search(request: SiteRequest) -> SiteReply:
        body = json.loads(request.body)
        start, rows = body["startRecordNum"], min(body["rows"], 40)
        data = {"hitCount": count, "startRecord": start, "oppHits": hits[start : start + rows]}
        return as_json({"errorcode": 0, "msg": "ok", "data": data})

    def record(request: SiteRequest) -> SiteReply:
        number = json.loads(request.body)["opportunityId"]
        if number in broken:
            return as_json({"errorcode": 500, "msg": "Webservice fails"})
        closes = f"2099-{number % 12 + 1:02}-05-00-00-00"
        synopsis = {"synopsisDesc": f"About {number}", "responseDateStr": closes}
        data = {"id": number, "opportunityTitle": f"Grant {number}", "synopsis": synopsis}
        return as_json({"errorcode": 0, "msg": "ok", "data": data})

    site.routes["/search2"] = search
    site.routes["/fetchOpportunity"] = record


def test_grants_are_searched_and_then_read_one_by_one(site: Site, fetcher: Fetcher) -> None:
    play_grants(site, 50, broken={7})
    seen: list[tuple[int, int | None]] = []
    report = collect(
        expecting(get_funder("grants_gov", site.url), 40),
        fetcher,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert site.paths().count("/search2") == 2
    assert site.paths().count("/fetchOpportunity") == 50
    calls = by_id(report)
    assert len(calls) == 49
    assert calls["8"].texts == {"en": "About 8"}
    # the record of 7 failed: a mere search hit must not replace a whole one that is stored
    assert "7" not in calls
    assert not report.complete
    assert report.publishable
    assert [where for where, message in report.problems if "Webservice fails" in message] == [
        "grants_gov record 7"
    ]
    assert seen[0][1] == 51


def test_a_search_that_fails_is_not_published(site: Site, fetcher: Fetcher) -> None:
    site.routes["/search2"] = lambda _: as_json({"errorcode": 1, "msg": "down", "data": {}})
    report = collect(expecting(get_funder("grants_gov", site.url), 1), fetcher)
    assert report.calls == ()
    assert not report.publishable
    assert any("down" in finding.message for finding in report.findings)


def test_a_site_that_forbids_us_is_left_alone(site: Site, fetcher: Fetcher) -> None:
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /\n")
    play_grants(site, 3, broken=set())
    report = collect(get_funder("grants_gov", site.url), fetcher)
    assert site.paths() == []
    assert not report.publishable
    assert any("robots.txt does not allow it" in message for _, message in report.problems)


def test_an_error_while_asking_ends_the_run_but_not_the_program(fetcher: Fetcher) -> None:
    class Failing(Vinnova):
        def pages(self, fetch: PageFetcher) -> Iterator[Any]:
            assert fetch is fetcher
            yield from ()
            raise FetchError("the line is dead")

    report = collect(Failing("http://127.0.0.1:1"), fetcher)
    assert not report.publishable
    assert ("listing", "the line is dead") in report.problems
