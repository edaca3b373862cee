"""Words of a text, and their stems by the rules of the language that they are in."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import Stemmer

from index.text.limits import LONGEST_WORD, normalize

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+){0,4}")
_DIVIDER = re.compile(r"[-'’.]")
_STEMMERS = {
    "sv": "swedish",
    "en": "english",
    "da": "danish",
    "no": "norwegian",
    "nb": "norwegian",
    "fi": "finnish",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}

# Words too common to distinguish calls; BM25 weighs the others by itself.
_STOP_WORDS = {
    "sv": frozenset(
        "och att det som en ett i på är av för med till den de inte om eller vi ska kan har från "
        "vid så man in ut upp under över mellan genom samt där när hur vad vilka vilken vilket "
        "detta denna dessa sig sin sitt sina vår vårt våra blir bli vara var även också inom utan "
        "mot efter än men ha hade får få alla allt annat andra".split()
    ),
    "en": frozenset(
        "the of and to in a is that for on are with as by be this an or from at which it its will "
        "can has have their they not such these those should may into more than also through "
        "between within under over other all any we our you your was were been being do "
        "does".split()
    ),
}


@cache
def _stemmer(language: str) -> Any:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None


def word_offsets(text: str) -> list[tuple[str, int, int]]:
    """Return the words of ``text`` lower-cased, with their offsets; compounds by hyphen whole.

    A word longer than any language has counts with its first `LONGEST_WORD` letters.
    """
    return [
        ((word := match.group()[:LONGEST_WORD]).lower(), start := match.start(), start + len(word))
        for match in _WORD.finditer(text)
    ]


def is_stop_word(word: str, language: str) -> bool:
    """Return whether a lower-case ``word`` is too common in ``language`` to distinguish texts."""
    return word in _STOP_WORDS.get(language, frozenset())


@lru_cache(200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a lower-case ``word``, or an empty string for a stop word."""
    if is_stop_word(word, language):
        return ""
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def stem_tokens(text: str, language: str) -> list[str]:
    """Return the stems of ``text``: NFKC, lower-cased, hyphenated words whole and in parts."""
    stems: list[str] = []
    for word, _, _ in word_offsets(normalize("NFKC", text)):
        # nearly every word is of letters alone, and then nothing divides it
        forms = [word] if word.isalnum() else _forms(word)
        stems.extend(s for form in forms if len(form) > 1 and (s := stem(form, language)))
    return stems


def _forms(word: str) -> list[str]:
    """Return a word, and the parts of one that is divided."""
    parts = _DIVIDER.split(word)
    return [word, *parts] if len(parts) > 1 else [word]
