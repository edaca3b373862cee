"""Whether only invited applicants may apply."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.sentences import TITLE_FIELD, CallSentence
from service.domain.eligibility.facts import RECORD_CONFIDENCE, Fact, InvitationOnly

NAME = "invited"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("invitation.toml", package=__package__)
_HINTS = (
    "invit", "inbj", "bjudit", "bjuds", "pågående", "redan", "tidigare", "already", "current",
    "holder", "existing", "restricted", "active", "awarded projects", "funded projects", "only",
    "closed call", "endast",
    "enbart", "awardee", "grantee", "recipient", "members of", "hold", "have a",
)  # fmt: skip

_CLOSED = (
    "single", "competition", "currently", "already", "active", "existing", "only the",
    "invited to apply", "uniquely placed", "recipients",
    "holders", "awardees", "grantees", "those who have", "members of",
)  # fmt: skip


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield at most one fact: that only invited applicants may apply."""
    sentence = next((one for one in sentences if _says_invited_only(one)), None)
    if call.invited_only:
        quote = sentence.quote() if sentence else None
        yield Fact(name=NAME, value=InvitationOnly(), confidence=RECORD_CONFIDENCE, quote=quote)
    elif sentence:
        yield Fact(
            name=NAME,
            value=InvitationOnly(),
            confidence=_CERTAIN_CONFIDENCE,
            quote=sentence.quote(),
        )


def _says_invited_only(sentence: CallSentence) -> bool:
    text = sentence.text
    if _PATTERNS.goes_on_with_grant_holders.search(text):
        return True
    if sentence.contains_any(_CLOSED) and _PATTERNS.closed_competition.search(text):
        return True
    if sentence.field == TITLE_FIELD:
        return bool(_PATTERNS.title_of_invited.search(text))
    if sentence.contains_any(_HINTS) and (
        _PATTERNS.only_the_invited.search(text) or _PATTERNS.only_grant_holders.search(text)
    ):
        return not _PATTERNS.extends_the_grant.search(text)
    match = sentence.contains_any(
        ("invit", "inbj", "consortium funded")
    ) and _PATTERNS.by_invitation_only.search(sentence.text)
    if not match or _PATTERNS.invitation_to_a_part.search(sentence.text):
        return False
    before = sentence.text[sentence.clause_span(*match.span())[0] : match.start()]
    return not _PATTERNS.not_before.search(before)
