"""The amount that one project may get: every sum of money, judged by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, pairwise

from scrapers.call import Call
from scrapers.reading.money import MoneyMention, find_amounts
from scrapers.reading.patterns import load
from service.domain.calls.funders import funder_of_call, traits_of
from service.domain.eligibility.extract.roles import MOST_FIGURES, Figure, RoleScore
from service.domain.eligibility.extract.sentences import ADVICE, CONDITIONAL, CallSentence
from service.domain.eligibility.facts import (
    LIKELY_CONFIDENCE,
    RECORD_CONFIDENCE,
    Fact,
    GrantAmount,
    Quote,
)

NAME = "amount"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("amount.toml", package=__package__)
_CURRENCIES = {"sv": "SEK"}
"""What a large sum without a currency is in, by the language of its call."""

_LIKELY = 3.0
_CERTAIN = 4.0
_JOINED = 4.0
"""What a sum has from the one before it, to which "and" or a comma joins it."""
_MILLION = 10**6
_NEAR = 40
_SMALLEST = 1000
"""A smaller sum is a fee or a price, not what a project gets."""
_LARGEST = 10**9
"""A larger sum is that of a programme or an economy."""
_LARGE = 20 * _MILLION
_LARGE_IN_CROWNS = 150 * _MILLION
_CROWNS = ("SEK", "NOK", "DKK", "ISK")
_DOLLARS = {"NZ": "NZD", "AU": "AUD", "A": "AUD", "CA": "CAD", "C": "CAD", "HK": "HKD", "S": "SGD"}

WEIGHTS = {
    "before.names_the_sum": 3.0,
    "before.is_worth": 2.0,
    "before.grant_up_to": 2.0,
    "before.applied_for": 1.5,
    "before.limited_to": 1.5,
    "before.a_bound": 1.5,
    "before.only_a_bound": 1.5,
    "before.exact_sum": 1.5,
    "before.prize_of": 8.0,
    "before.beyond_it": -5.0,
    "after.per_project": 2.0,
    "after.at_most": 1.5,
    "after.or_more": -4.0,
    "after.per_something_else": -7.0,
    "after.per_year": 1.0,
    "after.to_share": -4.0,
    "after.no_grant": -4.0,
    "clause.per_project": 2.0,
    "clause.pot": -5.0,
    "clause.not_a_grant": -5.0,
    "clause.in_the_past": -5.0,
    "clause.of_some_costs": -1.5,
    "clause.own_money": -2.0,
    "clause.of_funding": 1.0,
    "sentence.on_prizes": -5.0,
    "heading.on_money": 2.5,
    "heading.on_the_pot": -3.0,
    "heading.on_who": -1.0,
}
"""How much each group of words says that a sum is what one project may get."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "clause": _PATTERNS.group("clause"),
        "sentence": _PATTERNS.group("sentence"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


@dataclass(frozen=True)
class _Sum:
    """A sum that one project may get: its bounds, and how sure that is."""

    least: Decimal | None
    most: Decimal | None
    unit: tuple[str, bool]
    """The currency, and whether the sum is for a year."""
    score: float
    exact: bool = False


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield the amount in the record, else the amounts in sentences, which may disagree."""
    recorded = _read_record(call)
    if recorded is not None:
        yield recorded.replaced(quote=_find_quote(sentences, recorded.value))
        return
    for sentence in sentences:
        yield from _read_sentence(sentence)


def _read_record(call: Call) -> Fact | None:
    """Return the amount for a project in the record: a limit, or what the funder expects."""
    funding = call.funding
    if funding is None or (funding.minimum is None and funding.maximum is None):
        return None
    amounts = [money for money in (funding.minimum, funding.maximum) if money]
    if len({money.currency for money in amounts}) > 1:
        return None
    value = GrantAmount(
        minimum=funding.minimum.amount if funding.minimum else None,
        maximum=funding.maximum.amount if funding.maximum else None,
        currency=amounts[0].currency,
    )
    expected = traits_of(funder_of_call(call)).expects_amounts
    return Fact(
        name=NAME, value=value, confidence=LIKELY_CONFIDENCE if expected else RECORD_CONFIDENCE
    )


def _read_sentence(sentence: CallSentence) -> Iterator[Fact]:
    if not _PATTERNS.figure.search(sentence.text) or sentence.passes_on:
        return
    sums = list(_find_sums(sentence))
    if not sums:
        return
    doubtful = any(
        pattern.search(sentence.text)
        for pattern in (ADVICE, CONDITIONAL, _PATTERNS.ceiling_of_some_projects)
    )
    for value, score in _merge(sums):
        sure = score >= _CERTAIN and not doubtful
        confidence = _CERTAIN_CONFIDENCE if sure else LIKELY_CONFIDENCE
        yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())
    for one in sums:
        # a sum without a bound is a ceiling as often as a rule, so the least is not sure
        if one.exact:
            value = GrantAmount(minimum=one.least, currency=one.unit[0], yearly=one.unit[1])
            quote = sentence.quote()
            yield Fact(name=NAME, value=value, confidence=LIKELY_CONFIDENCE, quote=quote)


def _find_sums(sentence: CallSentence) -> Iterator[_Sum]:
    """Yield the sums of a sentence that are what one project may get."""
    mentions = _find_mentions(sentence)
    text = sentence.text
    last: _Sum | None = None
    refused = _refused_sums(sentence, mentions)
    if refused:
        yield from refused
        return
    for number, mention in enumerate(mentions):
        figure = Figure(
            sentence,
            mention.start,
            mention.end,
            after_last=mentions[number - 1].end if number else 0,
            before_next=mentions[number + 1].start if number + 1 < len(mentions) else None,
        )
        score = _ROLE.score(figure) + _size_weight(mention)
        joined = last and _PATTERNS.joins.fullmatch(text[figure.after_last : figure.start])
        if last and joined:
            score = max(score, min(last.score, score + _JOINED))
        one = _bounded(figure, mention, score)
        if last and joined and one.exact and not last.exact:
            one = replace(one, least=None, exact=False)
        last = one if score >= _LIKELY and _SMALLEST <= mention.high <= _LARGEST else None
        if last:
            yield last


def _refused_sums(sentence: CallSentence, mentions: list[MoneyMention]) -> list[_Sum]:
    """Return the least and the most where requests below the one or above the other are refused."""
    if not _PATTERNS.refused.search(sentence.text):
        return []
    for low, high in pairwise(mentions):
        under = _PATTERNS.under.search(sentence.text[max(0, low.start - _NEAR) : low.start])
        if under and _PATTERNS.or_over.fullmatch(sentence.text[low.end : high.start]):
            unit = low.currency, False
            return [
                _Sum(low.low, None, unit, _CERTAIN),
                _Sum(None, high.high, (high.currency, False), _CERTAIN),
            ]
    return []


def _size_weight(mention: MoneyMention) -> float:
    """Return what the sum itself says: a range is a project's, a very large sum the call's."""
    large = _LARGE_IN_CROWNS if mention.currency in _CROWNS else _LARGE
    return (1.0 if mention.low < mention.high else 0.0) - (2.5 if mention.high >= large else 0.0)


def _bounded(figure: Figure, mention: MoneyMention, score: float) -> _Sum:
    """Return a sum with its bounds by the words before and after it."""
    unit = mention.currency, _is_yearly(figure)
    if mention.low < mention.high:
        return _Sum(mention.low, mention.high, unit, score)
    if _PATTERNS.between.search(figure.before) and figure.before_next is not None:
        return _Sum(mention.low, None, unit, score)
    least = _last_end(_PATTERNS.at_least, figure.before)
    most = _last_end(_PATTERNS.at_most, figure.before)
    if least > most:
        return _Sum(mention.low, None, unit, score)
    if most >= 0 or _PATTERNS.most_after.match(figure.after):
        return _Sum(None, mention.high, unit, score)
    if _PATTERNS["before.prize_of"].search(figure.before):
        return _Sum(None, mention.high, unit, score)
    return _Sum(mention.low, mention.high, unit, score, exact=True)


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((m.end() for m in pattern.finditer(text)), default=-1)


def _is_yearly(figure: Figure) -> bool:
    """Whether a sum is for a year: by the words after it, or "annual" before it."""
    return bool(
        _PATTERNS.per_year_after.match(figure.after)
        or _PATTERNS.per_year_before.search(figure.before[-60:])
    )


def _find_mentions(sentence: CallSentence) -> list[MoneyMention]:
    """Return the sums of a sentence in order; one without a currency has its neighbour's."""
    text = sentence.text
    mentions = [_with_own_dollar(text, mention) for mention in find_amounts(text)]
    mentions += _find_coded(text)
    currency = mentions[0].currency if mentions else ""
    if not currency:
        currency = _CURRENCIES.get(sentence.lang, "")
    if currency:
        for bare in _find_without_currency(text, currency):
            if not any(one.start < bare.end and bare.start < one.end for one in mentions):
                mentions.append(bare)
    return sorted(mentions, key=lambda mention: mention.start)[:MOST_FIGURES]


def _find_without_currency(text: str, currency: str) -> Iterator[MoneyMention]:
    """Yield the sums that name no currency, in that of their neighbours or language."""
    yield from _find_bare(text, currency)
    yield from _find_in_words(text, currency)
    for match in _PATTERNS.low_without_currency.finditer(text):
        low = Decimal(re.sub(r"\D", "", match["low"]))
        yield MoneyMention(low, low, currency, match.start("low"), match.end("low"))


def _find_bare(text: str, currency: str) -> Iterator[MoneyMention]:
    """Yield the millions in digits that name no currency."""
    for match in _PATTERNS.bare_sum.finditer(text):
        low = Decimal(match["low"].replace(",", ".")) * _MILLION
        high = Decimal((match["high"] or match["low"]).replace(",", ".")) * _MILLION
        yield MoneyMention(low, high, currency, match.start(), match.end())


def _find_in_words(text: str, currency: str) -> Iterator[MoneyMention]:
    """Yield the millions in words that name no currency: "två miljoner per år"."""
    for mention in find_amounts(text, currency):
        if mention.low >= _MILLION and text[mention.start].isalpha():
            yield mention


def _find_coded(text: str) -> list[MoneyMention]:
    """Return the sums in currencies that few calls are in."""
    found = []
    for match in islice(_PATTERNS.coded_sum.finditer(text), MOST_FIGURES):
        figure = Decimal(re.sub(r"[ ,]", "", match["figure"]))
        figure *= _MILLION if match["million"] else 1
        code = match["code"]
        found.append(MoneyMention(figure, figure, code, match.start(), match.end()))
    return found


def _with_own_dollar(text: str, mention: MoneyMention) -> MoneyMention:
    """Return the mention with the currency of "NZ$" or "A$"."""
    other = _PATTERNS.other_dollar.search(text[max(0, mention.start - 4) : mention.start])
    if other is None or text[mention.start] != "$":
        return mention
    code = _DOLLARS[other["country"]]
    start = mention.start - len(other["country"])
    return MoneyMention(mention.low, mention.high, code, start, mention.end)


def _merge(sums: list[_Sum]) -> Iterator[tuple[GrantAmount, float]]:
    """Yield the amounts of a sentence: a least and a most of one unit are one amount."""
    for unit in dict.fromkeys(one.unit for one in sums):
        those = [one for one in sums if one.unit == unit]
        low = min(
            (one.least for one in those if one.least is not None and not one.exact), default=None
        )
        highs: list[Decimal | None] = [
            *dict.fromkeys(one.most for one in those if one.most is not None)
        ]
        score = min(one.score for one in those)
        for high in highs or [None]:
            least = low if high is None or low is None or low <= high else None
            yield (
                GrantAmount(minimum=least, maximum=high, currency=unit[0], yearly=unit[1]),
                score,
            )


def _find_quote(sentences: tuple[CallSentence, ...], value: object) -> Quote | None:
    """Return a quote of the sentence that gives the record's amount, if there is one."""
    for sentence in sentences:
        for fact in _read_sentence(sentence):
            if isinstance(value, GrantAmount) and isinstance(fact.value, GrantAmount):
                recorded = value.currency, value.maximum, value.minimum
                stated = fact.value.currency, fact.value.maximum, fact.value.minimum
                if stated[0] == recorded[0] and set(stated[1:]) & set(recorded[1:]) - {None}:
                    return fact.quote
    return None
