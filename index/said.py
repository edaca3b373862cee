"""The sentences of a query, and what each adds to the vectors of the parts that it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Vectors
from index.sentences import Span


@dataclass(frozen=True, eq=False)
class Said:
    """Sentences of a query: ``sentences[sentence[n]]`` adds ``added[n]`` to part ``part[n]``."""

    sentences: tuple[Span, ...]
    part: NDArray[np.int64]
    sentence: NDArray[np.int64]
    added: Vectors


def say(
    text: str, parts: Sequence[Span], sentences: Sequence[Span], encoder: Encoder
) -> tuple[Vectors, Said]:
    """Encode the ``parts`` of ``text``, and find out what ``sentences`` add to them.

    Returns:
        Unit vectors, (len(parts), dimension), as `Encoder.queries` makes them; and the sentences.
    """
    within = [
        [n for n, s in enumerate(sentences) if part.start <= s.start and s.end <= part.end]
        for part in parts
    ]
    vectors, added = encoder.parted(
        [text[part.start : part.end] for part in parts],
        [
            [Span(sentences[n].start - part.start, sentences[n].end - part.start) for n in rows]
            for part, rows in zip(parts, within, strict=True)
        ],
        asking=True,
    )
    return vectors, Said(
        tuple(sentences),
        np.repeat(np.arange(len(parts)), [len(rows) for rows in within]),
        np.array([n for rows in within for n in rows], np.int64),
        np.concatenate(added),
    )
