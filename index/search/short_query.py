"""A query of a few words: its language, and the same in the other one."""

from __future__ import annotations

from index.text.glossary import (
    LANGUAGES,
    Translation,
    guess_language,
    other_language,
    translate_words,
)
from index.text.language import LanguageGuess, detect_language

_MIN_KNOWN = 0.5
"""Share of a short query's words that have to be known for it to be said in another language."""


def short_query_language(text: str) -> LanguageGuess:
    """Return the language of a few words.

    Letters alone tell little of three words: *cancerdiagnostik* would be Italian. So known words
    decide, and what is unsure counts as the likelier of the two languages that are asked in.
    """
    if known := guess_language(text):
        return LanguageGuess(known, 1.0, {known: 1.0})
    guess = detect_language(text)
    if guess.is_sure:
        return guess
    likelier = max(LANGUAGES, key=lambda one: guess.shares.get(one, 0.0))
    return LanguageGuess(likelier, guess.shares.get(likelier, 0.0), guess.shares)


def translate_short_query(text: str, language: str) -> dict[str, Translation]:
    """Return ``text`` in the other language, by that language, where enough of it is known."""
    other = other_language(language)
    translation = translate_words(text, language)
    return {other: translation} if other and translation.known >= _MIN_KNOWN else {}
