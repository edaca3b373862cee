"""Synthetic calls, awards and texts of invented words, with random vectors or near real ones."""

from __future__ import annotations

import random
import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Self

import numpy as np

from index.embedding.encoder import Encoder, Vectors
from index.explain.explaining_searcher import ExplainingSearcher
from index.note import Note
from index.search.query import split_query
from index.store.document import Document
from index.store.index_data import IndexData
from index.store.passage_sentences import PassageSentences
from index.store.passage_table import PassageTable
from index.store.passages import cut_passages, quotable_sentences
from index.store.vectors.faiss import FaissVectors
from index.store.words.bm25 import LexicalIndex
from index.text.background_subjects import background_subjects
from index.text.sentences import Span
from scrapers.award import Award, Organisation
from scrapers.call import Call, Deadline, DeadlineKind, Level, Money, Provenance, Status
from service.domain.calls.freshness import Arrivals
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.eligibility.condition_index import read_facts, write_facts
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.domain.pilots.pilot import Pilot

DIMENSION = 384
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
FIRST_SEEN = NOW - timedelta(days=2)


class RandomEncoder:
    """An encoder with a random unit vector for each text, always the same for the same text."""

    fingerprint = "drawn"
    dimension = DIMENSION
    unrelated = 0.0
    additive = True
    bilingual = False
    notes: tuple[Note, ...] = ()

    def __init__(self) -> None:
        self._kept: dict[str, Vectors] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return random vectors of texts that are searched."""
        return self._draw(texts, 1)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return random vectors of texts that search, kept as pilots' vectors are on disk."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self._kept |= zip(missing, self._draw(missing, 2), strict=True)
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return np.stack([self._kept[text] for text in texts])

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Return random vectors; the spans of each add equal parts."""
        vectors = self.queries(texts) if asking else self.passages(texts)
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


class NearbyEncoder(RandomEncoder):
    """An encoder with a vector near real ones for each text: between two of them, and a bit off.

    So cosines lie as close together as those of a model do, and rarely far apart.
    """

    def __init__(self, passages: Vectors, queries: Vectors, unrelated: float) -> None:
        """Take the real vectors, of texts that are searched and that search, and their model's."""
        super().__init__()
        self.unrelated = unrelated
        self._real = {1: passages, 2: queries}

    @classmethod
    def from_model(cls, model: Encoder, calls: Sequence[Document], pilots: Sequence[str]) -> Self:
        """Take the vectors that ``model`` has for the passages of calls and the parts of pilots."""
        passages = [passage.encoded for call in calls for passage in cut_passages(call)]
        parts = [text[p.span.start : p.span.end] for text in pilots for p in split_query(text)]
        return cls(model.passages(passages), model.queries(parts), model.unrelated)

    def _draw(self, texts: Sequence[str], role: int) -> Vectors:
        real, off = self._real[role], super()._draw(texts, role)
        rows = np.array([zlib.crc32(text.encode()) for text in texts], np.int64)
        share = ((rows >> 8) % 1000 / 1000).astype(np.float32)[:, None]
        one, other = real[rows % len(real)], real[(rows >> 16) % len(real)]
        mixed = (1 - share / 2) * one + share / 2 * other + _OFF * off
        unit: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit


_OFF = 0.3
"""Length of the random step away from real vectors."""


class InMemoryCalls:
    """The calls, in memory; the conditions of some are kept as the store keeps them."""

    def __init__(self, calls: Sequence[Call], kept: Collection[str] = ()) -> None:
        """Read the conditions of the calls ``kept``, by id; of others they are read when asked."""
        self._calls = {call.id: call for call in calls}
        self._facts = {id_: write_facts(self._calls[id_]) for id_ in kept}

    def reader(self) -> Mapping[str, Call]:
        """Return every call."""
        return self._calls

    def of_status(self, now: datetime, *statuses: Status) -> set[str]:
        """Return the calls that have one of some statuses at ``now``."""
        return {id_ for id_, call in self._calls.items() if call.status(now) in statuses}

    def versions_of(self, call_ids: Collection[str]) -> Mapping[str, list[tuple[datetime, Call]]]:
        """Return the one version of each."""
        return {id_: [(FIRST_SEEN, self._calls[id_])] for id_ in call_ids}

    def arrivals(self) -> Arrivals:
        """Return when calls were first listed."""
        return Arrivals(dict.fromkeys(self._calls, FIRST_SEEN))

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return nothing: all are listed."""
        return {}

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return nothing: what is taken off the list does not come back."""
        return {}

    def condition_reader(self) -> ConditionReader:
        """Return what has the conditions, and reads those that are not kept."""
        return ConditionReader(self._find_facts)

    def _find_facts(self, calls: Collection[Call]) -> dict[str, tuple[Fact, ...]]:
        return {
            call.id: read_facts(self._facts[call.id]) for call in calls if call.id in self._facts
        }

    def change_times(self) -> ChangeTimes:
        """Return what tells when calls changed: it is known of none."""
        return ChangeTimes()

    def any_subject_calls(self) -> AnySubjectCalls:
        """Return no calls: none of these is open to any subject."""
        return AnySubjectCalls()


def index_in_memory(
    documents: Sequence[Document], encoder: RandomEncoder
) -> tuple[ExplainingSearcher, Vectors]:
    """Index ``documents`` in memory; return a searcher, and the vectors of the passages."""
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

    def __init__(self, seed: int, *, long: bool = False) -> None:
        """Seed the texts; the words are the same for every seed.

        ``long``: pilots and calls are as long as real ones, else some sentences.
        """
        self._long = long
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

    def pilot(self, number: int) -> Pilot:
        """Return a pilot: twelve words, or a title and a page."""
        text = self.draw_words(12)
        if self._long:
            text = f"{text}\n\n{self.sentences(self._chance.randint(15, 30))}"
        return Pilot(id=f"p{number}", title=f"Pilot {number}", text=text, language="sv")

    def call(self, number: int) -> Call:
        """Return an open call."""
        due = NOW + timedelta(days=self._chance.randint(1, 200))
        return Call(
            id=f"vinnova:{number:06}",
            funder="Vinnova",
            level=Level.NATIONAL,
            titles={"sv": self.draw_words(6)},
            texts={"sv": self.sentences(self._chance.randint(10, 50) if self._long else 3)},
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
