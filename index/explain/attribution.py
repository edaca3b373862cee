"""What the sentences of a query do for a document's score: how far it falls without each.

A vector is the sum of what its sentences add (`index.embedding.pooling`), and so are the scores of its words.
So both can be foreseen without one of the sentences: the sum less what it adds, a vector at length
1 again. The signals and the background are computed from these as they are from the whole ones.
What is foreseen leaves out that the model reads the rest a little differently then.
`bench/deletion.py` measures how often the sentences chosen by it matter more than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors, unit_vectors
from index.search import fusion
from index.search.calibration import Background
from index.search.query import Query, QueryPart
from index.search.query_sentences import QuerySentences
from index.search.signals.similarity import PassageGroups, Values, role_similarities

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ComparedDocuments:
    """Documents that a query stands beside, and the subjects that make its background.

    ``vectors`` (passages + subjects, dimension) are of both, the documents' first; ``told`` says
    what they are; there are ``documents`` of the former.
    """

    vectors: Vectors
    passages: PassageGroups
    documents: int

    @classmethod
    def with_subjects(
        cls, vectors: Vectors, told: PassageGroups, subjects: Vectors
    ) -> ComparedDocuments:
        """Put ``subjects`` after the passages of the documents."""
        alone = PassageGroups.one_each(len(subjects))
        both = PassageGroups(
            np.concatenate([told.starts, len(vectors) + alone.starts]),
            np.concatenate([told.whole, alone.whole]),
            np.concatenate([told.common, alone.common]),
        )
        return cls(np.concatenate([vectors, subjects]), both, len(told.starts))


def score_drops(
    query: Query,
    said: QuerySentences,
    beside: ComparedDocuments,
    words: tuple[Values, Values],
    unrelated: float,
) -> Doubles:
    """Return how far each document falls without each sentence: (sentences, documents).

    The unit is a standard deviation of the subjects' strengths, as `calibration` has it.

    Args:
        query: with its parts and their vectors.
        said: its sentences.
        beside: the documents and subjects.
        words: what `Lexicon.without` foresees of the documents.
        unrelated: cosine that counts as nothing in common; the model's own.
    """
    parts = query.parts
    similar: Values = query.vectors @ beside.vectors.T
    without: Values = unit_vectors(query.vectors[said.part] - said.added) @ beside.vectors.T
    before = _standardised_strengths(parts, similar, beside, words[0], unrelated)
    found = np.zeros((len(said.sentences), beside.documents))
    for sentence, span in enumerate(said.sentences):
        changed, shorter = similar.copy(), list(parts)
        rows = np.flatnonzero(said.sentence == sentence)
        changed[said.part[rows]] = without[rows]
        for part in said.part[rows].tolist():
            shorter[part] = parts[part].without_span(span)
        left = [n for n, part in enumerate(shorter) if part.length > 0]
        if left:
            kept = [shorter[n] for n in left]
            after = _standardised_strengths(
                kept, changed[left], beside, words[1][sentence], unrelated
            )
            found[sentence] = before - after
        else:
            found[sentence] = before
    return found


def _standardised_strengths(
    parts: Sequence[QueryPart],
    similar: Values,
    beside: ComparedDocuments,
    words: Values,
    unrelated: float,
) -> Doubles:
    """Return how far above the subjects each document stands: (documents,)."""
    near = role_similarities(parts, similar, beside.passages)
    values = {
        fusion.MEANING: fusion.meaning_strength(near, unrelated).astype(float),
        fusion.WORDS: np.zeros(len(beside.passages.starts)),
    }
    values[fusion.WORDS][: beside.documents] = words
    strengths = fusion.fuse_signals(values)
    ground = Background.from_strengths(strengths[beside.documents :], np.zeros(0), 0)
    heights: Doubles = (strengths[: beside.documents] - ground.mean) / ground.deviation
    return heights
