"""The parties that must apply together: how many, from how many countries, of how many kinds.

Every count of parties and countries is judged by the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.applicants.kind_words import find_kinds
from service.domain.eligibility.extract.numbers import parse_number
from service.domain.eligibility.extract.roles import MOST_FIGURES, Figure, RoleScore
from service.domain.eligibility.extract.sentences import NEGATION, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Consortium, Fact

NAME = "consortium"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("consortium.toml", package=__package__)
_COUNTRIES = ("countr", "länder", "land", "states", "nations", "stater")
_STEM = 6
_NEAR = 160
_NEAR_WITHOUT_BOUND = 60
_MOST_PARTIES = 30
_LIKELY = 3.5
_CERTAIN = 4.5
_AT_LEAST = 2.5
"""What "at least" or "or more" says for a rule."""

WEIGHTS = {
    "before.at_most": -6.0,
    "before.counts_something_else": -5.0,
    "before.in_places": -4.0,
    "before.linked": 1.5,
    "before.made_of": 1.5,
    "before.and_more": 0.5,
    "after.from_there": 1.5,
    "after.no_party": -5.0,
    "clause.a_rule": 1.0,
    "clause.independent": 1.5,
    "sentence.on_consortia": 1.0,
    "sentence.no_rule": -6.0,
    "heading.on_parties": 1.0,
}
"""How much each group of words says that a number of parties is a rule of the call."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "clause": _PATTERNS.group("clause"),
        "sentence": _PATTERNS.group("sentence"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


@dataclass(frozen=True)
class _Count:
    """So many parties, and how sure it is that so many are needed."""

    match: re.Match[str]
    number: int
    score: float


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence with a rule on how many must apply together."""
    del call
    for sentence in sentences:
        rule = _read_rule(sentence)
        if rule is None:
            continue
        value, score = rule
        sure = score >= _CERTAIN and not _PATTERNS.wished.search(sentence.text)
        confidence = _CERTAIN_CONFIDENCE if sure else LIKELY_CONFIDENCE
        yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


@lru_cache(maxsize=256)
def asks_for_countries(sentence: CallSentence) -> bool:
    """Return whether ``sentence`` says from how many countries parties must come."""
    rule = _read_rule(sentence)
    return rule is not None and rule[0].countries is not None


def _read_rule(sentence: CallSentence) -> tuple[Consortium, float] | None:
    text = sentence.text
    counts = list(_find_counts(sentence))
    if _PATTERNS.two_roles.search(text):
        return Consortium(parties=2, kinds=2), _LIKELY
    if rule := _read_persons(text) or _read_places_of_work(text):
        return rule, _LIKELY
    if not counts:
        return _countries_alone(sentence) or _read_words(sentence)
    applicant = _applicant_beside(text, counts)
    total = sum(count.number for count in counts) + applicant
    score = max(count.score for count in counts)
    named = _PATTERNS.number_of_kinds.search(text)
    kinds = parse_number(named["number"]) if named else _count_kinds(text, counts)
    if total <= 1:
        return None
    countries_needed = _count_countries(text, counts, total, applicant)
    return Consortium(parties=total, countries=countries_needed, kinds=kinds), score


def _read_persons(text: str) -> Consortium | None:
    """Return the rule of a sentence that counts persons who lead, or who join the applicant."""
    if together := _PATTERNS.persons_together.search(text):
        least = parse_number(together["leads"] or together["team"])
    elif beside := _PATTERNS.persons_beside.search(text):
        least = parse_number(beside["others"] or beside["andra"]) + 1
    else:
        return None
    return Consortium(parties=least) if least > 1 else None


def _read_places_of_work(text: str) -> Consortium | None:
    """Return the rule of "the consortium must carry out trials in at least three countries"."""
    work = _PATTERNS.work_in_countries.search(text)
    if work is None:
        return None
    number = parse_number(work["number"])
    return Consortium(parties=number, countries=number) if number > 1 else None


def _find_counts(sentence: CallSentence) -> Iterator[_Count]:
    """Yield the counts of parties that a sentence asks for."""
    matches = list(islice(_PATTERNS.counted.finditer(sentence.text), MOST_FIGURES))
    last: _Count | None = None
    for number, match in enumerate(matches):
        figure = _figure(sentence, matches, number)
        bound = match["least"] or match["more"] or match["more_after"]
        score = _ROLE.score(figure) + (_AT_LEAST if bound else 0.0)
        names = _ROLE.features(figure)
        if _is_an_article(match, joined=bool(last and "before.and_more" in names)):
            continue
        if last and "before.and_more" in names:
            score = max(score, last.score if score > 0 else 0.0)
        if number and last is None and "before.and_more" in names:
            continue
        if last and _is_part_of(last, figure):
            continue
        if score >= _LIKELY and not _is_denied(sentence, match):
            last = _Count(match, parse_number(match["number"]), score)
            if last.number <= _MOST_PARTIES:
                yield last
        else:
            last = None


def _is_part_of(last: _Count, figure: Figure) -> bool:
    """Whether the parties of a figure are some of those counted before it."""
    of_any_kind = _PATTERNS.any_party.fullmatch(last.match["noun"])
    return bool(of_any_kind and _PATTERNS.part_of_them.search(figure.before))


def _is_an_article(match: re.Match[str], *, joined: bool) -> bool:
    """Whether "one" or "ett" counts nothing: an article, or "one or more"."""
    if parse_number(match["number"]) > 1:
        return False
    return bool(match["more"] or match["more_after"]) or not (match["least"] or joined)


def _figure(sentence: CallSentence, matches: list[re.Match[str]], number: int) -> Figure:
    return Figure(
        sentence,
        matches[number].start(),
        matches[number].end(),
        after_last=matches[number - 1].end() if number else 0,
        before_next=matches[number + 1].start() if number + 1 < len(matches) else None,
    )


def _is_denied(sentence: CallSentence, match: re.Match[str]) -> bool:
    """Whether the clause around a number denies it; "no fewer than" is a bound."""
    begin, end = sentence.clause_span(*match.span())
    around = sentence.text[begin : match.start()] + sentence.text[match.end() : end]
    return bool(NEGATION.search(_PATTERNS.bound.sub(" ", around)))


def _applicant_beside(text: str, counts: list[_Count]) -> int:
    """Return 1 if those counted come on top of the one who applies, else 0."""
    first = counts[0]
    linked = _PATTERNS["before.linked"].search(text[: first.match.start()])
    lead = _PATTERNS.beside_the_lead.search(text[: first.match.start()])
    further = any(_PATTERNS.further.search(count.match.group()) for count in counts)
    partner = first.number == 1 and _PATTERNS.beside_the_applicant.fullmatch(first.match["noun"])
    return int(bool(linked or lead or further or partner))


def _count_kinds(text: str, counts: list[_Count]) -> int | None:
    """Return of how many kinds the parts of "two of these and one of those" are."""
    names = set()
    for count in counts:
        sector = _PATTERNS.of_a_sector.match(text, count.match.end())
        noun = count.match["noun"].lower()[:_STEM]
        place = _PATTERNS.from_a_named_place.match(text, count.match.end())
        names.add(noun + (sector.group() if sector and not place else ""))
    outside = counts and _PATTERNS.outside_ones_own.match(text, counts[0].match.end())
    if outside and len(names) == 1:
        return 2
    return len(names) if len(names) > 1 else None


def _count_countries(text: str, counts: list[_Count], total: int, applicant: int) -> int | None:
    """Return from how many countries the parties must be, if the same sentence states it."""
    after = counts[0].match.end()
    if _PATTERNS.each_from_another_country.search(text, after):
        return total
    named = _PATTERNS.number_of_countries.search(text, after, after + _NEAR)
    far = named and not named["least"] and named.start() - after > _NEAR_WITHOUT_BOUND
    if named and not far and _PATTERNS.from_where.search(text[after : named.start()] + " from"):
        return parse_number(named["number"]) + applicant
    singles = len(_PATTERNS.one_of_a_country.findall(text))
    places = [_PATTERNS.from_a_named_place.match(text, count.match.end()) for count in counts]
    different = {place["place"] for place in places if place}
    return next((n for n in (singles, len(different)) if n > 1), None)


def _countries_alone(sentence: CallSentence) -> tuple[Consortium, float] | None:
    """Return the rule of "partners from at least three countries", which counts no parties."""
    text = sentence.text
    if not sentence.contains_any(_COUNTRIES):
        return None
    if other := _PATTERNS.with_other_countries.search(text):
        return Consortium(countries=parse_number(other["number"]) + 1), _CERTAIN
    matches = list(islice(_PATTERNS.number_of_countries.finditer(text), MOST_FIGURES))
    for number, match in enumerate(matches):
        more = match["more"] or _PATTERNS.or_more.match(text, match.end())
        figure = _figure(sentence, matches, number)
        names = set(_ROLE.features(figure))
        comes_from = _PATTERNS.who_comes_from.search(figure.before)
        barred = names & {"before.at_most", "before.counts_something_else", "sentence.no_rule"}
        stated = (match["least"] or more) and comes_from and not barred
        if stated and not _is_denied(sentence, match):
            return Consortium(countries=parse_number(match["number"])), _CERTAIN
    return None


def _read_words(sentence: CallSentence) -> tuple[Consortium, float] | None:
    """Return the rule in words such as "with a partner abroad"."""
    abroad = _PATTERNS.partner_abroad.search(sentence.text)
    if abroad and not sentence.is_negated(*abroad.span()):
        return Consortium(parties=2, countries=2), _CERTAIN
    if _PATTERNS.two_sectors.search(sentence.text):
        return Consortium(kinds=2), _LIKELY
    if (named := _PATTERNS.represented.search(sentence.text)) and (kinds := _listed_kinds(named)):
        return Consortium(kinds=kinds), _LIKELY
    if _PATTERNS.together_with_one.search(sentence.text) and _asks(sentence):
        return Consortium(parties=2), _LIKELY
    return None


def _listed_kinds(named: re.Match[str]) -> int | None:
    """Return how many kinds of parties a list has, each item by its own words."""
    listed = _PATTERNS.some_of_them.sub("", next(filter(None, named.groups())))
    items = list(filter(str.strip, _PATTERNS.between_items.split(listed)))
    known = {find_kinds(item) for item in items} - {()}
    return len(items) if len(known) > 1 else None


def _asks(sentence: CallSentence) -> bool:
    """Whether a sentence asks something of who applies, or of the project."""
    return bool(_PATTERNS.asks_it.search(sentence.text))
