"""The model that says what each section of a text is, and how much it counts.

A logistic regression over a section's vector and its shape gives every kind a chance; sections of
one kind stand together, so the chances of neighbours are weighed against each other along the
text. Weights are learned by `python -m bench.project_parts` from examples of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from index.embedding.encoder import unit_vectors
from index.search.sections.cut import LinePart
from index.search.sections.kind import KINDS, SectionKind
from index.search.sections.shape import section_shapes
from index.search.sections.vectors import SectionVectors

SHIPPED_WEIGHTS = Path(__file__).parent / "weights.safetensors"
"""The weights for the bundled model."""

_VECTOR_SCALE = 8.0
"""What brings the coordinates of a unit vector to a deviation of about 1."""

_NEARNESS_SCALE = 4.0
"""The same for a cosine between sections of one text."""

PROJECT = KINDS.index(SectionKind.PROJECT)

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SectionModel:
    """Learned weights.

    Attributes:
        encoder: how the fingerprint of the encoder begins whose vectors were learned from; of
            others only the shapes of sections are looked at.
        mean: of the shapes: (shapes,).
        scale: their deviations.
        plain: what shapes say: (shapes, kinds) and a last row of constants.
        directions: what of a vector counts: (dimension, directions).
        weights: what vectors say on top of that: (features, kinds), see `vector_features`, and
            constants.
        follows: how much more often one kind follows another than by chance, in logarithms, by
            what stands between: (breaks, kinds, kinds).
    """

    encoder: str
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    plain: NDArray[np.float32]
    directions: NDArray[np.float32]
    weights: NDArray[np.float32]
    follows: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path) -> SectionModel:
        """Read learned weights."""
        with safe_open(path, framework="np") as file:
            names = list(file.keys())
            tensors = {name: file.get_tensor(name).astype(np.float32) for name in names}
            return cls(file.metadata()["encoder"], **tensors)

    def write(self, path: Path) -> None:
        """Write the weights, in halves of a float: more figures say nothing more."""
        names = [one.name for one in fields(self) if one.name != "encoder"]
        halves = {name: np.ascontiguousarray(getattr(self, name), np.float16) for name in names}
        save_file(halves, path, {"encoder": self.encoder})

    def knows(self, fingerprint: str) -> bool:
        """Return whether the vectors of an encoder are those that were learned from."""
        return bool(self.encoder) and fingerprint.startswith(self.encoder)

    def chances(
        self, text: str, sections: Sequence[LinePart], vectors: SectionVectors | None
    ) -> Doubles:
        """Return how likely each section is of each kind: (sections, kinds).

        Args:
            text: that the sections are of.
            sections: all of them.
            vectors: by an encoder that the model `knows`; None: none.
        """
        if not sections:
            return np.zeros((0, len(KINDS)))
        shapes = (section_shapes(text, sections) - self.mean) / self.scale
        scores = shapes @ self.plain[:-1] + self.plain[-1]
        if vectors is not None:
            features = vector_features(self.directions, scores, vectors, lengths_of(sections))
            scores = features @ self.weights[:-1] + self.weights[-1]
        return smooth(log_softmax(scores.astype(float)), [s.before for s in sections], self.follows)


def vector_features(
    directions: NDArray[np.float32],
    scores: NDArray[np.float32],
    vectors: SectionVectors,
    lengths: Doubles,
) -> NDArray[np.float32]:
    """Return what is looked at beside shapes: (sections, kinds + 2 x directions + 6).

    A line read by itself lies elsewhere than what it adds to its text, so it has directions of its
    own. Last comes how near each section is to others: to what else looks like the project, to the
    one before and the one after, and how much nearer than the nearest other short line.

    Args:
        directions: as in `SectionModel`.
        scores: what shapes say of each kind: (sections, kinds).
        vectors: of the sections of one text.
        lengths: of these, in characters.
    """
    own = vectors.own
    alone = vectors.is_alone
    shares = np.exp(log_softmax(scores.astype(float)))[:, PROJECT] * lengths
    weighted = own * shares[:, None]
    others = unit_vectors((weighted.sum(axis=0) - weighted).astype(np.float32))
    nearness = (own * others).sum(axis=1)
    following = np.append((own[1:] * own[:-1]).sum(axis=1), 0)
    near = np.stack(
        [
            nearness,
            nearness * alone,
            following,
            np.roll(following, 1),
            _above_others(nearness, alone),
        ],
        axis=1,
    )
    rows = np.concatenate(
        [
            scores / 4,
            own @ directions * _VECTOR_SCALE,
            vectors.alone @ directions * _VECTOR_SCALE,
            near * _NEARNESS_SCALE,
            alone[:, None],
        ],
        axis=1,
    )
    return rows.astype(np.float32)


def _above_others(nearness: NDArray[np.float32], alone: NDArray[np.bool_]) -> Doubles:
    """Return how much nearer each short line is than the nearest of the others: (sections,)."""
    above = np.zeros(len(nearness))
    places = np.flatnonzero(alone)
    for place in places if len(places) > 1 else ():
        above[place] = nearness[place] - nearness[places[places != place]].max()
    return above


def lengths_of(sections: Sequence[LinePart]) -> Doubles:
    """Return the characters of each section: (sections,)."""
    return np.array([one.span.end - one.span.start for one in sections], float)


@cache
def shipped_model() -> SectionModel:
    """Return the model that is shipped."""
    return SectionModel.read(SHIPPED_WEIGHTS)


def log_softmax(scores: Doubles) -> Doubles:
    """Return the logarithms of chances that sum to 1 in each row."""
    above = scores - scores.max(axis=1, keepdims=True)
    rows: Doubles = above - np.log(np.exp(above).sum(axis=1, keepdims=True))
    return rows


def smooth(own: Doubles, breaks: Sequence[int], follows: NDArray[np.float32]) -> Doubles:
    """Return chances that agree with those of the neighbours, by going there and back.

    Args:
        own: logarithms of each section's chances by itself: (sections, kinds).
        breaks: what parts each section from the one before.
        follows: as in `SectionModel`.
    """
    ahead, behind = own.copy(), np.zeros_like(own)
    for n in range(1, len(own)):
        ahead[n] += _log_sum(ahead[n - 1][:, None] + follows[breaks[n]])
        ahead[n] -= ahead[n].max()
    for n in range(len(own) - 2, -1, -1):
        behind[n] = _log_sum((own[n + 1] + behind[n + 1])[:, None] + follows[breaks[n + 1]].T)
        behind[n] -= behind[n].max()
    chances: Doubles = np.exp(log_softmax(ahead + behind))
    return chances


def _log_sum(values: Doubles) -> Doubles:
    """Return the logarithm of the sum over the first axis."""
    highest = values.max(axis=0)
    total: Doubles = highest + np.log(np.exp(values - highest).sum(axis=0))
    return total
