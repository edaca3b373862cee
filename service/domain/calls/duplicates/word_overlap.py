"""Words, numerals and shingles: how much two texts have in common, whoever published them."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final, TypeVar

from index.text.limits import normalize

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+")
_ORDINAL = re.compile(r"^\d+(st|nd|rd|th|[a-z])?$")
_ROMAN = re.compile(r"^(i{1,3}|iv|v|vi{1,3}|ix|x)$")
_ORDINAL_WORDS: Final = frozenset(
    """first second third fourth fifth sixth seventh eighth ninth tenth
    första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde""".split()
)
_STOP_WORDS: Final = frozenset(
    """a an and at by for from in into its of on or the to towards through with within
    att av den det en ett för från genom i inom med och om på samt som till vid""".split()
)
"""Words that distinguish no call from another."""

_SHINGLE_WORDS = 4
"""Words in a shingle: two calls on one subject seldom share four words in a row."""


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` in order, in lower case, compatibility forms (NFKC) unified."""
    return _WORD.findall(normalize("NFKC", text).casefold())


def is_numeral(word: str) -> bool:
    """Whether ``word`` counts something: a year, a number, an ordinal, a small Roman numeral."""
    return bool(_ORDINAL.match(word) or _ROMAN.match(word)) or word in _ORDINAL_WORDS


def content_words(text: str) -> frozenset[str]:
    """Return the words of a title that can distinguish it from another, numerals included."""
    return frozenset(word for word in tokens(text) if word not in _STOP_WORDS or is_numeral(word))


def without_numerals(words: AbstractSet[str]) -> frozenset[str]:
    """Return ``words`` but for years, numbers and ordinals: what two rounds have in common."""
    return frozenset(word for word in words if not is_numeral(word))


def shingles(text: str) -> frozenset[int]:
    """Return a fingerprint of every run of four words; of a shorter text, of all its words."""
    words = tokens(text)
    if not words:
        return frozenset()
    last = max(1, len(words) - _SHINGLE_WORDS + 1)
    return frozenset(hash(tuple(words[at : at + _SHINGLE_WORDS])) for at in range(last))


def jaccard(a: AbstractSet[T], b: AbstractSet[T]) -> float:
    """Return the share of common members among all, 0 to 1; 0 of two empty sets."""
    both = len(a & b)
    every = len(a) + len(b) - both
    return both / every if every else 0.0


def containment(a: AbstractSet[int], b: AbstractSet[int]) -> float:
    """Return the share of the smaller set that the larger one contains, 0 to 1."""
    least = min(len(a), len(b))
    return len(a & b) / least if least else 0.0
