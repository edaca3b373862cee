"""`fundscout doctor`: every part and every stored source, on a fresh store and a broken one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from index.embedding.encoder import HashEncoder
from index.embedding.other_models.kept_measures import measures_of
from index.store import snapshot
from scrapers.call import Eligibility
from scrapers.catalogue import all_funders
from service.cli.main import run
from service.context import Context
from service.jobs import health_checks
from service.jobs.reindex import reindex
from service.settings import Settings
from tests.service.conftest import NOW, a_call
from tests.service.jobs.doctor_report import asked, by_key, check

pytestmark = pytest.mark.whole


def test_a_fresh_store_is_well(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = asked(capsys)
    assert (status, found["ok"]) == (0, True)
    assert [one["name"] for one in found["checks"]] == [
        "data folder",
        "database",
        "model",
        "index",
        "rates",
        "mail",
    ]
    assert "fundscout collect" in check(found, "database")[1]
    rows = by_key(found)
    assert set(rows) == set(all_funders())
    saved = rows["vinnova"].pop("samples")
    assert rows["vinnova"].pop("calls_in_samples") == saved["calls"] > 0
    assert saved["filled"]["deadline"] > 0
    assert rows["vinnova"] == {
        "key": "vinnova",
        "name": "Vinnova",
        "level": "national",
        "interface": "open API, JSON",
        "verified": "real answer",
        "calls": 0,
        "filled": {"deadline": None, "amount": None, "eligibility": None, "both_languages": None},
        "last_run": None,
        "last_good": None,
        "state": "never collected",
        "findings": [],
        "live": None,
    }


@pytest.mark.parametrize(
    ("sender", "url", "said"),
    [
        ("digest@example.org", "https://fundscout.example.org", "nothing was sent"),
        ("digest@example.org", "http://fundscout.example.org", "RFC 8058"),
        ("digest@example.org", "", "set both"),
        ("", "https://fundscout.example.org", "set both"),
    ],
)
def test_what_mail_lacks_is_said(
    here: Settings, monkeypatch: pytest.MonkeyPatch, sender: str, url: str, said: str
) -> None:
    monkeypatch.setenv("FUNDSCOUT_SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("FUNDSCOUT_MAIL_FROM", sender)
    monkeypatch.setenv("FUNDSCOUT_PUBLIC_URL", url)
    found = health_checks.check_mail(Settings.from_env())
    assert found.ok is (said == "nothing was sent")
    assert said in found.detail


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


@pytest.mark.slow
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
    name = snapshot.current_snapshot(here.snapshots)
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


def test_a_weak_model_is_named_with_what_to_do(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_MODEL", "someone/some-model")
    assert "when it is first loaded" in check(asked(capsys)[1], "model")[1]
    measures_of(HashEncoder(), "someone/some-model", here.models)  # knows letters, no meaning
    status, found = asked(capsys)
    ok, detail = check(found, "model")
    assert (status, ok) == (1, False)
    assert "trust the order of the calls" in detail
    assert "hardly tells subjects apart" in detail
    assert "fundscout reindex" in detail
