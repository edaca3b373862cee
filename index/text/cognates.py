"""Words that two languages spell nearly alike: leukemi and leukemia, kvant and quantum.

Science borrows from Latin and Greek in every language, and names are the same in all. So words can
find a call in a language that the query is not in, if regular differences are ignored: accents, c
for k, ph for f, endings. Two words count as one when half of their trigrams are the same; the share
is their weight. `bench/fusion.py` and `bench/pilots.py` measure it.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

MIN_SIMILARITY = 0.5
"""Dice coefficient of two words' trigrams below which they are not taken for one."""

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
        self._rows_by_trigram: dict[str, array[int]] = {}
        sizes = []
        for row, stem in enumerate(self._stems):
            trigrams = char_trigrams(stem)
            sizes.append(len(trigrams))
            for trigram in trigrams:
                self._rows_by_trigram.setdefault(trigram, array("i")).append(row)
        self._sizes = np.array(sizes)
        self.nearest = lru_cache(50_000)(self._nearest)

    def _nearest(self, word: str) -> tuple[str, float] | None:
        """Return the stem most like ``word`` and how alike they are, `MIN_SIMILARITY` to 1."""
        if not word.isalpha() or not _SHORTEST <= len(word) <= _LONGEST:
            return None
        trigrams, index = char_trigrams(word), self._rows_by_trigram
        rows = [index[trigram] for trigram in trigrams if trigram in index]
        if not rows:
            return None
        common = np.bincount(np.concatenate(rows), minlength=len(self._stems))
        dice = 2 * common / (self._sizes + len(trigrams))
        best = int(dice.argmax())
        return (self._stems[best], float(dice[best])) if dice[best] >= MIN_SIMILARITY else None


def spelling_similarity(one: str, other: str) -> float:
    """Return the Dice coefficient of two words' trigrams: 0 to 1, of equal words 1."""
    first, second = char_trigrams(one), char_trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


def char_trigrams(word: str) -> frozenset[str]:
    """Return every three letters in a row of ``word`` as it sounds, its start and end marked."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for written, sounds in _SPELLING_RULES:
        plain = plain.replace(written, sounds)
    marked = "^" + _DOUBLED_LETTER.sub(r"\1", plain) + "$"
    return frozenset(marked[n : n + 3] for n in range(len(marked) - 2))
