"""The duration of a project, in months."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.numbers import parse_number
from service.domain.eligibility.extract.sentences import CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Duration, Fact

NAME = "duration"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("duration.toml", package=__package__)
_MAX_MONTHS = 180


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that states how long projects last."""
    del call
    for sentence in sentences:
        fact = _read_sentence(sentence)
        if fact is not None:
            yield fact


def _read_sentence(sentence: CallSentence) -> Fact | None:
    # portals glue notes to the sentence: "4 years is appropriate.[1] In this context …"
    text = _PATTERNS.note_mark.split(
        _PATTERNS.exception_in_brackets.sub("", sentence.text), maxsplit=1
    )[0]
    about = sentence.contains_any(("month", "månad", "mån", "år", "year")) and (
        sentence.is_about_length or _PATTERNS.about_a_project.search(text)
    )
    if not about or _PATTERNS.concession_or_part.search(text):
        return None
    lengths = [
        m
        for m in _PATTERNS.length_of_time.finditer(text)
        if not (
            _is_about_other_period(text, m)
            or sentence.is_example(m.start())
            or sentence.is_negated(*m.span())
        )
    ]
    if not lengths:
        return None
    least = most = None
    for length in lengths:
        low, high = _to_months(length)
        if max(low, high) > _MAX_MONTHS:
            continue
        before = text[max(0, length.start() - 60) : length.start()]
        if low == high and _PATTERNS.or_shorter.match(text, length.end()):
            most = _upper_bound(most, high)
        elif low != high or not (
            _PATTERNS.at_most.search(before) or _PATTERNS.at_least.search(before)
        ):
            least, most = _lower_bound(least, low), _upper_bound(most, high)
        elif _PATTERNS.at_most.search(before):
            most = _upper_bound(most, high)
        else:
            least = _lower_bound(least, low)
    if least is None and most is None:
        return None
    is_advice = _PATTERNS.advised_length.search(text)
    return Fact(
        name=NAME,
        value=Duration(minimum=least, maximum=most),
        confidence=LIKELY_CONFIDENCE if is_advice else _CERTAIN_CONFIDENCE,
        quote=sentence.quote(),
    )


def _is_about_other_period(text: str, length: re.Match[str]) -> bool:
    """Whether a length of time is not the project's: a wait, a career, a report's period."""
    around = text[max(0, length.start() - 24) : length.end() + 22]
    yearly = "årig" in text[length.start("unit") : length.end() + 2].lower()
    of_yearly_project = yearly and _PATTERNS.for_a_project_of.search(text[: length.start()])
    return bool(of_yearly_project or _PATTERNS.time_of_something_else.search(around))


def _to_months(length: re.Match[str]) -> tuple[int, int]:
    unit = 1 if length["unit"].lower().startswith("m") else 12
    low = parse_number(length["low"])
    high = parse_number(length["high"]) if length["high"] else low
    return low * unit, high * unit


def _lower_bound(current: int | None, new: int) -> int:
    return new if current is None else min(current, new)


def _upper_bound(current: int | None, new: int) -> int:
    return new if current is None else max(current, new)
