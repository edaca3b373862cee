"""What the sentences of a query do for a document's score: how far it falls without each.

The signals foresee their values without one of the sentences, and strengths and background are
computed from these as they are from the whole ones. Left out is that the model reads the rest a
little differently then. `bench/deletion.py` measures how often the sentences chosen by it matter
more than others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.search.calibration import Background
from index.search.fusion import QuerySignals
from index.search.query import parts_without
from index.search.query_sentences import QuerySentences
from index.store.vectors import Rows

Doubles = NDArray[np.float64]


def score_drops(signals: QuerySignals, sentences: QuerySentences, rows: Rows) -> Doubles:
    """Return how far each document falls without each sentence: (sentences, documents).

    The unit is a standard deviation of the subjects' strengths (`index.search.calibration`).

    Args:
        signals: of the query.
        sentences: those of the query.
        rows: of documents.
    """
    whole, without = signals.strengths_without(sentences, rows)
    before = _deviations(whole, len(rows))
    drops = np.zeros((len(sentences.sentences), len(rows)))
    for sentence, strengths in enumerate(without):
        left = parts_without(signals.query.parts, sentences, sentence)
        drops[sentence] = before - _deviations(strengths, len(rows)) if left else before
    return drops


def _deviations(strengths: Doubles, documents: int) -> Doubles:
    """Return how far the first ``documents`` lie above the rest, the subjects: (documents,)."""
    background = Background.from_strengths(strengths[documents:], np.zeros(0), 0)
    deviations: Doubles = (strengths[:documents] - background.mean) / background.deviation
    return deviations
