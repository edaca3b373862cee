"""Names and rooms that a stranger guesses: a class name stands once, and no folder is a heap."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from bench.structure import MANY, ROOMS, repeated_classes

ROOT = Path(__file__).parents[1]
A_FILE_EACH = {"scrapers/funders", "service/cli", "service/store/migrations/versions"}
"""Folders with a file for each funder, or for each command."""


def read(tree: Path) -> dict[Path, ast.Module]:
    paths = (path for room in ROOMS for path in (tree / room).rglob("*.py"))
    return {path.relative_to(tree): ast.parse(path.read_text("utf-8")) for path in paths}


@pytest.mark.slow
def test_a_public_class_name_stands_once() -> None:
    assert repeated_classes(read(ROOT)) == {}


def test_a_repeated_class_name_is_found(tmp_path: Path) -> None:
    for room in ("index", "service"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "one.py").write_text("class Told: ...\nclass _Own: ...\n", "utf-8")
    found = repeated_classes(read(tmp_path))
    assert found == {"Told": ["index/one.py", "service/one.py"]}


@pytest.mark.parametrize("room", ROOMS)
def test_no_folder_holds_more_than_a_reader_surveys(room: str) -> None:
    paths = (path for path in (ROOT / room).rglob("*.py") if path.name != "__init__.py")
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in paths)
    assert folders
    assert {folder for folder, files in folders.items() if files > MANY} <= A_FILE_EACH
