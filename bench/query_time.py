"""How long a search takes, against encoding its query alone and with its matches explained.

    python -m bench.query_time [--passages N] [--pilots N]

Real calls and abstracts are indexed again and again under other ids, until there are so many
passages. Real pilots then search them, and every query is encoded anew. In a changing order and in
the same run a query is encoded alone; searched with in full (text, encoding, candidates, words,
scores, calibration); and searched with and its ten matches explained.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench.held_out import print_progress
from bench.pilots import LANGUAGES, documents_of, pilots_of
from index.embedding.cache import VectorCache
from index.embedding.encoder import Encoder
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import split_query
from index.store.build import build
from index.store.document import Document
from index.store.passages import cut_passages

MAX_SEARCH_RATIO = 2.0
MAX_EXPLAINED_RATIO = 1.5
"""The limits: how many times as long as encoding, and as a search, it may take."""


def main() -> int:
    """Measure and print.

    Returns 1 when a search takes more than twice as long as encoding, or when explaining its
    matches adds more than half to it.
    """
    arguments = _arguments()
    encoder = load_encoder(BUNDLED, arguments.data / "models", SHIPPED)
    cache = VectorCache(arguments.data / "vectors.sqlite")
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        documents = list(_repeat_documents(_documents(arguments.sets), arguments.passages))
        built = build(documents, encoder, Path(scratch), cache, print_progress)
        searcher = ExplainingSearcher.open(Path(scratch), encoder)
    print(f"{built.documents:,} documents, {built.passages:,} passages")
    pilots = pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")[: arguments.pilots]
    ratios = []
    for language in LANGUAGES:
        texts = [pilot.texts[language] for pilot in pilots]
        ratios.append(_compare(f"pilots, {language}", searcher, encoder, texts))
    words = [pilot.texts["sv"].partition("\n")[0] for pilot in pilots]
    ratios.append(_compare("titles alone", searcher, encoder, words))
    return int(
        any(
            search > MAX_SEARCH_RATIO or explained > MAX_EXPLAINED_RATIO
            for search, explained in ratios
        )
    )


def _compare(
    name: str, searcher: ExplainingSearcher, encoder: Encoder, texts: list[str]
) -> tuple[float, float]:
    """Print and return the medians of both ratios."""
    ways = _timed_calls(searcher, encoder)
    for way in ways:  # so that what is loaded once is loaded
        way(texts[0])
    rounds = [_times(ways, text, turn) for turn, text in enumerate(texts)]
    alone, whole, full = (1000 * statistics.median(one) for one in zip(*rounds, strict=True))
    search = statistics.median(whole / alone for alone, whole, _ in rounds)
    explained = statistics.median(full / whole for _, whole, full in rounds)
    print(
        f"{name:14} encoding {alone:5.0f} ms, whole search {whole:5.0f} ms: {search:.2f} times, "
        f"explained {full:5.0f} ms: {explained:.2f} times that"
    )
    return search, explained


def _timed_calls(searcher: ExplainingSearcher, encoder: Encoder) -> list[Callable[[str], object]]:
    """Return what is compared."""

    def explain(text: str) -> object:
        query = searcher.query(text, explained=True)
        return searcher.explain(query, searcher.search(query, top=10))

    return [
        lambda text: encoder.queries([text[p.span.start : p.span.end] for p in split_query(text)]),
        lambda text: searcher.search(searcher.query(text), top=10),
        explain,
    ]


def _times(ways: list[Callable[[str], object]], text: str, turn: int) -> list[float]:
    """Return the seconds of each way; the order changes with each ``turn``."""
    spent = [0.0] * len(ways)
    for place in range(len(ways)):
        way = (place + turn) % len(ways)
        started = time.perf_counter()
        ways[way](text)
        spent[way] = time.perf_counter() - started
    return spent


def _documents(sets: Path) -> list[Document]:
    folders = sorted(path.parent for path in sets.glob("*/corpus.jsonl"))
    return [one for folder in folders for one in documents_of(folder / "corpus.jsonl").values()]


def _repeat_documents(documents: list[Document], wanted: int) -> Iterator[Document]:
    """Yield ``documents`` under new ids until they have ``wanted`` passages."""
    passages = 0
    for turn in count():
        for document in documents:
            if passages >= wanted:
                return
            passages += sum(1 for _ in cut_passages(document))
            yield Document(f"{turn}/{document.id}", document.fields, document.keywords)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--pilots", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
