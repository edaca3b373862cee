"""A quick look at which of two languages a text is in, by the small words nobody can avoid."""

from __future__ import annotations

import re

_SWEDISH = frozenset(
    "och att som är för på inte ska till av från med en ett det har kan vi er".split()
)
_ENGLISH = frozenset(
    "the and of to for is are with that this can be by from we you your will".split()
)
_WORD = re.compile(r"[a-zåäöéü]+")
_ENOUGH = 2


def looks_swedish(text: str) -> bool:
    """Whether ``text`` has clearly more small words of Swedish than of English."""
    words = _WORD.findall(text[:2000].lower())
    swedish = sum(word in _SWEDISH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return swedish >= _ENOUGH and swedish > 2 * english
