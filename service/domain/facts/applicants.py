"""Who may apply: read from sentences that say so, not from every mention of a company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrapers.call import Call
from service.domain.facts.kinds import MEANING, stated
from service.domain.facts.record import LIKELY, Applicants, Fact, Kind
from service.domain.facts.text import LABEL, NEGATION, TITLE, Sentence

NAME = "applicants"
_CERTAIN = 0.95
_OPEN = 0.8

_LIST_AFTER = re.compile(
    r"(?:riktar sig(?P<main1> (?:främst|i första hand))? (?:\w+ )?till"
    r"|vänder sig(?P<main2> (?:främst|i första hand))? till|är öppen för|är öppet för"
    r"|(?:is|are) (?P<main3>(?:primarily|mainly) )?(?:open to|aimed at|directed (?:to|at)"
    r"|addressed to|intended for)"
    r"|eligible (?:applicants?|entities|organi[sz]ations)\b[^.:]{0,60}?(?:\bare|\bis|\binclude"
    r"|:)|(?:is"
    r"|are) (?:strictly )?(?:limited|restricted) to"
    r"|(?:applicants?|contestants?|the coordinator|coordinators?|sökande(?: part)?"
    r"|(?:huvud)?sökanden?) "
    r"(?:must|should|may|can|shall|ska(?:ll)?|måste|kan|får) (?:be|vara)"
    r"|(?:award|provide|offer)s? (?:[\w%-]+ ){0,6}?(?:grants?|financial assistance|funding"
    r"|support|loans?) to"
    r"|stöd (?:lämnas|ges|beviljas|utgår) till|you must be|du måste vara"
    r"|behöriga sökande är)(?!\w)",
    re.IGNORECASE,
)
_LIST_BEFORE = re.compile(
    r"\bhar (?:nu )?möjlighet att (?:få|an?söka)\b|"
    r"\b(?:kan|får|kunna) (?:du |ni |också |även |inte |ej )*(?:an)?söka\b"
    r"|(?:är|bjuds) (?:varmt )?(?:välkom(?:men|na)|inbjudna|behöriga) (?:att|med att) (?:an)?söka"
    r"|\bska vara (?:koordinator|huvudsökande|sökande)"
    r"|(?:may|can|cannot|must not|could) (?:not |also |only )*apply\b"
    r"|(?:is|are|were) (?:also |not |only )*(?:eligible(?! for funding (?:at|under))|ineligible)\b"
    r"|are (?:invited|welcome) to (?:apply|submit)|\bacting as co-?ordinators?\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:\w*möjlighet\w*|stöd|bidrag|program\w*|medel|satsning\w*|support|grants?|funding"
    r"|opportunit\w+)\b[^.]{0,60}?\b(?:för|till|for)\s+(?P<who>[^.]{3,60})"
    r"|\b(?:stötta|stödja|hjälpa) (?P<helped>(?:svenska|små|stora|nya)? ?[\wåäö-]+)\b"
    r"|\b(?:actions?|projects?|grants?) by (?P<by>[^.]{3,80})",
    re.IGNORECASE,
)
_DOCTOR = re.compile(
    r"\b(?:(?:måste|ska(?:ll)?) (?:du|sökanden?)|(?:du|sökanden?) (?:måste|ska(?:ll)?)) (?:ha"
    r"|vara) (?:avlagt |en )?(?:doktor\w*"
    r"|disputera\w*)"
    r"|\bapplicants? must (?:hold|have) an? (?:ph\.?d|doctora\w*)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:som (?!helst)|that|which|who\b|where|whose|authori[sz]ed|when|in order to"
    r"|to the extent|located"
    r"|established|not already|för att|to (?:develop|create|support|carry)"
    r"|och kan ta fram).*",
    re.IGNORECASE | re.DOTALL,
)
_TAKES_PART = re.compile(
    r"\b(?:kan|får|ska(?:ll)?|måste|may|can|must|should) (?:[\wåäö]+ ){0,3}?(?:inkludera"
    r"|bestå av|include"
    r"|consist of|involve)\b",
    re.IGNORECASE,
)
# those whom a project passes money on to, and what else applicants may be
_OTHERS = re.compile(
    r"\bthird part(?:y|ies)\b|\b(?:may|consorti\w+|beneficiar\w+|projects?) (?:\w+ ){0,3}?provide\b"
    r"|\b(?:may|can) be (?:asked|required|requested|invited)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"\s*(?:no|inga|ingen|neither)\b", re.IGNORECASE)
_DENIED = re.compile(rf"{NEGATION.pattern}|ineligible", re.IGNORECASE)
_ON_TERMS = re.compile(
    r"\b(?:if|unless|until|om inte|såvida|currently|already|redan|previously|tidigare)\b",
    re.IGNORECASE,
)
_PROJECTS = re.compile(
    r"\s*(?:all )?(?:proposals|projects?|applications|ansökningar|projekt)\b", re.IGNORECASE
)
_IS_HEADING = re.compile(r"[?:]\s*$")
_EARLY = 60
# sentences under "eligibility" that tell what somebody does rather than who may apply
_DOES = re.compile(
    r"\b(?:may(?! be)|can(?! be)|shall|agree|projects?|funds?|funding|loans?|will|works?|used"
    r"|applications?|activities"
    r"|must"
    r"|ska|måste|projekt\w*)\b",
    re.IGNORECASE,
)
_MODIFIER = re.compile(
    r"\b(?:som|that|which|who|with|from|in|i|inom|med|of|established|etablera\w*|verksam\w*|vid|at"
    r"|whose|for|för|such|see|kan|can|may|och kan)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_ITEMS = re.compile(r"[,;/•]|\b(?:and|or|och|eller|samt|as well as)\b", re.IGNORECASE)
_HALF = re.compile(
    r"\W*(?:small|medium|large|public|private|local|regional|state|små|stora|mindre|offentliga"
    r"|privata|lokala|regionala|statliga)-?\W*",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\W|\b(?:the|a|an|en|ett|either|other|både|both|endast|only|aktörer|actors)\b"
)
_ADDRESSED = re.compile(
    r"\bbjuder (?:[\wåäö-]+ ){0,3}?in (?P<asked>[^.]{3,120}?) att (?:lämna|söka|ansöka)|"
    r"^(?:Nu )?välkomnar vi (?P<whom>[^.]{3,90}?)(?: med [^.]{3,90})? att (?:an)?söka"
    r"|\bÄr (?:du|ni) (?P<you>(?:en|ett) [^.?]{3,60})|(?:[Pp]lanerar|[Hh]ar) (?:ditt"
    r"|ert) (?P<firm>företag)\b"
    r"|\b[Nn]u välkomnar vi (?P<now>[^.]{3,90}?)(?: med [^.]{3,90})? att (?:an)?söka"
)
_INVERTED = re.compile(r"\bkan (?P<who>(?:[\wåäö,-]+ ){1,6}?)(?:an)?söka\b", re.IGNORECASE)
_AS_WHO = re.compile(r"\b(?:du|ni) som (?:representerar|är|företräder)\b|^som\b", re.IGNORECASE)
_RESEARCHES = re.compile(r"\b(?:du|ni) som forskar\b", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:som vill|vill (?:du|ni)|who want|for projects|för projekt|för att|that aim)\b",
    re.IGNORECASE,
)
_HINTS = (
    "söka", "riktar", "vänder", "öppe", "open to", "aimed", "directed", "addressed", "intended",
    "eligible", "limited to", "restricted to", "applicant", "contestant", "ordinator", "apply",
    "must be", "grants to", "grant to", "assistance to", "funding to", "support to", "loan",
    "stöd", "välkom", "bjud", "möjlighet", "är du", "är ni", "företag", "submit", "doktor",
    "disputera",
)  # fmt: skip
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
_ONLY = re.compile(
    r"^\W*(?:only|endast|bara|enbart)\b|\b(?:exclusively|limited to|restricted to|open only to"
    r"|only open to)\b|\b(?:endast|enbart|bara) (?:till|för|öppen för)\b",
    re.IGNORECASE,
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says who may or may not apply."""
    told = False
    for sentence in sentences:
        for fact in _sentence(sentence):
            told = True
            yield fact
    if not told:
        yield from _recorded(call)


