"""Second collections and readings again: what the archive has is neither fetched nor rewritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.call import Call
from scrapers.funder import Expectations, ItemGroup
from scrapers.funders.vinnova import Vinnova
from scrapers.http.archive import PageArchive
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from service.cli.main import run
from service.context import Context
from service.errors import InputError, JobBusyError
from service.jobs.collect import collect_funder
from service.jobs.lock import hold_lock
from service.jobs.reparse import reparse_funder
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest

pytestmark = pytest.mark.whole

ROUNDS = "/ansokningsomgangar/2020-01-01"
CALLS = "/utlysningar/2020-01-01"
PROGRAMMES = "/program/2020-01-01"
PATHS = [ROUNDS, CALLS, PROGRAMMES]


class Publisher:
    """Vinnova's three lists with ETags; ``statuses`` are what was answered."""

    def __init__(self, site: Site) -> None:
        self.statuses: list[int] = []
        self.lists: dict[str, object] = {
            ROUNDS: [a_round(number) for number in range(1, 13)],
            CALLS: [
                {
                    "Diarienummer": "2098-00001",
                    "DiarienummerProgram": "2097-00001",
                    "Titel": "Utlysning",
                }
            ],
            PROGRAMMES: [{"Diarienummer": "2097-00001", "Titel": "Program"}],
        }
        for path in PATHS:
            site.routes[path] = self

    def __call__(self, asked: SiteRequest) -> SiteReply:
        body = json.dumps(self.lists[asked.path]).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        same = asked.headers.get("if-none-match") == etag
        self.statuses.append(304 if same else 200)
        headers = {"ETag": etag, "Content-Type": "application/json"}
        return SiteReply(b"" if same else body, self.statuses[-1], headers)


def a_round(number: int, title: str = "Omgång") -> dict[str, object]:
    return {
        "Diarienummer": f"2099-{number:05}",
        "DiarienummerUtlysning": "2098-00001",
        "Titel": f"{title} {number}",
        "Beskrivning": f"Vård i hemmet, del {number}.",
        "Stangningsdatum": f"2099-05-{number:02}T14:00:00",
    }


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def publisher(site: Site) -> Publisher:
    return Publisher(site)


@pytest.fixture
def source(site: Site) -> Vinnova:
    made = Vinnova(site.url)
    object.__setattr__(made, "expects", Expectations(minimum=1, fill=()))
    return made


