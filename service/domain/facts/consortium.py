"""How many parties must apply together, from how many countries, of how many kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts.numbers import NUMBER, number
from service.domain.facts.record import LIKELY, Consortium, Fact
from service.domain.facts.text import EXAMPLE, Sentence

NAME = "consortium"
_CERTAIN = 0.95
_LEAST = (
    r"(?:minst(?: ytterligare)?|at least|a minimum of|minimum(?: of)?|no fewer than|not less than)"
)
_BETWEEN = r"(?:(?!(?:och|and|or|eller|of|av|i|in|från|from)\b)[\w'’åäö-]+,?\s+){0,3}?"
_PARTIES = re.compile(
    rf"(?:{_LEAST}\s+(?P<number>{NUMBER})|(?P<more>{NUMBER}) (?:or more"
    rf"|eller fler))\s+(?:\(\d+\)\s+)?{_BETWEEN}(?:\w*part(?:er)?\b"
    rf"|\w*organisationer"
    r"|aktörer|part(?:ies|ners)\b|organi[sz]ations|actors|legal entities|entities|beneficiaries"
    r"|applicants|participants|behovsägar\w*|consortium (?:members|partners)|företag\b|companies"
    r"|undertakings|operators|institutions|universities|research organi[sz]ations|universitet"
    r"|lärosäten?|högskolor"
    r"|kommuner|regioner|sjukhus|municipalities|hospitals|research groups|SMEs?)\b",
    re.IGNORECASE,
)
_COUNTRIES = re.compile(
    rf"(?:{_LEAST}\s+)?(?P<number>{NUMBER})\s+(?:\(\d+\)\s+)?(?:(?:different|olika|eligible|EU"
    rf"|Nordic"
    r"|European|nordiska|participating|separate|distinct|independent|other)\s+){0,3}"
    r"(?:\w+\s+){0,2}(?:member states?|countries|länder|states)\b",
    re.IGNORECASE,
)
_KINDS = re.compile(
    rf"{_LEAST}\s+(?P<number>{NUMBER})\s+(?:olika |different |various )?(?:av )?(?:de )?"
    r"(?:kategorier|typer|slag|sektor\w*|sorters|categories|types|kinds|sectors)\b",
    re.IGNORECASE,
)
# who takes part comes from so many countries, how many they are is not said
_FROM_MANY = re.compile(
    rf"\b(?:partners?|participat\w+|consorti\w+|universit\w+|institut\w+|researchers|applicants"
    rf"|entities|organi[sz]ations|collaboration|cooperation|samarbete\w*|parter|parterna"
    rf"|konsorti\w+|sökande|forskare)\b[^.;]{{0,50}}?"
    rf"\b(?:from|in|between|mellan|från|i)\s+(?:{_LEAST}\s+(?P<number>{NUMBER})"
    rf"|(?P<more>{NUMBER}) or more"
    rf"|(?P<fler>{NUMBER}) eller fler)\s+(?:\(\d+\)\s+)?(?:of the )?(?:[\w-]+\s+){{0,3}}?"
    r"(?:member states?|countries|länder|states)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\beach (?:of (?:which|them) )?(?:established|based|located) in (?:a )?different (?:EU |member"
    r"|countr|stat)",
    re.IGNORECASE,
)
_ONE_MORE = re.compile(
    rf"\b(?:with|from|med|från)\s+{_LEAST}\s+(?P<number>{NUMBER})\s+(?:other|annat|andra)"
    r"\s+(?:\w+\s+)?(?:countr(?:y|ies)|land|länder)\b",
    re.IGNORECASE,
)
# a network that is the project's result, not who applies
_BUILT = re.compile(r"\b(?:build|develop|create)\b (?:an? )?(?:\w+ )?network\b", re.IGNORECASE)
_FURTHER = re.compile(r"ytterligare|\bfurther\b|\badditional\b|\bother\b", re.IGNORECASE)
_ANOTHER = re.compile(
    rf"\b{_LEAST}\s+(?:one|en|ett|1)\s+(?:co-?applicants?|partners?|samarbetspart\w*|medsökande"
    r"|other (?:organi[sz]ation|partner|legal entity)|annan (?:part|organisation))\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:planning to|som planerar|who plan|activities require)\b", re.IGNORECASE)
_ADDED = re.compile(
    rf"\s*(?:\([^()]*\)\s*)?(?:(?:från|from) [^.;]{{3,60}}? )?"
    rf"(?:ska \w+ i ansökan, )?(?:and|och"
    rf"|samt)\s+(?={_LEAST}\s+{NUMBER}\b)",
    re.IGNORECASE,
)
# "linking it with at least two": those, and the one that is linked
_BESIDE = re.compile(
    r"\b(?:link\w*|partner(?:ing|s)?|twinn\w+|collaborat\w+|cooperat\w+|samarbet\w+)"
    r"(?: \w+){0,2}? (?:with|med)\s*$",
    re.IGNORECASE,
)
_HINTS = (
    "at least", "minst", "minimum", "no fewer", "not less", "partner", "or more", "eller fler",
)  # fmt: skip
_WELCOME = re.compile(r"\bencourag\w+|\buppmuntra\w*", re.IGNORECASE)
_WISHED = re.compile(r"\b(?:expected|should|bör|ideally|gärna|aim)\b", re.IGNORECASE)
_ABROAD = re.compile(
    r"\b(?:med|with) (?:minst |at least )?(?:en|ett|one) (?:eller flera"
    r"|or more)? ?(?:internationella?"
    r"|utländska?|international|foreign) (?:partners?|parter?)\b",
    re.IGNORECASE,
)
_STEM = 6
_SECTOR = re.compile(r" (?:från|from) \S+(?: \S+)?")
_FROM = re.compile(r"\b(?:from|in|i|från|established|across|of which|varav)\b", re.IGNORECASE)
_MADE_OF = re.compile(
    r"consorti|konsorti|applica(?:tion|nt)s?|propos|projekt|projects?\b|parter|partner|sökande"
    r"|ansök|behöriga|medverka|[ck]onstellation|aktör|actors|flerpart"
    r"|participa|must|ska\b|måste|shall|should involve|legal entities",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:pilots?|case stud|demonstrat|test|sites?|replicat|cities|deploy|use cases?|award|fund"
    r"|letters?|validat|train|workshop|events?|users?|patients?|hospital beds)\w*",
    re.IGNORECASE,
)


def facts(call: Call, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence with a rule on who must apply together."""
    del call
    for sentence in sentences:
        value = _rule(sentence)
        if value is not None:
            confidence = LIKELY if _WISHED.search(sentence.text) else _CERTAIN
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _rule(sentence: Sentence) -> Consortium | None:
    text = sentence.text
    if not sentence.has(_HINTS) or _IF.search(text):
        return None
    parties = _PARTIES.search(text)
    kinds = _KINDS.search(text)
    anchor = parties or kinds
    if anchor is None:
        return _uncounted(sentence)
    if not _MADE_OF.search(text) or _aside(sentence, anchor):
        return None
    beside = 1 if _BESIDE.search(text[: anchor.start()]) or _FURTHER.search(anchor.group()) else 0
    countries = _countries(text, anchor.end())
    found = list(_counted(text, parties)) if parties else []
    counts = [number(one["number"] or one["more"]) for one in found]
    # "two universities and one company" are of two kinds
    named = _names(text, found)
    several = len(named) if len(named) > 1 else None
    total = sum(counts) + beside if counts else None
    if total == 1:
        return None
    apart = countries + beside if countries else None
    return Consortium(
        parties=total,
        countries=total if _EACH.search(text) else apart,
        kinds=number(kinds["number"]) if kinds else several,
    )


