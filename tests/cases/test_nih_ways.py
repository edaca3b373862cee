"""The search of the NIH Guide cut short or refused, and the ways that are tried after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.call import Call
from scrapers.errors import FetchError
from scrapers.funder import Expectations
from scrapers.funders.nih_guide import NihGuide
from scrapers.http.page import Page
from scrapers.probe import probe
from scrapers.run import RunReport, collect
from tests.scrapers.funders.agency_pages import guide, hit

ANNOUNCED = 412
SIMPLER = {
    "opportunity_id": "5a6b", "opportunity_number": "PAR-27-126", "opportunity_status": "posted",
    "opportunity_title": "Ears at home", "agency_code": "HHS-NIH11",
    "agency_name": "National Institutes of Health",
    "opportunity_assistance_listings": [{"assistance_listing_number": "93.173"}],
    "summary": {
        "summary_description": "<p>Hearing aids that learn.</p>", "post_date": "2026-11-02",
        "close_date": "2027-06-05", "close_date_description": "5:00 p.m. Eastern Time",
        "award_ceiling": 500000, "award_floor": 1, "expected_number_of_awards": 4,
        "estimated_total_program_funding": 2000000, "applicant_types": ["small_businesses"],
        "is_cost_sharing": False, "archive_date": "2027-07-05", "agency_phone_number": "555",
    },
}  # fmt: skip
FORECAST = {
    "opportunity_number": "RFA-HL-28-001",
    "opportunity_status": "forecasted",
    "opportunity_title": "Hearts to come",
    "summary": {"forecasted_post_date": "2027-05-01", "forecasted_close_date": "2027-08-01"},
}


class Network:
    """What the Guide answers by ``rows`` (from, size), and what is posted to other addresses."""

    def __init__(
        self,
        rows: Callable[[int, int], int | None] | None = None,
        posted: Mapping[str, object] | None = None,
    ) -> None:
        self.rows = rows
        self.posted = posted or {}
        self.asked: list[tuple[int, int]] = []
        self.headers: list[Mapping[str, str]] = []

    def get(
        self, url: str, *, deadline: float | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        del deadline, headers
        query = parse_qs(urlsplit(url).query)
        start, size = int(query["from"][0]), int(query["perpage"][0])
        self.asked.append((start, size))
        count = self.rows(start, size) if self.rows else None
        if count is None:
            raise FetchError(f"{url} answered 403")
        numbers = range(start, min(start + count, ANNOUNCED))
        hits = (hit(f"RFA-HL-27-{number:03}", expdate="2028-03-28") for number in numbers)
        return Page(url=url, body=guide(*hits, total=ANNOUNCED).encode())

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        del body
        self.headers.append(headers or {})
        host = urlsplit(url).hostname or ""
        if host not in self.posted:
            raise FetchError(f"{url} answered 401")
        return Page(url=url, body=json.dumps(self.posted[host]).encode())

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        raise FetchError(f"{url} takes no {len(parts)} parts")


def few() -> NihGuide:
    """The Guide, content with few calls."""
    source = NihGuide()
    # an instance may differ from its class here because only this test sees it
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    return source


CLAMPS: dict[str, Callable[[int, int], int]] = {
    "25 is honoured and more is cut": lambda start, size: size if size <= 25 else 100 - start,
    "every page has 25": lambda _, size: min(size, 25),
    "the first page is short": lambda _, size: size if size <= 25 else 40,
    "every page has ten": lambda _start, _size: 10,
    "a hundred are given": lambda _, size: size,
}


@pytest.mark.parametrize("name", CLAMPS)
def test_all_announcements_come_however_pages_are_cut(name: str) -> None:
    network = Network(CLAMPS[name])
    report = collect(few(), network)
    assert len(report.calls) == ANNOUNCED
    assert report.complete
    assert len({start for start, _ in network.asked}) >= len(network.asked) - 1


@pytest.mark.parametrize("last", [112, 400])
def test_a_search_that_ends_too_early_is_not_complete(last: int) -> None:
    report = collect(few(), Network(lambda start, size: max(0, min(size, last - start))))
    assert not report.complete
    assert not report.publishable


def test_repeated_hits_do_not_hide_lost_ones() -> None:
    class Repeating(Network):
        def get(self, url: str, **more: Any) -> Page:
            again = url.replace("from=300", "from=0")
            return Network.get(self, again, **more)

    report = collect(few(), Repeating(lambda _, size: size))
    assert not report.complete
    assert any("100 missing" in message for _, message in report.problems)


def by_id(report: RunReport) -> dict[str, Call]:
    return {call.id: call for call in report.calls}


def test_when_the_guide_is_refused_simpler_grants_is_asked() -> None:
    rows = {"data": [SIMPLER, FORECAST], "pagination_info": {"total_records": 2}}
    network = Network(posted={"api.simpler.grants.gov": rows})
    source = few()
    source.secret = "key"  # noqa: S105  no password
    report = collect(source, network)
    assert report.complete
    assert report.problems == (
        ("nih_guide row PAR-27-126.summary.award_floor",
         "left out 1 dollars, which stands for no sum"),
    )  # fmt: skip
    assert report.unread == {}
    assert network.headers == [{"X-API-Key": "key"}]
    assert source.door == "Simpler.Grants.gov"
    posted, forecast = by_id(report).values()
    assert posted.id == "nih_guide:PAR-27-126"
    (deadline,) = posted.deadlines
    assert deadline.at is not None
    assert deadline.at.isoformat() == "2027-06-05T17:00:00-04:00"
    assert posted.texts == {"en": "Hearing aids that learn."}
    assert posted.funding is not None
    assert posted.funding.minimum is None
    assert posted.funding.expected_awards == 4
    assert [fact.value for fact in posted.eligibility] == ["small businesses", "not required"]
    assert [one.kind for one in forecast.deadlines] == ["announced"]
    assert forecast.opens is not None
    assert forecast.opens.isoformat() == "2027-05-01T00:00:00-04:00"


def test_without_a_key_the_search_of_grants_gov_is_asked() -> None:
    rows = {
        "hitCount": 2,
        "oppHits": [
            {"id": "1", "number": "PAR-27-126", "title": "Ears", "openDate": "11/02/2026",
             "closeDate": "06/05/2027", "oppStatus": "posted", "agency": "NIH"},
            {"id": "2", "number": "RFA-HL-28-001", "title": "Hearts", "openDate": "05/01/2027",
             "closeDate": "", "oppStatus": "forecasted", "agency": "NIH"},
        ],
    }  # fmt: skip
    source = few()
    network = Network(posted={"api.grants.gov": {"errorcode": 0, "data": rows}})
    report = collect(source, network)
    assert report.complete
    assert source.door == "the search of grants.gov"
    assert network.headers == [{}, {}]
    calls = by_id(report)
    assert [one.kind for one in calls["nih_guide:PAR-27-126"].deadlines] == ["fixed"]
    assert [one.kind for one in calls["nih_guide:RFA-HL-28-001"].deadlines] == ["announced"]


def test_fewer_rows_than_were_announced_are_told() -> None:
    rows = {"data": [SIMPLER], "pagination_info": {"total_records": 3}}
    report = collect(few(), Network(posted={"api.simpler.grants.gov": rows}))
    assert not report.complete
    assert any("1 of 3 rows came" in message for _, message in report.problems)


def test_when_every_way_is_refused_all_are_named() -> None:
    report = collect(few(), Network())
    assert not report.publishable
    (lost,) = [finding for finding in report.findings if "answered" in finding.message]
    for host in ("search.grants.nih.gov", "api.simpler.grants.gov", "api.grants.gov"):
        assert host in lost.message


def test_a_probe_says_which_way_answered() -> None:
    rows = {"data": [SIMPLER], "pagination_info": {"total_records": 1}}
    assert (
        probe(few(), Network(CLAMPS["a hundred are given"])).door == "the search of the NIH Guide"
    )
    other = probe(few(), Network(posted={"api.simpler.grants.gov": rows}))
    assert other.door == "Simpler.Grants.gov"
    assert other.calls == 1
