"""Who may apply: conditions read from Swedish and English sentences, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Eligibility
from scrapers.reading.patterns import load

_PATTERNS = load("applicants.toml", package=__package__)
_KIND_PATTERNS = _PATTERNS.group("kinds")
_KINDS_IN_PASSAGE = {**_KIND_PATTERNS, **_PATTERNS.group("in_passage")}
_NUMBERS = _PATTERNS.meanings("numbers")
_QUOTE_LIMIT = 600
_AT_LEAST = "at least {} parties"
_VALUE_LIMIT = 300


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, each at most 600 characters, verbatim."""
    for sentence in _PATTERNS.sentence.split(text):
        if sentence.strip():
            yield sentence.strip()[:_QUOTE_LIMIT]


def find_applicant_kinds(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kinds of organisations that ``text`` names: kind, start and end, in no order."""
    for name, pattern in _KIND_PATTERNS.items():
        for match in pattern.finditer(text):
            yield name, match.start(), match.end()


def country_restrictions(text: str) -> tuple[Eligibility, ...]:
    """Return the sentences of ``text`` that limit the countries applicants may come from."""
    conditions = []
    for sentence in split_sentences(text):
        if limited := _PATTERNS.limited.search(sentence):
            value = limited["to"].strip(" .")[:_VALUE_LIMIT]
            conditions.append(Eligibility(kind="country", value=value, quote=sentence))
    return tuple(conditions)


def parties_in(value: str) -> int | None:
    """Return how many parties the value of an `Eligibility` requires; None if it requires none."""
    before, after = _AT_LEAST.split("{}")
    number = value.removeprefix(before).removesuffix(after)
    return int(number) if number.isdecimal() and value == _AT_LEAST.format(number) else None


def read_eligibility(text: str) -> tuple[Eligibility, ...]:
    """Return who may apply by ``text``, and with how many parties, each with its sentence.

    Meant for the passage on applicants, not for a whole call. A sentence with a negation is left
    out: it says who may not apply.
    """
    conditions: dict[tuple[str, str], Eligibility] = {}
    for sentence in split_sentences(text):
        # in "companies (not sole traders)" the aside says who may not apply
        positive = _PATTERNS.aside.sub("", sentence)
        if _PATTERNS.negated.search(positive):
            continue
        for name, pattern in _KINDS_IN_PASSAGE.items():
            # "small and medium-sized companies" says nothing of other companies
            if pattern.search(_PATTERNS.small.sub("", positive) if name == "company" else positive):
                fact = Eligibility(kind="applicant", value=name, quote=sentence)
                conditions.setdefault(("applicant", name), fact)
        if parties := _PATTERNS.parties.search(sentence):
            word = parties["number"].lower()
            number = int(_NUMBERS.get(word, word))
            value = _AT_LEAST.format(number)
            fact = Eligibility(kind="consortium", value=value, quote=sentence)
            conditions.setdefault(("consortium", str(number)), fact)
    return tuple(conditions.values())
