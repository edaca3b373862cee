"""The share of a project's costs that the call pays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.sentences import ADVICE, CONDITIONAL, CallSentence
from service.domain.eligibility.facts import (
    LIKELY_CONFIDENCE,
    RECORD_CONFIDENCE,
    Fact,
    FundingShare,
    Quote,
)

NAME = "share"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("share.toml", package=__package__)
_SHARES = tuple(_PATTERNS.group("shares").values())
_ALL_PERCENT = 100


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield the share in the record, else the shares in sentences, which may disagree."""
    if call.funding is not None and call.funding.share_percent is not None:
        percent = call.funding.share_percent
        quote = _find_quote(sentences, percent)
        yield Fact(
            name=NAME,
            value=FundingShare(percent=percent),
            confidence=RECORD_CONFIDENCE,
            quote=quote,
        )
        return
    for sentence in sentences:
        yield from _read_sentence(sentence)


def _read_sentence(sentence: CallSentence) -> Iterator[Fact]:
    text = sentence.text
    if not sentence.contains_any(("%", "procent", "percent", "per cent")):
        return
    if not _PATTERNS.about_costs.search(f"{sentence.heading} {text}"):
        return
    shares = {
        Decimal(m.group(1).replace(",", "."))
        for pattern in _SHARES
        for m in pattern.finditer(text)
        if not _PATTERNS.share_of_something_else.search(_clause_around(sentence, m))
        and not sentence.is_negated(*m.span())
    }
    shares = shares or set(_find_own_share(sentence))
    for percent in sorted(p for p in shares if 0 < p <= _ALL_PERCENT):
        value = FundingShare(percent=percent)
        is_doubtful = ADVICE.search(text) or CONDITIONAL.search(text) or len(shares) > 1
        confidence = LIKELY_CONFIDENCE if is_doubtful else _CERTAIN_CONFIDENCE
        yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _clause_around(sentence: CallSentence, match: re.Match[str]) -> str:
    """Return the clause around a share, up to a few words after it."""
    begin, finish = sentence.clause_span(*match.span())
    return sentence.text[begin : min(finish, match.end() + 60)]


def _find_own_share(sentence: CallSentence) -> Iterator[Decimal]:
    """Yield the share that is left when applicants must pay at least a part themselves."""
    for match in _PATTERNS.own_part_at_least.finditer(sentence.text):
        percent = Decimal((next(filter(None, match.groups()))).replace(",", "."))
        if 0 < percent < _ALL_PERCENT:
            yield _ALL_PERCENT - percent


def _find_quote(sentences: tuple[CallSentence, ...], percent: Decimal) -> Quote | None:
    """Return a quote of the sentence that gives the record's share, if there is one."""
    for sentence in sentences:
        for fact in _read_sentence(sentence):
            if fact.value == FundingShare(percent=percent):
                return fact.quote
    return None
