"""Searcher: one opened snapshot that finds and scores documents. Safe to share by threads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.errors import SnapshotError
from index.note import Note, note
from index.search.calibration import TEXT_CURVE, TITLE_CURVE, Background
from index.search.corpus import Corpus
from index.search.fusion import QuerySignals, fuse_signals, signal_parts
from index.search.hit import Hit
from index.search.query import Query, read_query
from index.search.sections.kind import SectionKind
from index.store import index_data, snapshot
from index.store.index_data import IndexData
from index.store.vectors import Rows
from index.text.reading.edited_text import EditedText

CANDIDATE_COUNT = 300
"""Passages for each part of the query, and documents by words, that are scored in full."""


class Searcher:
    """Documents of one snapshot, ready to be searched by the model that built it."""

    def __init__(self, encoder: Encoder, data: IndexData, name: str = "") -> None:
        self.name = name
        self.notes: tuple[Note, ...] = encoder.notes
        self.corpus = Corpus(encoder, data)

    @classmethod
    def open(cls, root: Path, encoder: Encoder) -> Self:
        """Open the current snapshot below ``root``, or an older one with a note if it is damaged.

        Raises:
            SnapshotError: there is none that is sound and by this model.
        """
        problem: SnapshotError | None = None
        for name in snapshot.usable_snapshots(root):
            try:
                searcher = cls._load(root / name, encoder)
            except SnapshotError as error:
                problem = problem or error
                continue
            if problem:
                day = f"{name[:4]}-{name[4:6]}-{name[6:8]}"
                older = note("older", problem=_as_note(problem), day=day)
                searcher.notes = (*searcher.notes, older)
            return searcher
        if problem:
            unusable = note("unusable", problem=_as_note(problem))
            raise SnapshotError(f"{problem} Run `fundscout reindex`.", unusable) from problem
        raise SnapshotError("There is no index yet: run `fundscout reindex`.", note("missing"))

    @classmethod
    def _load(cls, folder: Path, encoder: Encoder) -> Self:
        manifest = snapshot.verify_snapshot(folder)
        if manifest.model != encoder.fingerprint:
            raise SnapshotError(
                f"The index snapshot {folder.name} was built by the model {manifest.model}, "
                f"not by {encoder.fingerprint}."
            )
        data = index_data.load(folder)
        if not data.vectors.dimension == manifest.dimension == encoder.dimension:
            raise SnapshotError(f"The index snapshot {folder.name} contradicts itself.")
        return cls(encoder, data, folder.name)

    @property
    def documents(self) -> frozenset[str]:
        """The ids of all documents."""
        return self.corpus.documents

    @property
    def unrelated(self) -> float:
        """The cosine that counts as nothing in common; the model's own."""
        return self.corpus.encoder.unrelated

    def query(
        self,
        text: str | EditedText,
        language: str | None = None,
        *,
        explained: bool = False,
        counted: Collection[SectionKind] = (),
    ) -> Query:
        """Read ``text``, in ``language`` (ISO 639) or the one recognised.

        ``explained``: in such a way that it need not be read again to be explained. ``counted``:
        kinds of sections that count in full.
        """
        encoder = self.corpus.encoder
        return read_query(text, encoder, language, explained=explained, counted=counted)

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
        signals = QuerySignals(self.corpus, query)
        mask = self.corpus.allowed_mask(allowed)
        rows = signals.candidates(mask, max(CANDIDATE_COUNT, 10 * top))
        return self.score_rows(signals, rows, top)

    def score_rows(
        self, signals: QuerySignals, rows: Rows, top: int, also: Rows | None = None
    ) -> list[Hit]:
        """Return the ``top`` documents of ``rows``, best first, and after them those in ``also``.

        Args:
            signals: of a query over this corpus.
            rows: of documents, ascending.
            top: how many at most.
            also: rows among ``rows`` that are returned however low they score.
        """
        if not len(rows):
            return []
        values = signals.values(rows)
        # rows ascend as ids do, so equals stand in order of their ids
        order = np.argsort(-fuse_signals(values), kind="stable")
        best = order[:top]
        if also is not None and len(also):
            best = np.concatenate([best, (rest := order[top:])[np.isin(rows[rest], also)]])
        background = self.background(signals)
        return [
            Hit.from_signals(
                self.corpus.data.ids[int(rows[n])],
                signal_parts({name: float(value[n]) for name, value in values.items()}),
                background,
            )
            for n in best
        ]

    def background(self, signals: QuerySignals) -> Background:
        """Return how strong anything at all is for the query of ``signals``."""
        curve = TEXT_CURVE if len(signals.query.parts) > 1 else TITLE_CURVE
        return Background.from_strengths(
            signals.subject_strengths,
            signals.sample_strengths,
            self.corpus.document_count,
            curve,
        )

    def mean_vectors(self, ids: Sequence[str]) -> Vectors:
        """Return the mean direction of each document's passages: (len(ids), dimension), unit."""
        corpus = self.corpus
        sums = np.zeros((len(ids), corpus.encoder.dimension), np.float32)
        for place, id_ in enumerate(ids):
            rows = corpus.passage_rows(corpus.rows[id_])
            sums[place] = corpus.data.vectors.rows(rows).sum(axis=0)
        return unit_vectors(sums)

    def document_vector(self, id_: str) -> Vectors:
        """Return the vector that stands for a whole document, or its only one: (dimension,)."""
        return self.corpus.whole_vector(self.corpus.rows[id_])

    def similarities(self, vector: Vectors, ids: Sequence[str]) -> list[float]:
        """Return the cosine of ``vector`` with what stands for each document of ``ids``."""
        return [float(np.clip(vector @ self.document_vector(id_), 0, 1)) for id_ in ids]


def _as_note(problem: SnapshotError) -> Note:
    return problem.note or note("problem", text=str(problem))
