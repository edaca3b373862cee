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
_HINTS = (
    "research", "forskning", "trial", "clinical", "klinisk", "feasib", "scoping", "förstud",
    "genomförbar", "pilot", "demonstr", "implement", "construct", "build", "install", "restor",
    "expand", "deployment", "refurbish", "renovat", "rehabilit", "invester",
    "byggande", "uppförande", "anläggande",
)  # fmt: skip

WEIGHTS = {
    "before.pays_for": 3.0,
    "before.aims_to_support": 3.0,
    "before.work_of_a_project": 1.0,
    "before.to_do_it": 2.0,
    "before.project_must": 3.0,
    "before.asked_for": 2.0,
    "before.money_for": 3.0,
    "before.open_to": 3.0,
    "before.other_work": -3.0,
    "after.is_paid": 3.0,
    "after.a_project": 1.0,
    "clause.others": -3.0,
    "heading.on_work": 1.5,
    "heading.on_other_things": -2.0,
}
"""How much each group of words says that the call pays for the work named."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "clause": _PATTERNS.group("clause"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


def find_works(sentence: CallSentence) -> tuple[ProjectStage, ...]:
    """Return the stages of work that ``sentence`` says the call pays for."""
    if sentence.field == TITLE_FIELD or not sentence.contains_any(_HINTS):
        return ()
    found = set(_score_works(sentence))
    return tuple(stage for stage in ProjectStage if stage in found)


def _score_works(sentence: CallSentence) -> Iterator[ProjectStage]:
    for stage, pattern in _WORKS:
        for match in islice(pattern.finditer(sentence.text), MOST_FIGURES):
            figure = Figure(sentence, match.start(), match.end())
            denied = sentence.is_negated(match.start(), match.end())
            if not denied and _ROLE.score(figure) >= _PAID_FOR:
                yield stage
                break