@pytest.fixture
def fetcher(context: Context, clock: FakeClock) -> Iterator[Fetcher]:
    archive = PageArchive(context.settings.pages)
    made = Fetcher("https://example.org/who", archive, clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    # readers of the database mark its -shm file; what is written goes to the -wal
    files = [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith("-shm")]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def versions(context: Context) -> dict[str, int]:
    return {id_: len(context.calls.versions(id_)) for id_ in context.calls.all()}


def test_a_second_collection_is_answered_by_304s_and_writes_nothing(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, clock: FakeClock
) -> None:
    first = collect_funder(context, source, fetcher)
    assert first.stored is not None
    assert first.stored.new == 12
    assert publisher.statuses == [200] * 3
    slept = len(clock.slept)
    before, stamp = everything(context.settings.pages), context.calls.stamp()
    calls, known = dict(context.calls.all()), versions(context)
    second = collect_funder(context, source, fetcher)
    assert second.stored is not None
    assert (second.stored.unchanged, second.stored.nothing_changed) == (12, True)
    assert publisher.statuses == [200] * 3 + [304] * 3
    assert clock.slept[slept:] == [1.0] * 3  # politeness is kept towards a site that says little
    assert everything(context.settings.pages) == before
    assert (context.calls.stamp(), context.calls.all(), versions(context)) == (stamp, calls, known)


def test_reading_again_without_a_change_writes_nothing_and_asks_nobody(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    collect_funder(context, source, fetcher)
    asked, before = len(site.requests), everything(context.settings.data)
    seen: list[tuple[int, int | None]] = []
    done = reparse_funder(context, source, lambda *at: seen.append(at))
    assert done is not None
    assert done.stored is not None
    assert (done.stored.unchanged, done.stored.nothing_changed) == (12, True)
    assert everything(context.settings.data) == before
    assert len(site.requests) == asked
    assert [page for page, _ in seen] == [1, 2, 3]


class Mended(Vinnova):
    """A reader that reads better than the one that collected."""

    def call(self, group: ItemGroup) -> Call:
        """Return the call under a better programme."""
        return super().call(group).model_copy(update={"programme": "Mended"})


def test_a_mended_reader_makes_new_versions_of_old_answers(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    collect_funder(context, source, fetcher)
    asked = len(site.requests)
    mended = Mended(site.url)
    object.__setattr__(mended, "expects", source.expects)
    done = reparse_funder(context, mended)
    assert done is not None
    assert done.stored is not None
    assert done.stored.changed == 12
    assert {call.programme for call in context.calls.all().values()} == {"Mended"}
    assert set(versions(context).values()) == {2}
    assert len(site.requests) == asked
    assert context.runs.latest(1)[0].job == "reparse"


class Broken(Vinnova):
    """A reader that lost most of what it reads."""

    def call(self, group: ItemGroup) -> Call:
        """Return the same call for all."""
        return super().call(group).model_copy(update={"id": "vinnova:same"})


def test_a_reader_made_worse_stores_nothing(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    collect_funder(context, source, fetcher)
    stamp = context.calls.stamp()
    broken = Broken(site.url)
    object.__setattr__(broken, "expects", source.expects)
    done = reparse_funder(context, broken)
    assert done is not None
    assert done.stored is None
    assert any("more than once" in finding.message for finding in done.run.findings)
    assert context.calls.stamp() == stamp
    assert context.runs.latest(1)[0].state == "failed"


def test_after_a_failed_run_the_good_one_is_read(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    collect_funder(context, source, fetcher)
    site.serve(ROUNDS, SiteReply(b"", 403))
    assert collect_funder(context, source, fetcher).stored is None
    done = reparse_funder(context, source)
    assert done is not None
    assert done.stored is not None
    assert done.stored.nothing_changed
    assert any("the good ones" in finding.message for finding in done.run.findings)


def test_what_was_lost_then_is_lost_still(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    publisher.lists[ROUNDS] = [*(a_round(number) for number in range(1, 28)), {"Titel": "?"}]
    collect_funder(context, source, fetcher)
    publisher.lists[ROUNDS] = [*(a_round(number) for number in range(1, 27)), {"Titel": "?"}]
    second = collect_funder(context, source, fetcher)
    assert not second.run.complete
    assert second.stored is not None
    done = reparse_funder(context, source)
    assert done is not None
    assert (done.run.complete, done.run.problems) == (False, second.run.problems)
    assert context.calls.not_seen_since() == {}


def test_calls_are_seen_when_they_were_fetched_not_when_they_were_read(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher, site: Site
) -> None:
    collect_funder(context, source, fetcher)
    done = reparse_funder(context, source)
    kept = PageArchive(context.settings.pages).run("vinnova")
    assert done is not None
    assert kept is not None
    assert done.run.finished_at == kept[0]
    assert kept[0] < datetime.now(UTC)


def test_nothing_archived_is_said(context: Context, source: Vinnova) -> None:
    assert reparse_funder(context, source) is None


def test_a_damaged_note_is_said(
    context: Context, publisher: Publisher, source: Vinnova, fetcher: Fetcher
) -> None:
    collect_funder(context, source, fetcher)
    (context.settings.pages / "runs" / "vinnova.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match="collect again"):
        reparse_funder(context, source)


def test_nobody_reads_again_while_somebody_collects(context: Context, source: Vinnova) -> None:
    with hold_lock(context.settings.data, "collect"), pytest.raises(JobBusyError):
        reparse_funder(context, source)


@pytest.fixture
def own_folder(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in this process use the test's folder, and find few calls enough."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(context.settings.data))
    monkeypatch.setattr(Vinnova, "expects", Expectations(minimum=1, fill=()))


@pytest.mark.usefixtures("publisher", "own_folder")
def test_the_command(
    context: Context,
    source: Vinnova,
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["reparse", "vinnova"]) == 1
    assert "run `fundscout collect vinnova` first" in capsys.readouterr().err
    collect_funder(context, source, fetcher)
    assert run(["reparse", "vinnova"]) == 0
    assert "12 calls in 3 answers: 0 new, 0 changed, 12 unchanged" in capsys.readouterr().out
    assert run(["reparse"]) == 0
    assert "Nothing is archived of" in capsys.readouterr().err
    assert run(["reparse", "nobody"]) == 1
    monkeypatch.setattr(Vinnova, "expects", Expectations(minimum=99, fill=()))
    assert run(["reparse", "vinnova"]) == 1
    assert "Nothing stored" in capsys.readouterr().out
