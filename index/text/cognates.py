"""Words that two languages spell nearly alike: leukemi and leukemia, kvant and quantum.

Science borrows from Latin and Greek in every language, and names are the same in all. So words can
find a call in a language that the query is not in, if what differs regularly is put aside: accents,
c for k, ph for f, endings. Two words count as one when most of their letters stand in the same
threes; how many do is what they weigh. `bench/fusion.py` and `bench/pilots.py` measure it.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

MIN_SIMILARITY = 0.5
"""Dice coefficient of two words' threes of letters below which they are not taken for one."""

_SHORTEST, _LONGEST = 5, 30
_SPELLING_RULES = (
    ("ph", "f"),
    ("th", "t"),
    ("ch", "k"),
    ("qu", "kv"),
    ("c", "k"),
    ("x", "ks"),
    ("y", "i"),
    ("z", "s"),
    ("w", "v"),
)
_DOUBLED_LETTER = re.compile(r"(.)\1")


class Cognates:
    """Finds, among the stems of one language, those that are spelled like a foreign stem."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._stems = sorted(
            s for s in stems if s.isalpha() and _SHORTEST - 1 <= len(s) <= _LONGEST
        )  # among equals the first is taken
        self._having: dict[str, array[int]] = {}
        sizes = []
        for row, stem in enumerate(self._stems):
            found = char_trigrams(stem)
            sizes.append(len(found))
            for three in found:
                self._having.setdefault(three, array("i")).append(row)
        self._sizes = np.array(sizes)
        self.nearest = lru_cache(50_000)(self._nearest)

    def _nearest(self, word: str) -> tuple[str, float] | None:
        """Return the stem most alike to ``word`` and how alike they are, `LEAST_ALIKE` to 1."""
        if not word.isalpha() or not _SHORTEST <= len(word) <= _LONGEST:
            return None
        asked = char_trigrams(word)
        having = [self._having[three] for three in asked if three in self._having]
        if not having:
            return None
        common = np.bincount(np.concatenate(having), minlength=len(self._stems))
        found = 2 * common / (self._sizes + len(asked))
        best = int(found.argmax())
        return (self._stems[best], float(found[best])) if found[best] >= MIN_SIMILARITY else None


def spelling_similarity(one: str, other: str) -> float:
    """Return the Dice coefficient of two words' threes of letters: 0 to 1, of equal words 1."""
    mine, theirs = char_trigrams(one), char_trigrams(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def char_trigrams(word: str) -> frozenset[str]:
    """Return every three letters in a row of ``word``, its start and end marked, as it sounds."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for written, sounds in _SPELLING_RULES:
        plain = plain.replace(written, sounds)
    marked = "^" + _DOUBLED_LETTER.sub(r"\1", plain) + "$"
    return frozenset(marked[n : n + 3] for n in range(len(marked) - 2))
