"""Signal: how near documents are to a query by one measure. Each has a file in this folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from index.search.corpus import Corpus
from index.search.query import Query
from index.search.query_sentences import QuerySentences
from index.store.vectors import Rows

Values = NDArray[np.float32]


class Signal(ABC):
    """One measure of the documents of an index, made for one query.

    A new signal has a ``name``, ``values`` and a weight in `index.search.fusion`. The other methods
    are for what it knows beyond that.
    """

    name: ClassVar[str]
    """What its part of a score is called; part of the API, so it never changes."""

    def __init__(self, corpus: Corpus, query: Query) -> None:
        """Measure ``corpus`` for ``query``, which has at least one part."""
        self.corpus = corpus
        self.query = query

    @abstractmethod
    def values(self, rows: Rows) -> Values:
        """Return how near the documents ``rows`` are, from 0 to 1: (len(rows),)."""

    def subject_values(self) -> Values:
        """Return how near the subjects of the background are: (subjects,).

        Scores are measured against them. They have no more than a text and its vector, so a signal
        that looks at anything else leaves them at 0.
        """
        return np.zeros(len(self.corpus.data.subjects), np.float32)

    def candidates(self, allowed: NDArray[np.bool_], reach: int) -> Rows:  # noqa: ARG002  for those that find
        """Return rows of documents that are worth scoring for this signal's sake; none by default.

        Args:
            allowed: which documents may be found, by row.
            reach: how many to find.
        """
        return np.zeros(0, np.int64)

    def values_without(self, sentences: QuerySentences, rows: Rows) -> tuple[Values, Values]:
        """Foresee the values without each of the query's sentences; by default no sentence matters.

        Args:
            sentences: those of the query.
            rows: of documents.

        Returns:
            Values of the documents and after them the subjects with all sentences, (n,), and
            without each, (sentences, n).
        """
        values: Values = np.concatenate([self.values(rows), self.subject_values()])
        return values, np.tile(values, (len(sentences.sentences), 1))


def highest_rows(values: Values, most: int) -> Rows:
    """Return the places of the ``most`` highest values above 0; among equals the first."""
    above = np.flatnonzero(values > 0)
    if len(above) > most:
        least = np.partition(values[above], -most)[-most]
        above = above[values[above] >= least]
    order: Rows = above[np.argsort(-values[above], kind="stable")[:most]]
    return order
