"""Words that two languages spell nearly alike: leukemi and leukemia, kvant and quantum.

Science borrows from Latin and Greek in every language, and names are the same in all. So words can
find a call in a language that the query is not in, if regular differences are ignored: accents, c
for k, ph for f, endings. Two words count as one when half of their trigrams are the same; the share
is their weight. `bench/fusion.py` and `bench/pilots.py` measure it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, eq=False)
class TrigramTable:
    """Which words have which trigrams, as columns that can be mapped from files.

    The words with the trigram ``codes[n]`` are ``rows[first[n]:first[n + 1]]``, ascending; codes
    ascend as well. ``sizes`` has how many trigrams each word has, 0 for one that is none's cognate.
    """

    codes: NDArray[np.int64]
    first: NDArray[np.int64]
    rows: NDArray[np.int32]
    sizes: NDArray[np.int16]

    @classmethod
    def from_words(cls, words: Sequence[str]) -> TrigramTable:
        """Return the table of ``words``; a row is a word's place."""
        return cls.from_pairs(*trigram_pairs(words))

    @classmethod
    def from_pairs(
        cls, codes: NDArray[np.int64], rows: NDArray[np.int32], sizes: NDArray[np.int16]
    ) -> TrigramTable:
        """Return the table of pairs of trigram and word in any order, and of the words' sizes."""
        order = np.lexsort((rows, codes))
        codes, rows = codes[order], rows[order]
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        first = np.append(starts, len(codes)).astype(np.int64)
        return cls(codes[starts], first, rows.astype(np.int32), sizes)

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return every trigram and the word that has it: two columns of one length."""
        return np.repeat(self.codes, np.diff(self.first)), self.rows


def trigram_pairs(
    words: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int16]]:
    """Return the trigrams of ``words`` as codes, the word of each, and how many each word has."""
    codes = array("q")
    sizes = np.zeros(len(words), np.int16)
    for row, word in enumerate(words):
        if word.isalpha() and _SHORTEST - 1 <= len(word) <= _LONGEST:
            own = _trigram_codes(word)
            codes.extend(own)
            sizes[row] = len(own)
    rows = np.repeat(np.arange(len(words), dtype=np.int32), sizes)
    return np.array(codes, np.int64), rows, sizes


class Cognates:
    """Finds, among the stems of one language, those that are spelled like a foreign stem."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._stems: Sequence[str] = sorted(stems)  # among equals the first is taken
        self._table = TrigramTable.from_words(self._stems)
        self.nearest = lru_cache(50_000)(self._nearest)

    @classmethod
    def of_table(cls, stems: Sequence[str], table: TrigramTable) -> Cognates:
        """Return those among ``stems``, which ascend, by the ``table`` that is made of them."""
        cognates = cls(())
        cognates._stems, cognates._table = stems, table
        return cognates

    def _nearest(self, word: str) -> tuple[str, float] | None:
        """Return the stem most like ``word`` and how alike they are, `MIN_SIMILARITY` to 1."""
        if not word.isalpha() or not _SHORTEST <= len(word) <= _LONGEST:
            return None
        table, wanted = self._table, sorted(_trigram_codes(word))
        places = np.searchsorted(table.codes, wanted)
        spans = [
            table.rows[table.first[place] : table.first[place + 1]]
            for place, code in zip(places.tolist(), wanted, strict=True)
            if place < len(table.codes) and table.codes[place] == code
        ]
        if not spans:
            return None
        common = np.zeros(len(self._stems), np.int8)
        for span in spans:
            common[span] += 1
        # a word with fewer in common cannot be alike enough, however few it has itself
        least = math.ceil(MIN_SIMILARITY * len(wanted) / (2 - MIN_SIMILARITY))
        rows = np.flatnonzero(common >= np.int8(least))
        if not len(rows):
            return None
        dice = 2 * common[rows].astype(np.int64) / (table.sizes[rows] + len(wanted))
        best = int(dice.argmax())
        alike = float(dice[best])
        return (self._stems[int(rows[best])], alike) if alike >= MIN_SIMILARITY else None


def _trigram_codes(word: str) -> list[int]:
    """Return the trigrams of ``word`` as numbers: three code points of 21 bits each."""
    return [ord(t[0]) << 42 | ord(t[1]) << 21 | ord(t[2]) for t in char_trigrams(word)]


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
