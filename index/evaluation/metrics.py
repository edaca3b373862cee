"""Recall, MRR and nDCG of ranked answers, and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

METRICS = ("recall@1", "recall@10", "mrr@10", "ndcg@10")

_CUTOFF = 10
_RESAMPLES = 1000
_SEED = 7


@dataclass(frozen=True)
class QueryMetrics:
    """One query's figures, in the order of `METRICS`."""

    values: tuple[float, ...]


@dataclass(frozen=True)
class ConfidenceInterval:
    """A mean over queries with the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def ranking_metrics(ranked: Sequence[int], grades: Mapping[int, float]) -> QueryMetrics:
    """Return the metrics of a ranking.

    Args:
        ranked: documents, best first; others were missed.
        grades: how relevant documents are, above 0; every other document is not. Not empty.
    """
    first = [grades.get(document, 0.0) for document in ranked[:_CUTOFF]]
    relevant = [gain > 0 for gain in first]
    ideal = sorted(grades.values(), reverse=True)[:_CUTOFF]
    return QueryMetrics(
        (
            sum(relevant[:1]) / len(grades),
            sum(relevant) / len(grades),
            next((1 / rank for rank, hit in enumerate(relevant, 1) if hit), 0.0),
            _discounted_gain(first) / _discounted_gain(ideal),
        )
    )


def score_metrics(scores: NDArray[np.float64], grades: Mapping[int, float]) -> QueryMetrics:
    """Return the metrics of scores by row; among equal scores a relevant document comes last.

    So a system that gives all documents one score gains nothing from the order of the corpus.
    """
    relevant = np.zeros(len(scores), np.bool_)
    relevant[list(grades)] = True
    order = np.lexsort((relevant, -scores))[:_CUTOFF]
    return ranking_metrics([int(row) for row in order if np.isfinite(scores[row])], grades)


def summarise(outcomes: Sequence[QueryMetrics]) -> dict[str, ConfidenceInterval]:
    """Average outcomes over queries, by metric."""
    values = np.array([outcome.values for outcome in outcomes], np.float64)
    draws = np.random.default_rng(_SEED).integers(0, len(values), (_RESAMPLES, len(values)))
    means = np.stack([values[draw].mean(axis=0) for draw in draws])
    low, high = np.percentile(means, (2.5, 97.5), axis=0)
    return {
        name: ConfidenceInterval(
            float(values[:, column].mean()), float(low[column]), float(high[column])
        )
        for column, name in enumerate(METRICS)
    }


def _discounted_gain(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(rank + 1) for rank, gain in enumerate(gains, 1)))
