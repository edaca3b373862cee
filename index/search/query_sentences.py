"""The sentences of a query, and what each adds to the vectors of the parts that it is in."""

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

    ``words`` has the words of a sentence by its text, where the model gives them without reading
    the sentence again.
    """

    sentences: tuple[Span, ...]
    part: NDArray[np.int64]
    sentence: NDArray[np.int64]
    added: Vectors
    words: Mapping[str, WordVectors]


def encode_query_sentences(
    text: str,
    language: str,
    parts: Sequence[Span],
    sentences: Sequence[Span],
    encoder: Encoder,
    *,
    others: Sequence[Sequence[Span]] = (),
) -> tuple[Vectors, QuerySentences, list[Vectors]]:
    """Encode the ``parts`` of ``text`` and, in the same pass, what ``sentences`` add to them.

    Args:
        text: of the query.
        language: of ``text``, ISO 639.
        parts: stretches of it that are encoded.
        sentences: of it.
        encoder: turns the parts into vectors.
        others: more spans of each part, in code points of the part.

    Returns:
        Unit vectors, (len(parts), dimension), as `Encoder.queries` makes them; the sentences; and
        for each part what its ``others`` add, (len(its others), dimension).
    """
    within = [
        [n for n, s in enumerate(sentences) if part.start <= s.start and s.end <= part.end]
        for part in parts
    ]
    texts = [text[s.start : s.end] for s in sentences]
    words = [content_words(one, language) if encoder.additive else [] for one in texts]
    last = _last_parts(within)
    spans = [
        [sentences[n].shift(-part.start) for n in rows]
        + [word.shift(sentences[n].start - part.start) for n in own for word in words[n]]
        for part, rows, own in zip(parts, within, last, strict=True)
    ]
    more = list(others) or [[] for _ in parts]
    vectors, sums = encoder.encode_with_spans(
        [text[part.start : part.end] for part in parts],
        [[*own, *rest] for own, rest in zip(spans, more, strict=True)],
        asking=True,
    )
    added = [one[: len(rows)] for one, rows in zip(sums, within, strict=True)]
    vectors_of_words: dict[str, WordVectors] = {}
    for one, rows, own in zip(sums, within, last, strict=True):
        row = len(rows)
        for n in own if encoder.additive else ():
            end = row + len(words[n])
            vectors_of_words[texts[n]] = WordVectors.from_sums(texts[n], words[n], one[row:end])
            row = end
    quoted = QuerySentences(
        tuple(sentences),
        np.repeat(np.arange(len(parts)), [len(rows) for rows in within]),
        np.array([n for rows in within for n in rows], np.int64),
        np.concatenate(added),
        vectors_of_words,
    )
    return vectors, quoted, [one[len(own) :] for one, own in zip(sums, spans, strict=True)]


def _last_parts(within: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return, for each part, the sentences that are in no later one: in a passage, not the whole.

    ``within`` has the sentences of each part.
    """
    last = {n: place for place, rows in enumerate(within) for n in rows}
    return [[n for n in rows if last[n] == place] for place, rows in enumerate(within)]
