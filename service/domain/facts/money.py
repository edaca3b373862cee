"""What one project may get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.amounts import Role, roles
from scrapers.call import Call
from scrapers.figures import Amount as Found
from scrapers.figures import amounts
from service.domain.facts.record import LIKELY, STRUCTURED, Amount, Fact, Quote
from service.domain.facts.text import ADVICE, ON_TERMS, Sentence
from service.domain.funders import key_of_call, traits_of

NAME = "amount"
_CERTAIN = 0.95
# a ceiling of some projects or applicants, which others may not have
_OF_SOME = re.compile(
    r"\bfor (?:an? )?(?:eligible )?(?:planning|design|these|such|small|smaller|equipment|training"
    r"|capital|educational)\b|\bother than\b|\bindividual organi[sz]ation",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\W{0,2}(?:\w+ ){0,2}?(?:(?:per|a|each|varje|om) (?:år|year)\b|per 12[- ]?m[åo]n\w*|årligen"
    r"|annually|/(?:år|year))",
    re.IGNORECASE,
)
_ANNUAL = re.compile(r"\bårlig\w*|\bannual(?:ly)?\b|\b(?:each|every|per) year up to", re.IGNORECASE)
_POT = re.compile(
    r"\bpot\b|total budget|budget (?:of|for) the (?:call|topic)|hela utlysningen|utlysningens"
    r"|utlyser|omfattar|avsätt|avsatt|call budget|topic budget|total indicative|indicative budget"
    r"|budget för utlysningen|available budget|availability of|funds? available"
    r"|available fund\w*|funding available for (?:this|the)|available for this|program funds"
    r"|in funds|budgetram|total fund\b",
    re.IGNORECASE,
)
_NOT_GRANT = re.compile(
    r"turnover|omsättning|financial support to third|third part(?:y|ies)|lump sum per|cascad"
    r"|challenge|additional funding|(?:each|per) start-?up|sub-?projects?"
    r"|funding for the demonstration|follow-?on"
    r"|per (?:day|person|month|participant|unit|månad|dag|deltagare)|sub-?grant|balance sheet"
    r"|threshold|smaller grants|with (?:a )?(?:total )?cost|loan|payroll|investments?\b|secured"
    r"|FSTP"
    r"|procurement|unit cost",
    re.IGNORECASE,
)
_PER_THING = re.compile(
    r"\s*\bper (?!projects?\b|projekt\b|propos|years?\b|år\b|applica|ansökan|award|grant|12[- ]m"
    r"|cent\b"
    r"|consort|konsort|anslag|bidrag|stipend|forskarskola|graduate|centr|cent(?:re|er)\b|network"
    r"|nätverk|fellow|study\b|studie)\w*",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\W*(?:(?:bidrags|stöd)belopp|bidragsnivå|belopp(?:snivå)?|maxbelopp\w*"
    r"|bidrag(?:ets storlek)?|stöd|anslag"
    r"|(?:grant|award|funding) (?:amount|size|value|ceiling)|amount)\b(?:[^.\d]{0,25}"
    r"|[^.\d]{0,90}:\s*)",
    re.IGNORECASE,
)
# "anslaget är på sex miljoner kronor", "grants are worth £10,000"
_WORTH = re.compile(
    r"\b(?:anslag(?:et|en)?|bidraget|stödet|stipendi\w+|(?:the|each|every|an?) (?:grant|award"
    r"|fellowship)|grants|awards|fellowships)\s(?:[\wåäö]+\s){0,5}?(?:är|på|uppgår till|om|is|are"
    r"|totals?|amounts? to|worth|of|provides?)\s(?:[\wåäö]+\s){0,2}$",
    re.IGNORECASE,
)
# of one project, though the words are those of a sum: "a total of 3 million may be applied for"
_EACH = re.compile(r"\bper (?:projekt|project)\b", re.IGNORECASE)
# "Maximum 1 500 000 SEK per year" after the sentence that has the label
_SHORT = 60
_BOUND = re.compile(r"\W*(?:max\w*|högst|upp till|up to|minimum|minst)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d|miljon|million|tusen|thousand", re.IGNORECASE)
_PRIZE = re.compile(
    r"(?:\bprizes?\s*:|\bprize (?:is|of))\s*$|\bpris(?:et|summa\w*)\s\D{0,20}$", re.IGNORECASE
)
_PRIZES = re.compile(r"\bprizes?\b", re.IGNORECASE)
_IN_ALL = re.compile(
    r"\b(?:a total of|totalt(?: som mest| högst| max\w*)?|sammanlagt)\s*(?:up to )?$", re.IGNORECASE
)
_APPLIED = re.compile(r"\b(?:apply|applied|an?sök\w+)\b", re.IGNORECASE)
_EXACT = re.compile(
    r"\b(?:lump sum|fixed (?:sum|amount)|schablon\w*|klumpsumma|grant|direct costs|(?:granted"
    r"|award|grant) amount) of\s*$",
    re.IGNORECASE,
)
_AWARD = re.compile(
    r"bidrag|stöd|söka|sökas|belopp|finansier|bevilj|per projekt|grant|award|fund|contribution"
    r"|request|receive|application amount|support|per project|any project|each project|proposal"
    r"|apply for|lump sum|direct costs|mkr|miljoner kr|kronor",
    re.IGNORECASE,
)
# under a heading on amounts, yet not of one project
_LOOSE = re.compile(
    r"budget|totalt|total\b|sammanlagt|utlys|avsatt|avsätt|fördela|minst|at least|cost|kostnad"
    r"|turnover|omsättning|partner|additional|extra|overhead|in all|available|riktmärke",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|mellan)\s*$", re.IGNORECASE)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield the record's own amount, else those of the sentences.

    Different sentences may disagree: all are yielded.
    """
    recorded = _recorded_amount(call)
    if recorded is not None:
        yield recorded.with_(quote=_said(sentences, recorded.value))
        return
    for sentence in sentences:
        yield from _amounts(sentence)


