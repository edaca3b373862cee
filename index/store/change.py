"""What changes between two snapshots: which documents stay, and which are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.boilerplate import common_shares
from index.store.columns import expand_ranges, group_starts
from index.store.document import Document
from index.store.document_file import DOCUMENT_ROW, DocumentFile
from index.store.index_data import IndexData
from index.store.passage_table import PASSAGE_ROW, PassageTable
from index.store.segments import NewSegment
from index.store.vectors import Rows


@dataclass(frozen=True, eq=False)
class IndexChange:
    """The documents of a new snapshot by row: the row ``before`` of each, -1 for new ones."""

    before: Rows
    count_before: int

    @classmethod
    def between(
        cls, data: IndexData, documents: Sequence[Document], digests: NDArray[np.uint64]
    ) -> IndexChange:
        """Compare a snapshot's documents with ``documents`` by their ``digests``."""
        table = data.documents.table if isinstance(data.documents, DocumentFile) else None
        known = {id_: row for row, id_ in enumerate(data.ids)} if table is not None else {}
        before = np.array([known.get(document.id, -1) for document in documents], np.int64)
        if table is not None and len(table):
            same = (table["digest"][before] == digests).all(axis=1)
            before = np.where(same, before, -1)
        return cls(before, len(data.ids))

    @classmethod
    def all_new(cls, count: int) -> IndexChange:
        """Return the change from nothing to ``count`` documents."""
        return cls(np.full(count, -1, np.int64), 0)

    @cached_property
    def new(self) -> Rows:
        """The rows of new documents."""
        return np.flatnonzero(self.before < 0)

    @cached_property
    def moves(self) -> Rows:
        """The new row of each document before, -1 for one that is gone."""
        moves = np.full(self.count_before, -1, np.int64)
        stays = self.before >= 0
        moves[self.before[stays]] = np.flatnonzero(stays)
        return moves

    def merge_tables(
        self,
        ids: Sequence[str],
        labels: Sequence[str],
        data: IndexData | None,
        added: NewSegment | None,
    ) -> tuple[DocumentFile, PassageTable]:
        """Return the tables of the new snapshot, from those of the one before and what is added."""
        old_documents, old_passages = _tables(data)
        new_documents = added.documents if added else np.zeros(0, DOCUMENT_ROW)
        new_passages = added.passages if added else np.zeros(0, PASSAGE_ROW)
        documents = np.concatenate([old_documents, new_documents])
        first = group_starts(documents["passages"])
        taken = np.where(self.before >= 0, self.before, len(old_documents) - 1 + self._ranks)
        documents = documents[taken]
        sizes = documents["passages"]
        passages = np.concatenate([old_passages, new_passages])[expand_ranges(first[taken], sizes)]
        passages["common"] = _common(documents, passages, data, added)
        return (
            DocumentFile(documents, ids, ()),
            PassageTable(passages, group_starts(sizes), labels, ids),
        )

    @property
    def _ranks(self) -> Rows:
        """How many new documents there are up to each row, itself included."""
        ranks: Rows = np.cumsum(self.before < 0)
        return ranks


def _tables(data: IndexData | None) -> tuple[NDArray[Any], NDArray[Any]]:
    if data is None or not isinstance(data.documents, DocumentFile):
        return np.zeros(0, DOCUMENT_ROW), np.zeros(0, PASSAGE_ROW)
    return data.documents.table, data.passages.table


def _common(
    documents: NDArray[Any],
    passages: NDArray[Any],
    data: IndexData | None,
    added: NewSegment | None,
) -> list[float]:
    """Return the share of boilerplate of each passage, counted over all documents."""
    segments = data.segments if data else ()
    own = [one.hashes for one in segments] + ([added.hashes.own] if added else [])
    parts = [one.parts for one in segments] + ([added.hashes.parts] if added else [])
    return common_shares(
        np.concatenate(own)[expand_ranges(documents["hash"], documents["hashes"])],
        np.concatenate(parts)[expand_ranges(passages["part"], passages["parts"])],
        passages["parts"].astype(np.int64),
    )
