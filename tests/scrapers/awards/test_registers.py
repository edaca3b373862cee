"""Registers of awards: found by their keys, read whole, and without persons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.award import Award
from scrapers.errors import UnknownFunderError
from scrapers.register import get_register, register_keys
from tests.scrapers.awards.award_answers import EXAMPLES, PERSONS, read


def folder(key: str) -> Path:
    """Where a register's examples are; the councils share one interface, and so their folder."""
    return EXAMPLES / key.split("_", maxsplit=1)[0]


def test_every_register_has_examples_and_is_found_by_its_key() -> None:
    named = ["cordis", "formas", "gdp_formas", "gdp_forte", "gdp_vr", "swecris", "vinnova"]
    assert register_keys() == named
    assert set(EXAMPLES.iterdir()) == {folder(key) for key in named}
    with pytest.raises(UnknownFunderError, match=f"there are: {', '.join(named)}"):
        get_register("nobody")


@pytest.mark.parametrize("key", register_keys())
def test_no_person_gets_through(key: str) -> None:
    found, reading = read(key, *sorted(folder(key).iterdir()))
    out = "\n".join(award.model_dump_json() for award in found)
    out += json.dumps(reading.problems, ensure_ascii=False)
    assert len(found) >= 3
    assert [trace for trace in PERSONS if trace in out] == []


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("vinnova", "two_languages.json"),
        ("vinnova", "bom_and_damage.json"),
        ("formas", "getall.json"),
        ("formas", "one_project.json"),
        ("swecris", "with_people.json"),
        ("swecris", "export_seconds.json"),
        ("swecris", "search_answer.json"),
        ("gdp_formas", "formas_projects.json"),
        ("gdp_forte", "forte_projects.json"),
        ("gdp_vr", "vr_projects.json"),
        ("cordis", "project.json"),
        ("cordis", "project-rcn-290001_en.json"),
        ("cordis", "project-rcn-290003_en.json"),
    ],
)
def test_sound_answers_are_read_whole_and_every_field_is_known(key: str, name: str) -> None:
    found, reading = read(key, folder(key) / name)
    assert found
    assert reading.complete
    assert reading.problems == []
    assert reading.unread == {}
    for award in found:
        assert award.provenance.source == key
        assert Award.model_validate_json(award.model_dump_json()) == award


@pytest.mark.parametrize(
    ("key", "body", "said"),
    [
        ("vinnova", b"<!DOCTYPE html><title>API</title>", "a page of HTML"),
        ("formas", b"[]", "an empty list"),
        ("formas", b"", "an empty answer"),
        ("swecris", b'"token"', "a list of projects"),
        ("gdp_vr", b"[]", "an empty list"),
        ("gdp_vr", b'{"message": "Unauthorized"}', "a number"),
        ("cordis", b"<!DOCTYPE html><html></html>", "a page of HTML"),
        ("cordis", b"\xff\xfe\x00", "columns from id"),
        ("cordis", b'{"message": "gone"}', "a grant's number"),
        ("cordis", b"<other/>", "an element project"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(
    key: str, body: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "answer"
    path.write_bytes(body)
    found, reading = read(key, path, tmp_path / "missing")
    assert found == []
    assert not reading.complete
    assert said in reading.problems[0][1]
    assert "No such file" in reading.problems[1][1]
    assert not any("\n" in message for _, message in reading.problems)
