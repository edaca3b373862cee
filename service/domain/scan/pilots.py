"""Which pilots are on a subject: compared with it by meaning, as calls are."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from index.search.corpus import PassageGroups
from index.search.query import Query, QueryRole
from index.search.signals.meaning import meaning_strength, role_similarities
from service.domain.frozen_model import FrozenModel
from service.domain.matching.fit import Fit


class ScanPilot(FrozenModel):
    """A pilot on the subject, with the calls of the scan that fit it."""

    id: str
    title: str
    language: str | None
    similarity: float = Field(description="How near in meaning to the subject, 0 to 1.")
    calls: int = Field(description="Calls of the scan that fit it at least possibly.")
    best: Fit | None = Field(description="How well the best of these fits; null without any.")


def similarity_to_pilot(subject: Query, pilot: Query, unrelated: float) -> float:
    """Return how near a pilot's text is to a subject in meaning, 0 to 1.

    Args:
        subject: what the pilot is looked for by.
        pilot: the pilot's text, read as a query.
        unrelated: the cosine that counts as nothing in common; the model's own.
    """
    if not subject.parts or not pilot.parts:
        return 0.0
    whole = np.array([part.role is QueryRole.WHOLE for part in pilot.parts], np.bool_)
    if whole.all():  # a text that is nothing but a whole has no other part to compare
        whole[:] = False
    groups = PassageGroups(np.zeros(1, np.int64), whole, np.zeros(len(whole), np.float32))
    near = role_similarities(subject.parts, subject.vectors @ pilot.vectors.T, groups)
    return float(meaning_strength(near, unrelated)[0])
