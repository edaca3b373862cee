"""The amount that one project may get."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scrapers.call import Call
from scrapers.reading.money import AmountRole, MoneyMention, amount_roles, find_amounts
from scrapers.reading.patterns import load
from service.domain.calls.funders import funder_of_call, traits_of
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
# "Maximum 1 500 000 SEK per year" after the sentence that has the label
_SHORT = 60


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
    if not _is_about_grant(sentence):
        return
    text = sentence.text
    least: dict[tuple[str, bool], Decimal] = {}
    most: dict[tuple[str, bool], list[Decimal]] = {}
    bounded = list(amount_roles(text))
    of_projects = [part for part in bounded if part[0] is not AmountRole.TOTAL]
    for role, amount, clause in [
        *bounded,
        *_find_unbounded_amounts(sentence, alone=not of_projects),
    ]:
        pot = _PATTERNS.pot_of_the_call.search(clause) and not _PATTERNS.per_project.search(clause)
        if (
            role is AmountRole.TOTAL
            or pot
            or _PATTERNS.per_something_else.match(clause, amount.end)
        ):
            continue
        unit = amount.currency, _is_yearly(clause, amount)
        if role in (AmountRole.LEAST, AmountRole.RANGE):
            least[unit] = min(amount.low, least.get(unit, amount.low))
        if role in (AmountRole.MOST, AmountRole.RANGE):
            most.setdefault(unit, []).append(amount.high)
    doubt = (
        ADVICE.search(text)
        or _PATTERNS.ceiling_of_some_projects.search(text)
        or CONDITIONAL.search(text)
    )
    confidence = LIKELY_CONFIDENCE if doubt else _CERTAIN_CONFIDENCE
    for unit in {**least, **most}:
        maxima: list[Decimal | None] = [*dict.fromkeys(most.get(unit, []))]
        for maximum in maxima or [None]:
            value = GrantAmount(
                minimum=least.get(unit), maximum=maximum, currency=unit[0], yearly=unit[1]
            )
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _is_about_grant(sentence: CallSentence) -> bool:
    """Whether the amounts in a sentence can be those of a grant or prize."""
    text = sentence.text
    if not (_PATTERNS.figure.search(text) and not _PATTERNS.not_a_grant.search(text)):
        return False
    if _PATTERNS.prize.search(text):
        return any(_PATTERNS.prize_of.search(text[: amount.start]) for amount in find_amounts(text))
    bound = len(text) < _SHORT and _PATTERNS.begins_with_a_bound.match(text)
    return sentence.is_about_money or bool(bound or _PATTERNS.about_a_grant.search(text))


def _is_yearly(clause: str, amount: MoneyMention) -> bool:
    """Whether an amount is for a year: by the words after it, or "annual" before it."""
    after = _PATTERNS.per_year_after.match(clause, amount.end)
    return bool(
        after or _PATTERNS.per_year_before.search(clause[max(0, amount.start - 60) : amount.start])
    )


def _find_unbounded_amounts(
    sentence: CallSentence, *, alone: bool
) -> Iterator[tuple[AmountRole, MoneyMention, str]]:
    """Yield amounts after "between", and if no amount has a bound, those of one project.

    The latter come after a label, after words such as "lump sum of", or under a heading on amounts.
    """
    text = sentence.text
    for amount in find_amounts(text):
        before = text[: amount.start]
        if _PATTERNS.between.search(before):
            yield AmountRole.RANGE if amount.low < amount.high else AmountRole.LEAST, amount, text
        elif alone and (
            _PATTERNS.amount_label.fullmatch(before)
            or any(
                p.search(before)
                for p in (_PATTERNS.exact_sum, _PATTERNS.grant_is_worth, _PATTERNS.prize_of)
            )
        ):
            yield AmountRole.RANGE if amount.low < amount.high else AmountRole.MOST, amount, text
        elif alone and _PATTERNS.in_all.search(before) and _PATTERNS.applied_for.search(before):
            yield AmountRole.MOST, amount, before[-30:] + text[amount.start : amount.end]
        elif alone and sentence.is_about_money and not _PATTERNS.not_of_one_project.search(text):
            yield AmountRole.RANGE if amount.low < amount.high else AmountRole.MOST, amount, text


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
