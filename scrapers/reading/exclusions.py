"""Who may not apply, each with the sentence of the call that says so."""

from __future__ import annotations

from scrapers.call import Eligibility
from scrapers.reading.applicants import split_sentences
from scrapers.reading.patterns import load

_PATTERNS = load("exclusions.toml", package=__package__)
_MOST = 20


def find_exclusions(text: str) -> tuple[Eligibility, ...]:
    """Return the sentences of ``text`` that shut applicants out, of the kind "excluded".

    The value is the sentence itself, so that it reads as what it is wherever it is shown.
    """
    found: dict[str, Eligibility] = {}
    for sentence in split_sentences(text):
        match = _PATTERNS.excluded.search(sentence)
        if match is None or _PATTERNS.things.match(match["who"]):
            continue
        if _PATTERNS.applicants.search(match["who"]):
            value = sentence[:300]
            found.setdefault(value, Eligibility(kind="excluded", value=value, quote=sentence))
    return tuple(found.values())[:_MOST]
