"""Near duplicates: rounds of one call, or topics that share almost all words.

Words alone decide, so that every model gives the same. `bench/grouping.py` measures how often they
are right, compared with the cosine of vectors, which takes calls on one subject for one call.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrapers.call import Call
from service.domain.calls.ids import source_of

MIN_TITLE_OVERLAP = 0.8
"""The share of all words of two titles that both have, from which they count as one title."""

MIN_TEXT_OVERLAP = 0.75
"""The share of runs of three words that two texts have in common to count as one text."""

_UNRELATED_TEXT_OVERLAP = 0.15
"""The share of common words below which two long texts differ in subject, whatever the title."""

_MIN_WORDS = 60
_SKETCH_SIZE = 256
_WORD = re.compile(r"[^\W\d_]+")

_ROUNDING = 1e-4
"""What a share of a few words may be off by, in words."""

Sketch = NDArray[np.uint32]
Pairs = NDArray[np.bool_]


def are_near_duplicates(first: Call, second: Call) -> bool:
    """Return whether a reader of ``first`` learns next to nothing from ``second``.

    Only calls of one funder are compared, and only texts of one language. Numbers in titles do
    not count.
    """
    if first.id == second.id:
        return True
    if source_of(first.id) != source_of(second.id):
        return False
    texts = [(first.texts[code], second.texts[code]) for code in first.texts & second.texts.keys()]
    if any(_have_same_text(*pair) for pair in texts):
        return True
    shared = first.titles.keys() & second.titles.keys()
    if not any(_have_same_title(first.titles[code], second.titles[code]) for code in shared):
        return False
    return not any(_have_unrelated_texts(*pair) for pair in texts)


def likely_pairs(calls: Sequence[Call]) -> Pairs:
    """Return which pairs of ``calls`` may be near duplicates: (calls, calls).

    Every pair that `are_near_duplicates` accepts is among them, and few others: to look at all of
    them at once is much faster than to compare each pair.
    """
    likely = np.zeros((len(calls), len(calls)), np.bool_)
    for code in sorted({code for call in calls for code in call.texts}):
        rows = [row for row, call in enumerate(calls) if code in call.texts]
        likely[np.ix_(rows, rows)] |= _likely_texts([calls[row].texts[code] for row in rows])
    for code in sorted({code for call in calls for code in call.titles}):
        rows = [row for row, call in enumerate(calls) if code in call.titles]
        likely[np.ix_(rows, rows)] |= _likely_titles([calls[row].titles[code] for row in rows])
    places: dict[str, int] = {}
    funders = np.array([places.setdefault(source_of(c.id), len(places)) for c in calls], np.int64)
    same: Pairs = likely & (funders[:, None] == funders)
    np.fill_diagonal(same, val=True)
    return same


def _likely_texts(texts: Sequence[str]) -> Pairs:
    sketches = [_hash_sketch(text) for text in texts]
    common = _count_common(np.concatenate(sketches), np.array([len(one) for one in sketches]))
    sizes = common.diagonal()
    together = np.minimum(_SKETCH_SIZE, sizes[:, None] + sizes - common)
    alike = (common >= MIN_TEXT_OVERLAP * together) & (together > 0)
    places: dict[str, int] = {}
    numbers = np.array([places.setdefault(text, len(places)) for text in texts], np.int64)
    likely: Pairs = alike | (numbers[:, None] == numbers)
    return likely


def _likely_titles(titles: Sequence[str]) -> Pairs:
    words = [_title_words(title) for title in titles]
    places: dict[str, int] = {}
    numbers = [places.setdefault(word, len(places)) for own in words for word in own]
    common = _count_common(np.array(numbers, np.int64), np.array([len(own) for own in words]))
    sizes = common.diagonal()
    together = sizes[:, None] + sizes - common
    likely: Pairs = (common >= MIN_TITLE_OVERLAP * together - _ROUNDING) & (together > 0)
    return likely


def _count_common(members: NDArray[Any], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many members each two of some sets have in common: (sets, sets).

    Args:
        members: those of the first set, then those of the second, and so on.
        sizes: of each set.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    _, places, counts = np.unique(members, return_inverse=True, return_counts=True)
    shared = counts[places] > 1
    columns = np.cumsum(counts > 1) - 1
    width = -(-int((counts > 1).sum()) // 64) * 64
    held = np.zeros((len(sizes), width), np.bool_)
    held[owners[shared], columns[places[shared]]] = True
    words = np.packbits(held, axis=1).view(np.uint64)
    common = np.zeros((len(sizes), len(sizes)), np.int64)
    for row, own in enumerate(words):
        common[row, : row + 1] = np.bitwise_count(words[: row + 1] & own).sum(axis=1)
    common = np.maximum(common, common.T)
    np.fill_diagonal(common, sizes)
    return common


def _have_same_title(first: str, second: str) -> bool:
    one, other = _title_words(first), _title_words(second)
    return bool(one) and _overlap(one, other) >= MIN_TITLE_OVERLAP


def _have_same_text(first: str, second: str) -> bool:
    """Whether the sketches of two texts agree; texts of very different lengths cannot."""
    short, long = sorted((len(first), len(second)))
    if not short or short < MIN_TEXT_OVERLAP**2 * long:
        return False
    if first == second:
        return True
    one, other = _hash_sketch(first), _hash_sketch(second)
    if len(one) < _MIN_WORDS or len(other) < _MIN_WORDS:
        return False
    return _agree(one, other)


def _agree(one: Sketch, other: Sketch) -> bool:
    """Whether so many of the smallest hashes of both together are in both."""
    every = np.sort(np.concatenate((one, other)))
    common = every[:-1][every[1:] == every[:-1]]
    counted = min(_SKETCH_SIZE, len(every) - len(common))
    if len(common) < MIN_TEXT_OVERLAP * counted:
        return False  # most pairs: not even all that they share would be enough
    smallest = np.unique(every)[:_SKETCH_SIZE]
    return bool(np.isin(smallest, common, assume_unique=True).mean() >= MIN_TEXT_OVERLAP)


def _have_unrelated_texts(first: str, second: str) -> bool:
    one, other = _text_words(first), _text_words(second)
    return (
        min(len(one), len(other)) >= _MIN_WORDS and _overlap(one, other) < _UNRELATED_TEXT_OVERLAP
    )


@lru_cache(maxsize=2_000)
def _title_words(text: str) -> frozenset[str]:
    return _words(text)


@lru_cache(maxsize=200)  # the words of a text take far more than the text
def _text_words(text: str) -> frozenset[str]:
    return _words(text)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


@lru_cache(maxsize=2_000)  # a text is kept with its sketch
def _hash_sketch(text: str) -> Sketch:
    """Return the smallest hashes of a text's runs of three words, ascending: a fair sample.

    Two samples have the same share in common as the texts, to within about 0.03.
    """
    hashes = np.array(
        [zlib.crc32(word.encode()) for word in _WORD.findall(text.lower())], np.uint64
    )
    runs = hashes[:-2] * 0x9E3779B1 + hashes[1:-1] * 0x85EBCA77 + hashes[2:] * 0xC2B2AE3D
    mixed = (runs ^ (runs >> np.uint64(15))).astype(np.uint32) * np.uint32(0x2C1B3C6D)
    smallest: Sketch = np.unique(mixed ^ (mixed >> np.uint32(13)))[:_SKETCH_SIZE]
    return smallest.copy()  # not a part of all hashes, which would be kept