def _recorded_amount(call: Call) -> Fact | None:
    """Return the record's own amount for a project: a limit, or what the funder expects."""
    funding = call.funding
    if funding is None or (funding.minimum is None and funding.maximum is None):
        return None
    known = [money for money in (funding.minimum, funding.maximum) if money]
    if len({money.currency for money in known}) > 1:
        return None
    value = Amount(
        minimum=funding.minimum.amount if funding.minimum else None,
        maximum=funding.maximum.amount if funding.maximum else None,
        currency=known[0].currency,
    )
    expected = traits_of(key_of_call(call)).expects_amounts
    return Fact(name=NAME, value=value, confidence=LIKELY if expected else STRUCTURED)


def _amounts(sentence: Sentence) -> Iterator[Fact]:
    if not _of_a_grant(sentence):
        return
    text = sentence.text
    least: dict[tuple[str, bool], Decimal] = {}
    most: dict[tuple[str, bool], list[Decimal]] = {}
    named = list(roles(text))
    known = [part for part in named if part[0] is not Role.TOTAL]
    for role, amount, clause in [*named, *_plainly(sentence, alone=not known)]:
        pot = _POT.search(clause) and not _EACH.search(clause)
        if role is Role.TOTAL or pot or _PER_THING.match(clause, amount.end):
            continue
        unit = amount.currency, _yearly(clause, amount)
        if role in (Role.LEAST, Role.RANGE):
            least[unit] = min(amount.low, least.get(unit, amount.low))
        if role in (Role.MOST, Role.RANGE):
            most.setdefault(unit, []).append(amount.high)
    doubt = ADVICE.search(text) or _OF_SOME.search(text) or ON_TERMS.search(text)
    confidence = LIKELY if doubt else _CERTAIN
    for unit in {**least, **most}:
        tops: list[Decimal | None] = [*dict.fromkeys(most.get(unit, []))]
        for top in tops or [None]:
            value = Amount(minimum=least.get(unit), maximum=top, currency=unit[0], yearly=unit[1])
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _of_a_grant(sentence: Sentence) -> bool:
    """Whether the amounts of a sentence can be those of a grant or prize."""
    text = sentence.text
    if not (_FIGURE.search(text) and not _NOT_GRANT.search(text)):
        return False
    if _PRIZES.search(text):
        return any(_PRIZE.search(text[: amount.start]) for amount in amounts(text))
    bound = len(text) < _SHORT and _BOUND.match(text)
    return sentence.about_money or bool(bound or _AWARD.search(text))


def _yearly(clause: str, amount: Found) -> bool:
    """Whether an amount is for a year: by the words after it, or "annual" before it."""
    after = _YEARLY.match(clause, amount.end)
    return bool(after or _ANNUAL.search(clause[max(0, amount.start - 60) : amount.start]))


def _plainly(sentence: Sentence, *, alone: bool) -> Iterator[tuple[Role, Found, str]]:
    """Yield amounts after "between", and when no amount is bounded those of one project.

    They stand after a label, after words such as "lump sum of", or under a heading on amounts.
    """
    text = sentence.text
    for amount in amounts(text):
        before = text[: amount.start]
        if _BETWEEN.search(before):
            yield Role.RANGE if amount.low < amount.high else Role.LEAST, amount, text
        elif alone and (
            _LABELLED.fullmatch(before) or any(p.search(before) for p in (_EXACT, _WORTH, _PRIZE))
        ):
            yield Role.RANGE if amount.low < amount.high else Role.MOST, amount, text
        elif alone and _IN_ALL.search(before) and _APPLIED.search(before):
            yield Role.MOST, amount, before[-30:] + text[amount.start : amount.end]
        elif alone and sentence.about_money and not _LOOSE.search(text):
            yield Role.RANGE if amount.low < amount.high else Role.MOST, amount, text


def _said(sentences: tuple[Sentence, ...], value: object) -> Quote | None:
    """Return the sentence that gives the record's amount, when one does."""
    for sentence in sentences:
        for fact in _amounts(sentence):
            if isinstance(value, Amount) and isinstance(fact.value, Amount):
                known = value.currency, value.maximum, value.minimum
                told = fact.value.currency, fact.value.maximum, fact.value.minimum
                if told[0] == known[0] and set(told[1:]) & set(known[1:]) - {None}:
                    return fact.quote
    return None
