"""From which countries, or Swedish counties, applicants may come."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts import applicants
from service.domain.facts.places import places
from service.domain.facts.record import LIKELY, Fact, Places
from service.domain.facts.text import NEGATION, Sentence

NAME = "country"
_CERTAIN = 0.95
_IN_PASSING = 0.9
_WHERE = r"(?:established|based|located|domiciled|registered|etablerad\w*|verksam\w*|belägn\w*)"
_LIMIT = re.compile(
    r"(?:participation|eligibility|eligible|call|topic)\b[^.]{0,120}?\b(?:limited"
    r"|restricted)"
    r" to\b|\bdeltagande\w* (?:är )?begränsa[dt]\w* till\b|\bonly (?:legal )?(?:entities"
    r"|applicants|organi[sz]ations|participants)"
    rf"|(?:applicants?|beneficiar(?:y|ies)|coordinators?|entit(?:y|ies)|participants?"
    rf"|institutions?|contestants?)"
    rf"[^.]{{0,60}}? must be (?:[^.]{{0,160}}?, )?(?:legal entities "
    rf"|entities )?(?:effectively )?{_WHERE}"
    rf"|(?:applicants?|beneficiaries|coordinator|entities|sökande|organisationer|aktörer) "
    rf"(?:\w+ ){{0,4}}?(?:must|shall|ska(?:ll)?|måste) (?:be|vara) {_WHERE}",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"applicants? from (?:the )?(?P<where>[^.()]{3,120}?) (?:can|may|are)\b"
    r"|(?:till|för) (?P<here>(?:svenska?|nordiska) (?:aktörer|sökande|lärosäten|parter|partner))"
    rf"|(?:aktörer|organisationer|företag|parter|sökande) (?:{_WHERE} )?(?P<swedish>i Sverige)"
    r"|(?:vid|at) (?P<uni>(?:svenska|Swedish) (?:lärosäten|universitet|universities|higher))",
    re.IGNORECASE,
)
_BARRED = re.compile(
    r"(?:entities|applicants|organi[sz]ations|participants|those)\b[^.]{0,160}?\b(?:are|is"
    r"|will be) "
    r"(?:not eligible|excluded|ineligible|not allowed)|(?:may|can|shall) not (?:participate|apply)"
    r"|får inte (?:söka|delta)|not eligible to (?:participate|apply)",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"(?:,| som är)? (?:(?:verksamma|baserade|etablerade) )?i Sverige\b", re.IGNORECASE
)
_EXCEPT = re.compile(
    r"\b(?:except|excluding|other than|förutom|not established)\b.*", re.IGNORECASE | re.DOTALL
)
_PRIMARILY = re.compile(r"\b(?:främst|i första hand|primarily|mainly)\b", re.IGNORECASE)
_PART = re.compile(r"\b(?:varav|reservera\w*|reserved|öronmärk\w*|of which)\b", re.IGNORECASE)
_COUNTY = re.compile(r"[•*–-]?\s*(?P<name>[A-ZÅÄÖ][a-zåäö]+(?: [A-ZÅÄÖ]?[a-zåäö]+){0,2})")
_SWEDISH = re.compile(
    r"\b(?:svenska?|Swedish) (?:[\wåäö-]+ ){0,3}?(?:företag|aktörer|sökande|lärosäten|universitet"
    r"|organisationer|parter|kommuner|companies|applicants|universities|organi[sz]ations|SMEs)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"\s*(?:outside|utanför)\b", re.IGNORECASE)
_STOP = re.compile(r"\[\d|[.;]\s|\.(?=[A-Z])")
_LONGEST_LIST = 400
_HINTS = (
    "limited", "restricted", "begräns", "only", "must be", "shall be", "ska vara", "måste vara",
    "eligible", "excluded", "allowed", "får inte", "not participate", "not apply", "applicant",
    "svensk", "swedish", "nordisk", "sverige",
)  # fmt: skip
_ONE_PLACE = 40
_CONTROL = re.compile(r"control(?:led)?|owned", re.IGNORECASE)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says where applicants must be or must not be."""
    del call
    for sentence in sentences:
        fact = _sentence(sentence)
        if fact is not None:
            yield fact


def _sentence(sentence: Sentence) -> Fact | None:
    text = sentence.text
    if not (sentence.about_applicants or sentence.has(_HINTS) or len(text) < _ONE_PLACE):
        return None
    if barred := _BARRED.search(text):
        found = places(text[: barred.end()])
        said = found and not _CONTROL.search(text)
        return _fact(sentence, Places(excluded=found), _CERTAIN) if said else None
    if limit := _LIMIT.search(text):
        found = () if _OUTSIDE.match(text, limit.end()) else places(_reach(text[limit.end() :]))
        return _fact(sentence, Places(allowed=found), _CERTAIN) if found else None
    return None if NEGATION.search(text) else _mentioned(sentence)


def _reach(text: str) -> str:
    """Return the start of ``text`` that can belong to one list: no note, no next sentence."""
    return _EXCEPT.sub("", _STOP.split(text, maxsplit=1)[0])[:_LONGEST_LIST]


def _mentioned(sentence: Sentence) -> Fact | None:
    """Return where a sentence says that its applicants are, in passing."""
    if _PART.search(sentence.text):
        return None
    if (county := _COUNTY.fullmatch(sentence.text)) and (found := places(county["name"])):
        return _fact(sentence, Places(allowed=found), LIKELY) if found[0][:3] == "SE-" else None
    if _SWEDISH.search(sentence.text) and applicants.says_who(sentence):
        confidence = LIKELY if _PRIMARILY.search(sentence.text) else _IN_PASSING
        return _fact(sentence, Places(allowed=("SE",)), confidence)
    if (said := _FROM.search(sentence.text)) and (found := places(said.group())):
        confidence = _CERTAIN if said["where"] else _IN_PASSING
        return _fact(sentence, Places(allowed=found), confidence)
    if sentence.about_applicants and _HERE.search(sentence.text):
        return _fact(sentence, Places(allowed=("SE",)), _CERTAIN)
    return None


def _fact(sentence: Sentence, value: Places, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())
