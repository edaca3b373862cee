"""Who may apply, read from a call's sentences in Swedish and English, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Eligibility
from scrapers.reading.patterns import load

_COMPILED_KINDS = load("applicants.toml", package="scrapers.reading")
_KIND_PATTERNS = _COMPILED_KINDS.group("kinds")
_KINDS_IN_PASSAGE = {**_KIND_PATTERNS, **_COMPILED_KINDS.group("in_passage")}
_NUMBERS = _COMPILED_KINDS.meanings("numbers")
_QUOTE_LIMIT = 600
_AT_LEAST = "at least {} parties"
_VALUE_LIMIT = 300


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, each at most 600 characters, verbatim."""
    for sentence in _COMPILED_KINDS.sentence.split(text):
        if sentence.strip():
            yield sentence.strip()[:_QUOTE_LIMIT]


def find_applicant_kinds(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kinds of organisations that ``text`` names: kind, start and end, in no order."""
    for name, pattern in _KIND_PATTERNS.items():
        for found in pattern.finditer(text):
            yield name, found.start(), found.end()


def country_restrictions(text: str) -> tuple[Eligibility, ...]:
    """Return the sentences of ``text`` that limit the countries applicants may come from."""
    found = []
    for sentence in split_sentences(text):
        if limited := _COMPILED_KINDS.limited.search(sentence):
            value = limited["to"].strip(" .")[:_VALUE_LIMIT]
            found.append(Eligibility(kind="country", value=value, quote=sentence))
    return tuple(found)


def parties_in(value: str) -> int | None:
    """Return how many parties a value of `eligibility` asks for; None when it asks for none."""
    before, after = _AT_LEAST.split("{}")
    number = value.removeprefix(before).removesuffix(after)
    return int(number) if number.isdecimal() and value == _AT_LEAST.format(number) else None


def read_eligibility(text: str) -> tuple[Eligibility, ...]:
    """Return who ``text`` says may apply and in what company, each with the sentence saying so.

    Meant for the passage on applicants, not for a whole call. A sentence with a negation is left
    to the reader: it says who may not.
    """
    found: dict[tuple[str, str], Eligibility] = {}
    for sentence in split_sentences(text):
        # "companies (not sole traders)" says who may; the aside says who may not
        stated = _COMPILED_KINDS.aside.sub("", sentence)
        if _COMPILED_KINDS.negated.search(stated):
            continue
        for name, pattern in _KINDS_IN_PASSAGE.items():
            # "small and medium-sized companies" says nothing of other companies
            if pattern.search(
                _COMPILED_KINDS.small.sub("", stated) if name == "company" else stated
            ):
                fact = Eligibility(kind="applicant", value=name, quote=sentence)
                found.setdefault(("applicant", name), fact)
        if parties := _COMPILED_KINDS.parties.search(sentence):
            written = parties["number"].lower()
            number = int(_NUMBERS.get(written, written))
            value = _AT_LEAST.format(number)
            fact = Eligibility(kind="consortium", value=value, quote=sentence)
            found.setdefault(("consortium", str(number)), fact)
    return tuple(found.values())
