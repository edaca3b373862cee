"""Encoders: what the index needs of a model, and one by hashes for tests."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.note import Note
from index.text.sentences import Span

Vectors = NDArray[np.float32]

MAX_TOKENS = 256
"""Tokens of one text that are read; passages are shorter (see `index.store.document`)."""

UNRELATED_COSINE = 0.55
"""Cosine that plain e5 and its kin give any two texts at least."""


class Encoder(Protocol):
    """What the index needs of a model. Rows are unit vectors, so a dot product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Identifies the model: other models have other vectors and another fingerprint."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    @property
    def unrelated(self) -> float:
        """Cosine of a query and a passage that have nothing in common."""
        ...

    @property
    def additive(self) -> bool:
        """Whether a vector is the sum of its words', so that spans cost no pass of their own."""
        ...

    @property
    def bilingual(self) -> bool:
        """Whether it reads Swedish and English alike: then a few words are given to it in both."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What every answer by this model says of it; nothing of the bundled one."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        ...

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds to the vector.

        Args:
            texts: any number.
            spans: of each text, in code points.
            asking: whether the texts search, or are searched.

        Returns:
            The vectors of `queries` or `passages`, and for each text an array (len(its spans),
            dimension). Spans that cover all of a text sum to its vector.
        """
        ...


def unit_vectors(vectors: Vectors) -> Vectors:
    """Return ``vectors`` (n, dimension) at length 1; those of no length stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


class HashEncoder:
    """Hashed character n-grams: no model, the same on every machine, for fast tests.

    Similar texts have similar vectors; it knows nothing of meaning or other languages.
    """

    fingerprint = "hash-3gram-256"
    dimension = 256
    unrelated = UNRELATED_COSINE
    additive = True
    bilingual = False
    notes: tuple[Note, ...] = ()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return np.stack([self._vector(text) for text in texts]) if texts else self._no_vectors()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self.passages(texts)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds to the vector."""
        vectors = self.queries(texts) if asking else self.passages(texts)
        added = []
        for text, own in zip(texts, spans, strict=True):
            length = np.linalg.norm(self._counts(text))
            rows = [self._counts(text[span.start : span.end]) / length for span in own]
            added.append(np.stack(rows).astype(np.float32) if rows else self._no_vectors())
        return vectors, added

    def _no_vectors(self) -> Vectors:
        return np.zeros((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Vectors:
        counts = self._counts(text)
        unit: Vectors = counts / np.linalg.norm(counts)
        return unit

    def _counts(self, text: str) -> Vectors:
        padded = f"  {' '.join(text.lower().split())}  "
        counts = np.full(self.dimension, 1e-3, np.float32)
        places = [_place(padded[start : start + 3]) for start in range(len(padded) - 2)]
        np.add.at(counts, places, np.float32(1))
        return counts


@lru_cache(maxsize=2**16)
def _place(gram: str) -> int:
    """Return where three letters are counted."""
    return zlib.crc32(gram.encode("utf-8", "replace")) % HashEncoder.dimension
