"""Corpus: the documents of one snapshot by row, with the passages and vectors of each.

Rows ascend as ids do. Signals measure with it; it knows nothing of queries.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Encoder, Vectors
from index.store.columns import expand_ranges
from index.store.document import Document
from index.store.index_data import IndexData
from index.store.vectors import Rows, VectorStore

_MASKS_KEPT = 8
"""Sets of allowed documents whose masks are kept: those that readers' filters leave."""

SAMPLE_SIZE = 1000
"""Documents taken at random from the collection: their deviation is known to 2 %."""


@dataclass(frozen=True, eq=False)
class PassageGroups:
    """The passages of some documents, those of one document in a row.

    ``starts`` has the first of each document: (documents,). ``whole`` and ``common`` say of each
    passage whether it stands for its document, and the share of it that many documents have.
    """

    starts: NDArray[np.int64]
    whole: NDArray[np.bool_]
    common: NDArray[np.float32]

    @classmethod
    def one_each(cls, count: int) -> PassageGroups:
        """Return those of ``count`` documents of one passage each."""
        return cls(np.arange(count), np.zeros(count, np.bool_), np.zeros(count, np.float32))

    def followed_by(self, other: PassageGroups) -> PassageGroups:
        """Return these and, after them, the passages of ``other``."""
        return PassageGroups(
            np.concatenate([self.starts, len(self.whole) + other.starts]),
            np.concatenate([self.whole, other.whole]),
            np.concatenate([self.common, other.common]),
        )


@dataclass(frozen=True, eq=False)
class PassageVectors:
    """The vectors of some documents' passages, (passages, dimension), and how they are grouped."""

    vectors: Vectors
    groups: PassageGroups


class Corpus:
    """What an index holds, by document. Safe to share by threads."""

    def __init__(self, encoder: Encoder, data: IndexData) -> None:
        self.encoder = encoder
        self.data = data
        self.subjects = PassageVectors(data.subjects, PassageGroups.one_each(len(data.subjects)))
        self._masks: OrderedDict[int, tuple[frozenset[str], NDArray[np.bool_]]] = OrderedDict()
        self._masks_lock = threading.Lock()

    @property
    def document_count(self) -> int:
        """How many documents there are."""
        return len(self.data.documents)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each document by its id."""
        return {id_: row for row, id_ in enumerate(self.data.ids)}

    @cached_property
    def documents(self) -> frozenset[str]:
        """The ids of all documents."""
        return frozenset(self.data.ids)

    @property
    def owners(self) -> Rows:
        """The row of the document that each passage is of."""
        return self.data.passages.owners

    @cached_property
    def sample(self) -> Rows:
        """The rows of documents taken at random, always the same; all of a small collection."""
        rows: Rows = np.arange(self.document_count)
        if self.document_count > SAMPLE_SIZE:
            chance = np.random.default_rng(0)
            rows = np.sort(chance.choice(self.document_count, SAMPLE_SIZE, replace=False))
        return rows

    def passages(self, rows: Rows) -> PassageVectors:
        """Return the passages of the documents ``rows``, in their order."""
        # every query looks at the sample, so its vectors are copied out once
        return self._sample_passages if rows is self.sample else self._read_passages(rows)

    @cached_property
    def _sample_passages(self) -> PassageVectors:
        return self._read_passages(self.sample)

    def _read_passages(self, rows: Rows) -> PassageVectors:
        taken, groups = self.passage_groups(rows)
        return PassageVectors(self.data.vectors.rows(taken), groups)

    def passage_groups(self, rows: Rows) -> tuple[Rows, PassageGroups]:
        """Return the rows of the passages of documents, in their order, and how they are grouped.

        Args:
            rows: of documents, at least one.
        """
        table = self.data.passages
        first = table.first[rows]
        counts = table.first[rows + 1] - first
        taken = expand_ranges(first, counts)
        starts = np.cumsum(counts) - counts
        whole, common = table.stands_for_whole[taken], table.common[taken]
        return taken, PassageGroups(starts, whole, common)

    def passage_rows(self, row: int) -> Rows:
        """Return the rows of the passages of one document."""
        first = self.data.passages.first
        rows: Rows = np.arange(first[row], first[row + 1])
        return rows

    def whole_vector(self, row: int) -> Vectors:
        """Return the vector that stands for a whole document, or its only one: (dimension,)."""
        rows = self.passage_rows(row)
        entire = rows[self.data.passages.stands_for_whole[rows]]
        vector: Vectors = self.data.vectors.rows(entire[:1] if len(entire) else rows[-1:])[0]
        return vector

    def find_document(self, id_: str) -> tuple[Document, Rows]:
        """Return a document and the rows of its passages."""
        row = self.rows[id_]
        return self.data.documents[row], self.passage_rows(row)

    def allowed_mask(self, allowed: Collection[str] | None) -> NDArray[np.bool_]:
        """Return which documents, by row, are ``allowed``, not to be written to; all when None.

        The masks of the last sets are kept: looking up a hundred thousand ids takes longer than
        searching them, and every search with the same filters brings the same set.
        """
        if allowed is None or allowed is self.documents:
            return np.ones(self.document_count, np.bool_)
        if not isinstance(allowed, frozenset):
            return self._make_mask(allowed)
        # the set is kept with its mask, so no other can get its id
        key = id(allowed)
        with self._masks_lock:
            if key in self._masks:
                self._masks.move_to_end(key)
                return self._masks[key][1]
        mask = self._make_mask(allowed)
        with self._masks_lock:
            self._masks[key] = allowed, mask
            if len(self._masks) > _MASKS_KEPT:
                self._masks.popitem(last=False)
        return mask

    def _make_mask(self, allowed: Collection[str]) -> NDArray[np.bool_]:
        mask = np.zeros(self.document_count, np.bool_)
        mask[[row for row in map(self.rows.get, allowed) if row is not None]] = True
        mask.flags.writeable = False
        return mask

    def passage_store(self, documents: NDArray[np.bool_]) -> tuple[VectorStore, Rows]:
        """Return the vectors of the passages of ``documents`` and the row that owns each."""
        rows = np.flatnonzero(documents[self.owners])
        owners = self.owners[rows]
        if len(rows) == len(self.owners):
            return self.data.vectors, owners
        return self.data.vectors.subset(rows), owners
