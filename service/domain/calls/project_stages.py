"""The stages of work that a call may pay for, from idea to use."""

from __future__ import annotations

from enum import StrEnum


class ProjectStage(StrEnum):
    """How far the work that a call pays for is from use, from idea to use."""

    IDEA = "idea"
    RESEARCH = "research"
    FEASIBILITY = "feasibility"
    PILOT = "pilot"
    DEMONSTRATION = "demonstration"
    IMPLEMENTATION = "implementation"
