"""The stages of work that a call pays for, from idea to use, where it states them."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.extract.sentences import TITLE_FIELD, CallSentence
from service.domain.eligibility.extract.stage_roles import find_works
from service.domain.eligibility.facts import Fact, Stages

NAME = "stage"
_TITLE_CONFIDENCE = 0.85
_SENTENCE_CONFIDENCE = 0.8
_MENTION_CONFIDENCE = 0.7
_PATTERNS = load("stage.toml", package=__package__)
_STAGES = tuple(
    (ProjectStage(name), pattern) for name, pattern in _PATTERNS.group("stages").items()
)
_TITLES = tuple((ProjectStage(name), p) for name, p in _PATTERNS.group("titles").items())
_HINTS = (
    "idea ", "idé", "feasib", "förstud", "genomförbar", "proof", "pilot", "demo", "implement",
    "invester", "deploy", "forskning", "research", "doktorand", "(ria)", "installation", "shovel",
)  # fmt: skip
_NEAR = 60
_OVERLAP = 24
_BEFORE = 50


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each title that names a stage, and each sentence that pays for one."""
    coordinates = _coordinates_others(call)
    people = any(
        sentence.field == TITLE_FIELD and _PATTERNS.people.search(sentence.text)
        for sentence in sentences
    )
    for sentence in sentences:
        if sentence.passes_on or (coordinates and sentence.field == TITLE_FIELD):
            continue
        named = tuple(dict.fromkeys(_find_stages(sentence))) or _stages_of_grant_code(sentence)
        stages = tuple(dict.fromkeys((*named, *find_works(sentence, of_people=people))))
        if stages:
            value, confidence = Stages(stages=stages), _confidence(sentence, sure=bool(named))
            yield Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _coordinates_others(call: Call) -> bool:
    """Whether the call's title or type of action says that others do the work it names."""
    return any(map(_PATTERNS.coordinates_others.search, (*call.titles.values(), *call.keywords)))


def _stages_of_grant_code(sentence: CallSentence) -> tuple[ProjectStage, ...]:
    """Return what the grant whose code a title has pays for."""
    coded = sentence.field == TITLE_FIELD and _PATTERNS.grant_code.search(sentence.text)
    return (ProjectStage.RESEARCH,) if coded else ()


def _confidence(sentence: CallSentence, *, sure: bool) -> float:
    if not sure:
        return _MENTION_CONFIDENCE
    return _TITLE_CONFIDENCE if sentence.field == TITLE_FIELD else _SENTENCE_CONFIDENCE


def _is_what_is_paid_for(sentence: CallSentence, at: int) -> bool:
    """Whether the call pays for the stage named at ``at``: by title, heading, or verb before."""
    if _PATTERNS.other_topics.search(sentence.text) or _PATTERNS.earlier_or_other_work.search(
        sentence.text, max(0, at - _BEFORE), at + _OVERLAP
    ):
        return False
    if (
        _PATTERNS.activity_that_leads.match(sentence.text, at)
        or sentence.field == TITLE_FIELD
        or _PATTERNS.heading_on_what_is_paid.search(sentence.heading)
    ):
        return True
    verb_ends = [m.end() for m in _PATTERNS.pays.finditer(sentence.text, 0, at + _OVERLAP)]
    return any(at - end < _NEAR and "(" not in sentence.text[end:at] for end in verb_ends)


def _find_stages(sentence: CallSentence) -> Iterator[ProjectStage]:
    if sentence.field == TITLE_FIELD:
        yield from (stage for stage, pattern in _TITLES if pattern.search(sentence.text))
    if not sentence.contains_any(_HINTS):
        return
    for stage, pattern in _STAGES:
        match = pattern.search(sentence.text)
        if (
            match
            and not sentence.is_negated(*match.span())
            and not sentence.is_example(match.start())
            and _is_what_is_paid_for(sentence, match.start())
        ):
            yield stage
