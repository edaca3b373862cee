"""One call, once: which calls are the same on two portals or in two languages, and which re-issued.

`candidates` finds pairs without comparing all with all, `decide` says what a pair is with the
evidence, and `Groups` says what is shown as one. See docs/how/duplicates.md.
"""

from __future__ import annotations

from service.domain.same.blocks import Pair, candidates
from service.domain.same.decide import Decision, Relation, decide, decisions, evidence_of
from service.domain.same.evidence import Evidence, Kind, Similarity, compare
from service.domain.same.groups import By, CallLink, Groups, State, ordered
from service.domain.same.traits import Traits, canonical, traits

__all__ = [
    "By",
    "CallLink",
    "Decision",
    "Evidence",
    "Groups",
    "Kind",
    "Pair",
    "Relation",
    "Similarity",
    "State",
    "Traits",
    "candidates",
    "canonical",
    "compare",
    "decide",
    "decisions",
    "evidence_of",
    "ordered",
    "traits",
]
