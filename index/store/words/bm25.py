"""BM25, one index per language, over stems by the rules of the language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.store.columns import map_column, save_column
from index.store.words.length_trend import LengthTrend
from index.store.words.stem_counts import Numbers, Postings, StemCounts, merge_counts
from index.text.cognates import Cognates, TrigramTable, trigram_pairs
from index.text.compounds import COMPOUND_LANGUAGES, Compounds

K1 = 1.2
B = 0.75

_TRIGRAM_COLUMNS = ("codes", "first", "rows", "sizes")


class LexicalIndex:
    """BM25 over the documents of one language. Rows are positions in the snapshot's documents.

    All of it is columns, which `load` maps from files.
    """

    def __init__(self, language: str, rows: NDArray[np.int32], columns: _Columns) -> None:
        self.language = language
        self.rows = rows
        self._columns = columns
        self._stems = columns.counts.stems
        self._first = columns.first
        self._documents = columns.documents
        halves = _HalfFrequencies(columns.counts)
        self._compounds = Compounds.of_halves(halves, columns.counts.stems.longest)
        self._halves = lru_cache(50_000)(self._find_halves)

    @classmethod
    def build(cls, language: str, texts: Mapping[int, str]) -> LexicalIndex:
        """Index ``texts``, by row of the document; the rows ascend."""
        counts = StemCounts.count(language, texts.values())
        trigrams = TrigramTable.from_words(counts.stems)
        rows = np.array(list(texts), np.int32)
        return cls(language, rows, _Columns.from_counts(language, counts, trigrams))

    def update(self, moves: NDArray[np.int64], texts: Mapping[int, str]) -> LexicalIndex:
        """Return the index that `build` makes of the documents that stay and of ``texts``.

        Args:
            moves: the new row of each document before, -1 for those that are gone.
            texts: the new ones by their rows, which ascend.
        """
        stayed = moves[self.rows]
        fresh = np.array(list(texts), np.int64)
        rows = np.union1d(stayed[stayed >= 0], fresh)
        merged = merge_counts(
            self._columns.counts,
            np.where(stayed >= 0, np.searchsorted(rows, stayed), -1),
            StemCounts.count(self.language, texts.values()),
            np.searchsorted(rows, fresh),
        )
        trigrams = self._columns.trigrams
        stems = merged.counts.stems
        codes, words = trigrams.pairs()
        kept = merged.moved[words] >= 0
        more, number, own_sizes = trigram_pairs([stems[row] for row in merged.added.tolist()])
        sizes = np.zeros(len(stems), np.int16)
        here = merged.moved >= 0
        sizes[merged.moved[here]] = trigrams.sizes[here]
        sizes[merged.added] = own_sizes
        table = TrigramTable.from_pairs(
            np.concatenate([codes[kept], more]),
            np.concatenate([merged.moved[words[kept]], merged.added[number]]).astype(np.int32),
            sizes,
        )
        columns = _Columns.from_counts(self.language, merged.counts, table)
        return LexicalIndex(self.language, rows.astype(np.int32), columns)

    def save(self, folder: Path) -> None:
        """Write the index below ``folder``: plain arrays only."""
        folder.mkdir(parents=True)
        save_column(folder / "rows.npy", self.rows)
        self._columns.save(folder)

    @classmethod
    def load(cls, language: str, folder: Path) -> LexicalIndex:
        """Map what `save` wrote."""
        rows = map_column(folder / "rows.npy")
        return cls(language, rows, _Columns.map(folder, len(rows)))

    def rarity(self, token: str) -> float:
        """Return how rare ``token`` is here, from 0 (in every document) to 1 (in one)."""
        return self._weight(token, 0.0) / self._rarest if self._rarest else 0.0

    def scores(self, query: Iterable[str]) -> tuple[NDArray[np.float32], float]:
        """Score every row for the stems ``query``.

        Returns:
            BM25 for each of ``rows``, and the share (0 to 1) of the query's distinct stems,
            weighted by their rarity, that occur here at all: near 1 within a language, low when
            the words are another language's.
        """
        scores = np.zeros(len(self.rows), np.float32)
        times = Counter(self.split_compounds(query))
        # in their order: a sum of floats depends on it
        places = {token: self._find(token) for token in times}
        known = {token: place for token, place in places.items() if place >= 0}
        if not known:
            return scores, 0.0
        weights = {token: float(self._idf[place]) for token, place in known.items()}
        share = sum(weights.values()) / sum(weights.get(t, self._rarest) for t in times)
        for token, place in known.items():
            self._add(scores, place, times[token])
        return scores, float(share)

    def above_chance(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far each row scores above what its length gives by chance: `scores`' shape."""
        return self._trend.above_chance(scores)

    def split_compounds(self, stems: Iterable[str]) -> list[str]:
        """Return ``stems``, each followed by its halves if it is a compound of words used here."""
        return [part for stem in stems for part in (stem, *self._halves(stem))]

    def cognate_scores(self, query: Iterable[str]) -> tuple[NDArray[np.float32], float]:
        """Score every row for stems of another language: names, and words spelled nearly alike.

        Returns:
            As `scores` does; a word weighs the square of how similar it is to the one here,
            because words that are half alike are mostly different words.
        """
        scores = np.zeros(len(self.rows), np.float32)
        weight_here, distinct = 0.0, Counter(query)
        for token, times in distinct.items():
            if cognate := self.find_cognate(token):
                place, weight = self._find(cognate[0]), cognate[1] ** 2
                self._add(scores, place, times * weight)
                weight_here += weight * float(self._idf[place])
        coverage = weight_here / (len(distinct) * self._rarest) if weight_here else 0.0
        return scores, coverage

    def find_cognate(self, token: str) -> tuple[str, float] | None:
        """Return the stem here that is spelled like a foreign one, and how alike they are, to 1."""
        return (token, 1.0) if self._find(token) >= 0 else self._cognates.nearest(token)

    def _add(self, scores: NDArray[np.float32], place: int, times: float) -> None:
        """Add what a stem is worth to the ``scores`` of the documents that have it."""
        span = slice(int(self._first[place]), int(self._first[place + 1]))
        scores[self._documents[span]] += np.float32(times) * self._columns.scores[span]

    def _weight(self, token: str, unknown: float) -> float:
        place = self._find(token)
        return float(self._idf[place]) if place >= 0 else unknown

    def _find_halves(self, stem: str) -> tuple[str, ...]:
        """Return the halves of ``stem``: as they were found for those here, or found now."""
        halves = self._columns.halves
        place = self._find(stem) if len(halves) else -1
        if place >= 0:
            return tuple(self._stems[half] for half in halves[place].tolist() if half >= 0)
        return self._compounds.halves(stem) if len(halves) else ()

    @cached_property
    def _find(self) -> Callable[[str], int]:
        return lru_cache(50_000)(self._stems.find)

    @cached_property
    def _idf(self) -> NDArray[np.float64]:
        """Lucene's idf of each stem."""
        frequencies = np.diff(self._first)
        return np.log1p((len(self.rows) - frequencies + 0.5) / (frequencies + 0.5))

    @cached_property
    def _trend(self) -> LengthTrend:
        return LengthTrend(self._columns.lengths)

    @cached_property
    def _rarest(self) -> float:
        return float(self._idf.max(initial=0.0))

    @cached_property
    def _cognates(self) -> Cognates:
        return Cognates.of_table(self._stems, self._columns.trigrams)


