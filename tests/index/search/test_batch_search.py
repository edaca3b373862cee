"""Many queries at once return what one search after another returns."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.search import batch_search, meaning_blocks
from index.search.batch_search import BatchSearch
from index.search.exhaustive import rank_all
from index.search.query import Query
from index.search.searcher import Searcher
from index.store.build import build
from index.store.document import Document, Field

WORDS = [
    f"{a}{b}"
    for a in ("hem", "vård", "hjärt", "lung", "data", "mät", "sjuk", "test")
    for b in ("svikt", "hus", "plan", "analys", "stöd", "mål", "register", "studie")
]


def text(chance: random.Random, sentences: int) -> str:
    made = (" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(sentences))
    return " ".join(made)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Seven hundred documents: more passages than a search looks at."""
    folder: Path = tmp_path_factory.mktemp("bulk")
    chance = random.Random(1)  # noqa: S311  the same texts every time
    documents = [
        Document(
            f"a:{n:04}",
            (
                Field("titles", "sv", text(chance, 1)),
                Field("texts", "sv", text(chance, chance.randint(1, 12))),
            ),
        )
        for n in range(700)
    ]
    cache = VectorCache(folder / "vectors.sqlite")
    build(documents, HashEncoder(), folder / "snapshots", cache)
    cache.close()
    return Searcher.open(folder / "snapshots", HashEncoder())


@pytest.fixture(scope="module")
def queries(library: Searcher) -> list[Query]:
    chance = random.Random(2)  # noqa: S311  the same texts every time
    return [library.query(text(chance, chance.randint(1, 5)), "sv") for _ in range(40)]


@pytest.mark.slow
@pytest.mark.parametrize("every", [1, 3])
def test_the_top_ten_and_their_scores_are_those_of_a_search(
    library: Searcher, queries: list[Query], every: int
) -> None:
    allowed = sorted(library.documents)[::every]
    results = list(BatchSearch(library, allowed).search(queries, top=10))
    assert len(results) == len(queries)
    for query, hits in zip(queries, results, strict=True):
        assert hits == library.search(query, top=10, allowed=allowed)


@pytest.mark.slow
@pytest.mark.parametrize("every", [1, 3])
def test_no_document_is_left_out(library: Searcher, queries: list[Query], every: int) -> None:
    allowed = sorted(library.documents)[::every]
    for query, hits in zip(queries, BatchSearch(library, allowed).search(queries), strict=True):
        everything = rank_all(library, query, allowed)[:10]
        assert [hit.document for hit in hits] == [hit.document for hit in everything]
        assert [h.score for h in hits] == pytest.approx([h.score for h in everything], abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("least", [0.001, 0.05, 0.5, 1.0])
def test_with_a_least_score_come_those_of_all_that_reach_it(
    library: Searcher, queries: list[Query], least: float
) -> None:
    results = BatchSearch(library).search(queries, top=200, least=least)
    for query, hits in zip(queries, results, strict=True):
        above = [hit for hit in rank_all(library, query, library.documents) if hit.score >= least]
        assert [hit.document for hit in hits] == [hit.document for hit in above[:200]]


@pytest.mark.slow
def test_batches_and_blocks_of_any_size_give_the_same(
    library: Searcher, queries: list[Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = list(BatchSearch(library).search(queries, top=20))
    monkeypatch.setattr(batch_search, "BATCH_SIZE", 7)
    monkeypatch.setattr(meaning_blocks, "_BLOCK_PASSAGES", 50)
    monkeypatch.setattr(meaning_blocks, "_PART_ROWS", 5)
    small = list(BatchSearch(library).search(queries, top=20))
    assert [[hit.document for hit in hits] for hits in small] == [
        [hit.document for hit in hits] for hits in usual
    ]


@pytest.mark.slow
def test_what_is_also_wanted_comes_however_low_it_is(
    library: Searcher, queries: list[Query]
) -> None:
    wanted = {"a:0003", "a:0400"}
    (hits,) = BatchSearch(library).search([queries[0]], also=[wanted], least=1.0)
    assert {hit.document for hit in hits} == wanted


@pytest.mark.slow
def test_what_is_also_wanted_comes_with_its_own_score(
    library: Searcher, queries: list[Query]
) -> None:
    query = queries[0]
    everything = library.search(query, top=700)
    scores = {hit.document: hit.score for hit in everything}
    last = [hit.document for hit in everything[-2:]]
    allowed = [hit.document for hit in everything if hit.document != last[1]]
    (hits,) = BatchSearch(library, allowed).search([query], top=5, also=[{*last, "no:such"}])
    assert [hit.document for hit in hits] == [h.document for h in everything[:5]] + last[:1]
    assert all(hit.score == pytest.approx(scores[hit.document]) for hit in hits)


@pytest.mark.slow
def test_nothing_allowed_and_nothing_said_find_nothing(library: Searcher) -> None:
    silent = library.query("")
    assert list(BatchSearch(library, ()).search([library.query("hemsvikt"), silent])) == [[], []]
    assert list(BatchSearch(library).search([silent])) == [[]]
    assert list(BatchSearch(library).search([])) == []
    assert BatchSearch(library, ["a:0001", "b:1"]).count == 1
