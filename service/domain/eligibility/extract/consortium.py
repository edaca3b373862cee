"""The parties that must apply together: how many, from how many countries, of how many kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.numbers import parse_number
from service.domain.eligibility.extract.sentences import EXAMPLE, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Consortium, Fact

NAME = "consortium"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("consortium.toml", package=__package__)
_HINTS = (
    "at least", "minst", "minimum", "no fewer", "not less", "partner", "or more", "eller fler",
)  # fmt: skip
_STEM = 6


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence with a rule on how many must apply together."""
    del call
    for sentence in sentences:
        value = _read_rule(sentence)
        if value is not None:
            confidence = (
                LIKELY_CONFIDENCE if _PATTERNS.wished.search(sentence.text) else _CERTAIN_CONFIDENCE
            )
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _read_rule(sentence: CallSentence) -> Consortium | None:
    text = sentence.text
    if not sentence.contains_any(_HINTS) or _PATTERNS.only_some_applicants.search(text):
        return None
    parties = _PATTERNS.number_of_parties.search(text)
    kinds = _PATTERNS.number_of_kinds.search(text)
    anchor = parties or kinds
    if anchor is None:
        return _read_without_number(sentence)
    if not _PATTERNS.about_parties.search(text) or _is_about_other_things(sentence, anchor):
        return None
    applicant = (
        1
        if _PATTERNS.together_with.search(text[: anchor.start()])
        or _PATTERNS.further.search(anchor.group())
        else 0
    )
    countries = _count_countries(text, anchor.end())
    parts = list(_find_counted_parts(text, parties)) if parties else []
    counts = [parse_number(part["number"] or part["more"]) for part in parts]
    # "two universities and one company" are of two kinds
    names = _counted_names(text, parts)
    several = len(names) if len(names) > 1 else None
    total = sum(counts) + applicant if counts else None
    if total == 1:
        return None
    with_applicant = countries + applicant if countries else None
    return Consortium(
        parties=total,
        countries=total if _PATTERNS.each_from_another_country.search(text) else with_applicant,
        kinds=parse_number(kinds["number"]) if kinds else several,
    )


def _read_without_number(sentence: CallSentence) -> Consortium | None:
    """Return the rule in words such as "with another country" or "a partner abroad"."""
    text = sentence.text
    if other := _PATTERNS.with_other_countries.search(text):
        return Consortium(countries=parse_number(other["number"]) + 1)
    another = _PATTERNS.one_partner_more.search(text)
    if another and not (sentence.is_negated(*another.span()) or _PATTERNS.encouraged.search(text)):
        return Consortium(parties=2)
    many = _PATTERNS.from_many_countries.search(text)
    if many and not (
        _is_about_other_things(sentence, many)
        or _PATTERNS.counts_something_else.search(many.group())
    ):
        number = next(filter(None, (many["number"], many["more"], many["fler"])))
        return Consortium(countries=parse_number(number))
    abroad = _PATTERNS.partner_abroad.search(text)
    if abroad and not sentence.is_negated(*abroad.span()):
        return Consortium(parties=2, countries=2)
    return None


def _is_about_other_things(sentence: CallSentence, anchor: re.Match[str]) -> bool:
    """Whether a number is denied, an example, or counts something other than parties."""
    before = sentence.text[: anchor.start()]
    counted = (
        _PATTERNS.counts_something_else.search(before[-40:])
        or _PATTERNS.encouraged.search(sentence.text)
        or _PATTERNS.network_to_be_built.search(before)
    )
    return bool(counted or sentence.is_negated(*anchor.span()) or EXAMPLE.search(before))


def _find_counted_parts(text: str, first: re.Match[str]) -> Iterator[re.Match[str]]:
    """Yield the parts of "at least two of these and at least two of those"."""
    part: re.Match[str] | None = first
    while part:
        yield part
        joined = _PATTERNS.and_at_least.match(text, part.end())
        part = _PATTERNS.number_of_parties.match(text, joined.end()) if joined else None


def _counted_names(text: str, parts: list[re.Match[str]]) -> set[str]:
    """Return the nouns that are counted; if each has a sector ("from a company"), with that."""
    nouns = [part.group().split()[-1].lower()[:_STEM] for part in parts]
    sectors = [_PATTERNS.of_a_sector.match(text, part.end()) for part in parts]
    if not all(sectors):
        return set(nouns)
    return {noun + sector.group() for noun, sector in zip(nouns, sectors, strict=True) if sector}


def _count_countries(text: str, after: int) -> int | None:
    """Return from how many countries the parties must be, if the same sentence states it."""
    match = _PATTERNS.number_of_countries.search(text, after)
    if match is None or not _PATTERNS.from_where.search(text[after : match.start()] + " from"):
        return None
    return parse_number(match["number"])
