"""All funders, collected twice by the real job from servers on this machine that play them."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import collection
from index.embedding.encoder import HashEncoder
from scrapers.catalogue import all_funders
from scrapers.funder import Funder
from scrapers.funders.ukri import Ukri
from scrapers.http.pace import RequestClock
from scrapers.platforms.curated import CuratedFunder
from service.context import Context
from service.settings import Settings
from tests.played import pages
from tests.played.collection import Played, archive_of, call_tables, collect_twice
from tests.played.funders import BUSY, DELAYED, PLAYED, NotPlayedError, access_ways, site_of
from tests.played.site import ROBOTS
from tests.scrapers.conftest import FakeClock

pytestmark = pytest.mark.whole

PAUSE = 1.0
ASKED = [
    (key, with_key)
    for key, source in all_funders().items()
    if not isinstance(source, CuratedFunder)
    for with_key in access_ways(source)
]
BY_HAND = [key for key, source in all_funders().items() if isinstance(source, CuratedFunder)]
Pair = tuple[Played, Played]


class PlayedRuns:
    """A store for each door, so that none has calls of the other; runs are made when asked for."""

    def __init__(self, folder: Path) -> None:
        self._contexts: dict[bool, Context] = {}
        self._done: dict[tuple[str, bool], Pair] = {}
        self._folder = folder

    def context(self, with_key: bool) -> Context:
        if with_key not in self._contexts:
            settings = Settings.from_env({"FUNDSCOUT_DATA": str(self._folder / f"{with_key}")})
            self._contexts[with_key] = Context.open(settings, HashEncoder)
        return self._contexts[with_key]

    def both(self, key: str, with_key: bool = False) -> Pair:
        """The two collections of a funder; time passes only while the fetcher waits."""
        if (key, with_key) not in self._done:
            context = self.context(with_key)
            runs = collect_twice(context, all_funders()[key], FakeClock(), PAUSE, with_key=with_key)
            first = next(runs)
            tables, archive = call_tables(context), archive_of(context)
            second = next(runs)
            assert call_tables(context) == tables, "the second run wrote to the tables of calls"
            assert archive_of(context) == archive, "the second run wrote to the archive of pages"
            runs.close()
            self._done[key, with_key] = first, second
        return self._done[key, with_key]


@pytest.fixture(scope="module")
def played_runs(tmp_path_factory: pytest.TempPathFactory) -> PlayedRuns:
    return PlayedRuns(tmp_path_factory.mktemp("played"))


def test_there_are_funders_that_ask_and_funders_kept_by_hand() -> None:
    assert {key for key, _ in ASKED} == set(PLAYED)
    assert len(PLAYED) + len(BY_HAND) == len(all_funders()) >= 24


def test_a_new_funder_that_nobody_plays_is_named() -> None:
    class Newcomer(Ukri):
        key = "newcomer"

    with pytest.raises(NotPlayedError, match="no site plays the funder 'newcomer': write its"):
        site_of(Newcomer(), FakeClock().monotonic)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "with_key"), ASKED)
def test_a_funder_is_collected_politely_and_a_second_time_from_304s(
    played_runs: PlayedRuns, key: str, with_key: bool
) -> None:
    first, second = played_runs.both(key, with_key)
    run, stored = first.collected.run, first.collected.stored
    assert [finding.message for finding in run.findings if finding.blocks] == []
    assert run.problems == ()
    assert run.complete
    assert stored is not None
    brought = played_runs.context(with_key).calls.count_by_source()[key]
    assert stored.new == len(run.calls) == brought >= all_funders()[key].expects.minimum
    assert first.unchanged == 0
    for played in (first, second):
        statuses = {exchange.status for exchange in played.exchanges}
        assert statuses <= {200, 304, 404, 429}
        robots = [at for at, one in enumerate(played.exchanges) if one.path == ROBOTS]
        assert robots == [0], "robots.txt is asked for first, and once"
        assert played.shortest_pause is not None
        assert played.shortest_pause >= max(PAUSE, DELAYED.get(key, 0.0))
        assert played.requests >= 1
    again = second.collected.stored
    assert again is not None
    assert again.nothing_changed
    assert again.unchanged == stored.new
    assert second.whole == 0, "what was known already was sent whole"
    missing = sum(exchange.status == 404 for exchange in second.exchanges)
    assert second.unchanged + second.posts + missing + 1 == len(second.exchanges)
    assert second.unchanged > 0 or second.posts > 0


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key, with_key in ASKED if with_key])
def test_a_call_has_one_id_through_both_doors(played_runs: PlayedRuns, key: str) -> None:
    pages, interface = (
        {call.id for call in played_runs.both(key, with_key)[0].collected.run.calls}
        for with_key in (False, True)
    )
    if key == "forte":  # every other record of its example is an award, and is passed over
        assert len(pages & interface) >= len(pages) // 2
    else:
        assert pages <= interface
    assert len(interface) > len(pages)


@pytest.mark.slow
@pytest.mark.parametrize("key", BY_HAND)
def test_a_funder_kept_by_hand_asks_nobody(played_runs: PlayedRuns, key: str) -> None:
    first, second = played_runs.both(key)
    assert first.requests == second.requests == 0
    assert first.exchanges == second.exchanges == ()
    assert first.collected.stored is not None
    assert first.collected.stored.new >= 1
    assert second.collected.stored is not None
    assert second.collected.stored.nothing_changed


@pytest.mark.slow
def test_a_site_that_asks_for_patience_gets_it(played_runs: PlayedRuns) -> None:
    (key, (path, seconds)), *_ = BUSY.items()
    first, second = played_runs.both(key)
    of_path = [one for one in first.exchanges if one.path == path]
    assert [one.status for one in of_path] == [429, 200]
    assert of_path[1].asked_at - of_path[0].answered_at >= seconds
    assert [one.status for one in second.exchanges if one.path == path] == [304]


def test_the_bench_prints_a_row_a_run_and_ends_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["collection.py", "--pause", "0.01", "tillvaxtverket", "kks"])
    assert collection.main() == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines()]
    assert [row[:3] for row in rows if row[:1] == ["kks"]] == [
        ["kks", "1", "none"],
        ["kks", "2", "none"],
    ]
    (played,) = (row for row in rows if row[:2] == ["tillvaxtverket", "2"])
    assert played[2:5] == ["10", "9", "0"]
    assert "every run is publishable, every pause was kept" in printed


def test_the_bench_says_what_is_amiss(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def hasty(
        context: Context, source: Funder, clock: RequestClock, pause: float, *, with_key: bool
    ) -> Iterator[Played]:
        assert pause == 60
        return collect_twice(context, source, clock, 0.0, with_key=with_key)

    counted = itertools.count()
    monkeypatch.setattr(collection, "archive_of", lambda _: {"a": (next(counted), 0)})
    monkeypatch.setattr(pages, "_FEW", 2)  # fewer calls than a healthy run has
    monkeypatch.setattr(collection, "collect_twice", hasty)
    monkeypatch.setattr(sys, "argv", ["collection.py", "--pause", "60", "tillvaxtverket"])
    assert collection.main() == 1
    printed = capsys.readouterr().out
    assert "tillvaxtverket, run 1: not publishable: 2 calls came" in printed
    assert "tillvaxtverket, run 2: a pause of 0." in printed
    assert "tillvaxtverket, run 2: wrote to the tables of calls or to the archive" in printed
