"""Snapshots: built, verified, kept, and passed over when they are damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.errors import IndexingError, SnapshotError
from index.note import Note
from index.search.searcher import Searcher
from index.store import snapshot
from index.store.build import build
from index.store.document import Document, Field


def newest(root: Path) -> Path:
    name = snapshot.current_snapshot(root)
    assert name
    return root / name


def grown(documents: list[Document], number: int) -> list[Document]:
    return [*documents, Document(f"new:{number}", (Field("titles", "en", f"Call {number}"),))]


def damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)


def test_building_the_same_again_writes_nothing(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    before = snapshot.current_snapshot(root)
    report = build(reversed(documents), HashEncoder(), root, cache)
    assert report.unchanged
    assert report.snapshot == before == snapshot.current_snapshot(root)


def test_only_what_changed_is_encoded(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    report = build(grown(documents, 1), HashEncoder(), root, cache)
    assert (report.documents, report.encoded, report.unchanged) == (5, 1, False)
    assert report.snapshot == snapshot.current_snapshot(root)


def test_three_snapshots_are_kept(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    for number in range(5):
        build(grown(documents, number), HashEncoder(), root, cache)
    folders = [path for path in root.iterdir() if path.is_dir()]
    assert len(folders) == snapshot.KEPT_SNAPSHOTS
    assert newest(root) in folders


@pytest.mark.parametrize("name", ["vectors.faiss", "documents.jsonl", "passages.jsonl"])
def test_a_damaged_file_falls_back_to_the_snapshot_before(
    root: Path, documents: list[Document], cache: VectorCache, name: str
) -> None:
    build(grown(documents, 1), HashEncoder(), root, cache)
    damage(newest(root) / name)
    searcher = Searcher.open(root, HashEncoder())
    assert "new:1" not in searcher.documents
    (warning,) = searcher.notes
    assert warning.code == "older"
    problem = dict(warning.values)["problem"]
    assert isinstance(problem, Note)
    assert ("file", name) in problem.values


def test_a_damaged_snapshot_is_rebuilt(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    damage(newest(root) / "vectors.faiss")
    with pytest.raises(SnapshotError, match=r"damaged: vectors.faiss.*fundscout reindex"):
        Searcher.open(root, HashEncoder())
    assert not build(documents, HashEncoder(), root, cache).unchanged
    assert not Searcher.open(root, HashEncoder()).notes


def test_a_manifest_that_is_no_manifest_is_refused(root: Path) -> None:
    (newest(root) / "manifest.json").write_text("[]")
    with pytest.raises(SnapshotError, match="no readable manifest"):
        Searcher.open(root, HashEncoder())


def test_no_snapshot_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="fundscout reindex"):
        Searcher.open(tmp_path / "nowhere", HashEncoder())


def test_another_models_snapshot_is_refused(root: Path) -> None:
    class Other(HashEncoder):
        fingerprint = "another"

    with pytest.raises(SnapshotError, match=r"built by the model hash-3gram-256.*not by another"):
        Searcher.open(root, Other())


def test_a_pointer_to_nowhere_falls_back(root: Path) -> None:
    (root / snapshot.CURRENT).write_text("../../etc")
    assert snapshot.current_snapshot(root) is None
    assert Searcher.open(root, HashEncoder()).documents


def test_an_interrupted_build_leaves_the_current_snapshot(
    root: Path, documents: list[Document], cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot.current_snapshot(root)

    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.store.snapshot.verify_snapshot", stop)
    with pytest.raises(KeyboardInterrupt):
        build(grown(documents, 1), HashEncoder(), root, cache)
    monkeypatch.undo()
    assert snapshot.current_snapshot(root) == before
    assert Searcher.open(root, HashEncoder()).name == before
    build(grown(documents, 2), HashEncoder(), root, cache)
    assert not list(root.glob("tmp-*"))


def test_an_older_snapshot_can_be_made_current_again(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    before = newest(root).name
    build(grown(documents, 1), HashEncoder(), root, cache)
    snapshot.make_current(root, before)
    assert Searcher.open(root, HashEncoder()).name == before


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "nothing to index"),
        ([Document("a", (Field("titles", "en", "T"),))] * 2, "share the id a"),
        ([Document("a", (Field("titles", "en", "  "),))], "no text"),
    ],
)
def test_what_cannot_be_indexed_is_named(
    documents: list[Document], message: str, tmp_path: Path, cache: VectorCache
) -> None:
    with pytest.raises(IndexingError, match=message):
        build(documents, HashEncoder(), tmp_path / "snapshots", cache)
