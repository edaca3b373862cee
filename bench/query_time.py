"""How long a search takes beside encoding its query, in the same run.

    python -m bench.query_time [--passages N] [--pilots N]

Real calls and abstracts are indexed again and again, each time under other ids, until there are so
many passages. Real pilots then search them, and every query is encoded anew. In alternating order a
query is encoded alone and the whole of a search is made: reading the text, encoding, candidates,
words, scores and calibration.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench.held_out import tell
from bench.pilots import LANGUAGES, documents_of, pilots_of
from index.build import build
from index.cache import VectorCache
from index.document import Document, passages
from index.encoder import SentenceEncoder
from index.model import BUNDLED, SHIPPED, resolve
from index.query import split
from index.search import Searcher


def main() -> int:
    """Measure and print; return 1 when a search takes more than twice as long as encoding."""
    arguments = _arguments()
    encoder = SentenceEncoder(resolve(BUNDLED, arguments.data / "models", SHIPPED))
    cache = VectorCache(arguments.data / "vectors.sqlite")
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        documents = list(_enough(_documents(arguments.sets), arguments.passages))
        built = build(documents, encoder, Path(scratch), cache, tell)
        searcher = Searcher.open(Path(scratch), encoder)
    print(f"{built.documents:,} documents, {built.passages:,} passages")
    pilots = pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")[: arguments.pilots]
    worst = 0.0
    for language in LANGUAGES:
        texts = [pilot.texts[language] for pilot in pilots]
        worst = max(worst, _compare(f"pilots, {language}", searcher, encoder, texts))
    words = [pilot.texts["sv"].partition("\n")[0] for pilot in pilots]
    worst = max(worst, _compare("titles alone", searcher, encoder, words))
    return 1 if worst > 2 else 0  # noqa: PLR2004  the promise


def _compare(name: str, searcher: Searcher, encoder: SentenceEncoder, texts: list[str]) -> float:
    """Print and return the median of the ratios."""
    searcher.search(searcher.query(texts[0]))  # what is read once is read now
    rounds = [_times(searcher, encoder, t, first=n % 2 == 0) for n, t in enumerate(texts)]
    encoding, searching = (statistics.median(one) for one in zip(*rounds, strict=True))
    ratio = statistics.median(whole / alone for alone, whole in rounds)
    print(
        f"{name:14} encoding {1000 * encoding:5.0f} ms, the whole search "
        f"{1000 * searching:5.0f} ms: {ratio:.2f} times"
    )
    return ratio


def _times(
    searcher: Searcher, encoder: SentenceEncoder, text: str, *, first: bool
) -> tuple[float, float]:
    """Return the seconds of encoding a query, ``first`` or last, and of the whole search."""
    parts = [text[p.span.start : p.span.end] for p in split(text)]
    spent = {}
    for alone in (first, not first):
        started = time.perf_counter()
        if alone:
            encoder.queries(parts)
        else:
            searcher.search(searcher.query(text), top=10)
        spent[alone] = time.perf_counter() - started
    return spent[True], spent[False]


def _documents(sets: Path) -> list[Document]:
    folders = sorted(path.parent for path in sets.glob("*/corpus.jsonl"))
    return [one for folder in folders for one in documents_of(folder / "corpus.jsonl").values()]


def _enough(documents: list[Document], wanted: int) -> Iterator[Document]:
    """Yield ``documents`` under new ids until they have ``wanted`` passages."""
    found = 0
    for turn in count():
        for document in documents:
            if found >= wanted:
                return
            found += sum(1 for _ in passages(document))
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
