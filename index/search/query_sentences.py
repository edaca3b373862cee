"""The sentences of a query, and what each adds to the vectors of the parts that it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Encoder, Vectors
from index.embedding.word_vectors import WordVectors, content_words
from index.text.sentences import Span


@dataclass(frozen=True, eq=False)
class QuerySentences:
    """Sentences of a query: ``sentences[sentence[n]]`` adds ``added[n]`` to part ``part[n]``.

    ``words`` are those of a sentence, by its text, where they came with it.
    """

    sentences: tuple[Span, ...]
    part: NDArray[np.int64]
    sentence: NDArray[np.int64]
    added: Vectors
    words: Mapping[str, WordVectors]


def encode_query_sentences(
    text: str, language: str, parts: Sequence[Span], sentences: Sequence[Span], encoder: Encoder
) -> tuple[Vectors, QuerySentences]:
    """Encode the ``parts`` of ``text``, and find out what ``sentences`` add to them.

    Returns:
        Unit vectors, (len(parts), dimension), as `Encoder.queries` makes them; and the sentences.
    """
    within = [
        [n for n, s in enumerate(sentences) if part.start <= s.start and s.end <= part.end]
        for part in parts
    ]
    said = [text[s.start : s.end] for s in sentences]
    words = [content_words(one, language) if encoder.additive else [] for one in said]
    told = _last_parts(within)
    spans = [
        [sentences[n].shift(-part.start) for n in rows]
        + [word.shift(sentences[n].start - part.start) for n in own for word in words[n]]
        for part, rows, own in zip(parts, within, told, strict=True)
    ]
    vectors, sums = encoder.encode_with_spans(
        [text[part.start : part.end] for part in parts], spans, asking=True
    )
    added = [one[: len(rows)] for one, rows in zip(sums, within, strict=True)]
    heard: dict[str, WordVectors] = {}
    for one, rows, own in zip(sums, within, told, strict=True):
        row = len(rows)
        for n in own if encoder.additive else ():
            heard[said[n]] = WordVectors.from_sums(
                said[n], words[n], one[row : row + len(words[n])]
            )
            row += len(words[n])
    return vectors, QuerySentences(
        tuple(sentences),
        np.repeat(np.arange(len(parts)), [len(rows) for rows in within]),
        np.array([n for rows in within for n in rows], np.int64),
        np.concatenate(added),
        heard,
    )


def _last_parts(within: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return, for each part, the sentences that stand in no later one: in a passage, not the whole.

    ``within`` has the sentences of each part.
    """
    last = {n: place for place, rows in enumerate(within) for n in rows}
    return [[n for n in rows if last[n] == place] for place, rows in enumerate(within)]
