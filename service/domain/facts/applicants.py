"""Who may apply: read from sentences that say so, not from every mention of a company."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.applicants import kinds
from scrapers.call import Call
from service.domain.facts.record import LIKELY, Applicants, Fact, Kind
from service.domain.facts.text import NEGATION, Sentence

NAME = "applicants"
_CERTAIN = 0.95
_OPEN = 0.8

_UNIVERSITY = (Kind.PUBLIC_UNIVERSITY, Kind.PRIVATE_UNIVERSITY)
_MEANING: dict[str, tuple[Kind, ...]] = {
    "municipality": (Kind.MUNICIPALITY,),
    "region": (Kind.REGION,),
    "health care provider": (Kind.CARE,),
    "public body": (Kind.STATE, Kind.REGION, Kind.MUNICIPALITY),
    "company": (Kind.SMALL_COMPANY, Kind.LARGE_COMPANY),
    "small or medium-sized company": (Kind.SMALL_COMPANY,),
    "large company": (Kind.LARGE_COMPANY,),
    "university": _UNIVERSITY,
    "research organisation": (Kind.RESEARCH,),
    "civil society": (Kind.CIVIL_SOCIETY,),
    "individual": (Kind.INDIVIDUAL,),
    "organisation": (Kind.ORGANISATION,),
    "anyone": (Kind.UNRESTRICTED,),
}
# what the funders' own readers do not name, and longer wordings that hide a shorter one
_MORE = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in {
        "small or medium-sized company": r"(?:små|litet|mindre)(?:[\s,-]+(?:och|eller|till|and|or)?"
        r"[\s-]*medelstor\w*)?(?:\s*företag)(?:\s*\(SMF\))?|small(?:,| and| or|-)[\s,-]*"
        r"medium(?:-sized)?(?: (?:enterprises|companies|businesses))?(?: \(SMEs?\))?|start-?ups?\b"
        r"|\bsmall (?:companies|enterprises|businesses)",
        "large company": r"\bstort? (?:företag|bolag)\b|\blarge (?:companies|enterprises)\b",
        "health care provider": r"\bhospitals?\b|\bsjukhus\w*",
        "civil society": r"\bpatient organi[sz]ations?\b|patientförening\w*|\bNGOs?\b"
        r"|ideella? organisation\w*|non-?governmental organi[sz]ations?",
        "organisation": r"\blegal (?:entit(?:y|ies)|persons?)\b|juridiska? person\w*",
        "anyone": r"\ball (?:types|kinds) of (?:organi[sz]ations|legal entities|applicants)\b"
        r"|alla (?:typer|slag) av (?:organisationer|aktörer)|unrestricted",
        "company": r"\bindustry\b|\bbusinesses\b|\bbolag\b|näringsliv\w*|\bfirms?\b",
        "public body": r"\bcentral government\b",
        "region": r"\bcount(?:y|ies)\b",
        "": r"\benskild(?:a)? firm\w+|\bsole (?:traders?|proprietors?)\b"
        r"|research(?:er)?s?[ -](?:infrastructur|project|programme)\w*",
    }.items()
)

_LIST_AFTER = re.compile(
    r"(?:riktar sig(?P<main1> (?:främst|i första hand))? (?:\w+ )?till"
    r"|vänder sig(?P<main2> (?:främst|i första hand))? till|är öppen för|är öppet för"
    r"|(?:is|are) (?P<main3>(?:primarily|mainly) )?(?:open to|aimed at|directed (?:to|at)"
    r"|addressed to|intended for)"
    r"|eligible applicants? (?:are|is|include)|(?:is|are) (?:strictly )?(?:limited|restricted) to"
    r"|(?:applicants?|the coordinator|coordinators?|sökande(?: part)?|(?:huvud)?sökanden?) "
    r"(?:must|should|may|can|shall|ska(?:ll)?|måste|kan|får) (?:be|vara)"
    r"|you must be|du måste vara|behöriga sökande är)\b",
    re.IGNORECASE,
)
_LIST_BEFORE = re.compile(
    r"\b(?:kan|får|kunna) (?:du |ni |också |även |inte |ej )*(?:an)?söka\b"
    r"|(?:är|bjuds) (?:varmt )?(?:välkomm?n?a?|inbjudna|behöriga) (?:att|med att) (?:an)?söka"
    r"|\bska vara (?:koordinator|huvudsökande|sökande)"
    r"|(?:may|can|cannot|must not|could) (?:not |also |only )*apply\b"
    r"|(?:is|are|were) (?:also |not |only )*(?:eligible(?! for funding (?:at|under))|ineligible)\b"
    r"|are (?:invited|welcome) to (?:apply|submit)",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"\bkan (?P<who>(?:[\wåäö,-]+ ){1,6}?)(?:an)?söka\b", re.IGNORECASE)
_AS_WHO = re.compile(r"\b(?:du|ni) som (?:representerar|är|företräder)\b|^som\b", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:som vill|vill (?:du|ni)|who want|for projects|för projekt|för att|that aim)\b",
    re.IGNORECASE,
)
_NO_LIST = re.compile(
    r"\b(?:encouraged|uppmuntras|uppmanas|rekommenderas|preferabl[ey]|gärna|help(?:s|ing)?|stöttar?"
    r"|expected to)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\((?:inte|ej|dock inte|dock ej|not|but not|excluding|except)\b[^()]{0,200}\)", re.IGNORECASE
)
_PARTLY = re.compile(
    r"\b(?:främst|i första hand|bland annat|bl\.\s?a|primarily|mainly|including but|among others"
    r"|in particular|särskilt|m\.?fl|etc|andra (?:typer av )?(?:organisationer|aktörer)"
    r"|other (?:types of )?(?:organi[sz]ations|actors|entities))\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:only|endast|bara|enbart|exclusively|limited to)\b", re.IGNORECASE)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says who may or may not apply."""
    told = False
    for sentence in sentences:
        for fact in _sentence(sentence):
            told = True
            yield fact
    if not told:
        yield from _recorded(call)


