"""Calls and vectors in any number, mixed from real ones by a seed: what growth is measured with.

A synthetic call has a title and four sentences, each the first half of one real sentence and the
second half of another, so words are as frequent as in real calls and no sentence repeats. Halves
are cut at fifteen words: what stands between two points of a real call may be a list of a page. A
synthetic vector lies between two real ones with noise added. Neither means anything: time and
memory can be measured with them, quality cannot.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

import numpy as np

from bench.speed.plan import Plan
from bench.speed.stand_in import mix_vectors
from bench.speed.trees import here
from index.embedding.encoder import Encoder, Vectors
from index.store.passages import cut_passages
from index.text.sentences import split_sentences
from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance
from service.context import Context
from service.domain.calls.documents import call_document
from service.settings import Settings

CLOCK = datetime.fromisoformat("2026-03-02T10:00:00+01:00")
"""When every synthetic call is open."""

_SENTENCES = 4
_LONGEST_HALF = 15
_BLOCK = 50_000


class TextMixer:
    """Makes texts of halves of real sentences, the same for the same seed."""

    def __init__(self, calls: Sequence[Call], seed: int) -> None:
        """Cut the texts of ``calls`` into sentences."""
        texts = list(chain.from_iterable(call.texts.items() for call in calls))
        self._pools: dict[str, list[list[str]]] = {}
        for language, text in texts:
            words = (text[span.start : span.end].split() for span in split_sentences(text))
            self._pools.setdefault(language, []).extend(one for one in words if len(one) > 3)  # noqa: PLR2004  a half has two words
        self._languages = [language for language, _ in texts if self._pools[language]]
        self._titles = [title.split() for call in calls for title in call.titles.values()]
        self._chance = random.Random(seed)  # noqa: S311  the same texts every time

    def call(self, number: int) -> Call:
        """Return an open call."""
        language = self._chance.choice(self._languages)
        due = CLOCK + timedelta(days=self._chance.randint(1, 200))
        sentences = (self._mix(self._pools[language]) for _ in range(_SENTENCES))
        return Call(
            id=f"synthetic:{number:07}",
            funder="Nobody",
            level=Level.EUROPEAN,
            titles={language: self._mix(self._titles)},
            texts={language: " ".join(f"{one.rstrip('.').capitalize()}." for one in sentences)},
            deadlines=(Deadline(kind=DeadlineKind.FIXED, zone="Europe/Brussels", at=due),),
            url=f"https://example.org/calls/{number}",
            provenance=Provenance(source="synthetic"),
        )

    def _mix(self, pool: Sequence[Sequence[str]]) -> str:
        first, second = self._chance.choice(pool), self._chance.choice(pool)
        begin = first[: (len(first) + 1) // 2][:_LONGEST_HALF]
        end = second[len(second) // 2 :][-_LONGEST_HALF:]
        return " ".join([*begin, *end])


def mixed_calls(calls: Sequence[Call], count: int, seed: int = 16) -> Iterator[Call]:
    """Yield ``count`` open calls with texts mixed from those of ``calls``."""
    mixer = TextMixer(calls, seed)
    return (mixer.call(number) for number in range(count))


def passage_texts(calls: Sequence[Call], wanted: int) -> list[str]:
    """Return what the model reads of ``calls``, in an order drawn by a seed, ``wanted`` at most."""
    texts = [one.encoded for call in calls for one in cut_passages(call_document(call))]
    random.Random(16).shuffle(texts)  # noqa: S311  the same order every time
    return texts[:wanted]


def product_encoder(plan: Plan) -> Encoder:
    """Return the encoder that the product uses by default."""
    settings = Settings.from_env({"FUNDSCOUT_DATA": str(plan.work / here().key)})
    return Context.open(settings).encoder()


def base_vectors(plan: Plan, calls: Sequence[Call]) -> Vectors:
    """Return the vectors of real passages that others are mixed from, encoded once a work folder.

    Args:
        plan: how many, and the folder that keeps them.
        calls: whose passages they are.
    """
    path = plan.work / "base.npy"
    if not path.is_file():
        vectors = product_encoder(plan).passages(passage_texts(calls, plan.base))
        np.save(path, vectors, allow_pickle=False)
    kept: Vectors = np.load(path, allow_pickle=False)
    return kept


def mixed_vectors(base: Vectors, count: int, seed: int = 16) -> Vectors:
    """Return ``count`` unit vectors mixed from ``base`` (n, dimension): (count, dimension)."""
    chance = np.random.default_rng(seed)
    vectors = np.empty((count, base.shape[1]), np.float32)
    for start in range(0, count, _BLOCK):
        part = vectors[start : start + _BLOCK]
        part[:] = mix_vectors(base, len(part), chance)
    return vectors
