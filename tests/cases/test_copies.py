"""Records that come twice, from every reader that can meet two: the order never decides."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call
from scrapers.catalogue import get_funder
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.run import parse_files

ROUND = {
    "Diarienummer": "2099-00001",
    "DiarienummerUtlysning": "2098-00001",
    "Titel": "Vård i hemmet",
    "Stangningsdatum": "2099-05-06T14:00:00",
}
PARENT = {"Diarienummer": "2098-00001", "DiarienummerProgram": "2097-00001", "Titel": "Vården"}


def in_every_order(folder: Path, funder: str, bodies: list[str], suffix: str) -> set[str]:
    """The call's content for each order in which the answers are read."""
    found = set()
    for number, order in enumerate(itertools.permutations(bodies)):
        paths = [folder / f"{number}-{place}.{suffix}" for place in range(len(order))]
        for path, body in zip(paths, order, strict=True):
            path.write_text(body, "utf-8")
        report = parse_files(funder, paths)
        assert report.problems == ()
        (call,) = report.calls
        found.add(json.dumps(call.model_dump(mode="json", exclude={"provenance"})))
    return found


def the_call(found: set[str]) -> Call:
    (content,) = found
    return Call.model_validate({**json.loads(content), "provenance": {"source": "test"}})


@pytest.mark.parametrize(
    ("stub", "field"),
    [
        ({**ROUND, "Stangningsdatum": None}, "deadlines"),
        ({**ROUND, "Oppningsdatum": None, "Beskrivning": ""}, "texts"),
        ({**ROUND, "Titel": "V", "Stangningsdatum": None}, "opens"),
    ],
)
def test_a_whole_round_stands_before_its_stub(
    tmp_path: Path, stub: dict[str, Any], field: str
) -> None:
    whole = {**ROUND, "Oppningsdatum": "2099-01-07T09:00:00", "Beskrivning": "Vi söker projekt."}
    bodies = [json.dumps([stub]), json.dumps([whole]), json.dumps([PARENT])]
    call = the_call(in_every_order(tmp_path, "vinnova", bodies, "json"))
    assert call.titles == {"sv": "Vård i hemmet"}
    assert getattr(call, field)


def grant(kind: str, **part: Any) -> dict[str, Any]:
    data = {
        "id": 350001,
        "opportunityNumber": "PLAYED-27-001",
        "opportunityTitle": "Rural health networks",
        "docType": kind,
        kind: part,
    }
    return {"errorcode": 0, "msg": "", "data": data}


FORECAST = grant(
    "forecast",
    forecastDesc="A long text on what is planned for the health of the countryside. " * 5,
    estApplicationResponseDateStr="2027-01-15-00-00-00",
    estSynopsisPostingDateStr="2026-11-01-00-00-00",
    version=4,
)
POSTED = grant(
    "synopsis",
    synopsisDesc="Networks of clinics.",
    postingDateStr="2026-11-20-00-00-00",
    responseDateStr="2027-02-26-00-00-00",
    version=1,
)
HIT = {
    "id": "350001",
    "number": "PLAYED-27-001",
    "title": "Rural health networks",
    "openDate": "11/20/2026",
    "closeDate": "02/26/2027",
    "oppStatus": "posted",
}


def search(*hits: dict[str, Any]) -> dict[str, Any]:
    return {"errorcode": 0, "data": {"hitCount": len(hits), "oppHits": list(hits)}}


GRANTS = {
    "forecast and grant": [FORECAST, POSTED],
    "forecast and the hit of what was posted": [FORECAST, search(HIT)],
    "grant and the hit of its forecast": [POSTED, search({**HIT, "oppStatus": "forecasted"})],
    "a grant posted under an id of its own": [
        FORECAST,
        {**POSTED, "data": {**POSTED["data"], "id": 350777}},
    ],
    "a later version of the grant": [
        POSTED,
        grant("synopsis", responseDateStr="2027-01-05-00-00-00", version=0),
    ],
}


@pytest.mark.parametrize("kind", GRANTS)
def test_what_was_posted_stands_before_a_forecast(tmp_path: Path, kind: str) -> None:
    bodies = [json.dumps(answer) for answer in GRANTS[kind]]
    call = the_call(in_every_order(tmp_path, "grants_gov", bodies, "json"))
    (deadline,) = call.deadlines
    assert f"{deadline.local():%Y-%m-%d}" == "2027-02-26"
    assert deadline.kind == "fixed"


