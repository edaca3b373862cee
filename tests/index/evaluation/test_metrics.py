"""Metrics of rankings, against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from index.evaluation.metrics import ranking_metrics, score_metrics, summarise


def test_metrics_of_a_ranking_by_hand() -> None:
    recall1, recall10, mrr, ndcg = ranking_metrics([5, 3, 9], {3: 1.0, 7: 1.0}).values
    assert (recall1, recall10, mrr) == (0.0, 0.5, 0.5)
    ideal = 1 + 1 / np.log2(3)
    assert ndcg == pytest.approx((1 / np.log2(3)) / ideal)


def test_a_higher_grade_counts_more_in_ndcg() -> None:
    grades = {1: 3.0, 2: 1.0}
    assert ranking_metrics([1, 2], grades).values[3] == pytest.approx(1.0)
    assert ranking_metrics([2, 1], grades).values[3] < 1.0


def test_a_system_that_cannot_tell_gains_nothing_from_the_order() -> None:
    assert score_metrics(np.zeros(50), {0: 1.0}).values == (0.0, 0.0, 0.0, 0.0)
    scores = np.zeros(50)
    scores[0] = 1
    assert score_metrics(scores, {0: 1.0}).values == (1.0, 1.0, 1.0, 1.0)


def test_a_document_below_the_tenth_is_not_found() -> None:
    assert ranking_metrics(list(range(20)), {10: 1.0}).values == (0.0, 0.0, 0.0, 0.0)


def test_intervals_hold_their_mean_and_narrow_with_more_queries() -> None:
    few = [ranking_metrics([1], {hit: 1.0}) for hit in (1, 2) * 10]
    figure, wider = summarise(few * 20)["recall@1"], summarise(few)["recall@1"]
    assert figure.low < figure.value == 0.5 < figure.high
    assert figure.high - figure.low < wider.high - wider.low
