"""Searcher: one opened snapshot that finds, scores and explains. Safe to share by threads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Encoder, Vectors
from index.errors import SnapshotError
from index.explain.evidence import Explainer, Explanation, QuotedSentence
from index.note import Note, note
from index.search import fusion
from index.search.calibration import SAMPLE_SIZE, TEXT_CURVE, TITLE_CURVE, Background
from index.search.hit import Hit
from index.search.query import Query, read_query
from index.search.signals.lexical_score import LexicalScorer
from index.search.signals.similarity import PassageGroups, role_similarities
from index.store import index_data, snapshot
from index.store.document import WHOLE_SECTION, Document
from index.store.index_data import IndexData
from index.store.vectors import Rows, VectorStore

CANDIDATE_COUNT = 300
"""Passages for each part of the query, and documents by words, that are scored in full."""


class Searcher:
    """Documents of one snapshot, ready to be searched by the model that built it."""

    def __init__(self, encoder: Encoder, held: IndexData, name: str = "") -> None:
        self.name = name
        self.notes: tuple[Note, ...] = ()
        self._encoder = encoder
        self._documents = held.documents
        self._vectors = held.vectors
        self._lexicon = LexicalScorer(held.lexical, len(held.documents))
        self._row = {document.id: row for row, document in enumerate(held.documents)}
        self._owners = np.array([self._row[p.document] for p in held.passages], np.int64)
        self._first = np.searchsorted(self._owners, np.arange(len(held.documents) + 1))
        self._whole = np.array([p.section == WHOLE_SECTION for p in held.passages], np.bool_)
        self._common = np.array([p.common for p in held.passages], np.float32)
        self._subjects = held.subjects
        self._alone = PassageGroups.one_each(len(held.subjects))
        self._explainer = Explainer(encoder, held, self._lexicon)

    @classmethod
    def open(cls, root: Path, encoder: Encoder) -> Searcher:
        """Open the current snapshot below ``root``, or an older one with a note if it is damaged.

        Raises:
            SnapshotError: there is none that is sound and by this model.
        """
        problem: SnapshotError | None = None
        for name in snapshot.usable_snapshots(root):
            try:
                found = cls._load(root / name, encoder)
            except SnapshotError as error:
                problem = problem or error
                continue
            if problem:
                day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
                found.notes = (note("older", problem=_as_note(problem), day=day),)
            return found
        if problem:
            unusable = note("unusable", problem=_as_note(problem))
            raise SnapshotError(f"{problem} Run `fundscout reindex`.", unusable) from problem
        raise SnapshotError("There is no index yet: run `fundscout reindex`.", note("missing"))

    @classmethod
    def _load(cls, folder: Path, encoder: Encoder) -> Searcher:
        manifest = snapshot.verify_snapshot(folder)
        if manifest.model != encoder.fingerprint:
            raise SnapshotError(
                f"The index snapshot {folder.name} was built by the model {manifest.model}, "
                f"not by {encoder.fingerprint}."
            )
        held = index_data.load(folder)
        if held.vectors.dimension != encoder.dimension:
            raise SnapshotError(f"The index snapshot {folder.name} contradicts itself.")
        return cls(encoder, held, folder.name)

    @property
    def documents(self) -> frozenset[str]:
        """The ids of all documents."""
        return frozenset(self._row)

    def query(self, text: str, language: str | None = None, *, explained: bool = False) -> Query:
        """Read ``text``, in ``language`` (ISO 639) or the one recognised.

        ``explained``: in such a way that `explain` need not read it again.
        """
        return read_query(text, self._encoder, language, explained=explained)

    def search(
        self, query: Query, *, top: int = 10, allowed: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the ``top`` documents for ``query``, best first.

        Args:
            query: what `query` returned.
            top: how many at most.
            allowed: ids that may be found; all when None. A score does not depend on it.
        """
        if not query.parts:
            return []
        open_rows = self.allowed_mask(allowed)
        words = self.word_scores(query)
        rows = self._candidates(query, words, open_rows, max(CANDIDATE_COUNT, 10 * top))
        return self.score_rows(query, words, rows, top)

    def score_rows(
        self,
        query: Query,
        words: NDArray[np.float32],
        rows: Rows,
        top: int,
        also: Rows | None = None,
    ) -> list[Hit]:
        """Return the ``top`` documents of ``rows``, best first, and after them those in ``also``.

        Args:
            query: with at least one part.
            words: what `words` returned for it.
            rows: of documents, ascending.
            top: how many at most.
            also: rows among ``rows`` that are returned however low they score.
        """
        if not len(rows):
            return []
        signals = self._signals(query, words, rows)
        strengths = fusion.fuse_signals(signals)
        # rows ascend as ids do, so equals stand in order of their ids
        order = np.argsort(-strengths, kind="stable")
        taken = order[:top]
        if also is not None and len(also):
            taken = np.concatenate([taken, (rest := order[top:])[np.isin(rows[rest], also)]])
        background = self.background(query, words)
        return [
            Hit.from_signals(
                self._documents[rows[n]].id,
                fusion.signal_parts({name: float(value[n]) for name, value in signals.items()}),
                background,
            )
            for n in taken
        ]

    def background(self, query: Query, words: NDArray[np.float32]) -> Background:
        """Return how strong anything at all is for ``query``; ``words`` as `scored` takes them."""
        near = role_similarities(query.parts, query.vectors @ self._subjects.T, self._alone)
        subjects = fusion.fuse_signals(
            self._values(near, np.zeros(len(self._subjects), np.float32))
        )
        rows, vectors, told = self._sample
        near = role_similarities(query.parts, query.vectors @ vectors.T, told)
        own = fusion.fuse_signals(self._values(near, words[rows]))
        curve = TEXT_CURVE if len(query.parts) > 1 else TITLE_CURVE
        return Background.from_strengths(subjects, own, len(self._documents), curve)

    @cached_property
    def _sample(self) -> tuple[Rows, Vectors, PassageGroups]:
        """Return documents taken at random, always the same, with vectors and passages."""
        count = len(self._documents)
        rows: Rows = np.arange(count)
        if count > SAMPLE_SIZE:
            rows = np.sort(np.random.default_rng(0).choice(count, SAMPLE_SIZE, replace=False))
        taken, told = self._passages(rows)
        return rows, self._vectors.rows(taken), told

    def role_similarities(self, query: Query, rows: Rows) -> dict[str, NDArray[np.float32]]:
        """Return a cosine for each role, of the documents ``rows``: {role: (rows,)}."""
        taken, told = self._passages(rows)
        return role_similarities(query.parts, query.vectors @ self._vectors.rows(taken).T, told)

    def _signals(
        self, query: Query, words: NDArray[np.float32], rows: Rows
    ) -> dict[str, NDArray[np.float64]]:
        return self._values(self.role_similarities(query, rows), words[rows])

    def _values(
        self, near: dict[str, NDArray[np.float32]], words: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float64]]:
        value = fusion.meaning_strength(near, self._encoder.unrelated)
        return {fusion.MEANING: value.astype(float), fusion.WORDS: words.astype(float)}

    @property
    def unrelated(self) -> float:
        """The cosine that counts as nothing in common; the model's own."""
        return self._encoder.unrelated

    def mean_vectors(self, ids: Sequence[str]) -> Vectors:
        """Return the mean direction of each document's passages: (len(ids), dimension), unit."""
        sums = np.zeros((len(ids), self._encoder.dimension), np.float32)
        for place, id_ in enumerate(ids):
            row = self._row[id_]
            span = np.arange(self._first[row], self._first[row + 1])
            sums[place] = self._vectors.rows(span).sum(axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        found: Vectors = sums / np.maximum(lengths, np.finfo(np.float32).tiny)
        return found

    def explain(self, query: Query, hits: Sequence[Hit]) -> list[Explanation]:
        """Say why: the passages and words behind each of ``hits``, in their order."""
        if not hits:
            return []
        rows = np.array([self._row[hit.document] for hit in hits])
        _, told = self._passages(rows)
        targets = [self._document_with_rows(hit.document) for hit in hits]
        return self._explainer.explain(query, targets, rows, told)

    def quote(self, query: Query, ids: Sequence[str]) -> list[QuotedSentence]:
        """Return the sentence of each document of ``ids`` that is nearest to ``query``."""
        return self._explainer.quote(query, [self._document_with_rows(id_) for id_ in ids])

    def document_vector(self, id_: str) -> Vectors:
        """Return the vector that stands for a whole document, or its only one: (dimension,)."""
        _, rows = self._document_with_rows(id_)
        entire = rows[self._whole[rows]]
        vector: Vectors = self._vectors.rows(entire[:1] if len(entire) else rows[-1:])[0]
        return vector

    def similarities(self, vector: Vectors, ids: Sequence[str]) -> list[float]:
        """Return the cosine of ``vector`` with what stands for each document of ``ids``."""
        return [float(np.clip(vector @ self.document_vector(id_), 0, 1)) for id_ in ids]

    def _document_with_rows(self, id_: str) -> tuple[Document, Rows]:
        """Return a document and the rows of its passages."""
        row = self._row[id_]
        rows: Rows = np.arange(self._first[row], self._first[row + 1])
        return self._documents[row], rows

    def allowed_mask(self, allowed: Collection[str] | None) -> NDArray[np.bool_]:
        """Return which documents, by row, are ``allowed``: all when None."""
        if allowed is None:
            return np.ones(len(self._documents), np.bool_)
        mask = np.zeros(len(self._documents), np.bool_)
        mask[[self._row[id_] for id_ in allowed if id_ in self._row]] = True
        return mask

    def passage_vectors(self, documents: NDArray[np.bool_]) -> tuple[VectorStore, Rows]:
        """Return the vectors of the passages of ``documents`` and the row that owns each."""
        owners = self._owners[documents[self._owners]]
        if len(owners) == len(self._owners):
            return self._vectors, owners
        return self._vectors.subset(np.flatnonzero(documents[self._owners])), owners

    def word_scores(self, query: Query) -> NDArray[np.float32]:
        """Score every document by words: the best of its languages, 0 to 1."""
        return self._lexicon.values(query)

    def _candidates(
        self, query: Query, words: NDArray[np.float32], allowed: NDArray[np.bool_], reach: int
    ) -> Rows:
        """Return the rows of documents near by meaning or by words, ascending."""
        passages = None if allowed.all() else np.flatnonzero(allowed[self._owners])
        near = self._owners[self._vectors.nearest(query.vectors, reach, passages)]
        worded = np.where(allowed, words, 0)
        rows: Rows = np.union1d(near, highest_rows(worded, reach)).astype(np.int64)
        return rows

    def _passages(self, rows: Rows) -> tuple[Rows, PassageGroups]:
        """Return the rows of the passages of documents ``rows``, and what they are."""
        spans = [np.arange(self._first[row], self._first[row + 1]) for row in rows]
        starts = np.cumsum([0, *(len(span) for span in spans[:-1])])
        taken = np.concatenate(spans)
        return taken, PassageGroups(starts, self._whole[taken], self._common[taken])


def highest_rows(values: NDArray[np.float32], most: int) -> Rows:
    """Return the places of the ``most`` highest values above 0; among equals the first."""
    above = np.flatnonzero(values > 0)
    if len(above) > most:
        least = np.partition(values[above], -most)[-most]
        above = above[values[above] >= least]
    order: Rows = above[np.argsort(-values[above], kind="stable")[:most]]
    return order


def _as_note(problem: SnapshotError) -> Note:
    return problem.note or note("problem", text=str(problem))
