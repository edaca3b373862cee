"""The meaning of many queries for many documents, as matrix products over blocks of documents.

`MeaningSignal` compares one query with documents that were found for it. Here a whole batch of
queries is compared with all documents. What is fast about it is the layout: a block has documents
of as many passages each, and first the first passage of each, then the second of each. So the best
passage of every document comes of a few passes over rows that lie in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from index.embedding.encoder import Vectors
from index.search.corpus import Corpus
from index.search.query import Query, QueryPart, QueryRole
from index.search.signals.meaning import DOCUMENT_ROLE, ROLE_WEIGHTS, passage_weights
from index.search.signals.signal import Values
from index.store.vectors import Rows

_BLOCK_PASSAGES = 8192
"""Passages of a block: their products with some hundred parts stay in the processor's cache."""

_PART_ROWS = 512
"""Parts of queries that are multiplied at once with a block; a query's parts stay together."""


_NO_VECTORS: Vectors = np.zeros((0, 0), np.float32)


@dataclass(frozen=True, eq=False)
class MeaningBlock:
    """Documents of one shape. The last ``whole`` passages of each stand for all of it.

    Attributes:
        start: place of the first document in `MeaningBlocks.rows`.
        passages: rows of the passages, by place and then by document: (places, documents).
        whole: how many of the places stand for a whole document.
        weights: what each other passage counts for its document; a document's sum to 1:
            (places - whole, documents).
    """

    start: int
    passages: Rows
    whole: int
    weights: Values

    @property
    def count(self) -> int:
        """How many documents there are."""
        return int(self.passages.shape[1])


