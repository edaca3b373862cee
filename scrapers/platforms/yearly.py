"""Sums a year: many research grants are stated so, and no such sum is what a project gets."""

from __future__ import annotations

import re

from scrapers.amounts import funding
from scrapers.call import Funding
from scrapers.figures import amounts

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÅÄÖ])|\n+")
_A_YEAR = re.compile(
    r"\b(?:per|om|varje) (?:år|kalenderår|12-månadersperiod)\b|årlig(?:en|t)\b|/\s?år\b"
    r"|\b(?:per|a|each) (?:calendar )?year\b|\bannually\b|\bper annum\b",
    re.IGNORECASE,
)
_LIMIT = 2000


def funding_of_projects(text: str) -> Funding | None:
    """Return what ``text`` says a project gets in all; sums a year only as the sentences' words.

    None when no sentence names a sum.
    """
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text)]
    yearly = [s for s in sentences if _A_YEAR.search(s) and any(amounts(s))]
    found = funding("\n".join(s for s in sentences if s not in yearly))
    words = " ".join([*yearly, *([found.text] if found and found.text else [])])[:_LIMIT]
    if found is None:
        return Funding(text=words) if words else None
    return found.model_copy(update={"text": words})
