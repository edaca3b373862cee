"""How often each stem is in each document of one language, as columns.

Everything BM25 needs follows from these counts in a few passes over columns, so an index of other
documents is made from the counts of those that stay and the texts of those that are new.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.columns import WordTable, map_column, save_column
from index.text.tokens import stem_tokens

Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Postings:
    """Documents by word: word n is in ``documents[first[n]:first[n + 1]]``, so many ``counts``.

    Documents are numbered within their language, and ascend for each word.
    """

    first: NDArray[np.int64]
    documents: Numbers
    counts: NDArray[Any]

    @classmethod
    def from_triples(
        cls, words: NDArray[Any], documents: NDArray[Any], counts: NDArray[Any], size: int
    ) -> Postings:
        """Gather triples in any order for ``size`` words; those of one word and document add up."""
        keys = words.astype(np.int64) << 32 | documents
        order = np.argsort(keys, kind="stable")  # fast on runs that are in order already
        keys = keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        sums = counts[order]
        if len(starts) < len(keys):
            sums = np.add.reduceat(sums.astype(np.int64), starts) if len(starts) else sums
            keys = keys[starts]
        first = np.searchsorted(keys >> 32, np.arange(size + 1))
        documents = (keys & 0xFFFFFFFF).astype(np.int32)
        return cls(first, documents, sums.astype(np.min_scalar_type(int(sums.max(initial=0)))))

    @property
    def words(self) -> Numbers:
        """The word of each posting."""
        return np.repeat(np.arange(len(self.first) - 1, dtype=np.int32), self.frequencies)

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """How many documents each word is in."""
        return np.diff(self.first)

    def with_halves(self, halves: Numbers) -> Postings:
        """Count each compound for its halves too; ``halves`` (words, 2) has -1 for no compound."""
        words = self.words
        parts = [(words, self.documents, self.counts)]
        for half in halves.T:
            numbers = half[words]
            cut = numbers >= 0
            parts.append((numbers[cut], self.documents[cut], self.counts[cut]))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return Postings.from_triples(columns[0], columns[1], columns[2], len(self.first) - 1)

    def save(self, folder: Path, name: str) -> None:
        """Write the columns below ``folder``."""
        save_column(folder / f"{name}_first.npy", self.first)
        save_column(folder / f"{name}_documents.npy", self.documents)
        save_column(folder / f"{name}_counts.npy", self.counts)

    @classmethod
    def map(cls, folder: Path, name: str) -> Postings:
        """Read what `save` wrote."""
        return cls(
            map_column(folder / f"{name}_first.npy"),
            map_column(folder / f"{name}_documents.npy"),
            map_column(folder / f"{name}_counts.npy"),
        )


@dataclass(frozen=True, eq=False)
class StemCounts:
    """The stems of one language's ``documents`` (how many), in order, and where each is."""

    stems: WordTable
    postings: Postings
    documents: int

    @classmethod
    def count(cls, language: str, texts: Iterable[str]) -> StemCounts:
        """Count the stems of ``texts``, which are numbered in their order."""
        numbers: dict[str, int] = {}
        words, counts, sizes = array("i"), array("I"), array("i")
        for text in texts:
            own = Counter(stem_tokens(text, language))
            words.extend([numbers.setdefault(word, len(numbers)) for word in own])
            counts.extend(own.values())
            sizes.append(len(own))
        ranks = np.zeros(len(numbers), np.int32)
        ordered = sorted(numbers)
        ranks[[numbers[word] for word in ordered]] = np.arange(len(ordered))
        documents = np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64))
        postings = Postings.from_triples(
            ranks[np.array(words, np.int64)], documents, np.array(counts, np.uint32), len(ordered)
        )
        return cls(WordTable.from_words(ordered), postings, len(sizes))

    def save(self, folder: Path) -> None:
        """Write everything below ``folder``."""
        self.stems.save(folder / "stems")
        self.postings.save(folder, "stems")

    @classmethod
    def map(cls, folder: Path, documents: int) -> StemCounts:
        """Read what `save` wrote."""
        return cls(WordTable.map(folder / "stems"), Postings.map(folder, "stems"), documents)


@dataclass(frozen=True, eq=False)
class MergedStems:
    """Counts of the documents that stay and of new ones, and the new place of each old stem.

    ``moved`` is -1 for a stem that is in no document any more; ``added`` has the places of those
    that were in none before.
    """

    counts: StemCounts
    moved: NDArray[np.int64]
    added: NDArray[np.int64]


def merge_counts(
    old: StemCounts, old_places: NDArray[np.int64], new: StemCounts, new_places: NDArray[np.int64]
) -> MergedStems:
    """Merge two counts.

    Args:
        old: counts of the documents before.
        old_places: the number that each of them gets, -1 for those that are gone.
        new: counts of new documents.
        new_places: the number that each of them gets.
    """
    old_stems, new_stems = old.stems.all_encoded(), new.stems.all_encoded()
    stems = sorted({*old_stems, *new_stems})
    numbers = {stem: number for number, stem in enumerate(stems)}
    moved = np.array([numbers[stem] for stem in old_stems], np.int64)
    added = np.array([numbers[stem] for stem in new_stems], np.int64)
    documents = np.concatenate(
        [old_places[old.postings.documents], new_places[new.postings.documents]]
    )
    words = np.concatenate([moved[old.postings.words], added[new.postings.words]])
    counts = np.concatenate([old.postings.counts, new.postings.counts])
    stays = documents >= 0
    words, documents, counts = words[stays], documents[stays], counts[stays]
    used = np.bincount(words, minlength=len(stems)) > 0
    renumbered = np.where(used, np.cumsum(used) - 1, -1)
    kept = [stem for stem, is_used in zip(stems, used.tolist(), strict=True) if is_used]
    postings = Postings.from_triples(renumbered[words], documents, counts, len(kept))
    size = int((old_places >= 0).sum()) + new.documents
    merged = StemCounts(WordTable.from_words(kept), postings, size)
    moved, added = renumbered[moved], renumbered[added]
    return MergedStems(merged, moved, np.setdiff1d(added, moved))
