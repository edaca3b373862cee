"""How long a project may last, in months."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts.numbers import NUMBER, number
from service.domain.facts.record import LIKELY, Duration, Fact
from service.domain.facts.text import Sentence

NAME = "duration"
_CERTAIN = 0.95
_UNIT = r"(?P<unit>månader|månad|months?|mån\b|år|years?|åriga?|-?årig\w*|-?year)"
_SPAN = re.compile(
    rf"(?:mellan |between |from )?(?P<low>{NUMBER})(?:\s*-?\s*(?:åriga|year|years|år|months?"
    rf"|månader))?"
    rf"(?:(?:-?,\s*{NUMBER}-?)*\s*(?:-|–|till|to|och|and|or|eller|och högst)\s*(?P<high>{NUMBER}))?"
    rf"[\s-]*(?:\(\d+\)\s*)?(?:kalender|calendar )?{_UNIT}",
    re.IGNORECASE,
)
_PROJECT = re.compile(
    r"projekttid\w*|bidragstid|projektlängd|projekt(?:et|en|perioden?)?\b[^.;]{0,40}?\b(?:löpa|pågå"
    r"|vara|kan vara|bör vara|får vara)|söka(?:s)? för|(?:project|grant|action|award|funding)s?\b"
    r"[^.;]{0,30}?\b(?:duration|length|period|last|run)|duration of (?:the )?(?:project|action"
    r"|grant)"
    r"|(?:project|grant) period|for a period of|\bduration\b|åriga projekt|månader långt"
    r"|(?:bidrag|projekt)\w* (?:kan|får) (?:pågå|sökas|vara)|year projects?",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:högst|max\w*|upp till|up to|längst|at most|no longer than|not exceed\w*|no more than"
    r"|within|max\w* (?:\w+ ){1,3}(?:of|på|är|is))\s*$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:minst|at least|min\w* (?:\w+ ){0,3}?(?:of)?|not less than)\s*$", re.IGNORECASE
)
_OTHER = re.compile(
    r"deadline|sista|before|after|efter|inom|senast|decision|beslut|doktorsexamen|phd|doctora"
    r"|since|ago|sedan|experience|age|ålder|old|follow-up|report|every|per\b|previous|last\b"
    r"|extension|övergång|warrant|lifetime|retention|begin|publish|interest|loan|rental"
    r"|within \w+ months",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:bör|should|indicative|expected|typically|normalt|cirka|ca|about|around|omkring"
    r"|approximately|recommended|estimated|appropriate|considered|standard|foreseen|planned)\b",
    re.IGNORECASE,
)
_LONGEST = 180


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says how long projects last."""
    del call
    for sentence in sentences:
        fact = _sentence(sentence)
        if fact is not None:
            yield fact


def _sentence(sentence: Sentence) -> Fact | None:
    text = sentence.text
    about = sentence.has(("month", "månad", "mån", "år", "year")) and _PROJECT.search(text)
    if not about:
        return None
    lengths = [
        m
        for m in _SPAN.finditer(text)
        if not (_aside(text, m) or sentence.example(m.start()) or sentence.negated(*m.span()))
    ]
    if not lengths:
        return None
    least = most = None
    for found in lengths:
        low, high = _months(found)
        if max(low, high) > _LONGEST:
            continue
        before = text[max(0, found.start() - 40) : found.start()]
        if low != high or not (_MOST.search(before) or _LEAST.search(before)):
            least, most = _lower(least, low), _higher(most, high)
        elif _MOST.search(before):
            most = _higher(most, high)
        else:
            least = _lower(least, low)
    if least is None and most is None:
        return None
    soft = _ADVICE.search(text)
    return Fact(
        name=NAME,
        value=Duration(minimum=least, maximum=most),
        confidence=LIKELY if soft else _CERTAIN,
        quote=sentence.quote(),
    )


def _aside(text: str, found: re.Match[str]) -> bool:
    """Whether a length is that of something else: a wait, a career, a report's period."""
    around = text[max(0, found.start() - 30) : found.end() + 22]
    return bool(_OTHER.search(around))


def _months(found: re.Match[str]) -> tuple[int, int]:
    unit = 1 if found["unit"].lower().startswith("m") else 12
    low = number(found["low"])
    high = number(found["high"]) if found["high"] else low
    return low * unit, high * unit


def _lower(known: int | None, new: int) -> int:
    return new if known is None else min(known, new)


def _higher(known: int | None, new: int) -> int:
    return new if known is None else max(known, new)
