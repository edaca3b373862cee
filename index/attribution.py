"""What the sentences of a query do for a document's score: how far it falls without each.

A vector is the sum of what its sentences add (`index.pooling`), so it can be foreseen without one
of them: the sum less that sentence, at length 1 again. The signals and the background are computed
from such vectors as they are from the whole ones. What is foreseen leaves out that the model reads
the rest a little differently then. So what a sentence is worth counts two things alike: what is
foreseen, and how much nearer it stands by itself to the document than to anything at all.
`bench/deletion.py` measures how often the sentences chosen by it matter more than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import fusion
from index.calibration import Background
from index.encoder import Vectors
from index.nearness import Passages, Values, nearness
from index.query import QueryPart
from index.said import Said
from index.told import unit

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Beside:
    """Documents that a query stands beside, and the subjects that make its background.

    ``vectors`` (passages + subjects, dimension) are of both, the documents' first; ``told`` says
    what they are; there are ``documents`` of the former.
    """

    vectors: Vectors
    told: Passages
    documents: int

    @classmethod
    def of(cls, vectors: Vectors, told: Passages, subjects: Vectors) -> Beside:
        """Put ``subjects`` after the passages of the documents."""
        alone = Passages.single(len(subjects))
        both = Passages(
            np.concatenate([told.starts, len(vectors) + alone.starts]),
            np.concatenate([told.whole, alone.whole]),
            np.concatenate([told.common, alone.common]),
        )
        return cls(np.concatenate([vectors, subjects]), both, len(told.starts))


def losses(
    parts: Sequence[QueryPart], vectors: Vectors, said: Said, beside: Beside, unrelated: float
) -> Doubles:
    """Return how far each document falls without each sentence: (sentences, documents).

    The unit is a standard deviation of the subjects' strengths, as `calibration` has it.

    Args:
        parts: of the query.
        vectors: of the parts.
        said: its sentences.
        beside: the documents and subjects.
        unrelated: cosine that counts as nothing in common; the model's own.
    """
    similar: Values = vectors @ beside.vectors.T
    without: Values = unit(vectors[said.part] - said.added) @ beside.vectors.T
    before = _heights(parts, similar, beside, unrelated)
    found = np.zeros((len(said.sentences), beside.documents))
    for sentence, span in enumerate(said.sentences):
        changed, shorter = similar.copy(), list(parts)
        rows = np.flatnonzero(said.sentence == sentence)
        changed[said.part[rows]] = without[rows]
        for part in said.part[rows].tolist():
            shorter[part] = parts[part].shorter(span)
        left = [n for n, part in enumerate(shorter) if part.length > 0]
        if left:
            after = _heights([shorter[n] for n in left], changed[left], beside, unrelated)
            found[sentence] = before - after
        else:
            found[sentence] = before
    return found


def standing(directions: Vectors, beside: Beside) -> Doubles:
    """Return how much nearer vectors stand to each document than to the subjects on average.

    Args:
        directions: (n, dimension) unit vectors.
        beside: the documents and subjects.

    Returns:
        (n, documents) differences of cosines.
    """
    similar = directions @ beside.vectors.T
    nearest = np.maximum.reduceat(similar, beside.told.starts, axis=1)
    usual = nearest[:, beside.documents :].mean(axis=1, keepdims=True)
    found: Doubles = (nearest[:, : beside.documents] - usual).astype(float)
    return found


def worth(lost: Doubles, stands: Doubles) -> Doubles:
    """Return what sentences are worth to each document: both in standard deviations, added.

    Args:
        lost: (sentences, documents), what `losses` foresees.
        stands: the same shape, `standing` of the sentences.
    """
    return _standard(lost) + _standard(stands)


def _standard(values: Doubles) -> Doubles:
    spread = np.maximum(values.std(axis=0), np.finfo(float).tiny)
    found: Doubles = (values - values.mean(axis=0)) / spread
    return np.where(values.std(axis=0) > 1e-9, found, 0.0)  # noqa: PLR2004  rounding is no spread


def _heights(
    parts: Sequence[QueryPart], similar: Values, beside: Beside, unrelated: float
) -> Doubles:
    """Return how far above the subjects each document stands, by meaning: (documents,)."""
    near = nearness(parts, similar, beside.told)
    strength = fusion.WEIGHTS[fusion.MEANING] * fusion.meaning(near, unrelated).astype(float)
    subjects = strength[beside.documents :]
    ground = Background.of(subjects, np.zeros(0), 0)
    heights: Doubles = (strength[: beside.documents] - ground.mean) / ground.deviation
    return heights
