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
    rf"|(?:applicants?|beneficiar(?:y|ies)|coordinators?|entit(?:y|ies)|participants?|owner|lead"
    rf"|institutions?|contestants?)"
    rf"[^.]{{0,60}}? must be (?:[^.]{{0,160}}?, )?(?:an? )?(?:legal entit(?:ies|y) "
    rf"|entities |organi[sz]ations? |compan(?:y|ies) )?(?:effectively )?{_WHERE}"
    rf"|(?:applicants?|beneficiaries|coordinator|entities|sökande|organisationer|aktörer) "
    rf"(?:\w+ ){{0,4}}?(?:must|shall|ska(?:ll)?|måste) (?:be|vara) {_WHERE}",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"ansökningar från (?:hela )?(?P<all>Sverige|Norden)\b"
    r"|applicants? from (?:the )?(?P<where>[^.()]{3,120}?) (?:can|may|are)\b"
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
_HERE = re.compile(r"\b(?:i Sverige|in Sweden)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except|excluding|other than|förutom|not established)\b.*", re.IGNORECASE | re.DOTALL
)
_PRIMARILY = re.compile(r"\b(?:främst|i första hand|primarily|mainly)\b", re.IGNORECASE)
_PART = re.compile(r"\b(?:varav|reservera\w*|reserved|öronmärk\w*|of which)\b", re.IGNORECASE)
_COUNTY = re.compile(r"[•*–-]?\s*(?P<name>[A-ZÅÄÖ][a-zåäö]+(?: [A-ZÅÄÖ]?[a-zåäö]+){0,2})")
# "Swedish companies", "UK registered businesses", "ett svenskt universitet"
_NATIONAL = re.compile(
    r"\b(?P<whose>svensk[at]?|Sveriges|Sweden['’]s|nordiska?t?|Swedish|Nordic|Norwegian|Danish"
    r"|Finnish|UK|U\.S\.|US)[ -]"
    r"(?:(?:based|registered|registrerade?) )?(?:(?:små|small) (?:och|eller|and|or) )?"
    r"(?:(?!(?:and|or|och|eller)\b)[\wåäö-]+ ){0,3}?(?:\w*företag|\w*bolag|aktörer|sökande"
    r"|lärosäte\w*|universitet|högskolor"
    r"|\w*organisation(?:er)?|part(?:er)?|kommuner|compan(?:y|ies)|applicants?|universit(?:y|ies)"
    r"|organi[sz]ations?|SMEs?|business(?:es)?|parties|partners?|(?:legal )?entit(?:y|ies)"
    r"|institutions?|medelsförvaltare|vårdinrättning\w*)\b",
    re.IGNORECASE,
)
# "with a permanent establishment in Sweden", "based at a host organisation in the UK"
_SETTLED = re.compile(
    r"\b(?:based|located|registered|headquartered|domiciled|resident|anchored|affiliated"
    r"|establish\w*|employed"
    r"|registrera\w*|arbetsställe|arbetsplats|huvudkontor|etablera\w*|verksam\w*|belägn\w*"
    r"|driftställe|säte|bosatta?|anställda?)"
    r"\b[^.;]{0,45}? (?:in|i|within|inom) (?P<where>[^.;]{3,200})",
    re.IGNORECASE,
)
# a person's place of work: "anställd vid ett svenskt lärosäte"
_EMPLOYED = re.compile(
    r"\b(?:anställ\w+|anknytning|verksam|employ\w+|forskar|förvaltas)\b[^.;]{0,60}?(?:vid|hos|till"
    r"|av|at|by|with) (?:an? |ett |en )?(?P<whose>svensk[at]?|Swedish|UK|U\.S\.) ",
    re.IGNORECASE,
)
# calls of a region: "insatser i Gävleborgs, Dalarnas och Värmlands län"
_COUNTIES = re.compile(
    r"\b(?:sök\w*|insatser|projekt\w*|finansiering)\b[^.]{0,80}? i (?P<where>[^.]{3,90}?\blän)\b",
    re.IGNORECASE,
)
_IN_COUNTY = re.compile(r"\b(?:i|in) (?P<where>[A-ZÅÄÖ][\wåäö]+(?: [A-ZÅÄÖ]?[\wåäö]+)?)")
_YOU = re.compile(
    r"\b(?:you|applicants?|the lead|sökande\w*|du|ni)\b[^.]{0,30}?\b(?:must|should|ska|måste)\b",
    re.IGNORECASE,
)
_MUST_BE = re.compile(r"\b(?:måste|ska(?:ll)?|must|have to)\b", re.IGNORECASE)
_ELIGIBLE = re.compile(r"\beligible\b|\b(?:may|can) apply\b|\bkan (?:an)?söka\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*(?:outside|utanför)\b", re.IGNORECASE)
_STOP = re.compile(r"\[\d|[.;]\s|\.(?=[A-Z])")
_LONGEST_LIST = 400
_HINTS = (
    "limited", "restricted", "begräns", "only", "must be", "shall be", "ska vara", "måste vara",
    "eligible", "excluded", "allowed", "får inte", "not participate", "not apply", "applicant",
    "svensk", "swedish", "sweden", "nordi", "sverige", "uk", "u.s.", " län", "based", "registered",
    "located", "norwegian", "danish", "finnish", "anställ", "employ", "förvaltas",
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
    if part := _PART.search(sentence.text):
        return _of_some(sentence, sentence.text[: part.start()])
    if county := _COUNTY.fullmatch(sentence.text):
        found = places(county["name"])
        if found:
            said = found[0][:3] == "SE-"
            return _fact(sentence, Places(allowed=found), LIKELY) if said else None
    if (home := _home(sentence)) and (applicants.says_who(sentence) or home[1]):
        confidence = LIKELY if _PRIMARILY.search(sentence.text) else _IN_PASSING
        return _fact(sentence, Places(allowed=home[0]), confidence)
    return _by_words(sentence)


def _of_some(sentence: Sentence, before: str) -> Fact | None:
    """Return where all must be when a sentence goes on to what only some must be."""
    whose = _NATIONAL.search(before)
    found = places(whose["whose"] + " ") if whose and applicants.says_who(sentence) else ()
    return _fact(sentence, Places(allowed=found), _IN_PASSING) if found else None


def _by_words(sentence: Sentence) -> Fact | None:
    if (said := _FROM.search(sentence.text)) and (found := places(said.group())):
        confidence = _CERTAIN if said["where"] else _IN_PASSING
        return _fact(sentence, Places(allowed=found), confidence)
    county = _IN_COUNTY.search(sentence.text)
    if county and (sentence.about_applicants or applicants.says_who(sentence)):
        found = tuple(place for place in places(county["where"]) if place.startswith("SE-"))
        if found:
            return _fact(sentence, Places(allowed=found), _IN_PASSING)
    if sentence.about_applicants and _HERE.search(sentence.text):
        return _fact(sentence, Places(allowed=("SE",)), _CERTAIN)
    if (there := _COUNTIES.search(sentence.text)) and (found := places(there["where"])):
        return _fact(sentence, Places(allowed=found), LIKELY)
    return None


def _home(sentence: Sentence) -> tuple[tuple[str, ...], bool] | None:
    """Return where the applicants that a sentence names are, and whether it is about them."""
    text = sentence.text
    about = sentence.about_applicants or bool(_YOU.search(text))
    if whose := _EMPLOYED.search(text) or _NATIONAL.search(text):
        found = places(text[whose.start("whose") : whose.end() + 3])
        return (found[:1], about and bool(_MUST_BE.search(text))) if found else None
    if (settled := _SETTLED.search(text)) and (about or _ELIGIBLE.search(text)):
        found = places(settled["where"])
        return (found, about) if found else None
    return None


def _fact(sentence: Sentence, value: Places, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())
