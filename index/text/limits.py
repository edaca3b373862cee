"""How much of a text is read: what bounds the cost of texts that nobody wrote to be read.

No ordinary text reaches any of these limits.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

LONGEST_WORD = 250
"""Letters of a word that count; no dictionary has a longer one."""

LONGEST_FIELD = 500_000
"""Characters of one text of a document that are searched and quoted: some 700 passages."""

LONGEST_HEAD = 5_000
"""Characters of a title or of keywords that the model is given: more than it reads."""

MOST_SENTENCES = 1_000
"""Sentences of a query that are quoted: those of a text as long as a query may be."""

_LONGEST_MARK_RUN = 30
"""Accents in a row on one letter, as Unicode's stream-safe text has them (UAX 15)."""

_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normalize(form: _Form, text: str) -> str:
    """Return ``text`` in a form of Unicode, with at most 30 accents on any letter.

    Accents are sorted one by one, so that a hundred thousand of them on one letter would take
    the square of that in steps.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _without_long_mark_runs(text))


def _without_long_mark_runs(text: str) -> str:
    marks = {letter for letter in set(text) if unicodedata.combining(letter)}
    if not marks:
        return text
    kept: list[str] = []
    run = 0
    for letter in text:
        run = run + 1 if letter in marks else 0
        if run <= _LONGEST_MARK_RUN:
            kept.append(letter)
    return "".join(kept)
