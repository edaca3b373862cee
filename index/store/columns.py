"""Columns: arrays that are mapped from files, so that workers share them and opening is quick."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.store.vectors import Rows

_UTF8 = ("utf-8", "surrogatepass")


def save_column(path: Path, column: NDArray[Any]) -> None:
    """Write an array; never as a pickle."""
    np.save(path, np.ascontiguousarray(column), allow_pickle=False)


def map_column(path: Path) -> NDArray[Any]:
    """Return the array that `save_column` wrote, read only, its pages read when they are used.

    Raises:
        ValueError: the file is no array, or cut short.
        OSError: it cannot be read.
    """
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def expand_ranges(starts: NDArray[Any], counts: NDArray[Any]) -> Rows:
    """Return the numbers of every range, one range after another.

    Args:
        starts: the first number of each.
        counts: how many numbers each has.
    """
    counts = counts.astype(np.int64)
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Rows = np.arange(total) + np.repeat(starts.astype(np.int64) - ends + counts, counts)
    return numbers


def group_starts(counts: NDArray[Any]) -> Rows:
    """Return where each of some groups begins, and after them the end: (groups + 1,)."""
    starts: Rows = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return starts


class WordTable(Sequence[str]):
    """Texts in ascending order, as letters and ends in two columns; found by bisection.

    A dictionary of a large vocabulary would take a hundred bytes a word in every worker.
    """

    def __init__(self, letters: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._letters, self._ends = letters.data, ends.data  # read faster than arrays
        self._columns: tuple[NDArray[Any], NDArray[Any]] = (letters, ends)

    @classmethod
    def from_words(cls, words: Iterable[str | bytes]) -> WordTable:
        """Return the table of ``words``, which ascend."""
        encoded = [word.encode(*_UTF8) if isinstance(word, str) else word for word in words]
        ends = group_starts(np.array([len(word) for word in encoded], np.int64))
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, row: int) -> str: ...

    @overload
    def __getitem__(self, row: slice) -> list[str]: ...

    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[n] for n in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self.encoded(row).decode(*_UTF8)

    @property
    def longest(self) -> int:
        """The most bytes that a text has."""
        return int(np.diff(self._columns[1]).max(initial=0))

    def encoded(self, row: int) -> bytes:
        """Return the text in ``row`` as UTF-8."""
        return bytes(self._letters[self._ends[row] : self._ends[row + 1]])

    def all_encoded(self) -> list[bytes]:
        """Return every text as UTF-8."""
        letters, ends = bytes(self._letters), self._columns[1].tolist()
        return [letters[start:end] for start, end in pairwise(ends)]

    def find(self, word: str) -> int:
        """Return the row of ``word``, -1 when it is not here."""
        key = word.encode(*_UTF8)
        row = bisect_left(range(len(self)), key, key=self.encoded)
        return row if row < len(self) and self.encoded(row) == key else -1

    def save(self, stem: Path) -> None:
        """Write two files whose names begin with ``stem``."""
        for name, column in zip(("letters", "ends"), self._columns, strict=True):
            save_column(stem.with_name(f"{stem.name}_{name}.npy"), column)

    @classmethod
    def map(cls, stem: Path) -> WordTable:
        """Read what `save` wrote."""
        letters, ends = (
            map_column(stem.with_name(f"{stem.name}_{name}.npy")) for name in ("letters", "ends")
        )
        return cls(letters.astype(np.uint8, copy=False), ends.astype(np.int64, copy=False))
