"""Technology readiness levels: where projects start and where they must end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.sentences import EXAMPLE, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Fact, Readiness

NAME = "trl"
_CERTAIN_CONFIDENCE = 0.95
_PATTERNS = load("trl.toml", package=__package__)
_MAX_LEVEL = 9


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that ties projects to readiness levels."""
    del call
    found = list(_read_sentences(sentences))
    # a call that says from where to where in one sentence means that; others only touch on it
    whole = [fact for fact in found if len(fact.value.terms()) > 1]
    told = whole or [
        fact for fact in found if not any(_is_superseded(fact, other) for other in found)
    ]
    yield from (fact for fact in told if not any(_contains(other, fact) for other in told))


def _is_superseded(wide: Fact, narrow: Fact) -> bool:
    """Whether a fact is only a wider, less sure word on what another states."""
    return wide.confidence < narrow.confidence and _contains(
        wide.replaced(confidence=narrow.confidence), narrow
    )


def _contains(wide: Fact, narrow: Fact) -> bool:
    """Whether one fact's levels lie within those of another that is not the same."""
    one, other = wide.value, narrow.value
    if not (isinstance(one, Readiness) and isinstance(other, Readiness)) or one == other:
        return False
    if wide.confidence < narrow.confidence:
        return False
    pairs = ((one.start, other.start), (one.end, other.end))
    return all(
        a == b or (a is not None and b is not None and a[0] <= b[0] and b[1] <= a[1])
        for a, b in pairs
    )


def _read_sentences(sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    for sentence in sentences:
        value = _read_levels(sentence)
        if value is not None:
            soft = _PATTERNS.soft_word.search(sentence.text)
            confidence = LIKELY_CONFIDENCE if soft else _CERTAIN_CONFIDENCE
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _read_levels(sentence: CallSentence) -> Readiness | None:
    if not sentence.contains_any(
        ("trl", "readiness", "mognad")
    ) or _PATTERNS.the_scale_itself.search(sentence.text):
        return None
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None
    reached = 0
    for found in _PATTERNS.readiness_levels.finditer(sentence.text):
        if sentence.is_negated(*found.span()):
            continue
        before = sentence.text[reached : found.start()]
        after = sentence.text[found.end() : found.end() + 60]
        if EXAMPLE.search(before[-30:]):
            continue
        reached = found.end()
        if way := _PATTERNS.way_between_levels.match(sentence.text, found.start()):
            top = int(way["most"] or way["to"])
            return Readiness(start=(int(way["at"]),) * 2, end=(int(way["to"]), top))
        levels = _level_range(found, before, after)
        if _is_start(before, after, first=start is None):
            start = levels
        elif _is_end(before, after) or start is not None:
            end = levels
    return Readiness(start=start, end=end) if start or end else None


def _level_range(found: re.Match[str], before: str, after: str) -> tuple[int, int]:
    low = int(found["low"])
    high = int(found["high"]) if found["high"] else low
    least = _PATTERNS.lowest_level.search(before[-25:] + found.group())
    least = least or _PATTERNS.or_higher.match(after)
    return (low, _MAX_LEVEL) if least and not found["high"] else (min(low, high), max(low, high))


def _is_start(before: str, after: str, *, first: bool) -> bool:
    """Whether a level is where projects begin: the nearest of the words around it decides."""
    starts = [m.end() for m in _PATTERNS.start_of_a_project.finditer(before)]
    ends = [m.end() for m in _PATTERNS.end_of_a_project.finditer(before)]
    if starts or ends:
        return max(starts, default=-1) > max(ends, default=-1)
    return first and bool(_PATTERNS.at_the_start.match(after))


def _is_end(before: str, after: str) -> bool:
    return bool(_PATTERNS.end_of_a_project.search(before) or _PATTERNS.at_the_end.match(after))