def _uncounted(sentence: Sentence) -> Consortium | None:
    """Return what is asked in words such as "with another country" or "a partner abroad"."""
    text = sentence.text
    if other := _ONE_MORE.search(text):
        return Consortium(countries=number(other["number"]) + 1)
    another = _ANOTHER.search(text)
    if another and not (sentence.negated(*another.span()) or _WELCOME.search(text)):
        return Consortium(parties=2)
    many = _FROM_MANY.search(text)
    if many and not (_aside(sentence, many) or _OTHER.search(many.group())):
        said = next(filter(None, (many["number"], many["more"], many["fler"])))
        return Consortium(countries=number(said))
    abroad = _ABROAD.search(text)
    if abroad and not sentence.negated(*abroad.span()):
        return Consortium(parties=2, countries=2)
    return None


def _aside(sentence: Sentence, anchor: re.Match[str]) -> bool:
    """Whether a number is denied, an example, or that of something other than parties."""
    before = sentence.text[: anchor.start()]
    counted = _OTHER.search(before[-40:]) or _WELCOME.search(sentence.text) or _BUILT.search(before)
    return bool(counted or sentence.negated(*anchor.span()) or EXAMPLE.search(before))


def _counted(text: str, first: re.Match[str]) -> Iterator[re.Match[str]]:
    """Yield the parts of "at least two of these and at least two of those"."""
    found: re.Match[str] | None = first
    while found:
        yield found
        added = _ADDED.match(text, found.end())
        found = _PARTIES.match(text, added.end()) if added else None


def _names(text: str, counted: list[re.Match[str]]) -> set[str]:
    """Return what is counted; when each has a sector, as in "from a company", with that."""
    nouns = [one.group().split()[-1].lower()[:_STEM] for one in counted]
    sectors = [_SECTOR.match(text, one.end()) for one in counted]
    if not all(sectors):
        return set(nouns)
    return {noun + sector.group() for noun, sector in zip(nouns, sectors, strict=True) if sector}


def _countries(text: str, after: int) -> int | None:
    """Return from how many countries the parties must be, when the same sentence says it."""
    found = _COUNTRIES.search(text, after)
    if found is None or not _FROM.search(text[after : found.start()] + " from"):
        return None
    return number(found["number"])
