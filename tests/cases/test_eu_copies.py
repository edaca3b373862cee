"""Copies of one topic: the portal's own counts, whole ones before stubs, in any order of rows."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.catalogue import get_funder
from scrapers.http.page import Page
from scrapers.run import RunReport, collect
from tests.cases.portal import (
    ID,
    budget,
    earlier_copy,
    instants,
    line,
    only_call,
    parse,
    steps,
    topic,
)

TEXT = "<p>Nurses try new tools.</p>"
LIVE = "2027-03-16 17:00"

MENDED_BY = {
    "earlier system, then portal": [
        earlier_copy(),
        topic(descriptionByte=TEXT, actions=steps("2026-11-10", "2027-03-16")),
    ],
    "a stub, then the whole": [
        topic(deadlineDate=None, startDate=None),
        topic(descriptionByte=TEXT, actions=steps("2026-11-10", "2027-03-16")),
    ],
    "english of the earlier system, swedish of the portal": [
        earlier_copy(),
        topic(language="sv", descriptionByte="<p>Vården prövar.</p>"),
    ],
}

UNSEEN = {
    "earlier system known by its address alone": [
        earlier_copy(DATASOURCE="SEDIA", REFERENCE="70001TOPICSen"),
        topic(descriptionByte=TEXT),
    ],
    "earlier system known by its reference alone": [
        earlier_copy(DATASOURCE="SEDIA", url=f"https://ec.europa.eu/x/{ID}"),
        topic(descriptionByte=TEXT),
    ],
    "portal's dates stand in the translated copy": [
        topic(deadlineDate=None, startDate=None, descriptionByte=TEXT),
        topic(language="sv", actions=steps("2026-11-10", "2027-03-16")),
    ],
    "earlier system has the text, the portal the dates": [
        earlier_copy(descriptionByte=TEXT),
        topic(language="sv", actions=steps("2026-11-10", "2027-03-16")),
        earlier_copy(language="sv"),
    ],
    "identifier in other letters": [
        earlier_copy(identifier=ID.lower()),
        topic(descriptionByte=TEXT),
    ],
    "no identifier, but the topic's number": [
        earlier_copy(identifier=None),
        topic(descriptionByte=TEXT),
    ],
    "ingested again with a moved deadline": [
        topic(deadlineDate="2027-02-02", esDA_IngestDate="2026-10-01T04:00:00.000+0200"),
        topic(esDA_IngestDate="2026-11-29T04:00:00.000+0200"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", [*MENDED_BY, *UNSEEN])
def test_the_portals_own_dates_count_in_any_order(tmp_path: Path, kind: str) -> None:
    rows = {**MENDED_BY, **UNSEEN}[kind]
    calls = [only_call(tmp_path, *order) for order in itertools.permutations(rows)]
    assert len({call.content_hash() for call in calls}) == 1
    assert calls[0].id == f"eu_portal:{ID}"
    assert instants(calls[0]) == [LIVE]
    assert calls[0].opens is not None
    assert f"{calls[0].opens:%Y-%m-%d}" == "2026-11-10"
    assert '["' not in " ".join(calls[0].keywords)


def test_the_earlier_system_alone_is_read_with_its_words_one_by_one(tmp_path: Path) -> None:
    call = only_call(tmp_path, earlier_copy())
    assert instants(call) == ["2024-02-07 17:00"]
    assert call.keywords == ("Nursing", "Care, at home")


def test_a_stub_of_the_portal_takes_no_dates_of_the_earlier_system(tmp_path: Path) -> None:
    call = only_call(tmp_path, earlier_copy(), topic(deadlineDate=None, startDate=None))
    assert (call.deadlines, call.opens) == ((), None)


def test_the_budget_is_taken_from_the_copy_that_has_one(tmp_path: Path) -> None:
    table = budget(one=[line(ID, "8000000", 2, 4_000_000, 3_000_000)])
    rows = [topic(descriptionByte=TEXT), topic(language="sv", budgetOverview=table)]
    for order in itertools.permutations(rows):
        call = only_call(tmp_path, *order)
        assert call.funding is not None
        assert call.funding.total is not None
        assert call.funding.total.amount == 8_000_000
        assert set(call.titles) == {"en", "sv"}


def test_topics_of_one_number_but_two_identifiers_stay_two(tmp_path: Path) -> None:
    report = parse(tmp_path, topic(), topic("HORIZON-TEST-2027-01-CARE-08"))
    assert len(report.calls) == 2


class PagedPortal:
    """A search that gives the rows of ``numbers`` a page, and announces a total."""

    def __init__(self, announced: int, *pages: range, size: int = 100) -> None:
        self.announced, self.pages, self.size = announced, pages, size
        self.asked: list[tuple[str, str]] = []

    def post_parts(self, url: str, parts: Any) -> Page:
        query = parse_qs(urlsplit(url).query)
        number, size = int(query["pageNumber"][0]), query["pageSize"][0]
        language = parts["languages"][0]
        self.asked.append((language, size))
        numbers = self.pages[number - 1] if number <= len(self.pages) else range(0)
        rows = [_numbered(n, language) for n in numbers]
        body = {"totalResults": self.announced, "pageNumber": number, "results": rows}
        return Page(url=url, body=json.dumps(body).encode())


def _numbered(number: int, language: str) -> dict[str, Any]:
    return topic(
        f"HORIZON-TEST-{number:04}",
        language,
        title=f"Care number {number}",
        ccm2Id=str(number),
        REFERENCE=f"{number}TOPICS{language}",
        descriptionByte=f"<p>Text number {number}.</p>",
        deadlineDate=f"2027-{1 + number % 12:02}-{1 + number % 27:02}T00:00:00.000+0000",
    )


def run(portal: PagedPortal) -> RunReport:
    return collect(get_funder("eu_portal"), portal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("announced", "pages", "missing"),
    [
        (250, (range(1, 101), range(95, 195), range(201, 251)), 6),
        (250, (range(1, 101), range(101, 201), range(151, 201)), 50),
        (300, (range(1, 101), range(1, 101), range(201, 301)), 100),
        (230, (range(1, 101), range(101, 201)), 30),
        (203, (range(1, 101), range(100, 200), range(200, 203)), 1),
    ],
)
def test_rows_that_repeated_pages_hide_are_counted(
    announced: int, pages: tuple[range, ...], missing: int
) -> None:
    report = run(PagedPortal(announced, *pages))
    assert not report.complete
    assert any(f"{missing} missing" in message for _, message in report.problems)
    assert len(report.calls) == announced - missing


def test_a_list_without_a_repeated_row_is_complete() -> None:
    report = run(PagedPortal(250, range(1, 101), range(101, 201), range(201, 251)))
    assert (report.complete, len(report.calls)) == (True, 250)


def test_a_page_that_the_server_cuts_is_asked_for_by_that_size() -> None:
    pages = [range(start, min(start + 25, 251)) for start in range(1, 251, 25)]
    portal = PagedPortal(250, *pages)
    report = run(portal)
    assert (report.complete, len(report.calls)) == (True, 250)
    assert [size for language, size in portal.asked if language == "en"] == ["100", *["25"] * 9]
