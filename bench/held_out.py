"""Questions on topics that nothing was trained on, and a searcher over their documents.

What a bench learns on them it learns from half of the topics, and measures on the other half.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.embedding.cache import CachedEncoder, VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.evaluation.qrels import EvaluationQuery, EvaluationSet, is_held_out, topic_of
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import encoded_parts
from index.search.searcher import Searcher
from index.store.build import build
from index.store.document import Document
from index.training.trainer import TrainingConfig

SLICES = (("title", "text"), ("title",), ("text",))
"""What a query is made of."""


class BundledModel:
    """The bundled model; ``encoder`` keeps every vector in a cache."""

    def __init__(self, data: Path, adapter: str = SHIPPED) -> None:
        """Load the model and the vectors that are kept below ``data``."""
        self._plain = load_encoder(BUNDLED, data / "models", adapter)
        self._cache = VectorCache(data / "vectors.sqlite")
        self.encoder = CachedEncoder(self._plain, self._cache)

    def open_searcher(self, documents: tuple[Document, ...]) -> ExplainingSearcher:
        """Return a searcher over ``documents``."""
        with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
            build(documents, self._plain, Path(scratch), self._cache, print_progress)
            return ExplainingSearcher.open(Path(scratch), self.encoder)

    def encode_queries(self, texts: list[str]) -> None:
        """Encode the parts of queries together, so that one search after another is fast."""
        self.encoder.queries(
            [part for text in texts for part in encoded_parts(text)], print_progress
        )


@dataclass(frozen=True, eq=False)
class HeldOutSet:
    """One set and slice: the queries of both halves, and the searcher that answers them."""

    name: str
    searcher: Searcher
    ids: tuple[str, ...]
    learn: tuple[EvaluationQuery, ...]
    judge: tuple[EvaluationQuery, ...]

    def best_answers(self, question: EvaluationQuery) -> frozenset[str]:
        """Return the ids of the best answers to ``question``."""
        best = max(question.grades.values())
        return frozenset(self.ids[row] for row, grade in question.grades.items() if grade == best)


def held_out_sets(sets: Path, models: BundledModel) -> Iterator[HeldOutSet]:
    """Yield every set below ``sets``, in every slice."""
    for folder in sorted(path.parent for path in sets.glob("*/qrels.tsv")):
        searcher: Searcher | None = None
        for fields in SLICES:
            data = EvaluationSet.read(folder, fields)
            searcher = searcher or models.open_searcher(data.documents)
            yield _split_halves(f"{folder.name}, {' and '.join(fields)}", searcher, data, models)


def _split_halves(
    name: str, searcher: Searcher, data: EvaluationSet, models: BundledModel
) -> HeldOutSet:
    share = TrainingConfig.held_out
    topics = [
        topic_of(data.documents[max(q.grades, key=q.grades.__getitem__)]) for q in data.queries
    ]
    questions = [
        (question, topic)
        for question, topic in zip(data.queries, topics, strict=True)
        if is_held_out(topic, share)
    ]
    models.encode_queries([question.text for question, _ in questions])
    learn = tuple(q for q, topic in questions if not is_held_out(topic, share / 2))
    judge = tuple(q for q, topic in questions if is_held_out(topic, share / 2))
    return HeldOutSet(name, searcher, tuple(d.id for d in data.documents), learn, judge)


def print_progress(done: int, total: int) -> None:
    """Print how far the encoding is."""
    sys.stderr.write(f"\r{done:,} of {total:,} texts" + ("\n" if done == total else ""))
