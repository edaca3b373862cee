"""Signals to one strength, and the weight of each.

`bench/fusion.py` learns weights on some of the topics that training left out and measures them on
others. Those here lie near them and count passages more, because a text without a title is then
matched more often across languages. `bench/pilots.py` measures how alike a pilot ranks in two
languages; `docs/figures/ranking.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.search.corpus import Corpus
from index.search.query import Query
from index.search.query_sentences import QuerySentences
from index.search.signals.meaning import MeaningSignal
from index.search.signals.signal import Signal, Values
from index.search.signals.words import WordSignal
from index.store.vectors import Rows

Doubles = NDArray[np.float64]

SIGNAL_WEIGHTS: Mapping[type[Signal], float] = {MeaningSignal: 0.90, WordSignal: 0.10}
"""The signals, and their shares of the strength, which sum to 1. Parts are in this order."""


@dataclass(frozen=True)
class SignalPart:
    """One signal of a hit: its value (0 to 1) and what it adds to the score."""

    name: str
    value: float
    contribution: float


class QuerySignals:
    """Every signal of one query over one index, and what they make together."""

    def __init__(self, corpus: Corpus, query: Query) -> None:
        self.query = query
        self._corpus = corpus
        self._signals = [signal(corpus, query) for signal in SIGNAL_WEIGHTS]

    def values(self, rows: Rows) -> dict[str, Doubles]:
        """Return each signal's values of the documents ``rows``, 0 to 1: {name: (len(rows),)}."""
        return {signal.name: signal.values(rows).astype(float) for signal in self._signals}

    def strengths_beside(self, signal: type[Signal], rows: Rows) -> Values:
        """Return what the other signals than ``signal`` make of documents: (len(rows),)."""
        strengths = np.zeros(len(rows), np.float32)
        for one in self._signals:
            if not isinstance(one, signal):
                strengths += one.values(rows) * np.float32(SIGNAL_WEIGHTS[type(one)])
        return strengths

    @cached_property
    def sample_strengths(self) -> Doubles:
        """The strengths of the corpus's own sample of documents."""
        return fuse_signals(self.values(self._corpus.sample))

    @cached_property
    def subject_strengths(self) -> Doubles:
        """The strengths of the subjects of the background: (subjects,)."""
        return fuse_signals({one.name: one.subject_values().astype(float) for one in self._signals})

    def strengths_without(
        self, sentences: QuerySentences, rows: Rows
    ) -> tuple[Doubles, list[Doubles]]:
        """Foresee strengths without each of the query's sentences.

        Returns:
            The strengths of the documents ``rows`` and, after them, of the subjects; and the same
            without each sentence.
        """
        pairs = {one.name: one.values_without(sentences, rows) for one in self._signals}
        whole = fuse_signals({name: values.astype(float) for name, (values, _) in pairs.items()})
        without = [
            fuse_signals({name: after[n].astype(float) for name, (_, after) in pairs.items()})
            for n in range(len(sentences.sentences))
        ]
        return whole, without

    def candidates(
        self,
        allowed: NDArray[np.bool_],
        reach: int,
        known: Mapping[type[Signal], Rows] | None = None,
    ) -> Rows:
        """Return the rows of documents that some signal finds, ascending.

        Args:
            allowed: which documents may be found, by row.
            reach: how many each signal finds.
            known: what some signals find, where that is known already.
        """
        known = known or {}
        found = [
            known[type(one)] if type(one) in known else one.candidates(allowed, reach)
            for one in self._signals
        ]
        rows: Rows = np.unique(np.concatenate(found)).astype(np.int64)
        return rows


def fuse_signals(values: Mapping[str, Doubles]) -> Doubles:
    """Return the strength (0 to 1) of many documents at once, from the values of each signal."""
    total: Doubles = sum(
        (values[signal.name] * weight for signal, weight in SIGNAL_WEIGHTS.items()), np.zeros(1)
    )
    return total


def signal_parts(values: Mapping[str, float]) -> tuple[SignalPart, ...]:
    """Return what each of a document's ``values`` adds to its strength."""
    return tuple(
        SignalPart(signal.name, values[signal.name], values[signal.name] * weight)
        for signal, weight in SIGNAL_WEIGHTS.items()
    )
