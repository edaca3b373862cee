"""What one project may get and the share of its costs that is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.amounts import Role, roles
from scrapers.call import Call
from scrapers.figures import Amount as Found
from scrapers.figures import amounts
from service.domain.facts.record import LIKELY, STRUCTURED, Amount, Fact, Quote, Share
from service.domain.facts.text import Sentence

AMOUNT = "amount"
SHARE = "share"
_CERTAIN = 0.95
_ADVICE = re.compile(
    r"estimates?|does not preclude|indicative|expected|approximately|around|cirka|\bca\b|omkring"
    r"|should|bör|typically|normalt|considers that",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    r"\W{0,2}(?:\w+ ){0,2}?(?:(?:per|a|each|varje|om) (?:år|year)\b|årligen|annually|/(?:år|year))",
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
    r"|funding for the demonstration"
    r"|per (?:day|person|month|participant|unit|månad|dag|deltagare)|sub-?grant|balance sheet"
    r"|threshold|smaller grants|with (?:a )?(?:total )?cost|loan|payroll|investments?\b|secured"
    r"|FSTP"
    r"|procurement|unit cost",
    re.IGNORECASE,
)
_PER_THING = re.compile(
    r"\s*\bper (?!projects?\b|projekt\b|propos|years?\b|år\b|applica|ansökan|award|grant|cent\b"
    r"|consort|konsort|anslag|bidrag|stipend|forskarskola|graduate|centr|cent(?:re|er)\b|network"
    r"|nätverk|fellow|study\b|studie)\w*",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\W*(?:bidragsbelopp|belopp(?:snivå)?|maxbelopp\w*|bidrag(?:ets storlek)?|stöd|anslag"
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
    r"\b(?:lump sum|fixed (?:sum|amount)|schablon\w*|klumpsumma|grant|direct costs) of\s*$",
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
_PERCENT = r"(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:procent|percent|per cent|%)"
_SHARES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:max\w*|högst|upp till|upp emot|up to|at most|no more than|not exceed\w*|limited to"
        r"|täcker|covers?|finansierar|motsvara\w*)\D{0,30}?" + _PERCENT,
        _PERCENT + r" (?:reimbursement|of (?:the )?(?:eligible|approved|allowable|project))",
        r"^\W*" + _PERCENT + r" (?:av|of) [^.]{0,30}?(?:kostnad|costs|budget)",
        r"\b(?:fund|pay|cover|finance|meet)s? (?:up to |around |about )?" + _PERCENT + r" of",
        r"(?:funding|reimbursement|co-?financing|co-?funding|stöd|finansierings)[\s-]?(?:rate"
        r"|intensity|grad|nivå)\w*\D{0,40}?" + _PERCENT,
    )
)
_OF_COSTS = re.compile(
    r"budget|kostnad|costs?\b|finansier|funding|stöd|bidrag|grant|reimburse|\bmatch\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"financial support|third part|egen (?:insats|finansiering)|medfinansier|match\w*"
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
    """Yield amounts and shares; what the record's own fields say makes sentences unneeded.

    Different sentences may disagree: all are yielded.
    """
    recorded = _recorded_amount(call)
    if recorded is not None:
        yield recorded.with_(quote=_said(sentences, recorded.value))
    if call.funding is not None and call.funding.share_percent is not None:
        percent = call.funding.share_percent
        quote = _where(sentences, percent)
        yield Fact(name=SHARE, value=Share(percent=percent), confidence=STRUCTURED, quote=quote)
    for sentence in sentences:
        if recorded is None:
            yield from _amounts(sentence)
        if call.funding is None or call.funding.share_percent is None:
            yield from _share(sentence)


def _recorded_amount(call: Call) -> Fact | None:
    """Return the record's own amount for a project.

    The EU portal's figures are what the Commission expects of a project, not limits to it.
    """
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
    expected = call.id.startswith("eu_portal:")
    return Fact(name=AMOUNT, value=value, confidence=LIKELY if expected else STRUCTURED)


def _amounts(sentence: Sentence) -> Iterator[Fact]:
    if not _of_a_grant(sentence):
        return
    text = sentence.text
    least: dict[tuple[str, bool], Decimal] = {}
    most: dict[tuple[str, bool], list[Decimal]] = {}
    named = list(roles(text))
    known = [part for part in named if part[0] is not Role.TOTAL]
    for role, amount, clause in [*named, *_plainly(sentence, alone=not known)]:
        if role is Role.TOTAL or _POT.search(clause) or _PER_THING.match(clause, amount.end):
            continue
        unit = amount.currency, _yearly(clause, amount)
        if role in (Role.LEAST, Role.RANGE):
            least[unit] = min(amount.low, least.get(unit, amount.low))
        if role in (Role.MOST, Role.RANGE):
            most.setdefault(unit, []).append(amount.high)
    confidence = LIKELY if _ADVICE.search(text) else _CERTAIN
    for unit in {**least, **most}:
        tops: list[Decimal | None] = [*dict.fromkeys(most.get(unit, []))]
        for top in tops or [None]:
            value = Amount(minimum=least.get(unit), maximum=top, currency=unit[0], yearly=unit[1])
            yield Fact(name=AMOUNT, value=value, confidence=confidence, quote=sentence.quote())


def _of_a_grant(sentence: Sentence) -> bool:
    """Whether the amounts of a sentence can be those of a grant or prize."""
    text = sentence.text
    if not (_FIGURE.search(text) and not _NOT_GRANT.search(text)):
        return False
    if _PRIZES.search(text):
        return any(_PRIZE.search(text[: amount.start]) for amount in amounts(text))
    return sentence.about_money or bool(_AWARD.search(text))


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


def _share(sentence: Sentence) -> Iterator[Fact]:
    text = sentence.text
    if not sentence.has(("%", "procent", "percent", "per cent")) or not _OF_COSTS.search(text):
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
        confidence = LIKELY if _ADVICE.search(text) or len(found) > 1 else _CERTAIN
        yield Fact(name=SHARE, value=value, confidence=confidence, quote=sentence.quote())


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


def _where(sentences: tuple[Sentence, ...], percent: Decimal) -> Quote | None:
    """Return the sentence that says what the record says, when one does."""
    for sentence in sentences:
        for fact in _share(sentence):
            if fact.value == Share(percent=percent):
                return fact.quote
    return None
