from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from service.cli.main import run
from service.context import Context
from service.domain.matching.match import Match
from service.jobs.lock import hold_lock
from service.settings import Settings
from tests.service.conftest import NOW, a_call
from tests.service.new_store import fill_once, open_new

pytestmark = pytest.mark.whole


@pytest.fixture
def data(tmp_path: Path, examples: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("FUNDSCOUT_DATA", str(folder))
    monkeypatch.setenv("FUNDSCOUT_EXAMPLES", str(examples))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return folder


@pytest.fixture
def loaded(data: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    fill_once(open_new(Settings.from_env()), "examples", lambda _: run(["load-examples"]))
    capsys.readouterr()
    return data


def test_help_names_every_command_without_loading_a_model() -> None:
    code = (
        "import sys; from service.cli.main import run; run(['--help'])\n"
        "sys.exit('torch' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("load-examples", "match", "serve", "collect", "import", "reindex", "eval"):
        assert command in done.stdout


def test_loading_examples_and_matching_the_featured_pilot(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["load-examples"]) == 0
    assert "2 calls and 1 pilot." in capsys.readouterr().out
    assert run(["match", "--pilot", "featured"]) == 0
    out = capsys.readouterr().out
    assert "1. Hjärtsvikt i hemmet" in out
    assert "2026-04-20 14:00 Europe/Stockholm" in out
    assert "up to 3,000,000 SEK a project" in out
    assert "clock stands at 2026-03-02" in out
    assert "meaning" in out


def test_a_profile_is_checked_and_what_it_fails_left_out_by_choice(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "profile.json"
    file.write_text('{"budget": {"amount": "9000000", "currency": "SEK"}}', "utf-8")
    asked = ["match", "--pilot", "hemma", "--profile", str(file)]
    assert run(asked) == 0
    out = capsys.readouterr().out
    assert "- A project may get at most 3,000,000 SEK" in out
    assert "The pilot has no profile" not in out
    assert run([*asked, "--only-open-to-me"]) == 0
    assert "by a condition that fails" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"trl": 12}', "is no profile: trl: "),
        ("[]", "is no profile: "),
        ("{", "is no profile: "),
    ],
)
def test_a_profile_that_cannot_be_read_is_an_error_in_a_line(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, expected: str
) -> None:
    file = tmp_path / "profile.json"
    file.write_text(content, "utf-8")
    assert run(["match", "--pilot", "hemma", "--profile", str(file)]) == 1
    error = capsys.readouterr().err
    assert expected in error
    assert "docs/using/profile.md" in error
    assert error.count("\n") == 1


def test_json_is_the_match_list_with_every_part(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", "--pilot", "hemma", "--top", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (match,) = found["matches"]
    assert set(match) == {*Match.model_fields, "fit", "reasons"}
    assert {"id", "title", "funder", "level", "deadlines", "url"} <= set(match["call"])
    assert set(match["evidence"][0]["pilot"]) == {"start", "end", "text"}
    assert {"field", "lang", "start", "end", "text"} <= set(match["evidence"][0]["call"])


def test_a_text_from_a_file_or_from_here(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pilot.txt"
    path.write_text("\ufeffFall hos äldre i hemtjänsten", "utf-8")
    assert run(["match", "--text", str(path), "--top", "1"]) == 0
    assert "1. Fall i hemtjänsten" in capsys.readouterr().out


def test_many_texts_in_one_run(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ['{"id": "a", "text": "hjärtsvikt"}', "{", '{"id": "b", "text": " "}', "[]", ""]
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join([*rows, '{"id": 7, "text": "fall"}']), "utf-8")
    assert run(["match", "--jsonl", str(path), "--top", "1"]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "line 2", "b", "line 4", 7]
    assert answers[0]["matches"][0]["call"]["id"] == "vinnova:ex-1"
    assert "not JSON" in answers[1]["error"]
    assert "empty" in answers[2]["error"]
    assert len(answers[4]["matches"]) == 1


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 2),
        (["--funder", "vinnova"], 2),
        (["--funder", "formas"], 0),
        (["--level", "european"], 0),
        (["--language", "en"], 0),
        (["--status", "closed"], 0),
        (["--all"], 2),
        (["--deadline-from", "2026-04-21"], 0),
        (["--deadline-to", "2026-04-20", "--deadline-from", "2026-04-20"], 2),
    ],
)
def test_filters(
    loaded: Path, capsys: pytest.CaptureFixture[str], options: list[str], count: int
) -> None:
    assert run(["match", "--pilot", "hemma", "--json", *options]) == 0
    assert len(json.loads(capsys.readouterr().out)["matches"]) == count


