"""How words are written that are no common ones: Stockholm, AstraZeneca, DNA.

`written_forms.txt` has the words that texts of funders and projects nearly always write with a
capital amid a sentence, counted by `python -m bench.capitals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FORMS_FILE = Path(__file__).parent / "written_forms.txt"

_SHORTEST_OWNER = 4
"""Letters of a word from which on an "s" at its end may say whose something is."""


def written_form(word: str) -> str:
    """Return ``word``, given in small letters, as it is written; a name in the genitive too."""
    forms = _forms()
    if word in forms:
        return forms[word]
    if len(word) >= _SHORTEST_OWNER and word.endswith("s") and word[:-1] in forms:
        return forms[word[:-1]] + "s"
    return word


@cache
def _forms() -> Mapping[str, str]:
    """Return the forms by the word in small letters."""
    return {form.lower(): form for form in FORMS_FILE.read_text("utf-8").split()}
