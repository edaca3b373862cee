"""Technology readiness levels (TRL) at which projects start and must end."""

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
    """Yield a fact for each sentence that requires readiness levels of projects."""
    del call
    stated = list(_read_sentences(sentences))
    # a sentence with both start and end is the rule; others only mention a level
    full = [fact for fact in stated if len(fact.value.terms()) > 1]
    kept = full or [
        fact for fact in stated if not any(_is_superseded(fact, other) for other in stated)
    ]
    yield from (fact for fact in kept if not any(_contains(other, fact) for other in kept))


def _is_superseded(wide: Fact, narrow: Fact) -> bool:
    """Whether a fact is only a wider and less sure version of another."""
    return wide.confidence < narrow.confidence and _contains(
        wide.replaced(confidence=narrow.confidence), narrow
    )


def _contains(wide: Fact, narrow: Fact) -> bool:
    """Whether the levels of ``narrow`` lie within those of ``wide``, which is another fact."""
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
            is_advice = _PATTERNS.soft_word.search(sentence.text)
            confidence = LIKELY_CONFIDENCE if is_advice else _CERTAIN_CONFIDENCE
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _read_levels(sentence: CallSentence) -> Readiness | None:
    if not sentence.contains_any(
        ("trl", "readiness", "mognad")
    ) or _PATTERNS.the_scale_itself.search(sentence.text):
        return None
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None
    reached = 0
    for match in _PATTERNS.readiness_levels.finditer(sentence.text):
        if sentence.is_negated(*match.span()):
            continue
        before = sentence.text[reached : match.start()]
        after = sentence.text[match.end() : match.end() + 60]
        if EXAMPLE.search(before[-30:]):
            continue
        reached = match.end()
        if span := _PATTERNS.way_between_levels.match(sentence.text, match.start()):
            highest = int(span["most"] or span["to"])
            return Readiness(start=(int(span["at"]),) * 2, end=(int(span["to"]), highest))
        levels = _level_range(match, before, after)
        if _PATTERNS.around.search(before):
            return Readiness(start=levels, end=levels)
        if _is_start(before, after, first=start is None):
            start = levels
        elif _is_end(before, after) or start is not None:
            end = levels
    return Readiness(start=start, end=end) if start or end else None


def _level_range(match: re.Match[str], before: str, after: str) -> tuple[int, int]:
    low = int(match["low"])
    high = int(match["high"]) if match["high"] else low
    least = _PATTERNS.lowest_level.search(before[-25:] + match.group())
    least = least or _PATTERNS.or_higher.match(after)
    return (low, _MAX_LEVEL) if least and not match["high"] else (min(low, high), max(low, high))


def _is_start(before: str, after: str, *, first: bool) -> bool:
    """Whether projects begin at a level: the nearest of the words around it decides."""
    starts = [m.end() for m in _PATTERNS.start_of_a_project.finditer(before)]
    ends = [m.end() for m in _PATTERNS.end_of_a_project.finditer(before)]
    if starts or ends:
        return max(starts, default=-1) > max(ends, default=-1)
    return first and bool(_PATTERNS.at_the_start.match(after))


def _is_end(before: str, after: str) -> bool:
    return bool(_PATTERNS.end_of_a_project.search(before) or _PATTERNS.at_the_end.match(after))
