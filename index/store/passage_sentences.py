"""The sentences of a snapshot's passages: where they are, and what each adds to its vector."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import HalfVectors
from index.embedding.encoder import Vectors, unit_vectors
from index.store.columns import group_starts
from index.text.sentences import Span


@dataclass(frozen=True, eq=False)
class SentenceBlock:
    """The sentences of one segment.

    ``spans`` (sentences, 2) point into the passage's field. ``added`` (sentences, dimension) is
    what each adds to the passage's unit vector.
    """

    spans: NDArray[np.int32]
    added: HalfVectors

    @classmethod
    def gather(
        cls, spans: Sequence[Sequence[Span]], added: Sequence[HalfVectors], dimension: int
    ) -> SentenceBlock:
        """Gather the sentences of several passages, in order."""
        places = [(span.start, span.end) for own in spans for span in own]
        rows = np.concatenate([np.zeros((0, dimension), np.float16), *added])
        return cls(np.array(places, np.int32).reshape(-1, 2), rows)

    def is_sound(self, dimension: int) -> bool:
        """Return whether there is what is added, of that dimension, for each span."""
        return self.added.shape == (len(self.spans), dimension) and self.spans.shape[1:] == (2,)


class PassageSentences:
    """Sentences by passage: ``counts[n]`` of them from place ``starts[n]`` of all blocks on."""

    def __init__(
        self, starts: NDArray[Any], counts: NDArray[Any], blocks: Sequence[SentenceBlock]
    ) -> None:
        self._starts = starts
        self._counts = counts
        self._blocks = tuple(blocks)
        self._bounds = group_starts(np.array([len(b.spans) for b in blocks], np.int64)).tolist()

    @classmethod
    def from_passages(
        cls, spans: Sequence[Sequence[Span]], added: Sequence[HalfVectors], dimension: int
    ) -> PassageSentences:
        """Gather the sentences of each passage, in order."""
        counts = np.array([len(own) for own in spans], np.int64)
        block = SentenceBlock.gather(spans, added, dimension)
        return cls(group_starts(counts)[:-1], counts, [block])

    def passage_spans(self, passage: int) -> list[Span]:
        """Return the sentences of a passage."""
        block, rows = self._find(passage)
        return [Span(start, end) for start, end in block.spans[rows].tolist()]

    def directions(self, passage: int) -> Vectors:
        """Return the direction of each of its sentences: (sentences, dimension), unit."""
        block, rows = self._find(passage)
        return unit_vectors(block.added[rows].astype(np.float32))

    def _find(self, passage: int) -> tuple[SentenceBlock, slice]:
        start = int(self._starts[passage])
        number = bisect_right(self._bounds, start) - 1
        if number == len(self._blocks):  # a passage without sentences at the end of all
            number -= 1
        first = start - self._bounds[number]
        return self._blocks[number], slice(first, first + int(self._counts[passage]))
