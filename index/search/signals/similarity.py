"""How near a query's parts and a document's passages come: one cosine for each role.

A query's title and passages, each as much as it is long, look for the document's best passage, its
whole looks at the document as a whole. The other way round each passage of the document looks for
the part of the query that it comes nearest to: a call that is about the pilot throughout is a
better find than one that touches it in a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search.query import QueryPart, QueryRole

Values = NDArray[np.float32]

DOCUMENT_ROLE = "document"
"""The role of the document's passages, each beside the query's part that is nearest to it."""

_BOILERPLATE_DISCOUNT = 0.8
"""How much less a passage counts for the document when others have all of its sentences too."""


@dataclass(frozen=True, eq=False)
class PassageGroups:
    """The passages of some documents, those of one document in a row.

    ``starts`` has the first of each document: (documents,). ``whole`` and ``common`` say of each
    passage whether it stands for its document, and the share of it that many documents have.
    """

    starts: NDArray[np.int64]
    whole: NDArray[np.bool_]
    common: Values

    @classmethod
    def one_each(cls, count: int) -> PassageGroups:
        """Return those of ``count`` documents of one passage each."""
        return cls(np.arange(count), np.zeros(count, np.bool_), np.zeros(count, np.float32))


def role_similarities(
    parts: Sequence[QueryPart], similar: Values, told: PassageGroups
) -> dict[str, Values]:
    """Return a cosine for each role that there is, of every document: {role: (documents,)}.

    Args:
        parts: of the query.
        similar: (len(parts), passages) cosines.
        told: the passages.
    """
    roles = {role: [n for n, part in enumerate(parts) if part.role is role] for role in QueryRole}
    best = np.maximum.reduceat(np.where(told.whole, -1, similar), told.starts, axis=1)
    found = {
        role.value: _weighted_mean(best[rows], [parts[n].length for n in rows])
        for role, rows in roles.items()
        if rows and role is not QueryRole.WHOLE
    }
    if rows := roles[QueryRole.WHOLE]:
        entire = np.maximum.reduceat(np.where(told.whole, similar[rows], -1), told.starts, axis=1)
        # a document of one passage has no other whole
        found[QueryRole.WHOLE.value] = np.where(entire > -1, entire, best[rows]).mean(axis=0)
    if len(parts) > 1:
        found[DOCUMENT_ROLE] = _document_similarity(similar.max(axis=0), told)
    return found


def _weighted_mean(values: Values, lengths: Sequence[int]) -> Values:
    """Return the mean over rows, each by its length: a last line weighs less than a paragraph."""
    weights = np.array(lengths, np.float32)
    mean: Values = weights @ values / weights.sum()
    return mean


def _document_similarity(nearest: Values, told: PassageGroups) -> Values:
    """Return the mean over each document's passages; what is common to many counts less."""
    weights = np.where(told.whole, 0, 1 - _BOILERPLATE_DISCOUNT * told.common).astype(np.float32)
    totals = np.add.reduceat(weights, told.starts)
    sums: Values = np.add.reduceat(weights * nearest, told.starts)
    return np.divide(sums, totals, dtype=np.float32)
