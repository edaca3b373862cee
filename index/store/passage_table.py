"""The passages of a snapshot as one table that is mapped from a file, a row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.store.columns import group_starts, map_column, save_column
from index.store.passages import WHOLE_SECTION, Passage
from index.store.vectors import Rows

PASSAGE_ROW = np.dtype(
    [
        ("field", "<u4"),
        ("language", "<u4"),
        ("section", "<u4"),
        ("start", "<u4"),
        ("end", "<u4"),
        ("common", "<f4"),
        ("vector", "<u4"),
        ("sentence", "<u8"),
        ("sentences", "<u4"),
        ("part", "<u8"),
        ("parts", "<u4"),
    ]
)
"""Field, language and section are numbers of labels. The others say where in the segments, taken
together, lie its vector, its first sentence that can be quoted, and the first of all its sentences;
and how many of each there are."""


class PassageTable(Sequence[Passage]):
    """Passages by row, those of one document in a row, without the text that the model read."""

    def __init__(
        self, rows: NDArray[Any], first: Rows, labels: Sequence[str], ids: Sequence[str]
    ) -> None:
        """Hold ``rows`` of `PASSAGE_ROW`.

        Args:
            rows: a passage each.
            first: where the passages of each document begin, and the end: (documents + 1,).
            labels: the texts that fields, languages and sections are numbers of.
            ids: of the documents.
        """
        self.table = rows
        self.first = first
        self.labels = labels
        self._ids = ids

    @classmethod
    def from_passages(cls, passages: Iterable[Passage]) -> PassageTable:
        """Return the table of ``passages``, whose vectors are in their order."""
        passages = list(passages)
        ids = list(dict.fromkeys(passage.document for passage in passages))
        numbers = {id_: number for number, id_ in enumerate(ids)}
        sizes = np.bincount([numbers[p.document] for p in passages], minlength=len(ids))
        labels: dict[str, int] = {}
        rows = passage_rows(passages, labels)
        rows["vector"] = np.arange(len(rows))
        return cls(rows, group_starts(sizes), list(labels), ids)

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, row: int) -> Passage: ...

    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...

    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        if isinstance(row, slice):
            return [self[n] for n in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        field, language, section, start, end, common, *_ = self.table[row].item()
        owner = int(np.searchsorted(self.first, row, side="right")) - 1
        labels = self.labels
        return Passage(
            self._ids[owner],
            labels[field],
            labels[language],
            labels[section],
            start,
            end,
            round(common, 3),
        )

    @cached_property
    def owners(self) -> Rows:
        """The row of the document that each passage is of."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    @cached_property
    def stands_for_whole(self) -> NDArray[np.bool_]:
        """Whether each passage stands for its whole document."""
        if WHOLE_SECTION not in self.labels:
            return np.zeros(len(self), np.bool_)
        whole: NDArray[np.bool_] = self.table["section"] == self.labels.index(WHOLE_SECTION)
        return whole

    @cached_property
    def common(self) -> NDArray[np.float32]:
        """The share of each passage, 0 to 1, that is boilerplate."""
        return np.ascontiguousarray(self.table["common"])

    def save(self, path: Path) -> None:
        """Write the rows to a file."""
        save_column(path, self.table)

    @classmethod
    def map(
        cls, path: Path, first: Rows, labels: Sequence[str], ids: Sequence[str]
    ) -> PassageTable:
        """Map what `save` wrote; raise `ValueError` when it is something else."""
        rows = map_column(path)
        if rows.dtype != PASSAGE_ROW or len(rows) != int(first[-1]):
            raise ValueError(f"{path} is no table of these passages.")
        return cls(rows, first, labels, ids)


def passage_rows(passages: Sequence[Passage], labels: dict[str, int]) -> NDArray[Any]:
    """Return ``passages`` as rows; ``labels`` gets a number for each text that has none yet."""
    rows = np.zeros(len(passages), PASSAGE_ROW)
    for name in ("field", "language", "section"):
        rows[name] = [labels.setdefault(getattr(p, name), len(labels)) for p in passages]
    for name in ("start", "end", "common"):
        rows[name] = [getattr(passage, name) for passage in passages]
    return rows
