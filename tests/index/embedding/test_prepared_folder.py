"""Folders that are made once: verified, locked, swapped in whole, and cleared of leftovers."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from index.embedding.prepared_folder import is_intact, prepare_folder
from index.errors import ModelError

FACTS = {"format": 1}


def write(folder: Path) -> None:
    (folder / "a").write_text("weights")
    (folder / "below").mkdir()
    (folder / "below" / "b").write_text("pieces")


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "small"
    made: list[Path] = []

    def count(target: Path) -> None:
        made.append(target)
        write(target)

    for _ in range(3):
        assert prepare_folder(folder, FACTS, count) == folder
    assert len(made) == 1
    prepare_folder(folder, {"format": 2}, count)
    assert len(made) == 2
    assert not is_intact(folder, FACTS)


@pytest.mark.parametrize("damage", ["flipped", "missing", "manifest"])
def test_what_is_damaged_is_made_again(tmp_path: Path, damage: str) -> None:
    folder = prepare_folder(tmp_path / "small", FACTS, write)
    if damage == "flipped":
        (folder / "below" / "b").write_text("piecez")
    elif damage == "missing":
        (folder / "a").unlink()
    else:
        (folder / "manifest.json").write_text("[]")
    assert not is_intact(folder, FACTS)
    prepare_folder(folder, FACTS, write)
    assert (folder / "below" / "b").read_text() == "pieces"


def test_a_failure_leaves_nothing_and_leftovers_of_the_killed_go(tmp_path: Path) -> None:
    leftover = tmp_path / "small.4711.tmp"
    leftover.mkdir()
    (leftover / "a").write_text("half")

    def fail(folder: Path) -> None:
        write(folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelError, match="disk is full"):
        prepare_folder(tmp_path / "small", FACTS, fail)
    assert [path.name for path in tmp_path.iterdir()] == ["small.lock"]


def test_two_that_want_the_same_folder_wait_for_each_other(tmp_path: Path) -> None:
    made: list[int] = []
    start = threading.Barrier(4)

    def slow(folder: Path) -> None:
        made.append(1)
        write(folder)

    def want() -> None:
        start.wait()
        prepare_folder(tmp_path / "small", FACTS, slow)

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert is_intact(tmp_path / "small", FACTS)
