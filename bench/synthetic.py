"""Synthetic calls, awards and texts of invented words with random vectors, without a model."""

from __future__ import annotations

import random
import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from index.embedding.encoder import Vectors
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.background_subjects import background_subjects
from index.store.bm25 import LexicalIndex
from index.store.document import Document
from index.store.index_data import IndexData
from index.store.passage_sentences import PassageSentences
from index.store.passage_table import PassageTable
from index.store.passages import cut_passages, quotable_sentences
from index.store.vectors.faiss import FaissVectors
from index.text.sentences import Span
from scrapers.award import Award, Organisation
from scrapers.call import Call, Deadline, DeadlineKind, Level, Money, Provenance

DIMENSION = 384
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FIRST_SEEN = NOW - timedelta(days=2)


class RandomEncoder:
    """An encoder with a random unit vector for each text, always the same for the same text."""

    fingerprint = "drawn"
    dimension = DIMENSION
    unrelated = 0.0
    additive = True

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return random vectors of texts that are searched."""
        return self._draw(texts, 1)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return random vectors of texts that search."""
        return self._draw(texts, 2)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Return random vectors; the spans of each add equal parts."""
        vectors = self._draw(texts, 2 if asking else 1)
        added = [
            np.full((len(own), 1), 1 / max(len(own), 1), np.float32) * vector
            for vector, own in zip(vectors, spans, strict=True)
        ]
        return vectors, added

    def _draw(self, texts: Sequence[str], role: int) -> Vectors:
        rows = [
            np.random.default_rng((zlib.crc32(text.encode()), role)).standard_normal(
                DIMENSION, np.float32
            )
            for text in texts
        ]
        drawn = np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit


class InMemoryCalls:
    """The calls, in memory."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = {call.id: call for call in calls}

    def all(self) -> Mapping[str, Call]:
        """Return every call."""
        return self._calls

    def versions_of(self, call_ids: Collection[str]) -> Mapping[str, list[tuple[datetime, Call]]]:
        """Return the one version of each."""
        return {id_: [(FIRST_SEEN, self._calls[id_])] for id_ in call_ids}

    def first_seen(self) -> Mapping[str, datetime]:
        """Return when each call was first listed."""
        return dict.fromkeys(self._calls, FIRST_SEEN)

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return nothing: all are listed."""
        return {}

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return nothing: what is taken off the list does not come back."""
        return {}


def index_in_memory(documents: Sequence[Document]) -> tuple[ExplainingSearcher, Vectors]:
    """Index ``documents`` in memory; return a searcher, and the vectors of the passages."""
    encoder = RandomEncoder()
    documents = sorted(documents, key=lambda document: document.id)
    cut = [passage for document in documents for passage in cut_passages(document)]
    spans = [quotable_sentences(d, passage) for d in documents for passage in cut_passages(d)]
    vectors, added = encoder.encode_with_spans([p.encoded for p in cut], spans, asking=False)
    texts = {row: "\n".join(f.text for f in d.fields) for row, d in enumerate(documents)}
    data = IndexData(
        documents,
        PassageTable.from_passages(cut),
        FaissVectors.build(vectors),
        {"sv": LexicalIndex.build("sv", texts)},
        encoder.passages(background_subjects()),
        PassageSentences.from_passages(
            spans, [part.astype(np.float16) for part in added], DIMENSION
        ),
    )
    return ExplainingSearcher(encoder, data), vectors


class SyntheticTexts:
    """Makes texts of the same invented words every time."""

    def __init__(self, seed: int) -> None:
        """Seed the texts; the words are the same for every seed."""
        chance = random.Random(1)  # noqa: S311  the same world every time
        self._words = [_word(chance) for _ in range(20_000)]
        self._chance = random.Random(seed)  # noqa: S311  and the same texts

    def draw_words(self, count: int) -> str:
        """Return ``count`` words, common ones more often, as in real languages."""
        places = (self._chance.random() ** 3 for _ in range(count))
        return " ".join(self._words[int(len(self._words) * p)] for p in places).capitalize()

    def sentences(self, count: int) -> str:
        """Return ``count`` sentences."""
        return " ".join(f"{self.draw_words(12)}." for _ in range(count))

    def call(self, number: int) -> Call:
        """Return an open call."""
        due = NOW + timedelta(days=self._chance.randint(1, 200))
        return Call(
            id=f"vinnova:{number:06}",
            funder="Vinnova",
            level=Level.NATIONAL,
            titles={"sv": self.draw_words(6)},
            texts={"sv": self.sentences(3)},
            deadlines=(Deadline(kind=DeadlineKind.FIXED, zone="Europe/Stockholm", at=due),),
            url=f"https://www.vinnova.se/e/{number}",
            provenance=Provenance(source="vinnova"),
        )

    def award(self, number: int) -> Award:
        """Return a project that the funder of the calls has paid for."""
        return Award(
            id=f"vinnova:a{number:06}",
            funder="Vinnova",
            titles={"sv": self.draw_words(6)},
            texts={"sv": self.sentences(6)},
            coordinator=Organisation(name="Exempel AB", country="SE"),
            amount=Money(amount=Decimal(1_000_000), currency="SEK"),
            start=date(2024, 5, 1),
            provenance=Provenance(source="vinnova"),
        )


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiouyåäö") for _ in range(3))
