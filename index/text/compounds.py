"""Compounds: Swedish and its relatives write fallprevention for prevention of falls.

A word is cut where both halves are words that the documents use on their own, with the joining s
left out: vårdsamverkan -> vård + samverkan. The documents decide, not a dictionary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

COMPOUND_LANGUAGES = frozenset({"sv", "da", "no", "nb", "nn", "de", "nl", "fi"})

_SHORTEST_WORD, _SHORTEST_HALF = 8, 4
MIN_DOCUMENTS = 2
"""Documents that must have a half as a word of its own."""

MIN_LENGTH = 3
"""Letters of a half at least."""


class Compounds:
    """Splits the compounds of one language; ``frequencies`` counts the documents a stem is in."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self.frequencies: Mapping[str, int] = {
            t: n for t, n in frequencies.items() if n >= MIN_DOCUMENTS and len(t) >= MIN_LENGTH
        }
        self._halves = lru_cache(50_000)(self._split)

    @classmethod
    def of_halves(cls, frequencies: Mapping[str, int]) -> Compounds:
        """Split by ``frequencies`` that hold only what can be a half; they are not copied."""
        compounds = cls({})
        compounds.frequencies = frequencies
        return compounds

    @classmethod
    def learn(cls, language: str, documents: Iterable[Iterable[str]]) -> Compounds:
        """Learn what stems there are; a language that writes words apart has no compounds."""
        if language not in COMPOUND_LANGUAGES:
            return cls({})
        # not a set, so that the counts are written in the same order every time
        return cls(Counter(token for tokens in documents for token in dict.fromkeys(tokens)))

    def split(self, tokens: Iterable[str]) -> list[str]:
        """Return ``tokens``, each followed by its halves if it has any."""
        return [part for token in tokens for part in (token, *self._halves(token))]

    def halves(self, token: str) -> tuple[str, ...]:
        """Return the two halves of ``token``; nothing when it is no compound."""
        return self._halves(token)

    def _split(self, token: str) -> tuple[str, ...]:
        if len(token) < _SHORTEST_WORD or not self.frequencies:
            return ()
        cuts = range(_SHORTEST_HALF, len(token) - _SHORTEST_HALF + 1)
        pairs = [(head, token[cut:]) for cut in cuts for head in _first_halves(token[:cut])]
        known = [pair for pair in pairs if all(half in self.frequencies for half in pair)]
        return max(known, key=self._commonness, default=())

    def _commonness(self, pair: tuple[str, str]) -> int:
        return min(self.frequencies[half] for half in pair)


def _first_halves(head: str) -> tuple[str, ...]:
    """Return the first half of a compound as it is written, and without a joining s."""
    return (head, head[:-1]) if head.endswith("s") else (head,)
