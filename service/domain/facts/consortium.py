"""How many parties must apply together, from how many countries, of how many kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from service.domain.facts.numbers import NUMBER, number
from service.domain.facts.record import Consortium, Fact
from service.domain.facts.text import EXAMPLE, Sentence

NAME = "consortium"
_CERTAIN = 0.95
_LEAST = r"(?:minst|at least|a minimum of|minimum(?: of)?|no fewer than|not less than)"
_BETWEEN = r"(?:(?!(?:och|and|or|eller|of|av|i|in|från|from)\b)[\w'’åäö-]+,?\s+){0,3}?"
_PARTIES = re.compile(
    rf"{_LEAST}\s+(?P<number>{NUMBER})\s+(?:\(\d+\)\s+)?{_BETWEEN}(?:\w*parter\b|\w*organisationer"
    r"|aktörer|part(?:ies|ners)\b|organi[sz]ations|actors|legal entities|entities|beneficiaries"
    r"|applicants|participants|behovsägar\w*|consortium (?:members|partners)|företag\b|companies"
    r"|undertakings)",
    re.IGNORECASE,
)
_COUNTRIES = re.compile(
    rf"(?:{_LEAST}\s+)?(?P<number>{NUMBER})\s+(?:\(\d+\)\s+)?(?:(?:different|olika|eligible|EU"
    rf"|Nordic"
    r"|European|nordiska|participating|separate|distinct|independent|other)\s+){0,3}"
    r"(?:member states?|countries|länder|states)\b",
    re.IGNORECASE,
)
_KINDS = re.compile(
    rf"{_LEAST}\s+(?P<number>{NUMBER})\s+(?:olika |different |various )?(?:kategorier|typer|slag"
    r"|sorters|categories|types|kinds)\b",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"\b(?:med|with) (?:minst |at least )?(?:en|ett|one) (?:eller flera"
    r"|or more)? ?(?:internationella?"
    r"|utländska?|international|foreign) (?:partners?|parter?)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:from|in|i|från|established|across|of which|varav)\b", re.IGNORECASE)
_MADE_OF = re.compile(
    r"consorti|konsorti|applica(?:tion|nt)s?|propos|projekt|projects?\b|parter|partner|sökande"
    r"|ansök"
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
            yield Fact(name=NAME, value=value, confidence=_CERTAIN, quote=sentence.quote())


def _rule(sentence: Sentence) -> Consortium | None:
    text = sentence.text
    parties = _PARTIES.search(text)
    kinds = _KINDS.search(text)
    anchor = parties or kinds
    if anchor is None and (abroad := _ABROAD.search(text)) and not sentence.negated(*abroad.span()):
        return Consortium(parties=2, countries=2)
    if anchor is None or not _MADE_OF.search(text):
        return None
    if sentence.negated(*anchor.span()) or EXAMPLE.search(text[: anchor.start()]):
        return None
    if _OTHER.search(text[max(0, anchor.start() - 40) : anchor.start()]):
        return None
    return Consortium(
        parties=number(parties["number"]) if parties else None,
        countries=_countries(text, anchor.end()),
        kinds=number(kinds["number"]) if kinds else None,
    )


def _countries(text: str, after: int) -> int | None:
    """Return from how many countries the parties must be, when the same sentence says it."""
    found = _COUNTRIES.search(text, after)
    if found is None or not _FROM.search(text[after : found.start()] + " from"):
        return None
    return number(found["number"])
