"""What two sentences have that may convince a reader, as numbers; and which sentences never do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors, unit_vectors
from index.explain.general_words import telling_words
from index.store.words.bm25 import LexicalIndex
from index.text.cognates import spelling_similarity
from index.text.sentences import Span, is_prose
from index.text.tokens import word_offsets

Doubles = NDArray[np.float64]

FEATURES = ("near", "query_general", "document_general", "same_subjects", "shared_rarity")
"""Their names, in the order of the columns:

``near``: the cosine of the sentences. ``query_general``, ``document_general``: the cosine of each
with the mean subject: sentences that are near to everything say little. ``same_subjects``: how
alike the two are in which subjects they are near to, a correlation. ``shared_rarity``: how rare the
telling words are that both have, or that are spelled alike in two languages, in all.
"""

VECTOR_FEATURES = 4
"""The first of them come from vectors alone; the last one takes a look at the words."""

_FEWEST_WORDS = 5
_FEWEST_TELLING_WORDS = 2
_MOST_SEMICOLONS = 2
"""Marks of a sentence; with more it is a list of keywords or a row of a table."""

_MIN_COGNATE_LENGTH = 6
_MIN_COGNATE_MATCH = 5
_MIN_SPELLING = 0.7
_INITIALS = str.maketrans("cqwz", "kkvs")
"""Letters that two languages begin the same word with: klinisk, clinical."""


_PROCEDURE = re.compile(
    r"""\b (?: et\ al\b | https?:// | www\. | doi\b | \w+\.(?:se|eu|com|org)/
    | annex(?:es)? \b | template \b | submission\ system | eligib(?:le|ility) \b | milestones? \b
    | further\ information | work\ programme | knowledge\ centre | budgets? \b | in-kind
    | (?:proposals?|applicants?|projects?|actions?) \ (?: \w+\ )? (?:are|is) \ expected\ to
        \ (?:build\ on|contribute|define|address\ all|provide|follow|cooperate|collaborate)
    | (?:funding|award)\ mechanism | phased\ innovation | letter\ of\ intent
    | commission\ will | eur\ \d | nih-?funded
    | bilaga\b | ansökan\ ska | ansökningar\ ska | sista\ (?:ansöknings)?dag | kronor\b
    | stödberättigande | projektparter | delrapport | slutrapport | styrgrupp
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Signs of references, addresses, and how to apply and be paid: true of any subject."""


@dataclass(frozen=True)
class SentenceWords:
    """How many words a sentence has, and those that say something, as written, by their stems."""

    count: int
    telling: dict[str, str]


@lru_cache(20_000)
def read_words(text: str, language: str) -> SentenceWords:
    """Return the words of a sentence; those of the last sentences are kept."""
    telling = {stem: word for word, stem in telling_words(text, language)}
    return SentenceWords(len(word_offsets(text)), telling)


def can_convince(text: str, language: str) -> bool:
    """Return whether a sentence may be a reason at all.

    Headings and fragments of under five words, lists, references, addresses, how to apply, and
    sentences without two telling words never are.
    """
    words = read_words(text, language)
    return (
        words.count >= _FEWEST_WORDS
        and len(words.telling) >= _FEWEST_TELLING_WORDS
        and text.count(";") <= _MOST_SEMICOLONS
        and not _PROCEDURE.search(text)
        and is_prose(text, Span(0, len(text)))
    )


def vector_features(query: Vectors, documents: Vectors, subjects: Vectors) -> Doubles:
    """Return the first features of a sentence with each of a document: (sentences, 4).

    Args:
        query: direction of the query's sentence, (dimension,).
        documents: directions of the document's, (sentences, dimension).
        subjects: vectors of subjects of every kind, (subjects, dimension).
    """
    mean = subjects.mean(axis=0)
    own, others = subjects @ query, documents @ subjects.T
    profile = unit_vectors((own - own.mean())[None])[0]
    profiles = unit_vectors(others - others.mean(axis=1, keepdims=True))
    general = np.full(len(documents), query @ mean)
    columns = (documents @ query, general, documents @ mean, profiles @ profile)
    return np.stack(columns, axis=1).astype(np.float64)


def shared_rarity(
    query: tuple[str, str], document: tuple[str, str], index: LexicalIndex | None
) -> float:
    """Return how rare the words are that two sentences share, each with its language, in all.

    Args:
        query: of the query.
        document: of the document.
        index: the words of the document's language; without one none is rare.
    """
    own, other = read_words(*query).telling, read_words(*document).telling
    if query[1] == document[1]:
        alike = dict.fromkeys(own.keys() & other.keys(), 1.0)
    else:
        alike = _cognates(own.values(), other)
    if index is None:
        return 0.0
    return sum(index.rarity(stem) * similarity for stem, similarity in alike.items())


def _cognates(words: Iterable[str], other: Mapping[str, str]) -> dict[str, float]:
    """Return stems of ``other`` with a word of ``words`` spelled alike, and how alike, to 1."""
    found: dict[str, float] = {}
    for word in words:
        pairs = [(_alike(word.lower(), own.lower()), stem) for stem, own in other.items()]
        similarity, stem = max(pairs, default=(0.0, ""))
        if similarity > 0:
            found[stem] = max(similarity, found.get(stem, 0.0))
    return found


@lru_cache(100_000)
def _alike(word: str, other: str) -> float:
    """Return how alike words of two languages are spelled, to 1; 0 below what chance gives."""
    if word == other:
        return 1.0
    if len(word) < _MIN_COGNATE_LENGTH or len(other) < _MIN_COGNATE_MATCH:
        return 0.0
    if word[0].translate(_INITIALS) != other[0].translate(_INITIALS):
        return 0.0
    similarity = spelling_similarity(word, other)
    return similarity if similarity >= _MIN_SPELLING else 0.0
