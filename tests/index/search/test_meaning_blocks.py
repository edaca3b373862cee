"""Products over blocks give the meaning that a single search computes, for texts of every shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.search.meaning_blocks import MeaningBlocks, QueryBatch
from index.search.query import Query
from index.search.searcher import Searcher
from index.search.signals.meaning import MeaningSignal
from index.store.build import build
from index.store.document import Document, Field

SENTENCE = "Vården av personer med hjärtsvikt flyttar från sjukhus {} till hemmet i region {}."
OFTEN = "Ansökan lämnas i portalen senast den dag som står i utlysningen till myndigheten."


def a_text(number: int, sentences: int) -> str:
    own = " ".join(SENTENCE.format(number * 7 + n, n) for n in range(sentences))
    return f"{own} {OFTEN}"


def a_document(number: int) -> Document:
    """Return one of a title alone, of some passages, or of two languages and many passages."""
    fields = [Field("titles", "sv", f"Hjärtsvikt i hemmet {number}")]
    if number % 5:
        fields.append(Field("texts", "sv", a_text(number, number % 23)))
    if number % 7 == 0:
        fields.append(Field("titles", "en", f"Heart failure at home {number}"))
        fields.append(
            Field("texts", "en", "Care moves to the home of the patient. " * (number % 31))
        )
    return Document(f"a:{number:03}", tuple(fields))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder: Path = tmp_path_factory.mktemp("blocks")
    cache = VectorCache(folder / "vectors.sqlite")
    build([a_document(n) for n in range(80)], HashEncoder(), folder / "snapshots", cache)
    cache.close()
    return Searcher.open(folder / "snapshots", HashEncoder())


@pytest.fixture(scope="module")
def queries(library: Searcher) -> list[Query]:
    texts = [
        "Hjärtsvikt hemma",
        f"Hjärtsvikt i hemmet\n\n{a_text(1, 4)}",
        a_text(2, 3),
        "Vi söker pengar",
        f"Stroke på sjukhus\n\n{a_text(3, 40)}",
        f"Fall hos äldre i hemmet\n\n{a_text(4, 2)}",
        a_text(5, 30),
    ]
    return [library.query(text, "sv") for text in texts]


def test_the_values_are_those_of_the_signal(library: Searcher, queries: list[Query]) -> None:
    rows = np.arange(3, 80)
    blocks = MeaningBlocks(library.corpus, rows)
    assert sorted(blocks.rows.tolist()) == rows.tolist()
    assert len({block.passages.shape[0] for block in blocks.blocks}) > 3
    batch = QueryBatch(queries)
    assert sorted(batch.order) == [0, 1, 2, 4, 5, 6], "the one that says nothing is left out"
    values = np.full((len(batch.order), len(rows)), np.nan)
    for block, places, meaning in blocks.compare(batch):
        values[places, block.start : block.start + block.count] = meaning
    for place, number in enumerate(batch.order):
        one = MeaningSignal(library.corpus, queries[number]).values(blocks.rows)
        assert values[place] == pytest.approx(one, abs=1e-5)


def test_no_documents_and_no_queries_give_nothing(library: Searcher, queries: list[Query]) -> None:
    nothing = np.zeros(0, np.int64)
    assert not list(MeaningBlocks(library.corpus, nothing).compare(QueryBatch(queries)))
    assert not list(MeaningBlocks(library.corpus, np.arange(9)).compare(QueryBatch([])))
