"""A probe fetches one page of a source and reports what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrapers.catalogue import get_funder
from scrapers.funder import Funder
from scrapers.funders.vinnova import Vinnova
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.page import Page
from scrapers.probe import ProbeOutcome, probe
from scrapers.reading.fields import Fields
from tests.scrapers.conftest import FakeClock, Site, SiteReply

EXAMPLES = Path(__file__).parents[1] / "examples"
LIST = "/ansokningsomgangar/2020-01-01"


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def a_round(number: int, **more: object) -> dict[str, object]:
    base = {"Diarienummer": f"2099-{number:05}", "DiarienummerUtlysning": "2098-00001"}
    base["Titel"] = f"Omgång {number}"
    return {**base, "Stangningsdatum": f"2099-05-{number:02}T14:00:00", **more}


def vinnova(site: Site, rows: list[Any] | bytes | SiteReply) -> Funder:
    if isinstance(rows, list):
        body = json.dumps(rows).encode()
        rows = SiteReply(body, headers={"Content-Type": "application/json"})
    site.serve(LIST, rows)
    return Vinnova(site.url, since=date(2020, 1, 1))


def test_a_source_as_expected_is_asked_once(site: Site, fetcher: Fetcher) -> None:
    source = vinnova(site, [a_round(n) for n in range(1, 7)])
    found = probe(source, fetcher)
    assert (found.outcome, found.differences) == (ProbeOutcome.AS_EXPECTED, ())
    assert (found.records, found.calls, found.is_healthy) == (6, 6, True)
    assert found.address == f"{site.url}{LIST}"
    assert site.paths() == [LIST]


def test_absent_fields_are_told_without_alarm(site: Site, fetcher: Fetcher) -> None:
    found = probe(vinnova(site, [a_round(1), a_round(2, Oppningsdatum="2099-01-01")]), fetcher)
    assert found.is_healthy
    assert "round.Oppningsdatum" not in found.absent
    assert "round.TitelEngelska" in found.absent


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (SiteReply(b"gone", 404), ProbeOutcome.UNREACHABLE, "answered 404"),
        (
            SiteReply(b"<!DOCTYPE html><title>API</title>", headers={"Content-Type": "text/html"}),
            ProbeOutcome.WRONG_SHAPE,
            "HTML",
        ),
        ([], ProbeOutcome.WRONG_SHAPE, "an empty list"),
        ([{"Nyckel": 1}, {"Nyckel": 2}], ProbeOutcome.WRONG_SHAPE, "Diarienummer"),
        (
            [{"Diarienummer": "2099-00001", "Titel": "Ett program"}],
            ProbeOutcome.DIFFERS,
            "none of the 1 record is a call",
        ),
        ([a_round(1), a_round(2, NyttFalt="x")], ProbeOutcome.DIFFERS, "round.NyttFalt (1)"),
        ([a_round(1), a_round(2, Titel=7.5)], ProbeOutcome.DIFFERS, "Titel"),
        (
            [a_round(n, Stangningsdatum=None) for n in range(1, 7)],
            ProbeOutcome.DIFFERS,
            "none of the 6 calls has deadlines",
        ),
    ],
)
def test_what_differs_is_said(
    site: Site, fetcher: Fetcher, answer: Any, outcome: ProbeOutcome, words: str
) -> None:
    found = probe(vinnova(site, answer), fetcher)
    assert found.outcome is outcome
    assert not found.is_healthy
    assert any(words in difference for difference in found.differences), found.differences


def test_many_differences_are_cut(site: Site, fetcher: Fetcher) -> None:
    rows = [a_round(1), *(a_round(n, Titel=1.5) for n in range(11, 20))]
    found = probe(vinnova(site, rows), fetcher)
    assert len(found.differences) == 9
    assert found.differences[-1].startswith("and ")


def test_a_source_that_nobody_answers_for(fetcher: Fetcher) -> None:
    found = probe(Vinnova("http://127.0.0.1:9"), fetcher)
    assert found.outcome is ProbeOutcome.UNREACHABLE
    assert len(found.differences) == 1


def test_a_list_without_calls_is_no_silence(site: Site, fetcher: Fetcher) -> None:
    source = get_funder("energimyndigheten", site.url)
    probe(source, fetcher)
    site.serve(site.paths()[0].split("?")[0], b"<html><body>We have moved.</body></html>")
    found = probe(source, fetcher)
    assert found.outcome is ProbeOutcome.WRONG_SHAPE
    assert "no link to a call" in found.differences[0]


@pytest.mark.parametrize("key", ["almi", "wellcome"])
def test_what_is_kept_by_hand_needs_no_network(fetcher: Fetcher, key: str) -> None:
    found = probe(get_funder(key), fetcher)
    assert found.is_healthy, found.differences
    assert found.calls == found.records > 0


def test_fields_know_what_was_missing() -> None:
    fields = Fields({"a": 1, "b": None, "c": 2}, "here")
    fields.ignore("c", "bookkeeping")
    assert (fields.word("a"), fields.word("b"), fields.word("d")) == ("1", "", "")
    assert (fields.missing(), fields.unread_names()) == (["d"], [])


class OneAnswer:
    """A network that gives the same body to whatever is asked."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(
        self, url: str, *, deadline: float | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        del deadline, headers
        return Page(url=url, body=self.body)

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        del body, headers
        return Page(url=url, body=self.body)

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        del parts
        return Page(url=url, body=self.body)


HEALTHY = {
    "energimyndigheten": "listing.html",
    "eu_portal": "forthcoming_in_two_languages.json",
    "formas": "gdp_answer.json",
    "forte": "gdp_answer.json",
    "grants_gov": "search_hits.json",
    "nih_guide": "search.json",
    "ukri": "listing.html",
    "vinnova": "round_with_parents.json",
    "vr": "gdp_answer.json",
}


@pytest.mark.parametrize("key", HEALTHY)
def test_a_healthy_first_answer_differs_in_nothing(key: str) -> None:
    source = get_funder(key)
    source.secret = "key of the councils" if HEALTHY[key].startswith("gdp") else ""
    found = probe(source, OneAnswer((EXAMPLES / key / HEALTHY[key]).read_bytes()))
    assert found.differences == ()
    assert found.calls > 0


@pytest.mark.parametrize("key", HEALTHY)
def test_a_wall_or_a_manual_differs_everywhere(key: str) -> None:
    source = get_funder(key)
    source.secret = "key of the councils" if HEALTHY[key].startswith("gdp") else ""
    found = probe(source, OneAnswer(b"<!DOCTYPE html><title>Open data</title><p>Give a date."))
    assert found.outcome is ProbeOutcome.WRONG_SHAPE
    assert found.calls == 0