def says_who(sentence: Sentence) -> bool:
    """Return whether ``sentence`` says who may apply."""
    return any(fact.value.terms() for fact in _sentence(sentence))


@dataclass(frozen=True)
class _Listed:
    """The words of a sentence that list applicants; ``denied``: those may not apply."""

    text: str
    denied: bool = False


def _sentence(sentence: Sentence) -> Iterator[Fact]:
    if not (sentence.about_applicants or sentence.field == TITLE or sentence.has(_HINTS)):
        return
    text = sentence.text
    aside = _ASIDE.search(text)
    excluded = stated(aside.group()) if aside else ()
    plain = _ASIDE.sub(lambda m: " " * len(m.group()), text)
    listed = _listed(sentence, plain)
    if listed is None:
        if _DOCTOR.search(text):
            yield _fact(sentence, Applicants(kinds=(Kind.INDIVIDUAL,)), _OPEN)
        return
    found = stated(listed.text)
    if listed.denied and found:
        yield _fact(sentence, Applicants(excluded=found), _CERTAIN)
    elif found and not _NO_LIST.search(listed.text):
        whole = sentence.about_applicants or _ONLY.search(plain)
        closed = bool(whole) and not _PARTLY.search(plain) and _understood(listed.text)
        value = Applicants(kinds=found, excluded=excluded, closed=closed)
        yield _fact(sentence, value, _CERTAIN if closed else _OPEN)


