"""The councils' projects from their common interface: values, money, and the asking."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.award import Organisation
from scrapers.awards.register_run import read_live
from scrapers.http.exchange import Limits
from scrapers.register import get_register
from tests.scrapers.awards.award_answers import EXAMPLES, read
from tests.scrapers.conftest import FetcherFactory, Site, SiteReply, SiteRequest

GDP = EXAMPLES / "gdp"
LIST = "/finansieradeaktiviteter"
KEY = "a-key-of-ours"


def test_a_project_names_its_call_and_then_its_programme() -> None:
    (one, two, three), reading = read("gdp_vr", GDP / "vr_projects.json")
    assert reading.complete
    assert (one.id, one.funder, one.caller) == ("gdp_vr:2098-01001", "Vetenskapsrådet", "vr")
    assert one.calls == ("2098-00101", "2098-00100")
    assert one.programme == "Påhittat program"
    assert set(one.titles) == set(one.texts) == {"sv", "en"}
    assert one.texts["sv"].endswith("Projektledare: [person].")
    assert one.coordinator == Organisation(name="Exempel universitet", country="SE")
    assert [partner.name for partner in one.partners] == ["Exempel lasarett", "Eksempel sykehus"]
    assert (one.start, one.end) == (date(2046, 1, 1), date(2048, 12, 31))
    assert one.amount is not None
    assert (one.amount.amount, one.amount.currency) == (Decimal("2500000.5"), "SEK")
    assert two.amount is not None
    assert two.amount.amount == 500_000, "one row takes back what another gave"
    assert two.texts == {}, "what is not open is no text"
    assert two.coordinator is None, "a sole trader is a person"
    assert (three.calls, three.caller, three.amount) == ((), "", None)


def test_odd_values_cost_only_themselves_and_other_rows_are_counted() -> None:
    (one, two), reading = read("gdp_vr", GDP / "odd_values.json")
    assert (reading.rows, reading.lost) == (8, 3)
    assert reading.passed == {"application": 1, "call": 1, "project of another funder": 1}
    assert [one.amount, one.end, two.amount, two.start] == [None, None, None, None]
    assert [two.coordinator, len(two.partners)] == [None, 2], "nobody says who leads"
    said = "\n".join(message for _, message in reading.problems)
    for part in ("'EUR, SEK'", "an end before", "'mycket'", "'i vår'", "a number", "a titel"):
        assert part in said


def play(site: Site, rows: list[dict[str, object]], most: int = 2) -> None:
    """Serve ``rows`` a few at a time to who has the key."""

    def answer(request: SiteRequest) -> SiteReply:
        if request.headers.get("authorization") != KEY:
            return SiteReply(b'{"message": "no"}', 403)
        query = parse_qs(urlsplit(request.path).query)
        start = int(query["offset"][0])
        body = json.dumps(rows[start : start + most]).encode()
        return SiteReply(body, headers={"x-totalrecords": str(len(rows))})

    site.routes[LIST] = answer


def test_the_list_is_asked_for_page_by_page_with_the_councils_key(
    site: Site, make: FetcherFactory
) -> None:
    rows = json.loads((GDP / "forte_projects.json").read_bytes())
    play(site, rows)
    source = get_register("gdp_forte", site.url)
    source.secret = KEY
    reading = read_live(source, make())
    assert len(list(reading.awards())) == len(rows) == 3
    assert reading.complete
    requests = [f"{LIST}?limit=200&offset={offset}" for offset in (0, 2)]
    assert site.paths() == requests
    later = get_register("gdp_forte", site.url, date(2097, 5, 6))
    later.secret = KEY
    play(site, [])
    reading = read_live(later, make())
    assert list(reading.awards()) == []
    assert reading.complete, "nothing may have been decided since"
    assert site.paths()[-1].endswith("offset=0&franBeslutDatum=2097-05-06")


def test_without_a_key_nothing_is_asked_and_a_refused_one_is_said(
    site: Site, make: FetcherFactory
) -> None:
    play(site, [])
    source = get_register("gdp_vr", site.url)
    reading = read_live(source, make())
    assert list(reading.awards()) == []
    assert "gdp_vr wants a key: ask Vetenskapsrådet for one" in reading.problems[0][1]
    assert "FUNDSCOUT_KEYS=vr=" in reading.problems[0][1]
    assert site.requests == []
    source.secret = f"not-{KEY}"
    reading = read_live(source, make())
    assert list(reading.awards()) == []
    assert reading.broken == 1
    assert "the key for gdp_vr was refused" in reading.problems[0][1]
    assert KEY not in json.dumps(reading.problems)


def test_fewer_projects_than_are_counted_is_said(site: Site, make: FetcherFactory) -> None:
    rows = json.loads((GDP / "vr_projects.json").read_bytes())
    site.serve(LIST, SiteReply(json.dumps(rows).encode(), headers={"x-totalrecords": "9"}), b"[]")
    source = get_register("gdp_vr", site.url)
    source.secret = KEY
    reading = read_live(source, make(limits=Limits(retries=0)))
    assert len(list(reading.awards())) == 3
    assert reading.broken == 1
    assert "3 of 9 rows came" in reading.problems[0][1]


@pytest.mark.parametrize("key", ["gdp_formas", "gdp_forte", "gdp_vr"])
def test_each_council_is_asked_at_its_own_address(key: str) -> None:
    council = key.removeprefix("gdp_")
    source = get_register(key)
    assert source.base == f"https://api.{council}.se/gdp_{council}"
    assert source.key_name == council
