"""How many parties must apply together, from how many countries, of how many kinds."""

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
    """Yield a fact for each sentence with a rule on who must apply together."""
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
    beside = (
        1
        if _PATTERNS.together_with.search(text[: anchor.start()])
        or _PATTERNS.further.search(anchor.group())
        else 0
    )
    countries = _count_countries(text, anchor.end())
    found = list(_find_counted_parts(text, parties)) if parties else []
    counts = [parse_number(one["number"] or one["more"]) for one in found]
    # "two universities and one company" are of two kinds
    named = _counted_names(text, found)
    several = len(named) if len(named) > 1 else None
    total = sum(counts) + beside if counts else None
    if total == 1:
        return None
    apart = countries + beside if countries else None
    return Consortium(
        parties=total,
        countries=total if _PATTERNS.each_from_another_country.search(text) else apart,
        kinds=parse_number(kinds["number"]) if kinds else several,
    )


def _read_without_number(sentence: CallSentence) -> Consortium | None:
    """Return what is asked in words such as "with another country" or "a partner abroad"."""
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
        said = next(filter(None, (many["number"], many["more"], many["fler"])))
        return Consortium(countries=parse_number(said))
    abroad = _PATTERNS.partner_abroad.search(text)
    if abroad and not sentence.is_negated(*abroad.span()):
        return Consortium(parties=2, countries=2)
    return None


def _is_about_other_things(sentence: CallSentence, anchor: re.Match[str]) -> bool:
    """Whether a number is denied, an example, or that of something other than parties."""
    before = sentence.text[: anchor.start()]
    counted = (
        _PATTERNS.counts_something_else.search(before[-40:])
        or _PATTERNS.encouraged.search(sentence.text)
        or _PATTERNS.network_to_be_built.search(before)
    )
    return bool(counted or sentence.is_negated(*anchor.span()) or EXAMPLE.search(before))


def _find_counted_parts(text: str, first: re.Match[str]) -> Iterator[re.Match[str]]:
    """Yield the parts of "at least two of these and at least two of those"."""
    found: re.Match[str] | None = first
    while found:
        yield found
        added = _PATTERNS.and_at_least.match(text, found.end())
        found = _PATTERNS.number_of_parties.match(text, added.end()) if added else None


def _counted_names(text: str, counted: list[re.Match[str]]) -> set[str]:
    """Return what is counted; when each has a sector, as in "from a company", with that."""
    nouns = [one.group().split()[-1].lower()[:_STEM] for one in counted]
    sectors = [_PATTERNS.of_a_sector.match(text, one.end()) for one in counted]
    if not all(sectors):
        return set(nouns)
    return {noun + sector.group() for noun, sector in zip(nouns, sectors, strict=True) if sector}


def _count_countries(text: str, after: int) -> int | None:
    """Return from how many countries the parties must be, when the same sentence says it."""
    found = _PATTERNS.number_of_countries.search(text, after)
    if found is None or not _PATTERNS.from_where.search(text[after : found.start()] + " from"):
        return None
    return parse_number(found["number"])