def _fact(sentence: Sentence, value: Applicants, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _listed(sentence: Sentence, plain: str) -> _Listed | None:
    """Return the part of a sentence that lists applicants: by its verb, else by its place."""
    if _OTHERS.search(plain):
        return None
    if found := _LIST_AFTER.search(plain):
        rest = plain[found.end() :]
        denied = bool(NEGATION.search(plain[max(0, found.start() - 15) : found.end()]))
        return None if _PROJECTS.match(rest) else _Listed(_CLAUSE.sub("", rest), denied)
    if (found := _INVERTED.search(plain)) and stated(found["who"]):
        return _Listed(found["who"])
    if found := _LIST_BEFORE.search(plain):
        before = plain[: found.start()]
        if researches := _RESEARCHES.search(before):
            return _Listed(researches.group())
        asked = _AS_WHO.search(before)
        if asked or not _WISH.search(before):
            subject = _CLAUSE.sub("", before[asked.end() :] if asked else before)
            denied = bool(_DENIED.search(found.group()) or _NOBODY.match(before))
            # "those that already have a grant may not": a rule on some of them, not on the kind
            some = denied and (_ON_TERMS.search(plain) or _MODIFIER.search(before))
            return None if some else _Listed(subject, denied)
    return _by_place(sentence, plain)


def _by_place(sentence: Sentence, plain: str) -> _Listed | None:
    """Return a list that stands in a title or under a heading, without a verb of applying."""
    if found := _ADDRESSED.search(plain):
        return _Listed(_MODIFIER.sub("", next(filter(None, found.groups()))))
    if sentence.field == TITLE and (found := _TITLED.search(plain)):
        return _Listed(_MODIFIER.sub("", found["who"] or found["helped"] or found["by"]))
    if not sentence.about_applicants or NEGATION.search(plain) or _IS_HEADING.search(plain):
        return None
    if found := _TAKES_PART.search(plain):
        return _Listed(_CLAUSE.sub("", plain[found.end() :]))
    label = LABEL.match(plain)
    body = plain[label.end("label") + 1 :] if label else plain
    return (
        _Listed(_CLAUSE.sub("", body)) if stated(body[:_EARLY]) and not _DOES.search(body) else None
    )


def _understood(region: str) -> bool:
    """Whether each item of a list names a kind that is known: else the list is not whole to us."""
    plain = _MODIFIER.sub("", region)
    items = [item for item in _ITEMS.split(plain) if _FILLER.sub("", item)]
    return bool(items) and all(stated(item) or _is_head(item, plain) for item in items)


def _is_head(item: str, region: str) -> bool:
    """Whether an item is only the first half of a name: "small" of "small and large firms"."""
    after = region[region.index(item) + len(item) :]
    return bool(_HALF.fullmatch(item)) and bool(stated(after))


def _recorded(call: Call) -> Iterator[Fact]:
    """Yield what the call's record says, when its texts say nothing that can be read."""
    named = {e.value for e in call.eligibility if e.kind == "applicant"}
    meant = {kind for name in named for kind in MEANING.get(name, ())}
    if meant:
        value = Applicants(kinds=tuple(k for k in Kind if k in meant))
        yield Fact(name=NAME, value=value, confidence=LIKELY)
