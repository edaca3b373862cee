"""Snapshots: built, verified, kept, and passed over when they are damaged."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from index.embedding import checksum
from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.errors import IndexingError, SnapshotError
from index.note import Note
from index.search.searcher import Searcher
from index.store import snapshot
from index.store.build import build
from index.store.document import Document, Field

pytestmark = pytest.mark.slow

VECTORS = "segments/0000/vectors.npy"


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


@pytest.mark.parametrize("name", [VECTORS, "segments/0000/documents.jsonl", "passages.npy"])
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
    damage(newest(root) / VECTORS)
    with pytest.raises(SnapshotError, match=r"damaged: .*vectors.npy.*fundscout reindex"):
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


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the list of files that are hashed from now on."""
    hashed: list[Path] = []
    plain = checksum.sha256_of_file

    def watched(path: Path) -> str:
        hashed.append(path)
        return plain(path)

    monkeypatch.setattr(checksum, "sha256_of_file", watched)
    return hashed


def age(root: Path, seconds: int) -> None:
    """Set every file's time of change so far back, and let them be verified."""
    moment = time.time_ns() - seconds * 10**9
    for path in newest(root).rglob("*.*"):
        os.utime(path, ns=(moment, moment))
    Searcher.open(root, HashEncoder())


def test_a_file_is_hashed_again_only_when_it_was_touched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(root, 600)
    hashed = count_hashes(monkeypatch)
    Searcher.open(root, HashEncoder())
    assert hashed == []
    os.utime(newest(root) / VECTORS, (1e9, 1e9))
    Searcher.open(root, HashEncoder())
    Searcher.open(root, HashEncoder())
    assert hashed == [newest(root) / VECTORS]


def test_a_file_that_has_just_changed_is_not_trusted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(root, 600)
    (newest(root) / VECTORS).touch()
    hashed = count_hashes(monkeypatch)
    monkeypatch.setattr(snapshot, "_TICK", 10**12)
    Searcher.open(root, HashEncoder())
    Searcher.open(root, HashEncoder())
    assert hashed.count(newest(root) / VECTORS) == 2


def test_a_note_on_what_was_checked_that_cannot_be_read_means_that_all_is_hashed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = count_hashes(monkeypatch)
    for text in ("", "[]", "{"):
        (newest(root) / "CHECKED").write_text(text)
        hashed.clear()
        Searcher.open(root, HashEncoder())
        assert len(hashed) == len(snapshot.read_manifest(newest(root)).files)


def test_a_check_of_everything_finds_what_left_size_and_time_as_they_were(root: Path) -> None:
    age(root, 600)
    path = newest(root) / VECTORS
    before = path.stat()
    damage(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    Searcher.open(root, HashEncoder())
    with pytest.raises(SnapshotError, match="damaged"):
        snapshot.verify_snapshot(newest(root), anew=True)


def damaged_files(root: Path) -> list[str]:
    return sorted(snapshot.read_manifest(newest(root)).files)


@pytest.mark.slow
def test_whatever_file_is_cut_short_or_gone_is_named(root: Path) -> None:
    for name in damaged_files(root):
        path = newest(root) / name
        whole = path.read_bytes()
        for wrong in (whole[: len(whole) // 2], whole + b"x", b"", None):
            path.unlink() if wrong is None else path.write_bytes(wrong)
            with pytest.raises(SnapshotError, match=re.escape(name)):
                Searcher.open(root, HashEncoder())
        path.write_bytes(whole)
    assert Searcher.open(root, HashEncoder()).documents


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": 4}, r"has format 4\. Run `fundscout reindex`"),
        ({"precision": "int4"}, "keeps its vectors as int4, not as float32 or float16"),
        ({"model": "one:int8"}, "built by the model one:int8, not by hash-3gram-256"),
        ({"dimension": 7}, "contradicts itself"),
        ({"surprise": 1}, "no readable manifest"),
    ],
)
def test_a_snapshot_of_another_kind_is_refused_in_a_sentence(
    root: Path, fields: dict[str, object], message: str
) -> None:
    path = newest(root) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))
    with pytest.raises(SnapshotError, match=message):
        Searcher.open(root, HashEncoder())


def test_a_snapshot_of_an_older_format_is_rebuilt_from_the_cache(
    root: Path, documents: list[Document], cache: VectorCache
) -> None:
    path = newest(root) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 4}))
    report = build(documents, HashEncoder(), root, cache)
    assert (report.encoded, report.unchanged) == (0, False)
    assert Searcher.open(root, HashEncoder()).documents


def test_documents_of_stop_words_alone_can_be_indexed(tmp_path: Path, cache: VectorCache) -> None:
    documents = [Document("a", (Field("titles", "sv", "Vad är det"),))]
    build(documents, HashEncoder(), tmp_path / "s", cache)
    searcher = Searcher.open(tmp_path / "s", HashEncoder())
    for text in ("Heart failure", "Hjärtsvikt i hemmet"):
        assert [hit.document for hit in searcher.search(searcher.query(text))] == ["a"]
