"""A course made ready for training: the states of every text that a step may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.embedding.cache import Progress
from index.training.dataset import Dataset, TextViews
from index.training.hidden_states import FrozenLayers, TokenStates

TITLE, WHOLE, PASSAGE = VIEWS = range(3)
"""Places of the views of a text, asked or told."""

_QUERY, _PASSAGE = "query: ", "passage: "


@dataclass(frozen=True)
class TrainingFeatures:
    """States by what they are for: ``asking`` one tuple a taught lesson, ``telling`` a document.

    In a bilingual course the other direction too: documents ask back and queries tell back.
    """

    dataset: Dataset
    query_states: list[tuple[TokenStates, ...]]
    document_states: list[tuple[TokenStates, ...]]
    reverse_query_states: list[tuple[TokenStates, ...]]
    reverse_document_states: list[tuple[TokenStates, ...]]


def prepare_features(
    course: Dataset, lower: FrozenLayers, progress: Progress | None = None
) -> TrainingFeatures:
    """Run the lower half of the model over all texts of ``course``."""
    queries = [lesson.query for lesson in course.training_pairs]
    documents = course.documents
    back = course.bilingual
    jobs = [
        _query_views(queries),
        _document_views(documents),
        _query_views(documents) if back else [],
        _document_views(queries) if back else [],
    ]
    total = sum(len(texts) for texts in jobs)
    size = len(VIEWS)
    done = 0
    found = []
    for texts in jobs:
        states = lower.states(texts, _offset_progress(progress, done, total))
        done += len(texts)
        found.append([tuple(states[at : at + size]) for at in range(0, len(states), size)])
    return TrainingFeatures(course, *found)


def _query_views(several: Sequence[TextViews]) -> list[str]:
    """Return the views that ask; every other whole is bare, as pasted texts often are."""
    return [
        _QUERY + text
        for number, one in enumerate(several)
        for text in (one.title, one.untitled if number % 2 else one.whole, one.passage)
    ]


def _document_views(several: Sequence[TextViews]) -> list[str]:
    return [_PASSAGE + text for one in several for text in (one.title, one.whole, one.passage)]


def _offset_progress(progress: Progress | None, done: int, total: int) -> Progress | None:
    """Return ``progress`` for a part of the work that starts when ``done`` of ``total`` is."""
    if progress is None:
        return None
    return lambda now, _: progress(done + now, total)
