"""The share of a project's costs that the call pays: every share, judged by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.roles import MOST_FIGURES, Figure, RoleScore
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
_HINTS = (
    "%", "procent", "percent", "per cent", "pct", "half", "hälften", "halva", "third", "tredjedel",
    "quarter", "fjärdedel", "match", "lika stor", "lika mycket", "as much", "as large", "mindre än",
    "smaller than", "lägre än", "less than",
)  # fmt: skip
_WORDS = {"half": 50, "two_thirds": 67, "third": 33, "three_quarters": 75}
_ALL_PERCENT = 100
_HALF = 50
_LEAST = 10
"""A smaller share of the costs is not paid: it is a part of a budget."""
_LIKELY = 3.5
_CERTAIN = 4.5

WEIGHTS = {
    "before.is_paid": 2.0,
    "before.names_the_rate": 2.5,
    "before.a_bound": 1.0,
    "before.begins": 0.5,
    "after.of_costs": 2.5,
    "after.is_a_rate": 1.5,
    "after.of_the_grant": -6.0,
    "after.to_a_purpose": -5.0,
    "clause.own_part": 0.0,
    "clause.no_share_of_costs": -4.0,
    "clause.of_pay": -2.0,
    "clause.by_size": -3.0,
    "clause.ceiling_of_a_cost": -4.0,
    "clause.of_money": 0.5,
    "heading.on_share": 1.5,
    "heading.on_own_part": 0.0,
}
"""How much each group of words says that a share is one of a project's costs."""

_OWN_PART = {
    "before.is_paid": 0.0,
    "before.names_the_rate": 0.0,
    "clause.own_part": 4.0,
    "heading.on_own_part": 3.0,
}
"""The weights that differ for a share that applicants pay themselves."""

_GROUPS = {
    "before": _PATTERNS.group("before"),
    "after": _PATTERNS.group("after"),
    "clause": _PATTERNS.group("clause"),
    "heading": _PATTERNS.group("heading"),
}
_PAID = RoleScore(_GROUPS, WEIGHTS)
_OWN = RoleScore(_GROUPS, {**WEIGHTS, **_OWN_PART})
_IS_OWN = {"clause.own_part", "heading.on_own_part"}


@dataclass(frozen=True)
class _Share:
    percent: Decimal
    sure: bool


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
    if not sentence.contains_any(_HINTS):
        return
    shares = {share.percent: share for share in _find_shares(sentence)}
    doubtful = ADVICE.search(sentence.text) or CONDITIONAL.search(sentence.text) or len(shares) > 1
    for percent in sorted(shares):
        sure = shares[percent].sure and not doubtful
        confidence = _CERTAIN_CONFIDENCE if sure else LIKELY_CONFIDENCE
        value = FundingShare(percent=percent)
        yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _find_shares(sentence: CallSentence) -> Iterator[_Share]:
    """Yield the shares of the costs that are paid: those named, and what is left of one's own."""
    if _PATTERNS.equal_match.search(sentence.text):
        yield _Share(Decimal(_HALF), sure=False)
        return
    sentence = replace(sentence, verbatim=_PATTERNS.the_rest.sub("", sentence.verbatim))
    matches = list(islice(_PATTERNS.share.finditer(sentence.text), MOST_FIGURES))
    for number, match in enumerate(matches):
        figure = Figure(
            sentence,
            match.start(),
            match.end(),
            after_last=matches[number - 1].end() if number else 0,
            before_next=matches[number + 1].start() if number + 1 < len(matches) else None,
        )
        share = _judge(figure, _percent_of(match))
        if share and _LEAST <= share.percent <= _ALL_PERCENT:
            yield share


def _judge(figure: Figure, percent: Decimal) -> _Share | None:
    """Return the share of the costs that is paid by a figure, if it says so."""
    own = not _IS_OWN.isdisjoint(_PAID.features(figure))
    score = (_OWN if own else _PAID).score(figure)
    if score < _LIKELY or figure.sentence.is_example(figure.start) or _is_denied(figure):
        return None
    if own and (percent == _ALL_PERCENT or _PATTERNS.at_most.search(figure.before)):
        return None
    return _Share(_ALL_PERCENT - percent if own else percent, sure=score >= _CERTAIN)


def _is_denied(figure: Figure) -> bool:
    """Whether the clause denies the share; "never exceeds" and "no more than" are bounds."""
    bound = _PATTERNS.at_most.search(figure.before) or "exce" in figure.before.lower()
    return (
        not bound
        and "överst" not in figure.before.lower()
        and figure.sentence.is_negated(figure.start, figure.end)
    )


def _percent_of(match: re.Match[str]) -> Decimal:
    if match["figure"]:
        return Decimal(match["figure"].replace(",", "."))
    return Decimal(next(value for name, value in _WORDS.items() if match[name]))


def _find_quote(sentences: tuple[CallSentence, ...], percent: Decimal) -> Quote | None:
    """Return a quote of the sentence that gives the record's share, if there is one."""
    for sentence in sentences:
        for fact in _read_sentence(sentence):
            if fact.value == FundingShare(percent=percent):
                return fact.quote
    return None
