"""General words: those that say nothing of a subject, so that sharing them is no reason.

They lie in ``general_words_<language>.txt``. Rarity does not find them: in a collection of a few
hundred calls "sällan" is rarer than "hjärta". A language without a file has no general words but
the stop words of `index.text.tokens`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from index.text.tokens import stem, word_offsets

_LEAST_LETTERS = 3
_NAME = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ\d]|.*[a-zåäö][A-ZÅÄÖ]")
"""Abbreviations and names with capitals within: AI, mRNA, CO2."""

_LABEL = re.compile(r"(?:wp|ap|trl|crl|srl)-?\d*|eu|us|uk|un|usa", re.IGNORECASE)
"""What parts of plans and levels of readiness are called by (WP1, TRL 6), and whole countries."""


def is_general(word: str, language: str) -> bool:
    """Return whether a word, as it is written, says nothing of a subject.

    Args:
        word: one word; an abbreviation of two letters is a name whatever they spell.
        language: of the text that it stands in (ISO 639).
    """
    if _LABEL.fullmatch(word):
        return True
    if not any(letter.isalpha() for letter in word):
        return True
    is_name = _NAME.match(word) is not None
    if len(word) < _LEAST_LETTERS:
        return not is_name
    found = stem(word.lower(), language)
    return not found or found in _general_stems(language)


def telling_words(text: str, language: str) -> list[tuple[str, str]]:
    """Return the words of ``text`` that say something, each as written and its stem, in order."""
    return [
        (written, stem(word, language))
        for word, start, end in word_offsets(text)
        if not is_general(written := text[start:end], language)
    ]


@cache
def _general_stems(language: str) -> frozenset[str]:
    path = Path(__file__).with_name(f"general_words_{language}.txt")
    if not path.is_file():
        return frozenset()
    lines = path.read_text("utf-8").splitlines()
    words = " ".join(line for line in lines if not line.startswith("#")).split()
    return frozenset(stem(word, language) for word in words) - {""}
