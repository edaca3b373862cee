"""How often calls that are nearly the same fill a page, and how well they are recognised.

Pilots in Swedish and English are matched with calls of the EU portal. Printed are, for the first
ten, how many repeat a better one, without groups and with them; and, on pairs that were judged by
eye (`tests/data/alike_pairs.tsv`), precision and recall of `are_near_duplicates` and, at several
thresholds, of the cosine of the calls' vectors.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import CachedEncoder, VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.search.searcher import Searcher
from index.store import index_data, snapshot
from index.store.build import build
from index.store.index_data import IndexData
from scrapers.call import Call, Level
from service.domain.calls.documents import call_document
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.matching.result_groups import ResultGroup, find_best_groups
from service.jobs.imports.rows import RowDefaults, call_from_row

PAIRS = Path(__file__).parents[1] / "tests" / "data" / "alike_pairs.tsv"
THRESHOLDS = (0.70, 0.75, 0.80, 0.85, 0.88, 0.90, 0.92, 0.95)
TOP = 10

SimilarityRule = Callable[[str, str], bool]


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    encoder = load_encoder(BUNDLED, arguments.data / "models", SHIPPED)
    cache = VectorCache(arguments.data / "vectors.sqlite")
    calls = _calls(arguments.sets / "eu_calls_2026" / "corpus.jsonl")
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        build([call_document(call) for call in calls.values()], encoder, Path(scratch), cache)
        data = index_data.load(Path(scratch) / (snapshot.current_snapshot(Path(scratch)) or ""))
    vectors = _vectors(data)

    def cosine(first: str, second: str) -> float:
        return float(vectors[first] @ vectors[second])

    def by_words(first: str, second: str) -> bool:
        return are_near_duplicates(calls[first], calls[second])

    _print_judged(by_words, cosine)
    searcher = Searcher(CachedEncoder(encoder, cache), data)
    texts = list(_pilots(arguments.sets / "pilots" / "vinnova_medtech.jsonl"))
    rules = {"by words": by_words, "cosine >= 0.9": lambda a, b: cosine(a, b) >= 0.9}  # noqa: PLR2004  a second opinion
    queries = [searcher.query(text) for text in texts]
    flat = [[ResultGroup(hit) for hit in searcher.search(query, top=TOP)] for query in queries]
    _print_repeats("without groups", flat, rules)
    grouped = [
        find_best_groups(lambda top, query=query: searcher.search(query, top=top), calls, TOP)  # type: ignore[misc]  # mypy#15459
        for query in queries
    ]
    _print_repeats("with groups", grouped, rules)
    return 0


def _print_judged(by_words: SimilarityRule, cosine: Callable[[str, str], float]) -> None:
    with PAIRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    truth = np.array([row["verdict"] == "alike" for row in rows])
    pairs = [(row["call_a"], row["call_b"]) for row in rows]
    print(f"{len(pairs)} judged pairs, {truth.sum()} alike    precision  recall")
    _print_line("by words", truth, np.array([by_words(*pair) for pair in pairs]))
    cosines = np.array([cosine(*pair) for pair in pairs])
    for least in THRESHOLDS:
        _print_line(f"cosine >= {least:.2f}", truth, cosines >= least)


def _print_line(name: str, truth: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> None:
    right = (truth & predicted).sum()
    print(f"{name:30} {right / max(1, predicted.sum()):12.3f} {right / truth.sum():7.3f}")


def _print_repeats(
    name: str, lists: list[list[ResultGroup]], rules: dict[str, SimilarityRule]
) -> None:
    print(f"\n{name}: of the first {TOP}, of {len(lists)} lists (87 pilots in two languages)")
    for rule, alike in rules.items():
        counts = np.array([_repeats([g.lead.document for g in one], alike) for one in lists])
        print(
            f"  repeat a better one, {rule:14}: {counts.mean():.2f} on average, {counts.max()} at "
            f"most; {(counts > 0).sum()} lists with any, {(counts >= 3).sum()} with three or more"  # noqa: PLR2004  a figure of the text
        )
    gathered = sum(len(g.others) for one in lists for g in one)
    print(f"  listed under another: {gathered / len(lists):.2f} on average")


def _repeats(ids: list[str], alike: SimilarityRule) -> int:
    return sum(any(alike(better, id_) for better in ids[:place]) for place, id_ in enumerate(ids))


def _calls(path: Path) -> dict[str, Call]:
    defaults = RowDefaults("European Commission", Level.EUROPEAN)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    calls = (call_from_row(row, defaults) for row in rows)
    return {call.id: call for call in calls}


def _pilots(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for language in ("sv", "en"):
            yield "\n".join(filter(None, (row[f"title_{language}"], row[f"text_{language}"])))


def _vectors(data: IndexData) -> dict[str, NDArray[np.float32]]:
    """Return the mean direction of each document's passages."""
    sums: dict[str, NDArray[np.float32]] = {}
    for passage, row in zip(
        data.passages, data.vectors.rows(np.arange(data.vectors.count)), strict=True
    ):
        sums[passage.document] = sums.get(passage.document, 0) + row
    return {id_: total / np.linalg.norm(total) for id_, total in sums.items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
