"""Who may apply: conditions read from Swedish and English sentences, each with its sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from scrapers.call import Eligibility
from scrapers.reading.patterns import load

_PATTERNS = load("applicants.toml", package=__package__)
_NUMBERS = _PATTERNS.meanings("numbers")
_QUOTE_LIMIT = 600
_AT_LEAST = "at least {} parties"
_VALUE_LIMIT = 300
_PASSAGE_LIMIT = 200_000
_MOST_EXCLUSIONS = 20
_NOT = "not "
_KIND_MARK = "\N{BULLET}"


@cache
def _kind_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns of kinds; they are compiled when a text is first read."""
    return _PATTERNS.group("kinds")


@cache
def _kinds_in_passage() -> dict[str, re.Pattern[str]]:
    """Return the patterns of kinds that are looked for in a passage on applicants."""
    return _kind_patterns() | _PATTERNS.group("in_passage")


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, each at most 600 characters, verbatim."""
    for sentence in _PATTERNS.sentence.split(text):
        if sentence.strip():
            yield sentence.strip()[:_QUOTE_LIMIT]


def find_applicant_kinds(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kinds of organisations that ``text`` names: kind, start and end, in no order."""
    for name, pattern in _kind_patterns().items():
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


def excluded_kind(value: str) -> str:
    """Return the kind that the value of an `Eligibility` shuts out, "" if it shuts out none."""
    return value.removeprefix(_NOT) if value.startswith(_NOT) else ""


def read_eligibility(text: str, *, whole: str = "") -> tuple[Eligibility, ...]:
    """Return who may apply by ``text``, who may not, and with how many parties.

    Meant for the passage on applicants, not for a whole call. Each has its sentence. Those whom
    the applicants serve ("advice to companies") are none of both, and a negation that is about
    something else than applying says nothing. In ``whole``, the text of the call, only those who
    may not apply are looked for; where no kind is named, the sentence itself is the value.
    """
    conditions: dict[tuple[str, str], Eligibility] = {}
    sentences = [*split_sentences(text[:_PASSAGE_LIMIT]), ""]
    for sentence, following in itertools.pairwise(sentences):
        for kind, value in _sentence_conditions(sentence, following):
            fact = Eligibility(kind=kind, value=value, quote=sentence)
            conditions.setdefault((kind, value), fact)
    for fact in _exclusions(whole[:_PASSAGE_LIMIT]):
        conditions.setdefault((fact.kind, fact.value), fact)
    named = {value for kind, value in conditions if kind == "applicant"}
    return tuple(
        fact
        for (kind, value), fact in conditions.items()
        if kind != "excluded" or excluded_kind(value) not in named
    )


def _exclusions(text: str) -> Iterator[Eligibility]:
    """Yield those whom sentences of ``text`` shut out: "Leads from abroad may not apply"."""
    found = 0
    for sentence in split_sentences(text):
        match = _PATTERNS.shut_out.search(sentence)
        if match is None or _PATTERNS.thing.match(match["who"]):
            continue
        if found < _MOST_EXCLUSIONS and _PATTERNS.applicant.search(match["who"]):
            found += 1
            stated = _sentence_conditions(sentence, "")
            kinds = [value for kind, value in stated if kind == "excluded"]
            for value in kinds or [sentence[:_VALUE_LIMIT]]:
                yield Eligibility(kind="excluded", value=value, quote=sentence)


def told_applicants(text: str) -> tuple[Eligibility, ...]:
    """Return who may apply by sentences of a ``text`` that is on other things too.

    Only those count of whom a sentence says that they may apply, or whom it speaks to; not those
    that it names otherwise.
    """
    found: dict[str, Eligibility] = {}
    for sentence in split_sentences(text[:_PASSAGE_LIMIT]):
        match = _PATTERNS.told.search(sentence)
        if match is None or _PATTERNS.on_target_group.match(sentence):
            continue
        who = next(filter(None, match.groups()))
        for kind, value in _clause_conditions(who):
            found.setdefault(value, Eligibility(kind=kind, value=value, quote=sentence))
    return tuple(found.values())


def _sentence_conditions(sentence: str, following: str) -> Iterator[tuple[str, str]]:
    """Yield kind and value of what ``sentence`` states; ``following`` may answer its question."""
    if _PATTERNS.on_target_group.match(sentence):
        return
    if _PATTERNS.asked.match(sentence):
        question, _, answer = sentence.partition("?")
        yield from _answered(question, answer if answer.strip() else following)
        return
    for clause in _PATTERNS.contrast.split(sentence):
        yield from _clause_conditions(clause)
    if parties := _PATTERNS.parties.search(sentence):
        word = parties["number"].lower()
        yield "consortium", _AT_LEAST.format(int(_NUMBERS.get(word, word)))


def _answered(question: str, answer: str) -> Iterator[tuple[str, str]]:
    """Yield what a question whether a kind may apply states by its answer, a yes or a no."""
    if _PATTERNS.refused_answer.match(answer):
        yield from (("excluded", f"{_NOT}{name}") for name in _kinds(question))
    elif _PATTERNS.accepted_answer.match(answer):
        yield from (("applicant", name) for name in _kinds(question))


def _clause_conditions(clause: str) -> Iterator[tuple[str, str]]:
    # in "companies (not sole traders)" the aside says who may not apply
    asides = [match["those"] for match in _PATTERNS.aside.finditer(clause)]
    plain = _PATTERNS.aside.sub("", clause)
    those = [m["those"] for m in _PATTERNS.exception.finditer(plain) if any(_kinds(m["those"]))]
    if those:
        plain = _PATTERNS.exception.sub("", plain)
    served = _without_served(plain)
    if _PATTERNS.negated.search(plain):
        refused = _PATTERNS.refused.search(plain)
        alone = refused and not _PATTERNS.condition.search(plain)
        shut_out = [_PATTERNS.refused.sub(" ", served)] if alone else []
    else:
        shut_out = [*those, *asides]
        yield from (("applicant", name) for name in _kinds(served))
    for words in shut_out:
        if not _qualified(words):
            yield from (("excluded", f"{_NOT}{name}") for name in _kinds(words))


def _qualified(words: str) -> bool:
    """Whether ``words`` say more of kinds than their names: "large companies", "alone"."""
    for pattern in (_PATTERNS.small, *_kinds_in_passage().values()):
        words = pattern.sub(_KIND_MARK, words)
    return bool(_PATTERNS.more.search(_PATTERNS.nothing_more.sub(" ", words)))


def _without_served(clause: str) -> str:
    """Return ``clause`` without the kinds that its applicants serve, advise or represent."""

    def replacement(match: re.Match[str]) -> str:
        addressed = _PATTERNS.addressed.search(clause[: match.start()])
        return match.group() if addressed else " "

    return _PATTERNS.target.sub(replacement, clause)


def _kinds(words: str) -> Iterator[str]:
    """Yield the kinds of organisations that ``words`` name."""
    for name, pattern in _kinds_in_passage().items():
        # "small and medium-sized companies" says nothing of other companies
        if pattern.search(_PATTERNS.small.sub("", words) if name == "company" else words):
            yield name
