"""The sentences of a snapshot's passages: where they stand, and what each adds to its passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import HalfVectors
from index.embedding.encoder import Vectors, unit_vectors
from index.text.sentences import Span

_FILES = ("first", "spans", "added")


@dataclass(frozen=True, eq=False)
class PassageSentences:
    """Sentences of passages; those of passage n are rows ``first[n]`` to ``first[n + 1]``.

    ``spans`` (rows, 2) point into the passage's field. ``added`` (rows, dimension) is what each
    adds to the passage's unit vector.
    """

    first: NDArray[np.int64]
    spans: NDArray[np.int64]
    added: HalfVectors

    @classmethod
    def from_passages(
        cls, spans: Sequence[Sequence[Span]], added: Sequence[HalfVectors], dimension: int
    ) -> PassageSentences:
        """Gather the sentences of each passage, in order."""
        first = np.cumsum([0, *(len(several) for several in spans)])
        places = [(span.start, span.end) for several in spans for span in several]
        rows = np.concatenate([np.zeros((0, dimension), np.float16), *added])
        return cls(first, np.array(places, np.int64).reshape(-1, 2), rows)

    def passage_spans(self, passage: int) -> list[Span]:
        """Return the sentences of a passage."""
        rows = self.spans[self.first[passage] : self.first[passage + 1]].tolist()
        return [Span(start, end) for start, end in rows]

    def directions(self, passage: int) -> Vectors:
        """Return the direction of each of its sentences: (sentences, dimension), unit."""
        return unit_vectors(
            self.added[self.first[passage] : self.first[passage + 1]].astype(np.float32)
        )

    def save(self, folder: Path) -> None:
        """Write everything below ``folder``."""
        folder.mkdir()
        for name in _FILES:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> PassageSentences:
        """Read what `save` wrote; what sentences add stays on disk until it is asked for."""
        first, spans, added = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _FILES
        )
        return cls(np.array(first), np.array(spans), added)

    def matches_shape(self, passages: int, dimension: int) -> bool:
        """Return whether this is of so many passages of that dimension."""
        rows = len(self.spans)
        return self.added.shape == (rows, dimension) and (
            len(self.first) == passages + 1 and int(self.first[-1]) == rows
        )
