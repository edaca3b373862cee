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
_MIN_DOCUMENTS = 2
"""Documents that must have a half as a word of its own."""
_MIN_LENGTH = 3
_JOINT = "s"
"""What may stand between the halves."""


class Compounds:
    """Splits the compounds of one language; ``frequencies`` counts the documents a stem is in."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self.frequencies: Mapping[str, int] = {
            t: n for t, n in frequencies.items() if n >= _MIN_DOCUMENTS and len(t) >= _MIN_LENGTH
        }
        self._longest = max(map(len, self.frequencies), default=0)
        self._halves = lru_cache(50_000)(self._split)

    @classmethod
    def learn(cls, language: str, documents: Iterable[Iterable[str]]) -> Compounds:
        """Learn what stems there are; a language that writes words apart has no compounds."""
        if language not in COMPOUND_LANGUAGES:
            return cls({})
        # not a set, so that the counts are written in the same order every time
        return cls(Counter(token for tokens in documents for token in dict.fromkeys(tokens)))

    @classmethod
    def of_halves(cls, frequencies: Mapping[str, int], longest: int) -> Compounds:
        """Split by ``frequencies`` of stems that can be halves, which are not copied.

        Args:
            frequencies: what `can_be_half` holds for, and nothing else.
            longest: no stem has more letters.
        """
        compounds = cls({})
        compounds.frequencies, compounds._longest = frequencies, longest
        return compounds

    @staticmethod
    def can_be_half(stem: str, documents: int) -> bool:
        """Return whether ``stem``, which is in so many ``documents``, can be half of a compound."""
        return documents >= _MIN_DOCUMENTS and len(stem) >= _MIN_LENGTH

    def halves(self, token: str) -> tuple[str, ...]:
        """Return the two halves of ``token``; nothing when it is no compound."""
        return self._halves(token)

    def split(self, tokens: Iterable[str]) -> list[str]:
        """Return ``tokens``, each followed by its halves if it has any."""
        return [part for token in tokens for part in (token, *self._halves(token))]

    def _split(self, token: str) -> tuple[str, ...]:
        if len(token) < _SHORTEST_WORD or not self.frequencies:
            return ()
        pairs = (
            (head, token[cut:])
            for cut in self._cuts(len(token))
            for head in _first_halves(token[:cut])
        )
        known = (pair for pair in pairs if all(half in self.frequencies for half in pair))
        return max(known, key=self._commonness, default=())

    def _cuts(self, length: int) -> range:
        """Return where a word of so many letters may be cut: no half is longer than any stem."""
        first = max(_SHORTEST_HALF, length - self._longest)
        last = min(length - _SHORTEST_HALF, self._longest + len(_JOINT))
        return range(first, last + 1)

    def _commonness(self, pair: tuple[str, str]) -> int:
        return min(self.frequencies[half] for half in pair)


def _first_halves(head: str) -> tuple[str, ...]:
    """Return the first half of a compound as it is written, and without a joining s."""
    return (head, head.removesuffix(_JOINT)) if head.endswith(_JOINT) else (head,)
