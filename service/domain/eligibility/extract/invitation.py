"""Whether only the invited may apply."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.sentences import CallSentence
from service.domain.eligibility.facts import RECORD_CONFIDENCE, Fact, InvitationOnly

NAME = "invited"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("invitation.toml", package=__package__)


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield at most one fact: that the call is for the invited alone."""
    said = next((s for s in sentences if _says_invited_only(s)), None)
    if call.invited_only:
        quote = said.quote() if said else None
        yield Fact(name=NAME, value=InvitationOnly(), confidence=RECORD_CONFIDENCE, quote=quote)
    elif said:
        yield Fact(
            name=NAME, value=InvitationOnly(), confidence=_CERTAIN_CONFIDENCE, quote=said.quote()
        )


def _says_invited_only(sentence: CallSentence) -> bool:
    if _PATTERNS.goes_on_with_grant_holders.search(sentence.text):
        return True
    found = sentence.contains_any(
        ("invit", "inbj", "consortium funded")
    ) and _PATTERNS.by_invitation_only.search(sentence.text)
    if not found or _PATTERNS.invitation_to_a_part.search(sentence.text):
        return False
    before = sentence.text[sentence.clause_span(*found.span())[0] : found.start()]
    return not _PATTERNS.not_before.search(before)
