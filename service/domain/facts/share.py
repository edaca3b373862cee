"""What share of a project's costs is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.facts.record import LIKELY, STRUCTURED, Fact, Quote, Share
from service.domain.facts.text import ADVICE, ON_TERMS, Sentence

NAME = "share"
_CERTAIN = 0.95
_PATTERNS = load("share.toml", package=__package__)
_SHARES = tuple(_PATTERNS.group("shares").values())
_WHOLE = 100


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
    if not sentence.contains_any(("%", "procent", "percent", "per cent")):
        return
    if not _PATTERNS.about_costs.search(f"{sentence.heading} {text}"):
        return
    found = {
        Decimal(m.group(1).replace(",", "."))
        for pattern in _SHARES
        for m in pattern.finditer(text)
        if not _PATTERNS.share_of_something_else.search(_around(sentence, m))
        and not sentence.is_negated(*m.span())
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
    for found in _PATTERNS.own_part_at_least.finditer(sentence.text):
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
