"""The work that a call pays for, by the words around each kind of work that a sentence names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from scrapers.reading.patterns import load
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.extract.roles import MOST_FIGURES, Figure, RoleScore
from service.domain.eligibility.extract.sentences import TITLE_FIELD, CallSentence

_PATTERNS = load("stage_roles.toml", package=__package__)
_WORKS = tuple((ProjectStage(name), p) for name, p in _PATTERNS.group("works").items())
_PAID_FOR = 3.0
_PAID_FOR_BESIDE_A_CAREER = 5.0
"""What research needs in a call that pays for careers or teaching."""
_HINTS = (
    "research", "forskning", "studies", "investigat", "elucidat", "hypothes", "understanding",
    "knowledge", "forsknings-", "trial", "clinical", "klinisk", "feasib", "scoping", "förstud",
    "genomförbar", "forska", "utbygg", "bygga ut", "expansion", "pilot",
    "demonstr", "implement", "construct", "build", "install", "restor",
    "expand", "deployment", "refurbish", "renovat", "rehabilit", "invester",
    "roll", "byggande", "uppförande", "anläggande",
)  # fmt: skip

WEIGHTS = {
    "before.pays_for": 3.0,
    "before.aims_to_support": 3.0,
    "before.any_supports": 3.0,
    "before.by_supporting": 3.0,
    "before.has_a_plan": 3.0,
    "before.announces": 3.0,
    "before.proposals_that": 2.0,
    "before.leads_the_item": 2.1,
    "before.to_support": 2.0,
    "before.time_for": 4.0,
    "before.do_it": 3.0,
    "before.must_carry_out": 3.0,
    "before.solutions_must_be": 3.0,
    "before.may_include": 5.0,
    "before.consists_of": 5.0,
    "before.also_supported": 3.0,
    "before.such_support": 3.0,
    "before.work_of_a_project": 1.0,
    "before.to_do_it": 2.0,
    "before.project_must": 3.0,
    "before.project_must_have": 2.0,
    "before.who_wants_to": 3.0,
    "before.asked_for": 2.0,
    "before.money_for": 3.0,
    "before.open_to": 3.0,
    "before.other_work": -3.0,
    "after.is_paid": 3.0,
    "after.must_be_done": 3.0,
    "after.a_project": 1.0,
    "clause.at_a_level": 3.0,
    "clause.pilots_must": 1.0,
    "clause.ticked": 3.0,
    "clause.others": -3.0,
    "heading.on_work": 1.5,
    "heading.asks_for_work": 0.9,
    "sentence.asks_for_work": 0.9,
    "heading.on_other_things": -2.0,
}
"""How much each group of words says that the call pays for the work named."""

_OF_RESEARCH = {
    "before.project_must_have": 0.0,
    "before.who_wants_to": 0.0,
    "before.leads_the_item": 0.0,
    "clause.at_a_level": 0.0,
    "before.must_carry_out": 0.0,
    "heading.asks_for_work": 0.0,
    "sentence.asks_for_work": 0.0,
}
"""The weights that differ for research: a list of tasks investigates and studies this and that."""

_GROUPS = {
    "before": _PATTERNS.group("before"),
    "after": _PATTERNS.group("after"),
    "clause": _PATTERNS.group("clause"),
    "sentence": _PATTERNS.group("sentence"),
    "heading": _PATTERNS.group("heading"),
}
_ROLE = RoleScore(_GROUPS, WEIGHTS)
_ROLE_OF_RESEARCH = RoleScore(_GROUPS, {**WEIGHTS, **_OF_RESEARCH})


def find_works(sentence: CallSentence, *, of_people: bool = False) -> tuple[ProjectStage, ...]:
    """Return the stages of work that ``sentence`` says the call pays for.

    Args:
        sentence: One that is no title; a title has none.
        of_people: Whether the call is for careers or teaching, so that research is seldom paid for.
    """
    if sentence.field == TITLE_FIELD or not sentence.contains_any(_HINTS):
        return ()
    found = set(_score_works(sentence, of_people=of_people))
    return tuple(stage for stage in ProjectStage if stage in found)


def _score_works(sentence: CallSentence, *, of_people: bool) -> Iterator[ProjectStage]:
    for stage, pattern in _WORKS:
        research = stage is ProjectStage.RESEARCH
        role = _ROLE_OF_RESEARCH if research else _ROLE
        needed = _PAID_FOR_BESIDE_A_CAREER if research and of_people else _PAID_FOR
        for match in islice(pattern.finditer(sentence.text), MOST_FIGURES):
            figure = Figure(sentence, match.start(), match.end())
            denied = sentence.is_negated(match.start(), match.end()) or (
                sentence.is_example(match.start()) or _is_in_a_name(figure)
            )
            if not denied and role.score(figure) >= needed:
                yield stage
                break


def _is_in_a_name(figure: Figure) -> bool:
    """Whether a work is a word of a name: "the Army Research Office", unless it is a project's."""
    if not figure.sentence.text[figure.start].isupper() or not figure.before.strip():
        return False
    name = _PATTERNS.within_a_name.search(figure.before)
    return bool(name) and not _PATTERNS["after.a_project"].match(figure.after)
