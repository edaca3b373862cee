"""Zips and long lists: half, damaged, and unpacking without end."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scrapers.awards import cordis, zip_archive
from scrapers.awards.zip_archive import ZipLimits
from scrapers.errors import ShapeError
from tests.scrapers.awards.award_answers import CORDIS, read, zipped
from tests.scrapers.awards.test_cordis import assert_is_bedside


def test_half_a_zip_is_said_to_be_half(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", project__json=CORDIS / "project.json").read_bytes()
    half = tmp_path / "half.zip"
    half.write_bytes(whole[: len(whole) // 2])
    found, reading = read("cordis", half)
    assert found == []
    assert not reading.complete
    ((where, message),) = reading.problems
    assert "half.zip" in where
    assert "cut off or damaged" in message


def test_one_damaged_file_of_a_zip_does_not_end_the_others(tmp_path: Path) -> None:
    path = tmp_path / "files.zip"
    good = (CORDIS / "project-rcn-290001_en.json").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("project-rcn-1_en.json", b'{"id": "101900009", "title": "Damaged"}')
        archive.writestr("project-rcn-2_en.json", good[: len(good) // 2])
        archive.writestr("project-rcn-3_en.xml", b"<project><id>1</id>")
        archive.writestr("project-rcn-4_en.json", good)
    path.write_bytes(path.read_bytes().replace(b"Damaged", b"dAMAGED"))
    (award,), reading = read("cordis", path)
    assert_is_bedside(award)
    assert (reading.rows, reading.lost) == (4, 3)
    said = "\n".join(message for _, message in reading.problems)
    for part in ("project-rcn-1_en.json", "CRC", "project-rcn-2_en.json", "project-rcn-3_en.xml"):
        assert part in said


def test_damaged_organisations_leave_the_projects(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "flat.zip",
        project__json=CORDIS / "project.json",
        organization__json=(CORDIS / "organization.json").read_bytes()[:-200],
    )
    found, reading = read("cordis", path)
    assert [award.id for award in found] == ["cordis:101900001", "cordis:101900002"]
    assert reading.lost == 1
    assert "without these organisations" in reading.problems[0][1]


@pytest.mark.parametrize(
    "limits",
    [
        ZipLimits(one=10_000),
        ZipLimits(whole=10_000),
        ZipLimits(ratio=10, small=1000),
        ZipLimits(files=1),
    ],
    ids=["one file", "in all", "packed too well", "files"],
)
def test_a_zip_that_unpacks_without_end_is_refused(
    limits: ZipLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cordis.Cordis, "limits", limits)
    path = zipped(tmp_path / "bomb.zip", project__json=b"[" + b" " * 5_000_000, other__txt="")
    found, reading = read("cordis", path)
    assert found == []
    assert reading.broken == 1
    assert "It is not what the register publishes." in reading.problems[0][1]


def test_a_bomb_is_not_unpacked_further_than_its_limit(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", project__json=b"0" * 30_000_000)
    archive = zip_archive.ZipArchive(path.read_bytes(), "bomb", ZipLimits(ratio=2, small=1_000_000))
    sizes: list[int] = []
    with pytest.raises(ShapeError, match="unpacks to more than 1,000,000 bytes"):
        sizes.extend(len(piece) for piece in archive.chunks("project.json"))
    assert 0 < sum(sizes) <= 1_000_000


def test_a_zip_of_something_else_says_so(tmp_path: Path) -> None:
    _, reading = read("cordis", zipped(tmp_path / "other.zip", readme__txt="hello"))
    assert "a zip of 1 other file " in reading.problems[0][1]
    locked = tmp_path / "not.zip"
    locked.write_bytes(b"PK\x03\x04 nothing follows")
    _, reading = read("cordis", locked)
    assert "cut off or damaged" in reading.problems[0][1]


def test_a_list_is_read_piece_by_piece_wherever_the_pieces_end() -> None:
    items = [{"å": "ö€😀", "n": 12345}, 678, "x]y,", [1, [2]], None]
    body = json.dumps(items, ensure_ascii=False, indent=1).encode()
    for size in (1, 2, 3, 7, 1000):
        pieces = (body[at : at + size] for at in range(0, len(body), size))
        assert list(zip_archive.json_items(pieces, "test")) == items
    assert list(zip_archive.json_items(iter([b"\xef\xbb\xbf []"]), "test")) == []


@pytest.mark.parametrize("end", [b"", b'{"id": 2', b'{"id": 2}', b'{"id": 2} oops]'])
def test_a_list_that_breaks_off_gives_what_came_before(end: bytes) -> None:
    found: list[Any] = []
    with pytest.raises(ShapeError, match="cut off or broken"):
        found.extend(zip_archive.json_items(iter([b'[{"id": 1}, ' + end]), "test"))
    items = zip_archive.json_items(iter([b'[{"id": 1}, ' + end]), "test")
    assert next(items) == {"id": 1}


def test_half_a_list_of_projects_gives_its_first_half(tmp_path: Path) -> None:
    body = (CORDIS / "project.json").read_bytes()
    path = tmp_path / "half.json"
    path.write_bytes(body[: len(body) - 40])
    (award,), reading = read("cordis", path)
    assert award.id == "cordis:101900001"
    assert (reading.broken, reading.lost) == (1, 0)


def test_xml_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "entities.xml"
    path.write_text('<!DOCTYPE p [<!ENTITY a "aa">]><project><id>101900001</id></project>', "utf-8")
    found, reading = read("cordis", path)
    assert found == []
    assert "entities" in reading.problems[0][1]
