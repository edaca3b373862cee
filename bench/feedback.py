"""Do three judgements help to find more of the other calls? A simulation on Horizon Europe.

A query is a project; relevant are the topic that funded it (grade 3), the same title in another
year (2) and the other topics of its call (1), as `qrels_graded.tsv` says. Of queries with at least
four relevant calls the first three results are judged by these grades. They are taken away, and the
recall of the others is measured without and with their judgements. The weights are chosen on
queries on topics that training saw, and measured on those of topics held out.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.held_out import BundledModel
from index.embedding.encoder import Vectors
from index.evaluation.qrels import EvaluationQuery, EvaluationSet, is_held_out, topic_of
from index.search.feedback import (
    DEFAULT_WEIGHTS,
    FeedbackWeights,
    judgement_similarity,
    rerank,
)
from index.search.hit import Hit
from index.search.searcher import Searcher
from index.training.trainer import TrainingConfig

JUDGED_COUNT = 3
MIN_RELEVANT = 4
DEPTH = 300
CUTOFFS = (10, 20)
SAMPLE_SIZE = 400
_SEED = 20260424
_RESAMPLES = 1000

GRID = [
    FeedbackWeights(weight, against, limit)
    for weight, against, limit in product((0.1, 0.2, 0.3, 0.4), (0.0, 0.25, 0.5, 1.0), (0.1, 0.15))
]


@dataclass(frozen=True, eq=False)
class QueryResult:
    """A query's hits with their rows, and the rows of what is relevant to it."""

    hits: list[Hit]
    rows: list[int]
    relevant: frozenset[int]


class FeedbackBench:
    """Horizon Europe, indexed."""

    def __init__(self, folder: Path, searcher: Searcher, data: EvaluationSet) -> None:
        self._searcher = searcher
        self._rows = {document.id: row for row, document in enumerate(data.documents)}
        self._relevant: dict[str, set[int]] = {}
        for line in (folder / "qrels_graded.tsv").read_text("utf-8").splitlines():
            query, document, grade = line.split("\t")
            if int(grade) >= 1 and document in self._rows:
                self._relevant.setdefault(query, set()).add(self._rows[document])
        self._vectors = searcher.mean_vectors([document.id for document in data.documents])

    def search(self, questions: Sequence[EvaluationQuery]) -> list[QueryResult]:
        """Return the results of those questions that have enough relevant documents."""
        results = []
        for question in questions:
            relevant = frozenset(self._relevant.get(question.id, ()))
            if len(relevant) >= MIN_RELEVANT:
                hits = self._searcher.search(self._searcher.query(question.text), top=DEPTH)
                rows = [self._rows[hit.document] for hit in hits]
                if relevant - set(rows[:JUDGED_COUNT]):
                    results.append(QueryResult(hits, rows, relevant))
        return results

    def recalls(
        self, results: Sequence[QueryResult], weights: FeedbackWeights | None
    ) -> NDArray[np.float64]:
        """Return the recall of the rest at each of `CUTOFFS`: (queries, cutoffs).

        ``weights``: None for no feedback.
        """
        return np.array([self._recall(one, weights) for one in results])

    def _recall(self, result: QueryResult, weights: FeedbackWeights | None) -> list[float]:
        judged, left = result.rows[:JUDGED_COUNT], result.hits[JUDGED_COUNT:]
        rest = result.relevant - set(judged)
        if weights is not None:
            values = judgement_similarity(
                self._vectors_of(result.rows[JUDGED_COUNT:]),
                self._vectors_of([row for row in judged if row in result.relevant]),
                self._vectors_of([row for row in judged if row not in result.relevant]),
                self._searcher.unrelated,
                weights.against,
            )
            left = rerank(left, values, weights=weights)
        order = [self._rows[hit.document] for hit in left]
        return [len(rest & set(order[:cut])) / len(rest) for cut in CUTOFFS]

    def _vectors_of(self, rows: Sequence[int]) -> Vectors:
        return self._vectors[list(rows)]


def main() -> int:
    """Choose on one part, measure on the other; return 1 when recall does not rise."""
    arguments = _arguments()
    folder = arguments.sets / "horizon_europe"
    data = EvaluationSet.read(folder, ("title", "text"))
    models = BundledModel(arguments.data)
    bench = FeedbackBench(folder, models.open_searcher(data.documents), data)
    seen, unseen = _split_queries(data)
    chosen = _choose_weights(bench, bench.search(seen))
    print(f"chosen: {chosen}; used: {DEFAULT_WEIGHTS}")
    results = bench.search(unseen)
    before = bench.recalls(results, None)
    after = bench.recalls(results, DEFAULT_WEIGHTS)
    print(
        f"{len(results)} queries on held-out topics, {JUDGED_COUNT} judged each; "
        "recall of the rest:"
    )
    lows = [_print_line(cut, before[:, n], after[:, n]) for n, cut in enumerate(CUTOFFS)]
    return 0 if min(lows) > 0 else 1


def _split_queries(data: EvaluationSet) -> tuple[list[EvaluationQuery], list[EvaluationQuery]]:
    """Return a sample of the questions on topics that training saw, and all on others."""
    seen: list[EvaluationQuery] = []
    unseen: list[EvaluationQuery] = []
    for question in data.queries:
        best = max(question.grades, key=question.grades.__getitem__)
        held = is_held_out(topic_of(data.documents[best]), TrainingConfig.held_out)
        (unseen if held else seen).append(question)
    return random.Random(_SEED).sample(seen, min(SAMPLE_SIZE, len(seen))), unseen  # noqa: S311  a sample, not a secret


def _choose_weights(bench: FeedbackBench, results: Sequence[QueryResult]) -> FeedbackWeights:
    """Return the weights of `GRID` with the highest recall, averaged over `CUTOFFS`.

    Of those equal to a thousandth, the ones with which a dismissal counts most: readers mean it.
    """
    plain = bench.recalls(results, None).mean()
    gains = {weights: bench.recalls(results, weights).mean() - plain for weights in GRID}
    print(f"{len(results)} queries on topics of training; gain in recall, mean of both cuts:")
    for weights, gain in sorted(gains.items(), key=lambda item: -item[1])[:5]:
        print(f"  {gain:+.4f}  {weights}")
    return max(gains, key=lambda weights: (round(gains[weights], 3), weights.against))


def _print_line(cut: int, before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Print one cut's figures; return the lower bound of the difference."""
    gain = after - before
    draws = np.random.default_rng(_SEED).integers(0, len(gain), (_RESAMPLES, len(gain)))
    low, high = np.percentile(gain[draws].mean(axis=1), (2.5, 97.5))
    print(
        f"  recall@{cut}: {before.mean():.4f} without, {after.mean():.4f} with; "
        f"{gain.mean():+.4f} [{low:+.4f}, {high:+.4f}]"
    )
    return float(low)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
