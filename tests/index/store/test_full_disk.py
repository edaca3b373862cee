"""A disk that is full: the index before it stays in use, and nothing half written is left."""

from __future__ import annotations

import errno
import resource
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.errors import SnapshotError
from index.search.searcher import Searcher
from index.store import index_data, snapshot
from index.store.build import build
from index.store.document import Document, Field


def more(documents: list[Document]) -> list[Document]:
    texts = (f"Utlysning {n} gäller vård och omsorg i hemmet." for n in range(100))
    added = (Document(f"new:{n}", (Field("texts", "sv", text),)) for n, text in enumerate(texts))
    return [*documents, *added]


def check_that_the_old_one_serves(root: Path, before: str | None) -> None:
    assert snapshot.current_snapshot(root) == before
    assert sorted(path.name for path in root.iterdir()) == sorted(["CURRENT", str(before)])
    assert not Searcher.open(root, HashEncoder()).notes


def test_a_snapshot_that_does_not_fit_leaves_the_one_before(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    before, limits = snapshot.current_snapshot(root), resource.getrlimit(resource.RLIMIT_FSIZE)
    build(more(documents), HashEncoder(), root.parent / "other", cache)  # so all is encoded
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    try:
        with pytest.raises(SnapshotError, match=r"cannot be written .* stays in use"):
            build(more(documents), HashEncoder(), root, cache)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    check_that_the_old_one_serves(root, before)
    assert build(more(documents), HashEncoder(), root, cache).documents == len(documents) + 100


@pytest.mark.parametrize("place", ["save", "manifest", "pointer"])
def test_wherever_the_disk_ends(
    root: Path,
    documents: list[Document],
    cache: VectorCache,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = snapshot.current_snapshot(root)
    if place == "save":
        monkeypatch.setattr(index_data, "save", full)
    elif place == "manifest":
        monkeypatch.setattr(snapshot, "asdict", full)
    else:
        monkeypatch.setattr(snapshot, "make_current", full)
    with pytest.raises(SnapshotError, match="No space left on device") as raised:
        build(more(documents), HashEncoder(), root, cache)
    assert raised.value.note
    assert raised.value.note.code == "unwritten"
    monkeypatch.undo()
    assert snapshot.current_snapshot(root) == before
    assert not list(root.glob("tmp-*"))
    assert not Searcher.open(root, HashEncoder()).notes
