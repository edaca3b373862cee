"""Whether only the invited may apply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts.record import STRUCTURED, Fact, Invited
from service.domain.facts.text import Sentence

NAME = "invited"
_CERTAIN = 0.95
_ONLY = re.compile(
    r"(?:you )?must (?:have been|be) invited to (?:apply|submit)"
    r"|(?:only|endast|enbart|bara) (?:\w+ ){0,3}?(?:invited|inbjudna|inbjuden)\b(?! (?:experts?))"
    r"|(?:applications?|proposals?|submission|call|application) (?:\w+ ){0,3}?(?:is|are) "
    r"(?:\w+ )?by invitation only|by invitation only|invitation[- ]only"
    r"|endast (?:efter|på) inbjudan|sökande måste vara inbjud\w+"
    r"|kan endast sökas? .{0,60}inbjud\w+",
    re.IGNORECASE,
)
# a partnership that goes on with those who have it
_CONTINUED = re.compile(
    r"proposal submitted by the coordinator of the consortium funded under", re.IGNORECASE
)
_SOME_PART = re.compile(
    r"\b(?:second|full|later|next|andra|steg 2|workshop|interview)\b", re.IGNORECASE
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield at most one fact: that the call is for the invited alone."""
    said = next((s for s in sentences if _says_so(s)), None)
    if call.invited_only:
        quote = said.quote() if said else None
        yield Fact(name=NAME, value=Invited(), confidence=STRUCTURED, quote=quote)
    elif said:
        yield Fact(name=NAME, value=Invited(), confidence=_CERTAIN, quote=said.quote())


def _says_so(sentence: Sentence) -> bool:
    if _CONTINUED.search(sentence.text):
        return True
    found = sentence.has(("invit", "inbj", "consortium funded")) and _ONLY.search(sentence.text)
    if not found or _SOME_PART.search(sentence.text):
        return False
    before = sentence.text[sentence.clause_span(*found.span())[0] : found.start()]
    return not re.search(r"\b(?:not|inte|ej|no)\b", before, re.IGNORECASE)
