"""Judgements move documents like those that were judged, within bounds."""

from __future__ import annotations

import numpy as np
import pytest

from index.search.calibration import Background
from index.search.feedback import (
    FEEDBACK,
    FEEDBACK_WEIGHT,
    MAX_CHANGE,
    FeedbackWeights,
    judgement_similarity,
    rerank,
)
from index.search.fusion import SignalPart
from index.search.hit import Hit

EAST, NORTH = np.eye(2, dtype=np.float32)
NONE = np.zeros((0, 2), np.float32)
WIDE = Background(0.1, 0.05)
"""Where a strength of 0.5 is a probability of 0.8."""


def hit(name: str, score: float) -> Hit:
    """Return a hit whose strength is ``score``, against `WIDE`."""
    return Hit.from_signals(name, (SignalPart("meaning", score, score),), WIDE)


def test_similarity_is_that_of_the_nearest_relevant_less_the_nearest_dismissed() -> None:
    documents = np.stack([EAST, NORTH, (EAST + NORTH) / np.sqrt(2)])
    liked, disliked = EAST[None], NORTH[None]
    assert judgement_similarity(documents, liked, NONE, 0.0, 0.5) == pytest.approx(
        [1, 0, np.sqrt(0.5)]
    )
    assert judgement_similarity(documents, NONE, disliked, 0.0, 0.5) == pytest.approx(
        [0, -0.5, -np.sqrt(0.5) / 2]
    )
    both = judgement_similarity(documents, liked, disliked, 0.0, 0.5)
    assert both == pytest.approx([1, -0.5, np.sqrt(0.5) / 2])
    assert judgement_similarity(documents, NONE, NONE, 0.0, 0.5).tolist() == [0, 0, 0]


def test_what_has_nothing_in_common_counts_nothing() -> None:
    slanted = np.array([[0.6, 0.8]], np.float32)
    assert judgement_similarity(slanted, EAST[None], NONE, 0.6, 0.25) == pytest.approx([0])
    assert judgement_similarity(slanted, EAST[None], NONE, 0.2, 0.25) == pytest.approx([0.5])


def test_parts_add_up_and_the_order_follows() -> None:
    hits = [hit("a", 0.5), hit("b", 0.48), hit("c", 0.4)]
    moved = rerank(hits, np.array([-0.2, 0.1, 0.3], np.float32))
    assert [one.document for one in moved] == ["b", "c", "a"]
    for one in moved:
        assert one.parts[-1].name == FEEDBACK
        assert sum(part.contribution for part in one.parts) == pytest.approx(one.score)
    assert moved[0].strength == pytest.approx(0.48 + 0.1 * FEEDBACK_WEIGHT)
    assert moved[0].score == pytest.approx(WIDE.probability(0.48 + 0.1 * FEEDBACK_WEIGHT))
    assert moved[0].parts[-1].contribution / moved[0].score == pytest.approx(0.03 / 0.51)
    assert moved[0].parts[-1].value == pytest.approx(0.1)


@pytest.mark.parametrize(("score", "value"), [(0.5, 1.0), (0.5, -1.0), (0.97, 1.0), (0.02, -1.0)])
def test_judgements_are_bounded_and_scores_stay_scores(score: float, value: float) -> None:
    (moved,) = rerank(
        [hit("a", score)], np.array([value]), weights=FeedbackWeights(5.0, 1.0, MAX_CHANGE)
    )
    assert abs(moved.strength - score) <= MAX_CHANGE + 1e-9
    assert 0 <= moved.strength <= 1
    assert 0 <= moved.score <= 1
    assert moved.score != WIDE.probability(score)


def test_a_copy_of_what_was_dismissed_loses_the_most() -> None:
    hits = [hit("a", 0.5), hit("b", 0.5)]
    strengths = {one.document: one.strength for one in rerank(hits, np.array([0.4, 0.4]), {"a"})}
    assert strengths["a"] == pytest.approx(0.5 - MAX_CHANGE)
    assert strengths["b"] == pytest.approx(0.5 + 0.4 * FEEDBACK_WEIGHT)


def test_judgements_lift_nothing_to_the_ceiling_that_is_below_it_by_itself() -> None:
    found = [hit("far", 0.1), hit("near", 0.3), hit("nearer", 0.33), hit("good", 0.4)]
    by_itself = {hit.document: hit.score for hit in found}
    assert by_itself["nearer"] < 0.1 < by_itself["good"]
    everything = np.ones(len(found), np.float32)
    free = {hit.document: hit.score for hit in rerank(found, everything)}
    held = rerank(found, everything, ceiling=0.1)
    scores = {hit.document: hit.score for hit in held}
    assert free["near"] > 0.1, "without a ceiling judgements lift it"
    assert by_itself["near"] < scores["near"] < scores["nearer"] < 0.1
    assert scores["good"] == free["good"] > by_itself["good"]
    assert [hit.document for hit in held] == ["good", "nearer", "near", "far"]
