"""Whether only the invited may apply."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.facts.record import STRUCTURED, Fact, Invited
from service.domain.facts.text import Sentence

NAME = "invited"
_CERTAIN = 0.95
_PATTERNS = load("invited.toml", package=__package__)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield at most one fact: that the call is for the invited alone."""
    said = next((s for s in sentences if _says_so(s)), None)
    if call.invited_only:
        quote = said.quote() if said else None
        yield Fact(name=NAME, value=Invited(), confidence=STRUCTURED, quote=quote)
    elif said:
        yield Fact(name=NAME, value=Invited(), confidence=_CERTAIN, quote=said.quote())


def _says_so(sentence: Sentence) -> bool:
    if _PATTERNS.goes_on_with_grant_holders.search(sentence.text):
        return True
    found = sentence.contains_any(
        ("invit", "inbj", "consortium funded")
    ) and _PATTERNS.by_invitation_only.search(sentence.text)
    if not found or _PATTERNS.invitation_to_a_part.search(sentence.text):
        return False
    before = sentence.text[sentence.clause_span(*found.span())[0] : found.start()]
    return not _PATTERNS.not_before.search(before)
