"""Words of two languages that say the same in two sentences, as the model has them.

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
"""Share of a word's cosine at which the pair of words it stands in is taken instead."""


@dataclass(frozen=True, eq=False)
class AlignmentInput:
    """A sentence of a query, and one of a document in the language ``other`` (ISO 639)."""

    query_words: WordVectors
    sentence: str
    language: str


@dataclass(frozen=True)
class WordAlignment:
    """``asked`` of the query says what ``told`` does; ``head`` is its one word, in lower case."""

    query_word: str
    document_words: str
    document_word: str
    cosine: float


def align_words(several: Sequence[AlignmentInput], encoder: Encoder) -> list[list[WordAlignment]]:
    """Return the words that belong together in each of ``several``, the surest first."""
    if not several:
        return []
    told = encode_words([(one.sentence, one.language) for one in several], encoder, asking=False)
    return [_align(one.query_words, told[one.sentence]) for one in several]


def _align(asked: WordVectors, told: WordVectors) -> list[WordAlignment]:
    own, other, theirs = asked.directions, told.directions, told.spans
    if not asked.spans or not theirs:
        return []
    beside = [n for n in range(len(theirs) - 1) if theirs[n + 1].start - theirs[n].end == 1]
    wide = {n: own @ unit_vectors(other[n : n + 1] + other[n + 1 : n + 2])[0] for n in beside}
    similar = own @ other.T
    nearest, back = similar.argmax(axis=1), similar.argmax(axis=0)
    found = []
    for row, column in enumerate(nearest.tolist()):
        if similar[row, column] < MIN_COSINE or back[column] != row:
            continue
        first, last = _phrase(similar, wide, row, column)
        said = asked.text[asked.spans[row].start : asked.spans[row].end]
        phrase = told.text[theirs[first].start : theirs[last].end]
        head = told.text[theirs[column].start : theirs[column].end].lower()
        found.append(WordAlignment(said, phrase, head, float(similar[row, column])))
    return sorted(found, key=lambda pair: -pair.cosine)


def _phrase(
    similar: Vectors, wide: Mapping[int, Vectors], row: int, column: int
) -> tuple[int, int]:
    """Return the first and the last word of what the word ``row`` says: one word, or two.

    Two when the pair is nearly as near as the one, and the second word is nobody else's.
    """
    best = (column, column)
    least = _PAIR_SHARE * float(similar[row, column])
    for first in (column - 1, column):
        second = first if first < column else column + 1
        if first not in wide or float(wide[first][row]) < least:
            continue
        if float(np.delete(similar[:, second], row).max(initial=-1.0)) < MIN_COSINE:
            least, best = float(wide[first][row]), (first, first + 1)
    return best