class _HalfFrequencies(Mapping[str, int]):
    """How many documents each stem is in that can be half of a compound."""

    def __init__(self, counts: StemCounts) -> None:
        self._stems = counts.stems
        self._first = counts.postings.first

    def __getitem__(self, stem: str) -> int:
        place = self._stems.find(stem)
        found = int(self._first[place + 1] - self._first[place]) if place >= 0 else 0
        if not Compounds.can_be_half(stem, found):
            raise KeyError(stem)
        return found

    def __len__(self) -> int:
        return len(self._stems)

    def __iter__(self) -> Iterator[str]:
        return (stem for stem in self._stems if stem in self)


@dataclass(frozen=True, eq=False)
class _Columns:
    """Everything that is kept of an index.

    ``halves`` (stems, 2) has the halves of each compound and -1 for other stems; it is empty in a
    language that writes words apart. ``first`` and ``documents`` are the postings with compounds
    counted for their halves too; ``scores`` is what each is worth. ``lengths`` has the stems of
    each document, counted so: (documents,).
    """

    counts: StemCounts
    halves: Numbers
    first: NDArray[np.int64]
    documents: Numbers
    scores: NDArray[np.float32]
    lengths: NDArray[np.int64]
    trigrams: TrigramTable

    @classmethod
    def from_counts(cls, language: str, counts: StemCounts, trigrams: TrigramTable) -> _Columns:
        halves = _cut_compounds(language, counts)
        postings = counts.postings.with_halves(halves) if len(halves) else counts.postings
        totals = np.bincount(postings.documents, postings.counts, minlength=counts.documents)
        lengths = totals.astype(np.int64)
        scores = _bm25_scores(postings, lengths)
        return cls(
            counts,
            halves,
            postings.first,
            postings.documents,
            scores,
            lengths,
            trigrams,
        )

    def save(self, folder: Path) -> None:
        self.counts.save(folder)
        save_column(folder / "halves.npy", self.halves)
        save_column(folder / "scores.npy", self.scores)
        save_column(folder / "lengths.npy", self.lengths)
        if len(self.halves):
            save_column(folder / "first.npy", self.first)
            save_column(folder / "documents.npy", self.documents)
        for name in _TRIGRAM_COLUMNS:
            save_column(folder / f"trigram_{name}.npy", getattr(self.trigrams, name))

    @classmethod
    def map(cls, folder: Path, documents: int) -> _Columns:
        counts = StemCounts.map(folder, documents)
        halves = map_column(folder / "halves.npy")
        columns = (map_column(folder / f"trigram_{name}.npy") for name in _TRIGRAM_COLUMNS)
        return cls(
            counts,
            halves,
            map_column(folder / "first.npy") if len(halves) else counts.postings.first,
            map_column(folder / "documents.npy") if len(halves) else counts.postings.documents,
            map_column(folder / "scores.npy"),
            map_column(folder / "lengths.npy"),
            TrigramTable(*columns),
        )


