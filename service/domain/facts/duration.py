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
    r"projects?\b[^.;]{0,40}? for (?:a maximum of|up to)|working together for|(?:per|a) year for "
    r"|per år (?:i|under) |\bpågå (?:i )?\d|genomförandetid"
    r"|anslagstid|(?:implementation|project|grant"
    r"|award) (?:time|term)"
    r"|(?:projekt|anslag\w*|bidrag\w*|stöd|stipendi\w+|medel)\b[^.;]{0,25}? (?:på|för|under"
    r"|om) (?:\w+"
    r" ){0,2}?(?:högst|max\w*|upp till|ett|en|två|tre|fyra|fem|sex|\d)"
    r"|ansökan (?:får|kan|ska) (?:\w+ )?omfatta|\b(?:två|tre|fyra|fem|sex)årig\w*"
    r"|(?:funding|support|grants?|awards?|costs?|fellowships?)\b[^.;]{0,90}? for (?:up to"
    r"|a m(?:ax|in)imum"
    r"|at most|\w+ (?:to \w+ )?years|\d)"
    r"|(?:månader|år) lång\w*|\bapplied for\b|(?:project|grant|action|award|fellowship)s?\b"
    r"[^.;]{0,40}?\b(?:can|may|must|should|will|to) last\b|projekttid\w*|bidragstid|projektlängd"
    r"|projekt(?:et|en|perioden?)?\b[^.;]{0,40}?\b(?:löpa|pågå"
    r"|vara|kan vara|bör vara|får vara)|söka(?:s)? för|(?:project|grant|action|award|funding)s?\b"
    r"[^.;]{0,30}?\b(?:duration|length|period|last|run)|duration of (?:the )?(?:project|action"
    r"|grant)"
    r"|(?:project|grant) period|for a period of|\bduration\b|åriga projekt|månader långt"
    r"|(?:bidrag|projekt)\w* (?:kan|får) (?:pågå|sökas|vara)|year projects?",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:högst|max\w*|upp till|som mest|endast|up to|only|längst|at most|no longer than"
    r"|not exceed\w*|no more than"
    r"|within|max\w* (?:\w+ ){0,6}(?:of|på|är|is)|(?:endast|only) \w+)\s*$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:minst|at least|min\w* (?:\w+ ){0,3}?(?:of)?|not less than)\s*$", re.IGNORECASE
)
_OTHER = re.compile(
    r"on average|i genomsnitt|deadline|sista|before|after|efter|inom|senast|decision|beslut"
    r"|doktorsexamen|phd|doctora"
    r"|since|ago|sedan|experience|\bages?\b|ålder|\bold\b|follow-up|report|every|\bper(?! (?:year"
    r"|år|projekt|project)\b)\b|previous"
    r"|\b(?:the|in|over) last\b|\blast (?:\w+ )?years"
    r"|extension|övergång|warrant|lifetime|retention|begin|publish|interest|loan|rental"
    r"|within \w+ months",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:bör|should|indicative|expected|typically|normalt|cirka|ca|about|around|omkring"
    r"|approximately|recommended|estimated|appropriate|considered|standard|foreseen|planned)\b",
    re.IGNORECASE,
)
# "6 million for a four-year application": one of the lengths that there may be
_ONE_OF_SEVERAL = re.compile(r"\bför (?:en|ett)\s*$", re.IGNORECASE)
_OR_LESS = re.compile(r"\s*(?:or (?:less|shorter)|eller (?:mindre|kortare))\b", re.IGNORECASE)
_IF_NEEDED = re.compile(
    r"\((?:where|if|in exceptional|in special|vid särskilda|om det"
    r"|med möjlighet)\b[^()]*\)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\[\d{1,2}\] ?(?=[A-Z])")
_WHILE = re.compile(r"^While\b.{0,60}\bprojects\b|\bsub-?projects\b", re.IGNORECASE)
_LONGEST = 180


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says how long projects last."""
    del call
    for sentence in sentences:
        fact = _sentence(sentence)
        if fact is not None:
            yield fact


def _sentence(sentence: Sentence) -> Fact | None:
    # portals glue notes to the sentence: "4 years is appropriate.[1] In this context …"
    text = _NOTE.split(_IF_NEEDED.sub("", sentence.text), maxsplit=1)[0]
    about = sentence.has(("month", "månad", "mån", "år", "year")) and (
        sentence.about_length or _PROJECT.search(text)
    )
    if not about or _WHILE.search(text):
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
        before = text[max(0, found.start() - 60) : found.start()]
        if low == high and _OR_LESS.match(text, found.end()):
            most = _higher(most, high)
        elif low != high or not (_MOST.search(before) or _LEAST.search(before)):
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
    around = text[max(0, found.start() - 24) : found.end() + 22]
    yearly = "årig" in text[found.start("unit") : found.end() + 2].lower()
    one = yearly and _ONE_OF_SEVERAL.search(text[: found.start()])
    return bool(one or _OTHER.search(around))


def _months(found: re.Match[str]) -> tuple[int, int]:
    unit = 1 if found["unit"].lower().startswith("m") else 12
    low = number(found["low"])
    high = number(found["high"]) if found["high"] else low
    return low * unit, high * unit


def _lower(known: int | None, new: int) -> int:
    return new if known is None else min(known, new)


def _higher(known: int | None, new: int) -> int:
    return new if known is None else max(known, new)