def stated(text: str) -> tuple[Kind, ...]:
    """Return the kinds of organisations that ``text`` names, in the order of `Kind`."""
    found = [(m.start(), -m.end(), name) for name, p in _MORE for m in p.finditer(text)]
    found += [(first, -stop, name) for name, first, stop in kinds(text)]
    named: set[str] = set()
    reached = 0
    for first, stop, name in sorted(found, key=lambda one: one[:2]):
        if first >= reached:
            named.add(name)
            reached = -stop
    named.discard("")
    meant = {kind for name in named for kind in _MEANING[name]}
    return tuple(kind for kind in Kind if kind in meant)


def _sentence(sentence: Sentence) -> Iterator[Fact]:
    text = sentence.text
    aside = _ASIDE.search(text)
    excluded = stated(aside.group()) if aside else ()
    plain = _ASIDE.sub(lambda m: " " * len(m.group()), text)
    region, listed = _region(sentence, plain)
    if region is None:
        return
    found = stated(region)
    denied = bool(NEGATION.search(plain)) and not re.search(r"not only|inte bara", plain)
    if not found:
        return
    if denied:
        if listed:
            value = Applicants(excluded=found)
            yield Fact(name=NAME, value=value, confidence=_CERTAIN, quote=sentence.quote())
        return
    if _NO_LIST.search(region):
        return
    closed = bool(sentence.about_applicants or _ONLY.search(plain)) and not _PARTLY.search(plain)
    confidence = _CERTAIN if closed else _OPEN
    value = Applicants(kinds=found, excluded=excluded, closed=closed)
    yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _region(sentence: Sentence, plain: str) -> tuple[str | None, bool]:
    """Return the part of a sentence that lists applicants, and whether a verb says so."""
    if found := _LIST_AFTER.search(plain):
        return _until_purpose(plain[found.end() :]), True
    if (found := _INVERTED.search(plain)) and stated(found["who"]):
        return found["who"], True
    if found := _LIST_BEFORE.search(plain):
        before = plain[: found.start()]
        asked = _AS_WHO.search(before)
        if asked:
            return _until_purpose(before[asked.end() :]), True
        if not _WISH.search(before):
            return before, True
    if sentence.about_applicants and sentence.heading != sentence.text:
        return _until_purpose(plain), False
    return None, False


def _until_purpose(text: str) -> str:
    """Cut ``text`` where it turns from who applies to what they want to do."""
    purpose = re.search(
        r"\b(?:som vill|who want|that want|som samarbetar|för att|in order to|to (?:develop|create"
        r"|support|carry)|och kan ta fram)\b",
        text,
        re.IGNORECASE,
    )
    return text[: purpose.start()] if purpose else text


def _recorded(call: Call) -> Iterator[Fact]:
    """Yield what the call's record says, when its texts say nothing that can be read."""
    named = {e.value for e in call.eligibility if e.kind == "applicant"}
    meant = {kind for name in named for kind in _MEANING.get(name, ())}
    if meant:
        value = Applicants(kinds=tuple(k for k in Kind if k in meant))
        yield Fact(name=NAME, value=value, confidence=LIKELY)
