"""Whether a text is Swedish or English, by the small words that every text has."""

from __future__ import annotations

import re

from scrapers.reading.patterns import load

_PATTERNS = load("language.toml", package=__package__)
_SWEDISH = frozenset(_PATTERNS.words("swedish"))
_ENGLISH = frozenset(_PATTERNS.words("english"))
_WORD = re.compile(r"[a-zåäöéü]+")
_ENOUGH = 2


def looks_swedish(text: str) -> bool:
    """Whether ``text`` has clearly more small words of Swedish than of English."""
    words = _WORD.findall(text[:2000].lower())
    swedish = sum(word in _SWEDISH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return swedish >= _ENOUGH and swedish > 2 * english