def _cut_compounds(language: str, counts: StemCounts) -> Numbers:
    """Return the halves of each stem, (stems, 2) with -1 for none; of some languages nothing."""
    if language not in COMPOUND_LANGUAGES or not len(counts.stems):
        return np.zeros((0, 2), np.int32)
    stems = list(counts.stems)
    frequencies = counts.postings.frequencies.tolist()
    compounds = Compounds(dict(zip(stems, frequencies, strict=True)))
    numbers = {stem: number for number, stem in enumerate(stems)}
    halves = np.full((len(stems), 2), -1, np.int32)
    for number, stem in enumerate(stems):
        if parts := compounds.halves(stem):
            halves[number] = [numbers[part] for part in parts]
    return halves


def _bm25_scores(postings: Postings, lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return what each posting is worth: Lucene's BM25 of a word in documents of ``lengths``."""
    counts = postings.counts.astype(np.float64)
    documents = len(lengths)
    if not lengths.any():  # of texts of stop words alone nothing is left
        return np.zeros(0, np.float32)
    frequencies = postings.frequencies
    idf = np.log(1 + (documents - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    usual = K1 * ((1 - B) + B * lengths / lengths.mean())
    shares = counts / (usual[postings.documents] + counts)
    scores: NDArray[np.float32] = (np.repeat(idf, frequencies) * shares).astype(np.float32)
    return scores