def test_an_extracts_forecast_gives_way_to_its_grant(tmp_path: Path) -> None:
    names = "http://apply.grants.gov/system/OpportunityDetail-V1.0"
    fields = "<OpportunityID>350002</OpportunityID><OpportunityTitle>Care</OpportunityTitle>"
    posted = (
        f"<OpportunitySynopsisDetail_1_0>{fields}<PostDate>11202026</PostDate>"
        "<CloseDate>02262027</CloseDate></OpportunitySynopsisDetail_1_0>"
    )
    forecast = (
        f"<OpportunityForecastDetail_1_0>{fields}<Description>{'Planned. ' * 30}</Description>"
        "<EstimatedSynopsisCloseDate>01152027</EstimatedSynopsisCloseDate>"
        "</OpportunityForecastDetail_1_0>"
    )
    for number, body in enumerate((posted + forecast, forecast + posted)):
        path = tmp_path / f"{number}.xml"
        path.write_text(f'<?xml version="1.0"?><Grants xmlns="{names}">{body}</Grants>', "utf-8")
        (call,) = parse_files("grants_gov", [path]).calls
        assert [f"{d.local():%Y-%m-%d}" for d in call.deadlines] == ["2027-02-26"]


def test_a_council_call_that_comes_twice_is_read_whole(tmp_path: Path) -> None:
    row = {"diarienummer": "2099-00007", "titel": "Vård", "finansiarNamn": "Formas"}
    whole = {**row, "stangningsdatum": "2099-05-06", "beskrivning": "Vi söker projekt."}
    bodies = [json.dumps([{**row, "stangningsdatum": None}]), json.dumps([whole])]
    call = the_call(in_every_order(tmp_path, "formas", bodies, "json"))
    assert (len(call.deadlines), set(call.texts)) == (1, {"sv"})


@pytest.mark.parametrize(
    ("pages", "announced", "missing"),
    [
        (["ab", "bc"], 4, 1),
        (["ab", "cd"], 4, 0),
        (["ab"], None, 0),
        (["ab", "ab", "ab"], 6, 4),
        (["abc"], 2, 0),
    ],
)
def test_rows_are_counted_once(pages: list[str], announced: int | None, missing: int) -> None:
    count = RowCount()
    for page in pages:
        count.add([{"id": letter, "weight": len(pages)} for letter in page], announced)
    assert count.missing == missing
    lost = count.shortfall("a list")
    assert (lost is None) == (not missing)
    assert lost is None or f"{missing} missing" in lost.message


def test_a_later_answer_that_announces_less_hides_nothing() -> None:
    count = RowCount()
    count.add(["a", "b"], 9)
    count.add(["c"], 3)
    assert count.missing == 6


class Finder:
    """A site with a list of calls in pages, which says how many there are."""

    def __init__(self, said: str, *pages: range) -> None:
        self.said, self.lists = said, pages

    def get(self, url: str, *, deadline: float | None = None, headers: Any = None) -> Page:
        del deadline, headers
        number = int(found[1]) if (found := re.search(r"/page/(\d+)/", url)) else 1
        if "/opportunity/call-" in url:
            body = "<h1>Care</h1><h2>Scope</h2><p>Text.</p>"
        else:
            shown = self.lists[number - 1]
            links = "".join(f'<a href="/opportunity/call-{n}/">Call {n}</a>' for n in shown)
            following = f'<a href="/opportunity/page/{number + 1}/">Next</a>'
            more = following if number < len(self.lists) else ""
            body = f"<p>{self.said}</p>{links}{more}"
        return Page(url=url, body=f"<html><body><main>{body}</main></body></html>".encode())


@pytest.mark.parametrize(
    ("said", "pages", "missing"),
    [
        ("Showing 1-10 of 20 results", (range(10), range(10, 20)), 0),
        ("Showing 1 to 10 of 20 opportunities", (range(10), range(7, 17)), 3),
        ("Visar 1\u201310 av 25", (range(10), range(10, 20)), 5),
        ("20 opportunities", (range(10), range(7, 17)), 0),
    ],
)
def test_a_list_that_says_its_length_is_held_to_it(
    said: str, pages: tuple[range, ...], missing: int
) -> None:
    answers = list(get_funder("ukri").pages(Finder(said, *pages)))  # type: ignore[arg-type]
    lost = [answer.message for answer in answers if isinstance(answer, Failure)]
    assert len(lost) == bool(missing)
    assert all(f"{missing} missing" in message for message in lost)
