"""Whether a text is Swedish or English, by the small words that every text has."""

from __future__ import annotations

import re

from scrapers.reading.patterns import load

_PATTERNS = load("language.toml", package=__package__)
_WORDS = {
    "sv": frozenset(_PATTERNS.words("swedish")),
    "en": frozenset(_PATTERNS.words("english")),
    "no": frozenset(_PATTERNS.words("norwegian")),
    "da": frozenset(_PATTERNS.words("danish")),
    "de": frozenset(_PATTERNS.words("german")),
    "fr": frozenset(_PATTERNS.words("french")),
    "fi": frozenset(_PATTERNS.words("finnish")),
}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 2
_ALIKE = frozenset({"no", "da"})
"""Languages that a line may not tell apart; the first counts then."""


def language_of(text: str) -> str:
    """Return the language (ISO 639) that ``text`` is clearly in, of those known here, else "".

    Known are Swedish, English, Norwegian, Danish, German, French and Finnish.
    """
    words = _WORD.findall(text[:2000].lower())
    counts = {code: sum(word in own for word in words) for code, own in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    others = counts.keys() - (_ALIKE if best in _ALIKE else {best})
    is_clear = counts[best] >= _ENOUGH and all(counts[best] > counts[code] for code in others)
    return best if is_clear else ""


def looks_swedish(text: str) -> bool:
    """Whether ``text`` is Swedish: clearly more of its small words than of English ones."""
    words = _WORD.findall(text[:2000].lower())
    english = sum(word in _WORDS["en"] for word in words)
    swedish = sum(word in _WORDS["sv"] for word in words)
    return swedish > 2 * english and language_of(text) == "sv"
