"""Which sentence of a document stands beside a sentence of a query."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from index.embedding.encoder import Vectors
from index.explain.convincing import convincing_model
from index.explain.pair_features import can_convince, shared_rarity, vector_features
from index.search.corpus import Corpus
from index.store.document import Document
from index.store.vectors import Rows
from index.text.sentences import Span

MAX_BOILERPLATE = 0.5
"""Share of a passage that many documents have, above which another is quoted if there is one."""

_READ = 4
"""Sentences of a document whose words are looked at, the likeliest by their vectors."""


@dataclass(frozen=True)
class ChosenSentence:
    """A sentence of passage ``row``, its cosine, and how likely the pair convinces, 0 to 1.

    ``convincing`` is None with a model that this is not known of.
    """

    row: int
    span: Span
    cosine: float
    convincing: float | None


class SentenceChooser:
    """Chooses sentences of the documents of one snapshot. Safe to share by threads.

    ``knows_model`` says whether it is known what convinces with the encoder of the snapshot.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._passages = corpus.data.passages
        self._sentences = corpus.data.sentences
        self._mean_subject: Vectors = corpus.data.subjects.mean(axis=0)
        self._model = convincing_model()
        self.knows_model = self._model.fits(corpus.encoder.fingerprint)

    def choose(
        self,
        text: tuple[str, str],
        direction: Vectors,
        document: Document,
        rows: Rows,
        used: Container[tuple[int, Span]],
    ) -> ChosenSentence | None:
        """Return the sentence of ``document`` that goes with one of a query, or None.

        Args:
            text: the query's sentence and its language.
            direction: of the query's sentence, (dimension,).
            document: the document.
            rows: of its passages that are looked at.
            used: sentences that are quoted already.
        """
        if self.knows_model:
            return self._most_convincing(text, direction, document, rows, used)
        return self._nearest(direction, rows, used)

    def _most_convincing(
        self,
        text: tuple[str, str],
        direction: Vectors,
        document: Document,
        rows: Rows,
        used: Container[tuple[int, Span]],
    ) -> ChosenSentence | None:
        """Return the sentence that convinces most, if it is likely enough to."""
        places = [
            (row, span)
            for row in rows.tolist()
            if self._passages[row].common <= MAX_BOILERPLATE
            for span in self._sentences.passage_spans(row)
        ]
        if not places or not can_convince(*text):
            return None
        directions = np.concatenate(
            [self._sentences.directions(row) for row in dict.fromkeys(row for row, _ in places)]
        )
        seen = vector_features(direction, directions, self._corpus.data.subjects)
        read = 0
        best: ChosenSentence | None = None
        foreseen = self._model.foreseen(seen)
        hopeful = np.flatnonzero(foreseen >= self._model.least_foreseen)
        for place in hopeful[np.argsort(-foreseen[hopeful], kind="stable")].tolist():
            row, span = places[place]
            passage = self._passages[row]
            held = document.text(passage.field, passage.language)[span.start : span.end]
            if (row, span) in used or not can_convince(held, passage.language):
                continue
            index = self._corpus.data.lexical.get(passage.language)
            shared = shared_rarity(text, (held, passage.language), index)
            features = np.array([[*seen[place], shared]])
            likely = float(self._model.probabilities(features)[0])
            if best is None or likely > (best.convincing or 0):
                best = ChosenSentence(row, span, float(seen[place, 0]), likely)
            read += 1
            if read == _READ:
                break
        return best if best and (best.convincing or 0) >= self._model.threshold else None

    def _nearest(
        self, direction: Vectors, rows: Rows, used: Container[tuple[int, Span]]
    ) -> ChosenSentence | None:
        """Return the sentence that comes nearer to ``direction`` than to texts in general.

        Its cosine with the mean subject is taken off: a general sentence is fairly near to every
        text.
        """
        best: ChosenSentence | None = None
        highest = -np.inf
        for row in rows.tolist():
            directions = self._sentences.directions(row)
            near, usual = directions @ direction, directions @ self._mean_subject
            for place, span in enumerate(self._sentences.passage_spans(row)):
                above = float(near[place] - usual[place])
                if (row, span) not in used and above > highest:
                    best = ChosenSentence(row, span, float(near[place]), None)
                    highest = above
        return best
