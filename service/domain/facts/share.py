"""What share of a project's costs is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.call import Call
from service.domain.facts.record import LIKELY, STRUCTURED, Fact, Quote, Share
from service.domain.facts.text import ADVICE, ON_TERMS, Sentence

NAME = "share"
_CERTAIN = 0.95
_PERCENT = r"(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:procent|percent|per cent|%)"
_SHARES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:max\w*|högst|upp till|upp emot|up to|at most|no more than|not exceed\w*|limited to"
        r"|täcker|covers?|finansierar|motsvara\w*)\D{0,30}?" + _PERCENT,
        _PERCENT
        + r" (?:reimbursement|grant\b|of (?:the )?(?:eligible|approved|allowable|project))",
        r"^\W*" + _PERCENT + r" (?:av|of) [^.]{0,30}?(?:kostnad|costs|budget)",
        r"\b(?:fund|pay|cover|finance|meet)s? (?:up to |around |about )?" + _PERCENT + r" of",
        r"(?:funding|reimbursement|co-?financing|co-?funding|stöd|finansierings)[\s-]?(?:rate"
        r"|intensity|grad|nivå)\w*\D{0,40}?" + _PERCENT,
    )
)
_OF_COSTS = re.compile(
    r"budget|kostnad|costs?\b|finansier|financing|funding|co-?funds?|stöd|bidrag|grant|reimburse"
    r"|\bmatch\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"contingenc|of the (?:EU )?funding|financial support|third part|egen (?:insats|finansiering)"
    r"|medfinansier|match\w*"
    r"|own contribution|in-?kind|overhead"
    r"|indirect|indirekta|subcontract|underleverant|arbetstid|working time|travel|resor|equipment"
    r"|utrustning|flat|reduc|emission|efficien|minsk|of the (?:state )?(?:grant|award)\b"
    r"|proposed budget|salary|local funds|required|lön\w*"
    r"|management|personnel",
    re.IGNORECASE,
)
_WHOLE = 100
_OWN_LEAST = re.compile(
    r"(?:med|egen|sam)finansiering\w*\D{0,25}?(?:minst|lägst) (?P<after>\d{1,2}) ?(?:procent|%)"
    r"|(?:minst|lägst|at least|minimum(?: of)?) (?P<before>\d{1,2}) ?(?:procent|per ?cent|%)"
    r" (?:\w+ )?(?:med|egen)?-?(?:medfinansiering|egenfinansiering|co-?(?:funding|financing)"
    r"|match(?:ed|ing)? funding)"
    r"|(?:provide|requires?) (?:an? )?(?:minimum )?(?P<match>\d{1,2}) ?(?:%"
    r"|percent) (?:\w+ )?match",
    re.IGNORECASE,
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield the record's own share, else those of the sentences; they may disagree."""
    if call.funding is not None and call.funding.share_percent is not None:
        percent = call.funding.share_percent
        quote = _where(sentences, percent)
        yield Fact(name=NAME, value=Share(percent=percent), confidence=STRUCTURED, quote=quote)
        return
    for sentence in sentences:
        yield from _share(sentence)


def _share(sentence: Sentence) -> Iterator[Fact]:
    text = sentence.text
    if not sentence.has(("%", "procent", "percent", "per cent")):
        return
    if not _OF_COSTS.search(f"{sentence.heading} {text}"):
        return
    found = {
        Decimal(m.group(1).replace(",", "."))
        for pattern in _SHARES
        for m in pattern.finditer(text)
        if not _OWN.search(_around(sentence, m)) and not sentence.negated(*m.span())
    }
    found = found or set(_own(sentence))
    for percent in sorted(p for p in found if 0 < p <= _WHOLE):
        value = Share(percent=percent)
        doubt = ADVICE.search(text) or ON_TERMS.search(text) or len(found) > 1
        confidence = LIKELY if doubt else _CERTAIN
        yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _around(sentence: Sentence, found: re.Match[str]) -> str:
    """Return the clause of a share, up to a few words after it."""
    begin, finish = sentence.clause_span(*found.span())
    return sentence.text[begin : min(finish, found.end() + 60)]


def _own(sentence: Sentence) -> Iterator[Decimal]:
    """Yield the share that is left when applicants must pay at least so much themselves."""
    for found in _OWN_LEAST.finditer(sentence.text):
        percent = Decimal((next(filter(None, found.groups()))).replace(",", "."))
        if 0 < percent < _WHOLE:
            yield _WHOLE - percent


def _where(sentences: tuple[Sentence, ...], percent: Decimal) -> Quote | None:
    """Return the sentence that says what the record says, when one does."""
    for sentence in sentences:
        for fact in _share(sentence):
            if fact.value == Share(percent=percent):
                return fact.quote
    return None
