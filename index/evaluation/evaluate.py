"""How well the index ranks: recall, MRR and nDCG against known answers, with intervals.

A folder of evaluation data holds ``corpus.jsonl`` and ``queries.jsonl`` ({id, title, text, lang})
and ``qrels.tsv`` (query TAB document TAB grade). Four systems are compared: ``lexical`` (BM25),
``dense`` (the whole query against a document's nearest passage), ``hybrid`` (their z-scores added)
and ``full``, which is `Searcher.search` as everyone uses it.
"""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import CachedEncoder, Progress, VectorCache
from index.embedding.encoder import Encoder
from index.evaluation.metrics import (
    METRICS,
    ConfidenceInterval,
    QueryMetrics,
    ranking_metrics,
    score_metrics,
    summarise,
)
from index.evaluation.qrels import EvaluationQuery, EvaluationSet, is_held_out, topic_of
from index.search.query import Query, QueryRole, encoded_parts
from index.search.searcher import Searcher
from index.store import index_data, snapshot
from index.store.build import build
from index.store.index_data import IndexData
from index.text.tokens import stem_tokens

SYSTEMS = ("lexical", "dense", "hybrid", "full")
DEPTH = 100
"""Documents that ``full`` returns; one below them counts as missed."""

_SEED = 20260424

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class EvaluationReport:
    """Figures of one evaluation; ``seconds`` is the whole of it, encoding included."""

    queries: int
    skipped: int
    documents: int
    passages: int
    encoded: int
    seconds: float
    systems: dict[str, dict[str, ConfidenceInterval]]

    def as_json(self) -> dict[str, object]:
        """Return plain values: for each system a figure for each metric, and 95 % intervals."""
        return {
            "queries": self.queries,
            "skipped": self.skipped,
            "documents": self.documents,
            "passages": self.passages,
            "encoded": self.encoded,
            "seconds": round(self.seconds, 1),
            "systems": {
                system: {name: round(figure.value, 4) for name, figure in figures.items()}
                | {
                    "intervals": {
                        n: [round(f.low, 4), round(f.high, 4)] for n, f in figures.items()
                    }
                }
                for system, figures in self.systems.items()
            },
        }

    def table(self) -> str:
        """Return the figures as lines of text."""
        lines = [f"{'':8}" + "".join(f"{name:>22}" for name in METRICS)]
        for system, figures in self.systems.items():
            cells = (f"{f.value:.3f} [{f.low:.3f}, {f.high:.3f}]" for f in figures.values())
            lines.append(f"{system:8}" + "".join(f"{cell:>22}" for cell in cells))
        lines.append(
            f"{_counted(self.queries, 'query', 'queries')}, "
            f"{_counted(self.documents, 'document')}, {_counted(self.passages, 'passage')}; "
            f"{self.seconds:.1f} s, {_counted(self.encoded, 'text')} encoded; "
            "95 % bootstrap intervals."
        )
        if self.skipped:
            left = ("query without a known answer was", "queries without a known answer were")
            lines.append(f"{_counted(self.skipped, *left)} left out.")
        return "\n".join(lines)


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def evaluate(
    folder: Path,
    encoder: Encoder,
    cache: VectorCache,
    *,
    queries: int | None = None,
    fields: tuple[str, ...] = ("title", "text"),
    held_out: float | None = None,
    progress: Progress | None = None,
) -> EvaluationReport:
    """Index the corpus of ``folder``, search for its queries, and compare the systems.

    Args:
        folder: the evaluation data.
        encoder: the model.
        cache: keeps vectors, so that a second run is fast.
        queries: a random sample of so many (always the same one); all when None.
        fields: what a query is made of, joined by a line's end: title, text or both.
        held_out: only queries on this share of the topics, which training leaves out.
        progress: called while texts are encoded.

    Raises:
        IndexingError: the folder does not hold evaluation data, and where it is wrong.
    """
    started = time.monotonic()
    data = EvaluationSet.read(folder, fields)
    questions = data.queries if held_out is None else _held_out_queries(data, held_out)
    if queries is not None and queries < len(questions):
        questions = tuple(random.Random(_SEED).sample(questions, queries))  # noqa: S311  a sample, not a secret
    cached = CachedEncoder(encoder, cache)
    with tempfile.TemporaryDirectory(prefix="fundscout-eval-") as scratch:
        built = build(data.documents, encoder, Path(scratch), cache, progress)
        indexed = index_data.load(Path(scratch) / (snapshot.current_snapshot(Path(scratch)) or ""))
    texts = [part for question in questions for part in encoded_parts(question.text)]
    encoded = (
        built.encoded
        + cache.encode(f"{encoder.fingerprint}:q", texts, encoder.queries, progress)[1]
    )
    systems = _ComparedSystems(indexed, cached)
    outcomes = [systems.measure(question) for question in questions]
    return EvaluationReport(
        queries=len(questions),
        skipped=data.skipped,
        documents=built.documents,
        passages=built.passages,
        encoded=encoded,
        seconds=time.monotonic() - started,
        systems={name: summarise([each[name] for each in outcomes]) for name in SYSTEMS},
    )


def _held_out_queries(data: EvaluationSet, share: float) -> tuple[EvaluationQuery, ...]:
    """Return the questions whose best answer is on a topic that training leaves out."""
    best = [max(question.grades, key=question.grades.__getitem__) for question in data.queries]
    return tuple(
        question
        for question, row in zip(data.queries, best, strict=True)
        if is_held_out(topic_of(data.documents[row]), share)
    )


class _ComparedSystems:
    """The compared systems over one index."""

    def __init__(self, data: IndexData, encoder: Encoder) -> None:
        self._lexical_indexes = data.lexical
        self._searcher = Searcher(encoder, data)
        self._rows = self._searcher.corpus.rows
        self._first = np.searchsorted(self._searcher.corpus.owners, np.arange(len(self._rows)))
        self._vectors = data.vectors.rows(np.arange(data.vectors.count))

    def measure(self, question: EvaluationQuery) -> dict[str, QueryMetrics]:
        """Return the metrics of every system for one query."""
        query = self._searcher.query(question.text)
        lexical, dense = self._lexical(query), self._dense(query)
        hits = self._searcher.search(query, top=DEPTH)
        return {
            "lexical": score_metrics(lexical, question.grades),
            "dense": score_metrics(dense, question.grades),
            "hybrid": score_metrics(_z_scores(lexical) + _z_scores(dense), question.grades),
            "full": ranking_metrics([self._rows[hit.document] for hit in hits], question.grades),
        }

    def _lexical(self, query: Query) -> Scores:
        """Return BM25 of the whole query, stemmed by the language of each document."""
        scores = np.zeros(len(self._rows))
        for language, index in self._lexical_indexes.items():
            own, _ = index.scores(stem_tokens(query.text, language))
            scores[index.rows] = np.maximum(scores[index.rows], own)
        return scores

    def _dense(self, query: Query) -> Scores:
        """Return the cosine of the whole query with each document's best passage."""
        roles = [part.role for part in query.parts]
        row = roles.index(QueryRole.WHOLE) if QueryRole.WHOLE in roles else 0
        similar = self._vectors @ query.vectors[row]
        best: Scores = np.maximum.reduceat(similar, self._first).astype(np.float64)
        return best


def _z_scores(scores: Scores) -> Scores:
    """Return z-scores; zeros when all are equal."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread else np.zeros_like(scores)
