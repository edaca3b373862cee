"""`fundscout conditions`: JSON lines for calls in files and in the store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.cli.main import run
from service.context import Context
from service.settings import Settings
from tests.service.conftest import NOW, a_call
from tests.service.domain.eligibility.sample_texts import call

WORDS = "Högst tre miljoner kronor."


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_stored_call_has_the_conditions_that_were_read(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    context.calls.upsert([a_call()], NOW)
    assert here.data.is_dir()
    assert run(["conditions", a_call().id]) == 0
    (one,) = printed(capsys)
    assert one["id"] == a_call().id
    amounts = [row for row in one["conditions"] if row["name"] == "amount"]
    assert all(row.keys() == {"name", "terms", "quote", "confidence"} for row in one["conditions"])
    assert ["max:3000000 SEK"] in [row["terms"] for row in amounts]


@pytest.mark.parametrize("form", ["records", "one record", "a list", "rows"])
def test_a_file_of_calls_is_read_and_not_stored(
    tmp_path: Path, here: Settings, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    record = call("Projektet får pågå i högst 24 månader.").model_dump_json()
    row = json.dumps(
        {"id": "a-1", "title": "Vård", "text": "Projektet får pågå i högst 24 månader."}
    )
    texts = {
        "records": f"{record}\n\n{record}\n",
        "one record": json.dumps(json.loads(record), indent=2),
        "a list": f"[{record}, {row}]",
        "rows": row,
    }
    file = tmp_path / "calls.jsonl"
    file.write_text(texts[form], "utf-8")
    assert run(["conditions", str(file)]) == 0
    for one in printed(capsys):
        assert {tuple(row["terms"]) for row in one["conditions"]} == {("max:24",)}
    assert not here.data.exists()


def test_a_text_file_is_one_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "en sida.txt"
    file.write_text("\ufeffVård i hemmet\n\nProjektet får pågå i högst 24 månader.\n", "utf-8")
    assert run(["conditions", str(file)]) == 0
    (one,) = printed(capsys)
    assert one["id"] == "file:en-sida"
    assert [(row["name"], row["terms"]) for row in one["conditions"]] == [("duration", ["max:24"])]
    assert one["conditions"][0]["quote"] == "Projektet får pågå i högst 24 månader."


def test_general_rules_of_a_programme_are_told_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "calls.jsonl"
    keywords = ("HORIZON Research and Innovation Actions",)
    file.write_text(call("Fritt.", keywords=keywords).model_dump_json(), "utf-8")
    assert run(["conditions", str(file)]) == 0
    assert printed(capsys)[0]["conditions"] == []
    assert run(["conditions", "--general", str(file)]) == 0
    assert "consortium" in {row["name"] for row in printed(capsys)[0]["conditions"]}


def test_a_wrong_line_is_named_and_the_others_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "calls.jsonl"
    good = call("Högst 24 månader för projektet.").model_dump_json()
    file.write_text(f'{good}\n{{"titles": 3}}\n{{"id"\n', "utf-8")
    assert run(["conditions", str(file)]) == 1
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 1
    assert "line 2, refused: " in shown.err
    assert "line 3, refused: not JSON" in shown.err


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "there is not a word in it"),
        (b"\xff\xfe\x00", "cannot be read as UTF-8"),
        (b"<!DOCTYPE html><p>Apply</p>", "is a page of HTML"),
        (b'{"id": 1}', "Line 1"),
        (b'["a"]', "holds no call"),
        (b"[" * 100_000, "there is not a word in it"),
    ],
)
def test_what_holds_no_call_is_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, why: str
) -> None:
    file = tmp_path / "what"
    file.write_bytes(content)
    assert run(["conditions", str(file)]) == 1
    shown = capsys.readouterr()
    assert why in shown.err
    assert (shown.out, len(shown.err.splitlines())) == ("", 1)


@pytest.mark.usefixtures("here", "context")
def test_what_is_neither_a_file_nor_a_call_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["conditions", "nowhere:1"]) == 1
    assert "nowhere:1 is neither a file nor the id of a stored call" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_a_call_open_to_any_subject_has_the_words_that_say_so(
    context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    context.calls.upsert([a_call(), a_call("vinnova:2", "Innovationscheck Skåne")], NOW)
    assert run(["conditions", "vinnova:2"]) == 0
    assert run(["conditions", a_call().id]) == 0
    one, other = printed(capsys)
    assert one["any_subject"] == {"quote": "Innovationscheck Skåne", "by_name": True}
    assert "any_subject" not in other
