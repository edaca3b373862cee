"""The duration of a project, in months: every length of time, judged by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.numbers import parse_number
from service.domain.eligibility.extract.periods import find_periods
from service.domain.eligibility.extract.roles import MOST_FIGURES, Figure, RoleScore
from service.domain.eligibility.extract.sentences import NEGATION, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Duration, Fact

NAME = "duration"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("duration.toml", package=__package__)
_MAX_MONTHS = 180
_CHOICES = 2
_HINTS = ("month", "månad", "mån", "år", "year", "yr")
_LIKELY = 2.5
_CERTAIN = 4.0
WEIGHTS = {
    "before.named_length": 4.0,
    "before.project_for": 2.8,
    "before.lasts": 2.3,
    "before.money_for": 2.5,
    "before.paid_for": 2.0,
    "before.preposition": 1.0,
    "before.it_may_take": 1.0,
    "before.project_is": 2.0,
    "before.for_one": -5.0,
    "before.bracket": 2.5,
    "before.one_of_several": -7.0,
    "before.only_a_bound": 2.5,
    "before.begins": 0.5,
    "before.other_start": -3.5,
    "before.no_later": -1.0,
    "after.is_a_project": 2.5,
    "after.to_do": 2.5,
    "after.is_a_period": 1.0,
    "after.long": 2.5,
    "after.in_which": 1.5,
    "after.other_end": -4.0,
    "after.years_of_a_scheme": -3.0,
    "after.per": -4.0,
    "clause.of_work": 1.0,
    "clause.a_project": 0.8,
    "near.of_a_part": -4.0,
    "near.of_others": -7.0,
    "clause.of_third_parties": -7.0,
    "near.of_a_person": -2.0,
    "clause.of_the_funder": -5.0,
    "clause.career": -2.5,
    "near.report_or_wait": -2.0,
    "near.of_the_world": -2.0,
    "sentence.of_a_project": 0.5,
    "heading.on_length": 4.0,
    "heading.on_money": 0.8,
    "heading.on_other_things": -1.0,
}
"""How much each group of words says that a length of time is that of a project."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "near": _PATTERNS.group("near"),
        "clause": _PATTERNS.group("clause"),
        "sentence": _PATTERNS.group("sentence"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


@dataclass(frozen=True)
class _Length:
    """A length of time that a project may last, and how sure that is."""

    least: int | None
    most: int | None
    score: float
    advised: bool
    sentence: CallSentence

    @property
    def exact(self) -> bool:
        return self.least is not None and self.least == self.most

    @property
    def sure(self) -> bool:
        return self.score >= _CERTAIN and not self.advised


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each length of a project that the sentences state."""
    del call
    lengths = [
        length
        for sentence in sentences
        for length in _join_choices(list(_read_sentence(sentence)), sentence)
    ]
    if lengths and any(_PATTERNS.shorter_is_allowed.search(one.text) for one in sentences):
        lengths = [replace(one, least=None) if one.exact else one for one in lengths]
    # a period with its dates says a length where no sentence does
    for length in _without_echoes(lengths or list(_read_periods(sentences))):
        yield Fact(
            name=NAME,
            value=Duration(minimum=length.least, maximum=length.most),
            confidence=_CERTAIN_CONFIDENCE if length.sure else LIKELY_CONFIDENCE,
            quote=length.sentence.quote(),
        )


def _read_periods(sentences: Iterable[CallSentence]) -> Iterator[_Length]:
    for sentence in sentences:
        for months in find_periods(sentence):
            yield _Length(None, months, _LIKELY, advised=False, sentence=sentence)


def _join_choices(lengths: list[_Length], sentence: CallSentence) -> list[_Length]:
    """Return the lengths of a sentence; "a one-year or a two-year project" is one from 12 to 24."""
    exact = [one for one in lengths if one.exact]
    if (
        len(exact) != len(lengths)
        or len(exact) < _CHOICES
        or not _PATTERNS.choice.search(sentence.text)
    ):
        return lengths
    months = sorted(one.most for one in exact if one.most is not None)
    return [replace(exact[0], least=months[0], most=months[-1])]


def _read_sentence(sentence: CallSentence) -> Iterator[_Length]:
    if not sentence.contains_any(_HINTS):
        return
    # portals glue notes to the sentence: "4 years is appropriate.[1] In this context …"
    text = _PATTERNS.note_mark.split(sentence.text, maxsplit=1)[0]
    text = _PATTERNS.exception_in_brackets.sub(lambda m: " " * len(m.group()), text)
    plain = replace(sentence, verbatim=text)
    matches = list(islice(_PATTERNS.length_of_time.finditer(text), MOST_FIGURES))
    if most := _most_after_the_ordinary(plain, matches):
        yield replace(most, sentence=sentence)
        return
    whole = False
    for number, match in enumerate(matches):
        if whole and _PATTERNS.parts_follow.search(text, matches[0].end(), match.start()):
            return
        if not whole and _goes_on(text, matches[number : number + 2]):
            return
        figure = Figure(
            plain,
            match.start(),
            match.end(),
            after_last=matches[number - 1].end() if number else 0,
            before_next=matches[number + 1].start() if number + 1 < len(matches) else None,
        )
        length = _judge(figure, match, sentence)
        if length:
            whole = True
            yield length


def _most_after_the_ordinary(
    sentence: CallSentence, matches: list[re.Match[str]]
) -> _Length | None:
    """Return the most of "typically three years, but up to five", which is one length."""
    if len(matches) != _CHOICES:
        return None
    first, second = matches
    between = sentence.text[first.end() : second.start()]
    ordinary = Figure(sentence, first.start(), first.end(), before_next=second.start())
    score = _ROLE.score(ordinary)
    if score < _LIKELY or not _PATTERNS.up_to_more.search(between):
        return None
    most = _to_months(second)[1]
    if not _to_months(first)[1] < most <= _MAX_MONTHS:
        return None
    return _Length(None, most, min(score, _LIKELY), advised=True, sentence=sentence)


def _goes_on(text: str, lengths: list[re.Match[str]]) -> bool:
    """Whether the first of two lengths is followed by the second: both are parts."""
    between = text[lengths[0].end() : lengths[1].start()] if len(lengths) > 1 else ""
    return bool(_PATTERNS.goes_on.search(between))


def _judge(figure: Figure, match: re.Match[str], sentence: CallSentence) -> _Length | None:
    """Return the length that a figure states if its words say that it is a project's."""
    low, high = _to_months(match)
    score = _ROLE.score(figure)
    if (
        not 0 < low <= high <= _MAX_MONTHS
        or score < _LIKELY
        or figure.sentence.is_example(figure.start)
    ):
        return None
    least, most = _bounds(figure, low, high)
    if _is_denied(figure):
        return None
    advised = bool(_PATTERNS.advised_length.search(figure.clause))
    return _Length(least, most, score, advised, sentence)


def _bounds(figure: Figure, low: int, high: int) -> tuple[int | None, int | None]:
    """Return the least and the most months by the words before and after the figure."""
    if low < high:
        return low, high
    if _PATTERNS.most_after.match(figure.after) or _PATTERNS.at_most.search(figure.before):
        return None, high
    if _PATTERNS.at_least.search(figure.before):
        return low, None
    return low, high


def _is_denied(figure: Figure) -> bool:
    """Whether the clause denies the length; "not exceed" and "no longer than" are bounds."""
    if _PATTERNS.at_most.search(figure.before) or _PATTERNS.at_least.search(figure.before):
        return False
    clause = figure.sentence.clause(figure.start, figure.end)
    return bool(NEGATION.search(_PATTERNS.ceiling_of_a_sum.sub(" ", clause)))


def _to_months(match: re.Match[str]) -> tuple[int, int]:
    unit = 1 if match["unit"].lower().startswith("m") else 12
    low = parse_number(match["low"])
    half = unit // 2 if match["half"] else 0
    if not match["high"]:
        return low * unit + half, low * unit + half
    return low * unit + half, parse_number(match["high"]) * unit


def _without_echoes(lengths: Iterable[_Length]) -> list[_Length]:
    """Return the lengths without those that only repeat a better one.

    A call says "three-year projects" above and "up to three years" below: the bound is the rule.
    What is less sure gives way to what is sure. Lengths of one sentence are of several kinds of
    projects.
    """
    kept = list(lengths)
    if any(one.score >= _CERTAIN for one in kept):
        kept = [one for one in kept if one.score >= _CERTAIN]
    return [one for one in kept if not (one.exact and any(_is_echo(one, more) for more in kept))]


def _is_echo(one: _Length, more: _Length) -> bool:
    return not more.exact and one.sentence != more.sentence and one.most in {more.least, more.most}
