"""Which documents are about a phrase: by meaning, measured against documents at large, and words.

A document that mentions a word once is not about it. One is when its title and its whole are nearly
as near to the phrase as the nearest documents of all, in whichever language; one that is fairly
near is when its title has the phrase's words, or its text has them again and again. How near a
document is to subjects of any kind is taken off first: some are near to everything.
`bench/topics.py` measures the limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors, unit_vectors
from index.search.searcher import Searcher
from index.search.short_query import short_query_language, translate_short_query
from index.store.document import TITLE_FIELD, Document
from index.text.tokens import stem_tokens

MIN_SHARE = 0.7
"""Share of the way from documents at large to the nearest ones from which one is about a phrase."""

MIN_NEARNESS = 0.15
"""Cosine above that with any subject below which none is: nothing here may be about the phrase."""

MIN_DEVIATIONS = 2.0
"""Deviations above documents at large below which none is."""

WITH_WORDS = 1.0
"""Deviations that are enough for a document with the phrase's words in its title, or often."""

_NEAREST = 5
"""Documents that are taken for what is about a phrase."""

_REACH = 50
"""Passages among which the nearest documents are looked for."""

_MIN_TIMES = 3
_MIN_WORD_SHARE = 0.012
"""How often a text must have each word of a phrase, and which share of its words that must be."""

_TITLE_SHARE = np.float32(0.5)
_MIN_DEVIATION = 0.02
_SAMPLE_SIZE = 500
"""Documents that a phrase is measured against."""


Nearness = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Scale:
    """Of each phrase how near documents at large are, mean and deviation, and the nearest ones."""

    means: Nearness
    deviations: Nearness
    nearest: Nearness


class TopicFilter:
    """Says which documents are about one of some phrases."""

    def __init__(self, searcher: Searcher, phrases: Sequence[str]) -> None:
        """Encode ``phrases``, a word or a few each; in Swedish or English, in both of them."""
        self._corpus = searcher.corpus
        self.phrases = tuple(phrases)
        self._texts = [_in_both_languages(phrase) for phrase in phrases]
        self._vectors: Vectors = self._encode()
        self._mean_subject: Vectors = self._corpus.data.subjects.mean(axis=0)
        self._stems: dict[str, list[set[str]]] = {}

    def topics(self, ids: Sequence[str]) -> list[str | None]:
        """Return for each document the phrase that it is most about, None if about none."""
        if not ids or not self.phrases:
            return [None] * len(ids)
        near, scale = self._nearness(ids), self._scale
        above = near - scale.means[:, None]
        far = above / scale.deviations[:, None]
        about = (
            (near >= MIN_NEARNESS)
            & (far >= MIN_DEVIATIONS)
            & (above >= MIN_SHARE * (scale.nearest - scale.means)[:, None])
        )
        for row, place in np.argwhere((far >= WITH_WORDS) & ~about).tolist():
            document = self._corpus.data.documents[self._corpus.rows[ids[place]]]
            about[row, place] = self._has_words(document, row)
        best = np.where(about, far, -np.inf).argmax(axis=0).tolist()
        return [self.phrases[row] if about[row, place] else None for place, row in enumerate(best)]

    def _encode(self) -> Vectors:
        encoder = self._corpus.encoder
        vectors = encoder.queries(list(self.phrases))
        for row, texts in enumerate(self._texts):
            if len(texts) > 1 and encoder.bilingual:
                vectors[row] = unit_vectors(encoder.queries([*texts.values()]).sum(axis=0)[None])[0]
        return vectors

    def _nearness(self, ids: Sequence[str]) -> Nearness:
        """Return the cosines with title and whole, less those of any subject: (phrases, ids)."""
        directions = np.stack([self._direction(id_) for id_ in ids])
        near: Nearness = ((self._vectors - self._mean_subject) @ directions.T).astype(np.float64)
        return near

    def _direction(self, id_: str) -> Vectors:
        """Return the mean of the vectors of a document's title and of its whole: (dimension,)."""
        corpus = self._corpus
        row = corpus.rows[id_]
        rows = corpus.passage_rows(row)
        titles = [n for n in rows.tolist() if corpus.data.passages[n].field == TITLE_FIELD]
        title = corpus.data.vectors.rows(np.array(titles[:1] or rows[:1].tolist()))[0]
        mean: Vectors = _TITLE_SHARE * title + (1 - _TITLE_SHARE) * corpus.whole_vector(row)
        return mean

    @cached_property
    def _scale(self) -> _Scale:
        corpus = self._corpus
        near = self._nearness([corpus.data.ids[n] for n in corpus.sample[:_SAMPLE_SIZE].tolist()])
        nearest = []
        for row, vector in enumerate(self._vectors):
            passages = corpus.data.vectors.nearest(vector[None], _REACH, None)
            rows = np.unique(corpus.owners[passages]).tolist()
            found = np.sort(self._nearness([corpus.data.ids[n] for n in rows])[row])
            nearest.append(found[-_NEAREST:].mean())
        deviations = np.maximum(near.std(axis=1), _MIN_DEVIATION)
        return _Scale(near.mean(axis=1), deviations, np.array(nearest))

    def _has_words(self, document: Document, row: int) -> bool:
        """Return whether a title has all words of a phrase, or a text has them again and again."""
        for field in document.fields:
            wanted = self._phrase_stems(field.language)[row]
            if not wanted:
                continue
            stems = Counter(stem_tokens(field.text, field.language))
            least = min(stems[stem] for stem in wanted)
            if field.name == TITLE_FIELD:
                if least:
                    return True
            elif least >= _MIN_TIMES and least >= _MIN_WORD_SHARE * stems.total():
                return True
        return False

    def _phrase_stems(self, language: str) -> list[set[str]]:
        """Return the stems of each phrase in a language, or of the phrase as it stands."""
        if language not in self._stems:
            self._stems[language] = [
                set(stem_tokens(texts.get(language, phrase), language))
                for phrase, texts in zip(self.phrases, self._texts, strict=True)
            ]
        return self._stems[language]


def _in_both_languages(phrase: str) -> dict[str, str]:
    """Return a phrase by its language and, where its words are known, by the other one."""
    language = short_query_language(phrase).language
    translations = translate_short_query(phrase, language)
    return {language: phrase} | {other: one.text for other, one in translations.items()}
