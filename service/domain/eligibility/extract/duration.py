"""How long a project may last, in months."""

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
    """Yield a fact for each sentence that says how long projects last."""
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
    for found in lengths:
        low, high = _to_months(found)
        if max(low, high) > _MAX_MONTHS:
            continue
        before = text[max(0, found.start() - 60) : found.start()]
        if low == high and _PATTERNS.or_shorter.match(text, found.end()):
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
    soft = _PATTERNS.advised_length.search(text)
    return Fact(
        name=NAME,
        value=Duration(minimum=least, maximum=most),
        confidence=LIKELY_CONFIDENCE if soft else _CERTAIN_CONFIDENCE,
        quote=sentence.quote(),
    )


def _is_about_other_period(text: str, found: re.Match[str]) -> bool:
    """Whether a length is that of something else: a wait, a career, a report's period."""
    around = text[max(0, found.start() - 24) : found.end() + 22]
    yearly = "årig" in text[found.start("unit") : found.end() + 2].lower()
    one = yearly and _PATTERNS.for_a_project_of.search(text[: found.start()])
    return bool(one or _PATTERNS.time_of_something_else.search(around))


def _to_months(found: re.Match[str]) -> tuple[int, int]:
    unit = 1 if found["unit"].lower().startswith("m") else 12
    low = parse_number(found["low"])
    high = parse_number(found["high"]) if found["high"] else low
    return low * unit, high * unit


def _lower_bound(known: int | None, new: int) -> int:
    return new if known is None else min(known, new)


def _upper_bound(known: int | None, new: int) -> int:
    return new if known is None else max(known, new)