def test_nothing_left_by_the_filters_is_said(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", "--pilot", "hemma", "--funder", "formas"]) == 0
    out = capsys.readouterr().out
    assert "No call matches these filters." in out
    assert "2 by another funder" in out


def test_what_changed_is_indexed_before_a_match(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Context.open(Settings.from_env()).calls.upsert(
        [a_call("vinnova:new", "Sepsis", text="Sepsis vid sängkanten.")], NOW
    )
    assert run(["match", "--pilot", "hemma", "--json"]) == 0
    captured = capsys.readouterr()
    assert "Indexing what changed" in captured.err
    assert "vinnova:new" in captured.out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["match", "--text", "/no/such/file"], 1, "cannot be read"),
        (["match", "--pilot", "nobody"], 1, "no pilot nobody"),
        (["match"], 2, "Give one of"),
        (["match", "--text", "a", "--pilot", "b"], 2, "Give one of"),
        (["match", "--pilot", "hemma", "--top", "0"], 2, "--top"),
        (["match", "--pilot", "hemma", "--language", "Swedish"], 2, "sv or en"),
        (["eval", "/no/such/folder"], 1, "cannot be read"),
        (["import", "calls", "/no/such/file"], 1, "cannot be read"),
        (["pilots", "show", "nobody"], 1, "no pilot nobody"),
        (["parse", "nobody", "file.json"], 1, "nobody"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_errors_are_one_plain_line(
    loaded: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    words: str,
) -> None:
    assert run(arguments) == status
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_a_file_that_is_not_text_says_what_to_do(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pilot.pdf"
    path.write_bytes(b"%PDF-1.7 \xff\xfe\x00")
    assert run(["match", "--text", str(path)]) == 1
    assert "not UTF-8 text" in capsys.readouterr().err


def test_an_empty_store_says_what_to_run(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "--text", __file__]) == 1
    assert "load-examples" in capsys.readouterr().err


def test_a_wrong_setting_is_a_line(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDSCOUT_PORT", "x")
    assert run(["settings"]) == 1
    assert "FUNDSCOUT_PORT" in capsys.readouterr().err


def test_settings_lists_all(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings"]) == 0
    assert f"FUNDSCOUT_DATA={data}" in capsys.readouterr().out


def test_a_busy_job_is_status_three(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold_lock(loaded, "reindex"):
        assert run(["reindex"]) == 3
    assert "Another process" in capsys.readouterr().err


def test_pilots_are_added_listed_and_shown(
    loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pilot.json"
    path.write_text('{"id": "ny", "title": "En ny", "text": "En ny pilot."}', "utf-8")
    assert run(["pilots", "add", str(path)]) == 0
    assert run(["pilots"]) == 0
    assert run(["pilots", "show", "ny"]) == 0
    out = capsys.readouterr().out
    assert "En ny" in out
    assert "En ny pilot." in out
    assert run(["pilots", "add", str(path)]) == 1
    path.write_text('{"id": "Å", "title": "", "text": "x"}', "utf-8")
    assert run(["pilots", "add", str(path)]) == 1
    err = capsys.readouterr().err
    assert "already" in err
    assert "id" in err


def test_importing_counts_and_refuses(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(a_call().model_dump_json() + "\n{}\n", "utf-8")
    assert run(["import", "calls", str(path)]) == 1
    captured = capsys.readouterr()
    assert "1 new" in captured.out
    assert "line 2, refused" in captured.err


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error(loaded: Path) -> None:
    environment = dict(os.environ)
    code = (
        "import sys; from service.cli.main import run; sys.exit(run(['pilots', 'show', 'hemma']))"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment,
    )
    os.close(writer)
    assert b"Traceback" not in done.stderr


def test_removing_the_examples(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load-examples", "--remove"]) == 0
    assert "Removed 2 example calls" in capsys.readouterr().out
