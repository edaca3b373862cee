"""`fundscout doctor` with saved answers and live sources, and `fundscout history`."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from scrapers.catalogue import get_funder
from scrapers.funder import Funder
from scrapers.funders.vinnova import Vinnova
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from service.cli import doctor
from service.cli.main import run
from service.context import Context
from service.jobs.doctor import diagnose
from service.settings import Settings
from tests.scrapers.conftest import Site, SiteReply, SiteRequest
from tests.service.conftest import NOW, a_call
from tests.service.jobs.doctor_report import asked, by_key

pytestmark = pytest.mark.whole

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


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
    reply = SiteReply(body, headers={"Content-Type": "application/json"})
    site.serve("/ansokningsomgangar/2020-01-01", reply)
    return Vinnova(site.url, since=date(2020, 1, 1))


def play(monkeypatch: pytest.MonkeyPatch, *sources: Funder) -> None:
    """Let the command ask these, without a pause and without a second try."""
    monkeypatch.setattr(doctor, "choose_funders", lambda *_: list(sources))

    def quick(contact: str) -> Fetcher:
        return Fetcher(contact, pause=0.0, limits=Limits(retries=0))

    monkeypatch.setattr(doctor, "probe_fetcher", quick)


PLAYED_KEY = "a-key"
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
    play(monkeypatch, answering(site, [ROUND]), get_funder("almi"))
    status, found = asked(capsys, "--live")
    assert (status, found["ok"]) == (0, True)
    live = by_key(found)["vinnova"]["live"]
    assert (live["outcome"], live["records"], live["calls"]) == ("as expected", 1, 1)
    assert len(site.paths()) == 1
    assert by_key(found)["almi"]["live"]["outcome"] == "as expected"
    assert not here.pages.exists()


def test_live_says_by_which_way_a_source_was_asked(
    here: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = {"diarienummer": "2099-00001", "titel": "Vård", "stangningsdatum": "2099-05-06"}

    def answer(request: SiteRequest) -> SiteReply:
        taken = f"authorization={PLAYED_KEY}" in request.path
        return SiteReply(json.dumps([row]).encode()) if taken else SiteReply(b"{}", 401)

    site.routes["/utlysningar"] = answer
    source = get_funder("formas", site.url)
    source.secret = PLAYED_KEY
    play(monkeypatch, source)
    run(["doctor", "--live"])
    said = capsys.readouterr().out
    assert "    asked with the key as a parameter, with a limit\n" in said
    assert PLAYED_KEY not in said


def test_live_says_what_differs(
    here: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = get_funder("ukri", "http://127.0.0.1:9")
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
    two = [get_funder("almi"), get_funder("kks")]
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