@dataclass(frozen=True, eq=False)
class QueryShape:
    """Queries of the same roles, in a row: those from ``start`` to ``stop`` of a batch.

    Attributes:
        start: the first query.
        stop: the one after the last.
        roles: of the parts of each.
        first_part: the row of the first part among those of all queries.
        parts: what each part's nearest passage adds to the meaning: (queries, parts).
        document: what the mean of a document's passages adds, the same for all.
    """

    start: int
    stop: int
    roles: tuple[QueryRole, ...]
    first_part: int
    parts: Values
    document: float

    def slices(self) -> Iterator[tuple[slice, slice]]:
        """Yield the places of some queries at a time, and the rows of their parts."""
        width = len(self.roles)
        step = max(1, _PART_ROWS // width)
        for start in range(self.start, self.stop, step):
            stop = min(start + step, self.stop)
            first = self.first_part + (start - self.start) * width
            yield slice(start, stop), slice(first, first + (stop - start) * width)


class QueryBatch:
    """Queries in the order in which they are compared: those of the same roles in a row.

    ``order`` has their places among those that were given; queries without parts are left out.
    """

    def __init__(self, queries: Sequence[Query]) -> None:
        roles = [tuple(part.role for part in query.parts) for query in queries]
        said = [place for place, own in enumerate(roles) if own]
        self.order = sorted(said, key=lambda place: (len(roles[place]), roles[place], place))
        ordered = [queries[place] for place in self.order]
        self.vectors: Vectors = np.concatenate([q.vectors for q in ordered] or [_NO_VECTORS])
        self.shapes: list[QueryShape] = []
        start = first_part = 0
        for own, group in groupby(self.order, key=lambda place: roles[place]):
            alike = [queries[place] for place in group]
            stop = start + len(alike)
            parts, document = _part_weights([query.parts for query in alike])
            self.shapes.append(QueryShape(start, stop, own, first_part, parts, document))
            start, first_part = stop, first_part + len(alike) * len(own)


class MeaningBlocks:
    """Documents laid out in blocks. ``rows`` has their rows in the order of the blocks."""

    def __init__(self, corpus: Corpus, rows: Rows) -> None:
        """Lay out the documents ``rows`` of ``corpus``; their vectors stay where they are."""
        self._vectors = corpus.data.vectors
        self._unrelated = corpus.encoder.unrelated
        self.rows: Rows = rows[:0]
        self.blocks: list[MeaningBlock] = []
        if len(rows):
            self._lay_out(corpus, rows)

    def _lay_out(self, corpus: Corpus, rows: Rows) -> None:
        taken, groups = corpus.passage_groups(rows)
        counts = np.diff(groups.starts, append=len(taken))
        whole = np.add.reduceat(groups.whole.astype(np.int64), groups.starts)
        # those that stand for a whole document after the others of it
        order = np.lexsort((groups.whole, np.repeat(np.arange(len(rows)), counts)))
        taken, weights = taken[order], passage_weights(groups)[order]
        shapes, shape_of = np.unique(np.stack([counts, whole], axis=1), axis=0, return_inverse=True)
        ordered: list[Rows] = []
        start = 0
        for number, (places, entire) in enumerate(shapes.tolist()):
            alike = np.flatnonzero(shape_of.ravel() == number)
            step = max(1, _BLOCK_PASSAGES // places)
            for first in range(0, len(alike), step):
                own = alike[first : first + step]
                passages = groups.starts[own] + np.arange(places)[:, None]
                weight = weights[passages[: places - entire]]
                weight /= weight.sum(axis=0)
                self.blocks.append(MeaningBlock(start, taken[passages], entire, weight))
                ordered.append(rows[own])
                start += len(own)
        self.rows = np.concatenate(ordered)

    def compare(self, batch: QueryBatch) -> Iterator[tuple[MeaningBlock, slice, Values]]:
        """Yield how near in meaning queries and documents are, from 0 to 1, but for rounding.

        Yields:
            A block, the places of some queries in the batch's order, and the values:
            (queries, documents of the block). They are the caller's to change.
        """
        for block in self.blocks:
            vectors = self._vectors.rows(block.passages.ravel())
            for shape in batch.shapes:
                for places, parts in shape.slices():
                    similar: Values = batch.vectors[parts] @ vectors.T
                    similar = similar.reshape(-1, len(shape.roles), *block.passages.shape)
                    own = shape.parts[places.start - shape.start : places.stop - shape.start]
                    cosine = _fuse(similar, block, shape, own)
                    cosine -= self._unrelated
                    cosine /= 1 - self._unrelated
                    yield block, places, np.clip(cosine, 0, 1, out=cosine)


def _fuse(similar: Values, block: MeaningBlock, shape: QueryShape, parts: Values) -> Values:
    """Return the cosine of queries of one shape with documents: (queries, documents).

    Args:
        similar: cosines: (queries, parts, places, documents).
        block: the documents.
        shape: of the queries.
        parts: what each part adds: (queries, parts).
    """
    bodies = similar.shape[2] - block.whole
    fused = np.zeros((len(similar), block.count), np.float32)
    for place, role in enumerate(shape.roles):
        whole = role is QueryRole.WHOLE and block.whole
        own = similar[:, place, bodies:] if whole else similar[:, place, :bodies]
        best = _highest(own)
        fused += best * parts[:, place, None]
    if shape.document:
        near = _highest(similar[:, :, :bodies])
        near *= block.weights
        fused += near.sum(axis=1) * np.float32(shape.document)
    return fused


def _highest(values: Values) -> Values:
    """Return the highest along the second axis, as an array of its own."""
    highest = values[:, 0].copy()
    for place in range(1, values.shape[1]):
        np.maximum(highest, values[:, place], out=highest)
    return highest


def _part_weights(queries: Sequence[Sequence[QueryPart]]) -> tuple[Values, float]:
    """Return what the parts of queries of the same roles add to the meaning.

    Returns:
        A weight for each part, (queries, parts), and the one of a document's passages together.
    """
    roles = [part.role for part in queries[0]]
    several = len(roles) > 1
    shares: Mapping[str, float] = ROLE_WEIGHTS
    total = sum(shares[role.value] for role in set(roles))
    total += shares[DOCUMENT_ROLE] if several else 0
    weights = np.array([[part.length for part in parts] for parts in queries], float)
    for role in set(roles):
        own = [place for place, one in enumerate(roles) if one is role]
        if role is QueryRole.WHOLE:
            weights[:, own] = 1  # what stands for a whole counts the same however long it is
        weights[:, own] *= shares[role.value] / total / weights[:, own].sum(axis=1, keepdims=True)
    return weights.astype(np.float32), shares[DOCUMENT_ROLE] / total if several else 0.0
