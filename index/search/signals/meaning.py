"""Meaning: how near a query's parts and a document's passages come, one cosine for each role.

A query's title and passages, each as much as it is long, look for the document's best passage; its
whole looks at the document as a whole. The other way round each passage of the document looks for
the part of the query that it comes nearest to: a call that is about the pilot throughout is a
better match than one that touches it in a paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors, unit_vectors
from index.search.corpus import PassageGroups, PassageVectors
from index.search.query import QueryPart, QueryRole, parts_without
from index.search.query_sentences import QuerySentences
from index.search.signals.signal import Signal, Values
from index.store.vectors import Rows

DOCUMENT_ROLE = "document"
"""The role of the document's passages, each compared with the query's part nearest to it."""

ROLE_WEIGHTS = {
    QueryRole.TITLE.value: 0.25,
    QueryRole.WHOLE.value: 0.12,
    QueryRole.PASSAGE.value: 0.50,
    DOCUMENT_ROLE: 0.13,
}
"""Shares of the meaning; they sum to 1. Of a query without some of these the others share all."""

_BOILERPLATE_DISCOUNT = 0.8
"""How much less a passage counts for the document when others have all of its sentences too."""


class MeaningSignal(Signal):
    """How near in meaning, by the model's vectors."""

    name: ClassVar[str] = "meaning"

    def values(self, rows: Rows) -> Values:
        """Return how near the documents ``rows`` are, from 0 to 1: (len(rows),)."""
        return self._compare(self.corpus.passages(rows))

    def subject_values(self) -> Values:
        """Return how near the subjects of the background are: (subjects,)."""
        return self._compare(self.corpus.subjects)

    def candidates(self, allowed: NDArray[np.bool_], reach: int) -> Rows:
        """Return the documents that own the ``reach`` passages nearest to each part."""
        owners = self.corpus.owners
        passages = None if allowed.all() else np.flatnonzero(allowed[owners])
        nearest: Rows = owners[
            self.corpus.data.vectors.nearest(self.query.vectors, reach, passages)
        ]
        return nearest

    def values_without(self, sentences: QuerySentences, rows: Rows) -> tuple[Values, Values]:
        """Foresee the values of documents and subjects without each of the query's sentences.

        A vector is the sum of what its sentences add (`index.embedding.pooling`): less what one
        adds, and at length 1 again, it is nearly what the model makes of the rest.
        """
        documents, subjects = self.corpus.passages(rows), self.corpus.subjects
        groups = documents.groups.followed_by(subjects.groups)
        passages = np.concatenate([documents.vectors, subjects.vectors])
        vectors, parts = self.query.vectors, self.query.parts
        similar: Values = vectors @ passages.T
        shorter: Values = unit_vectors(vectors[sentences.part] - sentences.added) @ passages.T
        values = self._fuse(parts, similar, groups)
        without = np.zeros((len(sentences.sentences), len(values)), np.float32)
        for sentence in range(len(sentences.sentences)):
            left = parts_without(parts, sentences, sentence)
            if not left:
                continue
            changed = similar.copy()
            held = np.flatnonzero(sentences.sentence == sentence)
            changed[sentences.part[held]] = shorter[held]
            without[sentence] = self._fuse(list(left.values()), changed[list(left)], groups)
        return values, without

    def role_similarities(self, rows: Rows) -> dict[str, Values]:
        """Return a cosine for each role, of the documents ``rows``: {role: (len(rows),)}."""
        passages = self.corpus.passages(rows)
        return role_similarities(
            self.query.parts, self.query.vectors @ passages.vectors.T, passages.groups
        )

    def _compare(self, passages: PassageVectors) -> Values:
        similar = _cosines(self.query.vectors, passages.vectors)
        return self._fuse(self.query.parts, similar, passages.groups)

    def _fuse(self, parts: Sequence[QueryPart], similar: Values, groups: PassageGroups) -> Values:
        near = role_similarities(parts, similar, groups)
        return meaning_strength(near, self.corpus.encoder.unrelated)


def meaning_strength(near: Mapping[str, Values], unrelated: float) -> Values:
    """Fuse what `role_similarities` returned.

    Args:
        near: for each role a cosine of every document; at least one role.
        unrelated: cosine that counts as nothing in common; the model's own.

    Returns:
        For each document a value from 0 to 1.
    """
    total = sum(ROLE_WEIGHTS[role] for role in near)
    cosine = sum(cosines * (ROLE_WEIGHTS[role] / total) for role, cosines in near.items())
    value: Values = np.clip((cosine - unrelated) / (1 - unrelated), 0, 1)
    return value


def role_similarities(
    parts: Sequence[QueryPart], similar: Values, groups: PassageGroups
) -> dict[str, Values]:
    """Return a cosine for each role that there is, of every document: {role: (documents,)}.

    Args:
        parts: of the query.
        similar: (len(parts), passages) cosines.
        groups: the passages of each document.
    """
    roles = {role: [n for n, part in enumerate(parts) if part.role is role] for role in QueryRole}
    best = np.maximum.reduceat(np.where(groups.whole, -1, similar), groups.starts, axis=1)
    near = {
        role.value: _weighted_mean(best[rows], [parts[n].length for n in rows])
        for role, rows in roles.items()
        if rows and role is not QueryRole.WHOLE
    }
    if rows := roles[QueryRole.WHOLE]:
        whole = np.where(groups.whole, similar[rows], -1)
        entire = np.maximum.reduceat(whole, groups.starts, axis=1)
        # a document of one passage has no other whole
        near[QueryRole.WHOLE.value] = np.where(entire > -1, entire, best[rows]).mean(axis=0)
    if len(parts) > 1:
        near[DOCUMENT_ROLE] = _document_similarity(similar.max(axis=0), groups)
    return near


def passage_weights(groups: PassageGroups) -> Values:
    """Return what each passage counts for its document; one that stands for a whole has 0."""
    weights = np.where(groups.whole, 0, 1 - _BOILERPLATE_DISCOUNT * groups.common)
    return weights.astype(np.float32)


def _cosines(parts: Vectors, passages: Vectors) -> Values:
    """Return the cosine of every part and passage: (parts, passages).

    Pair by pair: a matrix product sums in an order that depends on its shape, and then a score
    would depend, in its last digits, on which other documents are scored with it. For so few parts
    it is not faster either, and its threads wait for each other while other work is going on.
    """
    cosines: Values = np.vecdot(passages[:, None], parts[None])  # each passage is read once
    return np.ascontiguousarray(cosines.T)


def _weighted_mean(values: Values, lengths: Sequence[float]) -> Values:
    """Return the mean over rows, each by its length: a last line weighs less than a paragraph."""
    weights = np.array(lengths, np.float32)
    mean: Values = weights @ values / weights.sum()
    return mean


def _document_similarity(nearest: Values, groups: PassageGroups) -> Values:
    """Return the mean over each document's passages; what is common to many counts less."""
    weights = passage_weights(groups)
    totals = np.add.reduceat(weights, groups.starts)
    sums: Values = np.add.reduceat(weights * nearest, groups.starts)
    return np.divide(sums, totals, dtype=np.float32)
