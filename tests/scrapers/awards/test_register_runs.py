"""Registers asked live, played by a server on this machine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scrapers.awards.register_run import read_live
from scrapers.http.exchange import Limits as FetchLimits
from scrapers.http.fetch import Fetcher
from scrapers.register import get_register
from tests.scrapers.awards.award_answers import CORDIS, EXAMPLES, zipped
from tests.scrapers.conftest import FakeClock, Site, SiteReply


@pytest.fixture
def fetcher(clock: FakeClock) -> Fetcher:
    limits = FetchLimits(retries=0)
    return Fetcher("test@example.org", limits=limits, clock=clock, local=True)


def test_vinnova_and_formas_are_asked_since_a_day(site: Site, fetcher: Fetcher) -> None:
    body = (EXAMPLES / "vinnova" / "two_languages.json").read_bytes()
    site.serve("/projekt/2020-01-01", body)
    site.serve("/projekt/2024-05-06", b"[]")
    reading = read_live(get_register("vinnova", site.url), fetcher)
    assert len(list(reading.awards())) == 2
    (award, *_) = read_live(get_register("vinnova", site.url), fetcher).awards()
    assert award.provenance.url == f"{site.url}/projekt/2020-01-01"
    reading = read_live(get_register("vinnova", site.url, date(2024, 5, 6)), fetcher)
    assert list(reading.awards()) == []
    assert reading.complete, "nothing may have changed since"
    site.serve("/GetAll", (EXAMPLES / "formas" / "getall.json").read_bytes())
    site.serve("/getbychangeddate/2024-05-06", SiteReply(b"no", 500))
    assert len(list(read_live(get_register("formas", site.url), fetcher).awards())) == 2
    reading = read_live(get_register("formas", site.url, date(2024, 5, 6)), fetcher)
    assert list(reading.awards()) == []
    assert reading.broken == 1


def test_swecris_sends_its_token_and_asks_nothing_without(site: Site, fetcher: Fetcher) -> None:
    source = get_register("swecris", site.url)
    reading = read_live(source, fetcher)
    assert list(reading.awards()) == []
    assert "wants a token" in reading.problems[0][1]
    assert site.requests == []
    body = (EXAMPLES / "swecris" / "with_people.json").read_bytes()
    site.serve("/projects/funders/202100-5208", body)
    site.serve("/projects/funders/202100-5216", SiteReply(b"", 401))
    source.secret = "a-token-of-ours"  # noqa: S105  it opens nothing
    reading = read_live(source, fetcher)
    assert len(list(reading.awards())) == 1
    assert site.requests[-1].headers["authorization"] == "Bearer a-token-of-ours"
    assert site.paths()[-1].endswith("202100-5216"), "a refused token is not tried again"
    assert "ask for a new one" in reading.problems[0][1]
    assert "a-token-of-ours" not in json.dumps(reading.problems)


def test_cordis_is_fetched_as_one_zip(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", project__json=CORDIS / "project.json")
    site.serve("/cordis-HORIZONprojects-json.zip", path.read_bytes())
    reading = read_live(get_register("cordis", site.url), fetcher)
    assert [award.id for award in reading.awards()] == ["cordis:101900001", "cordis:101900002"]
    assert reading.complete
