"""`fundscout doctor` and `history`: what is wrong is said, on a fresh store too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from index import snapshot
from index.encoder import HashEncoder
from scrapers.call import Eligibility
from scrapers.fetch import Fetcher, Limits
from scrapers.funder import Funder, funder, funders
from scrapers.funders.vinnova import Vinnova
from service.cli import doctoring
from service.cli.main import run
from service.context import Context
from service.jobs.doctor import diagnose
from service.jobs.reindex import reindex
from service.settings import Settings
from tests.scrapers.conftest import Reply, Site
from tests.service.conftest import NOW, a_call

EXAMPLES = Path(__file__).parents[1] / "examples"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The command line, pointed at the settings of the test."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(settings.data))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "https://example.org/who")
    return settings


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


def asked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status = run(["doctor", "--json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, found


def by_key(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in found["funders"]}


def check(found: dict[str, Any], name: str) -> tuple[bool, str]:
    (one,) = (check for check in found["checks"] if check["name"] == name)
    return one["ok"], one["detail"]


def test_a_fresh_store_is_well(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = asked(capsys)
    assert (status, found["ok"]) == (0, True)
    assert [one["name"] for one in found["checks"]] == ["data folder", "database", "model", "index"]
    assert "fundscout collect" in check(found, "database")[1]
    rows = by_key(found)
    assert set(rows) == set(funders())
    assert rows["vinnova"] == {
        "key": "vinnova",
        "name": "Vinnova",
        "level": "national",
        "interface": "open API, JSON",
        "verified": "real answer",
        "calls": 0,
        "calls_in_samples": None,
        "filled": {"deadline": None, "amount": None, "eligibility": None, "both_languages": None},
        "last_run": None,
        "last_good": None,
        "state": "never collected",
        "findings": [],
        "samples": None,
        "live": None,
    }


def test_the_table_is_for_people(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "vinnova", "kks"]) == 0
    said = capsys.readouterr().out
    lines = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert {"funder", "vinnova", "kks"} <= set(lines)
    assert "formas" not in lines
    assert "real answer" in lines["vinnova"]
    assert said.rstrip().endswith("Nothing is wrong.")


def test_shares_are_of_the_stored_calls(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    both = a_call("vinnova:1").model_copy(update={"titles": {"sv": "Hem", "en": "Home"}})
    who = (Eligibility(kind="applicant", value="region"),)
    bare = {"deadlines": (), "funding": None, "eligibility": who}
    calls = [both, *(a_call(f"vinnova:{n}") for n in (2, 3))]
    calls.append(a_call("vinnova:4").model_copy(update=bare))
    context.calls.upsert([*calls, a_call("formas:1")], NOW)
    _, found = asked(capsys)
    row = by_key(found)["vinnova"]
    assert row["calls"] == 4
    assert row["filled"] == {
        "deadline": 0.75,
        "amount": 0.75,
        "eligibility": 0.25,
        "both_languages": 0.25,
    }
    assert by_key(found)["formas"]["filled"]["deadline"] == 1.0


def test_a_source_that_was_held_back_is_wrong(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    context.calls.upsert([a_call()], NOW)
    with context.runs.record("collect", "vinnova") as good:
        good.report = {"calls": 46}
    with context.runs.record("collect", "vinnova") as bad:
        bad.state = "failed"
        bad.report = {"calls": 0, "findings": ["0 calls came; a healthy run has at least 100."]}
    status, found = asked(capsys)
    assert (status, found["ok"]) == (1, False)
    row = by_key(found)["vinnova"]
    assert (row["state"], row["calls"]) == ("failing", 1)
    assert row["findings"] == ["0 calls came; a healthy run has at least 100."]
    assert datetime.fromisoformat(row["last_good"]) <= datetime.fromisoformat(row["last_run"])
    assert run(["doctor"]) == 1
    assert "vinnova: 0 calls came; a healthy run" in capsys.readouterr().out
    assert run(["doctor", "kks"]) == 0


def test_a_stale_source_is_wrong(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    with context.runs.record("collect", "vinnova") as good:
        good.report = {"calls": 46}
    later = datetime.now(UTC) + timedelta(days=8)
    with time_machine.travel(later, tick=False):
        assert run(["doctor", "vinnova"]) == 1
    said = capsys.readouterr().out
    assert "no good run for more than a week; run `fundscout collect vinnova`." in said


def test_a_database_that_is_no_database(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    here.data.mkdir(parents=True)
    (here.data / "fundscout.sqlite").write_bytes(b"this is a letter, not a database" * 200)
    status, found = asked(capsys)
    assert status == 1
    ok, detail = check(found, "database")
    assert not ok
    assert "backup" in detail
    assert by_key(found)["vinnova"]["calls"] is None
    assert run(["doctor", "vinnova"]) == 1
    assert "Something is wrong" in capsys.readouterr().out


def test_a_damaged_page_of_the_database_is_found(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [a_call(f"vinnova:{n}", text=f"Utlysning {n}. " * 80) for n in range(60)]
    context.calls.upsert(many, NOW)
    copy = here.data / "copy.sqlite"
    context.calls._engine.dispose()
    shutil.copy(here.data / "fundscout.sqlite", copy)
    body = bytearray(copy.read_bytes())
    for at in range(10 * 4096, len(body), 4096):
        body[at : at + 40] = b"\xff" * 40
    copy.write_bytes(bytes(body))
    for extra in ("-wal", "-shm"):
        (here.data / f"fundscout.sqlite{extra}").unlink(missing_ok=True)
    copy.replace(here.data / "fundscout.sqlite")
    status, found = asked(capsys)
    assert status == 1
    assert not check(found, "database")[0]


def test_a_data_folder_that_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "file"))
    status, found = asked(capsys)
    assert status == 1
    assert not check(found, "data folder")[0]
    assert not check(found, "database")[0]


def test_the_index_is_sound_behind_or_damaged(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    context.calls.upsert([a_call()], NOW)
    _, found = asked(capsys)
    assert check(found, "index")[1].startswith("There is no index yet")
    reindex(Context.open(here, HashEncoder))
    _, found = asked(capsys)
    ok, detail = check(found, "index")
    assert ok
    assert "undamaged" in detail
    context.calls.upsert([a_call("vinnova:2")], NOW)
    _, found = asked(capsys)
    ok, detail = check(found, "index")
    assert ok
    assert "have changed since" in detail
    name = snapshot.current(here.snapshots)
    assert name is not None
    manifest = snapshot.read_manifest(here.snapshots / name)
    target = here.snapshots / name / min(manifest.files)
    target.write_bytes(b"damage")
    status, found = asked(capsys)
    ok, detail = check(found, "index")
    assert (status, ok) == (1, False)
    assert "fundscout reindex" in detail


@pytest.mark.parametrize(
    "case",
    [("./no/such/model", False, "no model folder"), ("someone/some-model", True, "from its hub")],
)
def test_another_model(
    here: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: tuple[str, bool, str],
) -> None:
    name, well, words = case
    monkeypatch.setenv("FUNDSCOUT_MODEL", name)
    _, found = asked(capsys)
    assert check(found, "model")[0] is well
    assert words in check(found, "model")[1]


def test_saved_answers_of_our_own_are_counted(
    here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = asked(capsys, "--samples", str(EXAMPLES), "vinnova", "kks", "ssf", "ukri")
    assert status == 0
    rows = by_key(found)
    paths = [p for p in (EXAMPLES / "vinnova").iterdir() if ".expected." not in p.name]
    assert rows["vinnova"]["samples"]["files"] == len(paths)
    assert rows["vinnova"]["calls_in_samples"] == rows["vinnova"]["samples"]["calls"] >= len(paths)
    assert rows["vinnova"]["calls"] == 0
    assert 0 < rows["vinnova"]["samples"]["filled"]["both_languages"] <= 1
    for key in ("kks", "ssf"):
        assert rows[key]["calls_in_samples"] > 0
        assert rows[key]["samples"]["problems"] == []
    assert run(["doctor", "--samples", str(EXAMPLES), "ukri"]) == 0
    assert "In saved answers:" in capsys.readouterr().out


def test_a_folder_that_is_not_there(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", "--samples", str(tmp_path / "none")]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_the_real_answers_are_counted(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the funders' real answers are not beside this checkout")
    _, found = asked(capsys, "--samples", str(SAMPLES))
    rows = by_key(found)
    for key in ("vinnova", "eu_portal", "grants_gov", "nordforsk", "ukri", "tillvaxtverket"):
        assert rows[key]["calls_in_samples"] >= 1, key
    said = " ".join(rows["vinnova"]["samples"]["problems"])
    assert "a page of HTML" in said


def answering(site: Site, rows: list[dict[str, Any]]) -> Funder:
    body = json.dumps(rows).encode()
    reply = Reply(body, headers={"Content-Type": "application/json"})
    site.serve("/ansokningsomgangar/2020-01-01", reply)
    return Vinnova(site.url, since=date(2020, 1, 1))


def play(monkeypatch: pytest.MonkeyPatch, *sources: Funder) -> None:
    """Let the command ask these, without a pause and without a second try."""
    monkeypatch.setattr(doctoring, "chosen", lambda *_: list(sources))

    def quick(contact: str) -> Fetcher:
        return Fetcher(contact, pause=0.0, limits=Limits(retries=0))

    monkeypatch.setattr(doctoring, "small_questions", quick)


ROUND = {
    "Diarienummer": "2099-00001",
    "DiarienummerUtlysning": "2098-00001",
    "Titel": "Vård i hemmet",
    "Stangningsdatum": "2099-05-06T14:00:00",
}


def test_live_asks_each_source_once(
    here: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    play(monkeypatch, answering(site, [ROUND]), funder("almi"))
    status, found = asked(capsys, "--live")
    assert (status, found["ok"]) == (0, True)
    live = by_key(found)["vinnova"]["live"]
    assert (live["outcome"], live["records"], live["calls"]) == ("as expected", 1, 1)
    assert len(site.paths()) == 1
    assert by_key(found)["almi"]["live"]["outcome"] == "as expected"
    assert not here.pages.exists()


def test_live_says_what_differs(
    here: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = funder("ukri", "http://127.0.0.1:9")
    play(monkeypatch, answering(site, [{**ROUND, "NyttFalt": "x"}]), nowhere)
    assert run(["doctor", "--live"]) == 1
    said = capsys.readouterr().out
    assert "vinnova, live: differs" in said
    assert "round.NyttFalt (1)" in said
    assert "ukri, live: cannot be reached" in said
    assert "Something is wrong" in said


def test_live_needs_a_contact(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FUNDSCOUT_CONTACT")
    assert run(["doctor", "--live"]) == 1
    assert "contact" in capsys.readouterr().err


def test_an_unknown_funder_is_named(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "vinova"]) == 1
    assert "vinova" in capsys.readouterr().err


def test_progress_is_told(settings: Settings) -> None:
    seen: list[tuple[int, int | None]] = []
    two = [funder("almi"), funder("kks")]
    diagnose(settings, two, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_history_on_the_command_line(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    context.calls.upsert([a_call(day=20)], NOW)
    context.calls.upsert([a_call(day=27)], NOW + timedelta(days=1), complete_for="vinnova")
    context.calls.upsert([], NOW + timedelta(days=2), complete_for="vinnova")
    assert run(["history", "vinnova:2026-001"]) == 0
    first, second, change, gone = capsys.readouterr().out.splitlines()
    assert first == "2026-03-02 09:00 UTC  first seen"
    assert second == "2026-03-03 09:00 UTC  version 2"
    assert "The deadline moved from 2026-04-20 14:00" in change
    assert gone == "2026-03-04 09:00 UTC  no longer listed by its source"
    assert run(["history", "vinnova:2026-001", "--language", "sv"]) == 0
    assert "Sista ansökningsdag flyttades" in capsys.readouterr().out
    assert run(["history", "vinnova:2026-001", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["not_seen_since"] == "2026-03-04T09:00:00Z"
    assert found["versions"][1]["changes"][0]["kind"] == "moved"


def test_the_history_of_no_call(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "vinnova:none"]) == 1
    assert "There is no call vinnova:none" in capsys.readouterr().err
