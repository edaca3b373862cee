"""A dataset made ready for training: the states of every text that a step may need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.embedding.cache import Progress
from index.training.dataset import Dataset, TextViews
from index.training.hidden_states import FrozenLayers, TokenStates

TITLE, WHOLE, PASSAGE = VIEWS = range(3)
"""Places of the views of a text."""

_QUERY, _PASSAGE = "query: ", "passage: "


@dataclass(frozen=True)
class TrainingFeatures:
    """States of texts, a tuple of views each: queries by training pair, documents by row.

    A bilingual dataset has the reverse direction too: documents as queries, queries as documents.
    """

    dataset: Dataset
    query_states: list[tuple[TokenStates, ...]]
    document_states: list[tuple[TokenStates, ...]]
    reverse_query_states: list[tuple[TokenStates, ...]]
    reverse_document_states: list[tuple[TokenStates, ...]]


def prepare_features(
    dataset: Dataset, lower: FrozenLayers, progress: Progress | None = None
) -> TrainingFeatures:
    """Run the lower half of the model over all texts of ``dataset``."""
    queries = [pair.query for pair in dataset.training_pairs]
    documents = dataset.documents
    reverse = dataset.bilingual
    jobs = [
        _query_views(queries),
        _document_views(documents),
        _query_views(documents) if reverse else [],
        _document_views(queries) if reverse else [],
    ]
    total = sum(len(texts) for texts in jobs)
    size = len(VIEWS)
    done = 0
    features = []
    for texts in jobs:
        states = lower.states(texts, _offset_progress(progress, done, total))
        done += len(texts)
        features.append([tuple(states[at : at + size]) for at in range(0, len(states), size)])
    return TrainingFeatures(dataset, *features)


def _query_views(texts: Sequence[TextViews]) -> list[str]:
    """Return the views as queries; every other whole lacks its title, as pasted texts often do."""
    return [
        _QUERY + view
        for number, one in enumerate(texts)
        for view in (one.title, one.untitled if number % 2 else one.whole, one.passage)
    ]


def _document_views(texts: Sequence[TextViews]) -> list[str]:
    return [_PASSAGE + view for one in texts for view in (one.title, one.whole, one.passage)]


def _offset_progress(progress: Progress | None, done: int, total: int) -> Progress | None:
    """Return ``progress`` for a part of the work that starts after ``done`` of ``total`` texts."""
    if progress is None:
        return None
    return lambda now, _: progress(done + now, total)
