"""Feedback: judgements of readers move documents like those that they judged, up or down.

A document gains by the nearest one that was judged relevant, and loses, less, by the nearest that
was dismissed: on one subject some calls fit and some do not, so a dismissal says less of its
neighbours.
`bench/feedback.py` chose the weights on topics that are trained on, and measures them on others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding.encoder import Vectors
from index.search.fusion import SignalPart
from index.search.hit import Hit
from index.search.signals.signal import Values

FEEDBACK = "feedback"

FEEDBACK_WEIGHT = 0.3
"""Share of the similarity with a judged document that is added to a strength."""

DISMISSAL_WEIGHT = 0.25
"""How much a dismissal counts, when a relevant document counts 1."""

MAX_CHANGE = 0.15
"""The most that judgements add to a strength, or take from it."""


_MAX_SHARE_OF_ROOM = 0.95
"""The most of the way to the ceiling that judgements lift a document: so order is kept below it."""


@dataclass(frozen=True)
class FeedbackWeights:
    """How far judgements move a document; `bench/feedback.py` tries others than these."""

    weight: float = FEEDBACK_WEIGHT
    against: float = DISMISSAL_WEIGHT
    limit: float = MAX_CHANGE


DEFAULT_WEIGHTS = FeedbackWeights()


def judgement_similarity(
    documents: Vectors, liked: Vectors, disliked: Vectors, unrelated: float, against: float
) -> Values:
    """Return how like each document is to those that were judged, from -1 to 1: (n,).

    Args:
        documents: (n, dimension) unit vectors, one for each document.
        liked: the same of documents judged relevant; may be empty.
        disliked: the same of documents judged not relevant; may be empty.
        unrelated: cosine that counts as nothing in common; the model's own.
        against: how much a disliked document counts, when a liked one counts 1.
    """
    value: Values = _similarity_to_nearest(documents, liked, unrelated)
    return value - against * _similarity_to_nearest(documents, disliked, unrelated)


def rerank(
    hits: Sequence[Hit],
    values: Values,
    copies: Collection[str] = (),
    weights: FeedbackWeights = DEFAULT_WEIGHTS,
    ceiling: float = 1.0,
) -> list[Hit]:
    """Return ``hits`` with the part `FEEDBACK`, in their new order.

    Args:
        hits: what a search returned.
        values: the similarity of each with what was judged, from -1 to 1.
        copies: ids of documents that are all but the same as a dismissed one; they lose the most.
        weights: how far judgements move a document.
        ceiling: the score (0 to 1) that no document reaches by judgements; one that has it by its
            own text keeps it, and rises by them too.
    """
    moved = []
    for hit, value in zip(hits, values, strict=True):
        similarity = -1.0 if hit.document in copies else float(value)
        change = -weights.limit if hit.document in copies else similarity * weights.weight
        change = min(max(change, -weights.limit), weights.limit)
        room = hit.background.least_strength(ceiling) - hit.strength
        if room > 0:
            change = min(change, room * _MAX_SHARE_OF_ROOM)
        # a strength stays between 0 and 1
        change = min(max(change, -hit.strength), max(0.0, 1 - hit.strength))
        moved.append(hit.with_part(SignalPart(FEEDBACK, similarity, change)))
    return sorted(moved, key=lambda hit: (-hit.strength, hit.document))


def _similarity_to_nearest(documents: Vectors, judged: Vectors, unrelated: float) -> Values:
    """Return how near each document is to the nearest of ``judged``, 0 to 1; 0 without any."""
    if not len(judged):
        return np.zeros(len(documents), np.float32)
    cosine = (documents @ judged.T).max(axis=1)
    value: Values = np.clip((cosine - unrelated) / (1 - unrelated), 0, 1)
    return value
