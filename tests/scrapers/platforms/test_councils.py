"""The councils' real pages, and their public door: from a list to each call's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scrapers.call import Status
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.page import Failure
from scrapers.platforms.councils import Council
from scrapers.run import collect, parse_files
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest
from tests.scrapers.platforms.council_runs import COUNCILS, FORMAS_CALLS, at, days, one

FORMAS_LIST = "/soka-finansiering/alla-utlysningar.html"


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


# Real pages


@pytest.mark.parametrize(
    ("key", "name", "opens", "closes"),
    [
        (
            "formas",
            "page_utforska_2024_sv.txt",
            "2024-09-04T14:00:00+02:00",
            "2024-10-16T14:00:00+02:00",
        ),
        (
            "forte",
            "page_projektbidrag_2024_sv.txt",
            "2024-01-09T10:00:00+01:00",
            "2024-02-29T14:00:00+01:00",
        ),
        (
            "vr",
            "page_etableringsbidrag_2023-11-15_sv.txt",
            "2024-02-14T14:00:00+01:00",
            "2024-03-19T14:00:00+01:00",
        ),
        ("vr", "page_virus_2021_sv.txt", "2021-02-10T14:00:00+01:00", "2021-03-17T14:00:00+01:00"),
    ],
)
def test_a_real_page_has_its_dates(
    samples: Path, key: str, name: str, opens: str | None, closes: str
) -> None:
    call = one(parse_files(key, [samples / key / name]))
    assert days(call) == (opens, [closes])
    assert call.status(FakeClock().now()) is Status.CLOSED
    assert call.url is not None
    assert call.url.endswith((f"{call.native_id}.html", f"{call.native_id}/"))
    assert set(call.titles) == set(call.texts) == {"sv"}


def test_real_pages_have_their_titles_sums_and_applicants(samples: Path) -> None:
    names = {
        "formas": "page_utforska_2024_sv.txt",
        "forte": "page_projektbidrag_2024_sv.txt",
        "vr": "page_virus_2021_sv.txt",
    }
    calls = {key: one(parse_files(key, [samples / key / name])) for key, name in names.items()}
    titles = {key: call.titles["sv"] for key, call in calls.items()}
    assert titles["formas"] == "Utforska – Formas öppna utlysning för forskningsprojekt 2024"
    assert titles["forte"] == "Projektbidrag 2024"
    assert titles["vr"] == "Projektbidrag inom virus och virusorsakade sjukdomstillstånd"
    sums = {
        key: (call.funding.total, call.funding.minimum, call.funding.maximum)
        for key, call in calls.items()
        if call.funding
    }
    figures = {key: [money and money.amount for money in found] for key, found in sums.items()}
    assert figures == {
        "formas": [None, Decimal(5_000_000), Decimal(6_000_000)],
        "forte": [Decimal(345_000_000), None, Decimal(5_000_000)],
        "vr": [Decimal(50_000_000), None, None],
    }
    assert "university" in {fact.value for fact in calls["formas"].eligibility}
    assert {fact.value for fact in calls["vr"].eligibility} == {"individual"}


def test_the_day_of_a_decision_is_no_deadline(samples: Path) -> None:
    path = samples / "formas" / "page_gestaltad_livsmiljo_2023_sv.txt"
    call = one(parse_files("formas", [path]))
    assert call.titles["sv"] == "Gestaltad livsmiljö för hälsa och välbefinnande"
    assert call.deadlines == ()
    assert call.closed_by == datetime.fromisoformat("2024-03-26T14:00:00+01:00")
    assert call.status(FakeClock().now()) is Status.CLOSED


def test_another_programs_list_is_refused_in_words(samples: Path) -> None:
    for path in sorted((samples / "formas").glob("abeltomy_*.json")):
        report = parse_files("formas", [path])
        assert report.calls == ()
        ((_, message),) = report.problems
        assert "another program's output" in message


# The pages


def a_list(*paths: str, more: str = "") -> SiteReply:
    links = "".join(f'<li><a href="{path}">En utlysning</a></li>' for path in paths)
    return html(f"<h1>Alla utlysningar</h1><ul>{links}</ul>{more}")


def html(inside: str) -> SiteReply:
    body = f"<!doctype html><html><body><main>{inside}</main></body></html>".encode()
    return SiteReply(body, headers={"Content-Type": "text/html; charset=utf-8"})


def a_page(title: str, closes: str = "2099-05-06 14:00") -> SiteReply:
    return html(
        f"<h1>{title}</h1><h2>Vem kan söka?</h2><p>Företag och kommuner.</p>"
        f"<p>Sista ansökningsdatum: {closes}</p>"
    )


def test_a_list_leads_to_each_calls_page(site: Site, fetcher: Fetcher) -> None:
    one_path, other_path = (f"{FORMAS_CALLS}/2099-01-0{n}-utlysning.html" for n in (1, 2))
    questions = f"{FORMAS_CALLS}/2099-01-01-utlysning/fragor.html"
    further = f'<a href="{FORMAS_LIST}?sida=2">Nästa sida »</a>'
    second = a_list(other_path, one_path)

    def answer(request: SiteRequest) -> SiteReply:
        first = a_list(one_path, questions, "https://elsewhere.invalid/x", more=further)
        return second if request.path.endswith("?sida=2") else first

    site.routes[FORMAS_LIST] = answer
    site.serve(one_path, a_page("Den ena"))
    site.serve(other_path, a_page("Den andra", "2099-06-07"))
    report = collect(at(site, minimum=2), fetcher)
    assert {call.titles["sv"] for call in report.calls} == {"Den ena", "Den andra"}
    assert report.complete
    assert report.publishable
    assert set(site.paths()) == {FORMAS_LIST, f"{FORMAS_LIST}?sida=2", one_path, other_path}
    assert report.skipped == {"link on a list": 3}
    (call,) = [call for call in report.calls if call.titles["sv"] == "Den ena"]
    assert days(call) == (None, ["2099-05-06T14:00:00+02:00"])
    assert {fact.value for fact in call.eligibility} == {"company", "municipality"}


@pytest.mark.parametrize("key", COUNCILS)
def test_a_list_without_links_is_fatal(site: Site, fetcher: Fetcher, key: str) -> None:
    source = at(site, key)
    assert isinstance(source, Council)
    for path in source.lists:
        site.serve(path, html("<h1>Alla utlysningar</h1><p>Sidan laddas.</p>"))
    answers = list(source.pages(fetcher))
    assert len(answers) == len(source.lists)
    assert all(isinstance(lost, Failure) and lost.fatal for lost in answers)
    report = collect(source, fetcher)
    assert report.calls == ()
    assert not report.publishable
    assert all("no link to a call" in message for _, message in report.problems)


def test_a_list_that_has_moved_is_looked_for_where_else_it_may_be(
    site: Site, fetcher: Fetcher
) -> None:
    path = "/utlysning/hittad-2099/"
    site.serve("/utlysningar/", a_list(path))
    site.serve(path, a_page("Hittad"))
    report = collect(at(site, "forte"), fetcher)
    assert one(report).id == "forte:hittad-2099"
    assert report.publishable


def test_a_page_that_fails_is_lost_and_the_others_come(site: Site, fetcher: Fetcher) -> None:
    paths = [f"/utlysning/nummer-{number}/" for number in range(3)]
    site.serve("/sok-finansiering/utlysningar/", a_list(*paths))
    for path in paths[:2]:
        site.serve(path, a_page(path))
    report = collect(at(site, "forte"), fetcher)
    assert {call.native_id for call in report.calls} == {"nummer-0", "nummer-1"}
    assert not report.complete
    assert [where for where, _ in report.problems] == ["forte nummer-2"]
