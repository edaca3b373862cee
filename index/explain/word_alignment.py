"""Word alignment: words of two languages that mean the same in two sentences, by the model.

Each word's direction, less the mean of its sentence's words, is compared with every word and pair
of words of the other sentence; those that are each other's nearest belong together. So
"bukspottkörtelcancer" meets "pancreatic cancer", and no list of words is needed. After Jalili Sabet
et al., SimAlign, 2020.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.embedding.word_vectors import WordVectors, encode_words

MIN_COSINE = 0.42
"""Cosine from which two words belong together; below it most pairs are wrong."""

_PAIR_SHARE = 0.75
"""Share of a word's cosine from which on a pair of words with it is taken instead."""


@dataclass(frozen=True, eq=False)
class AlignmentInput:
    """The words of a query's sentence, and a document's sentence in ``language`` (ISO 639)."""

    query_words: WordVectors
    sentence: str
    language: str


@dataclass(frozen=True)
class WordAlignment:
    """A word and its meaning in the document: one or two words, and the main one in lower case."""

    query_word: str
    document_words: str
    document_word: str
    cosine: float


def align_words(inputs: Sequence[AlignmentInput], encoder: Encoder) -> list[list[WordAlignment]]:
    """Return the words that belong together in each of ``inputs``, the surest first."""
    if not inputs:
        return []
    words = encode_words([(one.sentence, one.language) for one in inputs], encoder, asking=False)
    return [_align(one.query_words, words[one.sentence]) for one in inputs]


def _align(query: WordVectors, document: WordVectors) -> list[WordAlignment]:
    spans = document.spans
    if not query.spans or not spans:
        return []
    own, other = query.directions, document.directions
    adjacent = [n for n in range(len(spans) - 1) if spans[n + 1].start - spans[n].end == 1]
    pairs = {n: own @ unit_vectors(other[n : n + 1] + other[n + 1 : n + 2])[0] for n in adjacent}
    similar = own @ other.T
    nearest, back = similar.argmax(axis=1), similar.argmax(axis=0)
    alignments = []
    for row, column in enumerate(nearest.tolist()):
        if similar[row, column] < MIN_COSINE or back[column] != row:
            continue
        first, last = _phrase(similar, pairs, row, column)
        word = query.text[query.spans[row].start : query.spans[row].end]
        phrase = document.text[spans[first].start : spans[last].end]
        main = document.text[spans[column].start : spans[column].end].lower()
        alignments.append(WordAlignment(word, phrase, main, float(similar[row, column])))
    return sorted(alignments, key=lambda one: -one.cosine)


def _phrase(
    similar: Vectors, pairs: Mapping[int, Vectors], row: int, column: int
) -> tuple[int, int]:
    """Return the first and the last word of what the word ``row`` means: one word, or two.

    Two when the pair is nearly as near as the one, and the second word belongs to no other.
    """
    best = (column, column)
    least = _PAIR_SHARE * float(similar[row, column])
    for first in (column - 1, column):
        second = first if first < column else column + 1
        if first not in pairs or float(pairs[first][row]) < least:
            continue
        if float(np.delete(similar[:, second], row).max(initial=-1.0)) < MIN_COSINE:
            least, best = float(pairs[first][row]), (first, first + 1)
    return best
