"""A snapshot that takes over from the one before is what a build from nothing would be."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.searcher import Searcher
from index.store import build as build_module
from index.store import index_data, snapshot
from index.store.build import build
from index.store.document import Document, Field
from index.store.index_data import IndexData
from index.store.vectors import faiss as stores

pytestmark = pytest.mark.slow

SWEDISH = [
    f"{a}{b}"
    for a in ("hem", "vård", "hjärt", "lung", "data", "mät", "sjuk", "test")
    for b in ("", "svikt", "hus", "plan", "analys", "stöd", "mål", "register", "studie")
]
ENGLISH = [
    f"{a}{b}"
    for a in ("immun", "leukem", "cardi", "quant", "climat", "digit", "clinic")
    for b in ("ology", "ia", "ity", "ation", "al", "ised")
]
SHARED = "How to apply is described in the guide that is published on the portal of the agency."
QUERIES = (
    "Hjärtsviktsvård i hemmet\nVi mäter hjärtsvikt i hemmet med vårddata och hemanalys.",
    "Immunology of leukemia: clinical digitisation and quantum analysis.",
)


def text(chance: random.Random, language: str) -> str:
    words = SWEDISH if language == "sv" else ENGLISH
    count = chance.randint(1, 9)
    made = (" ".join(chance.choices(words, k=8)).capitalize() + "." for _ in range(count))
    return " ".join([*made, SHARED] if chance.random() < 0.4 else made)


def document(number: int, seed: int) -> Document:
    chance = random.Random(1000 * seed + number)  # noqa: S311  the same texts every time
    languages = chance.choice((["sv"], ["en"], ["sv", "en"]))
    fields = [Field("titles", one, text(chance, one)[:80]) for one in languages]
    fields += [Field("texts", one, text(chance, one)) for one in languages]
    return Document(f"a:{number:04}", tuple(fields), chance.choice(("", "telemedicine, health")))


def library(numbers: Sequence[int], changed: Sequence[int] = (), seed: int = 1) -> list[Document]:
    return [document(number, seed if number in changed else 0) for number in numbers]


def opened(root: Path) -> ExplainingSearcher:
    return ExplainingSearcher.open(root, HashEncoder())


def data_of(root: Path) -> IndexData:
    return index_data.load(root / (snapshot.current_snapshot(root) or ""))


def assert_same_index(root: Path, other: Path) -> None:
    """Everything that a search reads is equal to the bit."""
    mine, theirs = data_of(root), data_of(other)
    assert list(mine.documents) == list(theirs.documents)
    assert list(mine.passages) == list(theirs.passages)
    rows = np.arange(len(mine.passages))
    assert np.array_equal(mine.vectors.rows(rows), theirs.vectors.rows(rows))
    for row in rows.tolist():
        assert mine.sentences.passage_spans(row) == theirs.sentences.passage_spans(row)
        assert np.array_equal(mine.sentences.directions(row), theirs.sentences.directions(row))
    assert list(mine.lexical) == list(theirs.lexical)
    for language, words in mine.lexical.items():
        folder = Path("lexical") / language
        for path in sorted((snapshot_folder(root) / folder).iterdir()):
            same = np.load(snapshot_folder(other) / folder / path.name)
            assert np.array_equal(np.load(path), same), path.name
        assert words.language == language


def snapshot_folder(root: Path) -> Path:
    return root / (snapshot.current_snapshot(root) or "")


def assert_same_results(mine: Searcher, theirs: Searcher) -> None:
    for text_ in QUERIES:
        query = mine.query(text_)
        assert mine.search(query, top=30) == theirs.search(query, top=30)


@pytest.fixture
def roots(tmp_path: Path, cache: VectorCache) -> tuple[Path, Path]:
    """A snapshot that took over from two before, and one of the same documents built anew."""
    updated, anew = tmp_path / "updated", tmp_path / "anew"
    build(library(range(150)), HashEncoder(), updated, cache)
    build(library(range(5, 155), changed=[40, 80]), HashEncoder(), updated, cache)
    last = library([*range(5, 60), *range(66, 160)], changed=[40, 90])
    build(last, HashEncoder(), updated, cache)
    build(last, HashEncoder(), anew, cache)
    return updated, anew


@pytest.fixture
def later(tmp_path: Path) -> Iterator[VectorCache]:
    opened_cache = VectorCache(tmp_path / "later.sqlite")
    yield opened_cache
    opened_cache.close()


def test_it_holds_the_same_to_the_bit_and_finds_the_same(roots: tuple[Path, Path]) -> None:
    updated, anew = roots
    assert len(data_of(updated).segments) == 3
    assert len(data_of(anew).segments) == 1
    assert_same_index(updated, anew)
    assert_same_results(opened(updated), opened(anew))


def test_it_explains_the_same(roots: tuple[Path, Path]) -> None:
    mine, theirs = (opened(root) for root in roots)
    query = mine.query(QUERIES[0], explained=True)
    hits = mine.search(query)
    assert mine.explain(query, hits) == theirs.explain(query, hits)
    ids = [hit.document for hit in hits]
    assert mine.quote(query, ids) == theirs.quote(query, ids)
    assert np.allclose(mine.mean_vectors(ids), theirs.mean_vectors(ids))


def test_a_filter_finds_the_same(roots: tuple[Path, Path]) -> None:
    mine, theirs = (opened(root) for root in roots)
    allowed = sorted(mine.documents)[::7]
    for text_ in QUERIES:
        query = mine.query(text_)
        hits = mine.search(query, top=30, allowed=allowed)
        assert hits == theirs.search(query, top=30, allowed=allowed)
        assert {hit.document for hit in hits} <= set(allowed)


def test_only_new_documents_are_written(roots: tuple[Path, Path]) -> None:
    folders = sorted((snapshot_folder(roots[0]) / "segments").iterdir())
    sizes = [
        len((folder / "documents.jsonl").read_text("utf-8").splitlines()) for folder in folders
    ]
    assert sizes == [150, 7, 7]


@pytest.mark.parametrize(("least", "inodes"), [(0, 1), (10**9, 2)])
def test_large_files_are_shared_and_small_ones_copied(
    tmp_path: Path, cache: VectorCache, monkeypatch: pytest.MonkeyPatch, least: int, inodes: int
) -> None:
    monkeypatch.setattr(snapshot, "MIN_LINKED_SIZE", least)
    root, anew = tmp_path / "s", tmp_path / "t"
    files = set()
    for size in (40, 41):
        build(library(range(size)), HashEncoder(), root, cache)
        files.add((snapshot_folder(root) / "segments" / "0000" / "vectors.npy").stat().st_ino)
    assert len(files) == inodes
    snapshot.verify_snapshot(snapshot_folder(root), anew=True)
    build(library(range(41)), HashEncoder(), anew, cache)
    assert_same_index(root, anew)


def test_when_much_has_changed_all_is_written_anew(tmp_path: Path, cache: VectorCache) -> None:
    root = tmp_path / "s"
    build(library(range(40)), HashEncoder(), root, cache)
    build(library(range(20, 60)), HashEncoder(), root, cache)
    assert len(data_of(root).segments) == 1


def test_segments_are_merged_before_there_are_too_many(
    tmp_path: Path, cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_module, "MAX_SEGMENTS", 3)
    root = tmp_path / "s"
    counts = []
    for size in range(40, 46):
        build(library(range(size)), HashEncoder(), root, cache)
        counts.append(len(data_of(root).segments))
    assert counts == [1, 2, 3, 1, 2, 3]


def test_a_removal_alone_needs_no_segment(tmp_path: Path, cache: VectorCache) -> None:
    root, anew = tmp_path / "s", tmp_path / "t"
    build(library(range(40)), HashEncoder(), root, cache)
    build(library(range(2, 40)), HashEncoder(), root, cache)
    assert len(data_of(root).segments) == 1
    build(library(range(2, 40)), HashEncoder(), anew, cache)
    assert_same_index(root, anew)


def test_a_language_comes_and_goes(tmp_path: Path, cache: VectorCache) -> None:
    root, anew = tmp_path / "s", tmp_path / "t"
    kept = library(range(40))
    french = Document("b", (Field("titles", "fr", "Recherche sur la santé"),))
    for documents in ([*kept, french], kept):
        build(documents, HashEncoder(), root, cache)
        assert ("fr" in data_of(root).lexical) == (french in documents)
    build(kept, HashEncoder(), anew, cache)
    assert_same_index(root, anew)


def test_a_damaged_segment_is_not_taken_over(
    tmp_path: Path, cache: VectorCache, later: VectorCache
) -> None:
    root = tmp_path / "s"
    build(library(range(40)), HashEncoder(), root, cache)
    path = snapshot_folder(root) / "segments" / "0000" / "vectors.npy"
    raw = bytearray(path.read_bytes())
    raw[-9] ^= 0xFF
    path.write_bytes(raw)
    build(library(range(41)), HashEncoder(), root, later)
    assert len(data_of(root).segments) == 1
    snapshot.verify_snapshot(snapshot_folder(root), anew=True)


def test_a_disk_without_links_gets_copies(
    tmp_path: Path, cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(snapshot, "MIN_LINKED_SIZE", 0)
    monkeypatch.setattr("index.store.snapshot.os.link", refuse)
    root, anew = tmp_path / "s", tmp_path / "t"
    for size in (40, 41):
        build(library(range(size)), HashEncoder(), root, cache)
    build(library(range(41)), HashEncoder(), anew, cache)
    assert len(data_of(root).segments) == 2
    assert_same_index(root, anew)


def test_a_large_index_keeps_half_precision_and_lists(
    tmp_path: Path, cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small"
    documents = library(range(150))
    build(documents, HashEncoder(), small, cache)
    for module in (stores, build_module):
        monkeypatch.setattr(module, "EXACT_LIMIT", 100)
    monkeypatch.setattr("index.store.vectors.faiss._EXACT_REACH", 0)
    root = tmp_path / "large"
    build(documents[:148], HashEncoder(), root, cache)
    build(documents, HashEncoder(), root, cache)
    first, second = data_of(root).segments
    assert first.block.lists is not None
    assert second.block.lists is None
    assert first.block.vectors.dtype == second.block.vectors.dtype == np.float16
    assert snapshot.read_manifest(snapshot_folder(root)).precision == "float16"
    mine, theirs = opened(root), opened(small)
    for text_ in QUERIES:
        hits = {hit.document: hit for hit in theirs.search(mine.query(text_), top=150)}
        found = mine.search(mine.query(text_), top=10)
        assert len(found) == 10
        for hit in found:
            assert hit.strength == pytest.approx(hits[hit.document].strength, abs=5e-4)


def test_growth_past_the_limit_writes_everything_in_the_other_way(
    tmp_path: Path, cache: VectorCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "s"
    build(library(range(40)), HashEncoder(), root, cache)
    monkeypatch.setattr(build_module, "EXACT_LIMIT", len(data_of(root).passages))
    build(library(range(41)), HashEncoder(), root, cache)
    (segment,) = data_of(root).segments
    assert segment.block.vectors.dtype == np.float16
