"""Why a document was found: sentence beside sentence, and the words both sides share.

Quoted of the query are the sentences without which the document's score would fall furthest
(`index.explain.attribution`). Beside each stands, of the passages that it was compared with in the score,
the sentence that comes nearer to it than to texts in general; both verbatim and by offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.embedding.word_vectors import encode_words
from index.explain.attribution import ComparedDocuments, Doubles, score_drops
from index.explain.shared_terms import (
    SharedTerm,
    SharedTermFinder,
    aligned_terms,
    most_specific,
)
from index.explain.word_alignment import AlignmentInput, WordAlignment, align_words
from index.search.query import Query, QueryRole, encode_quotable_sentences
from index.search.query_sentences import QuerySentences
from index.search.signals.lexical_score import LexicalScorer
from index.search.signals.similarity import PassageGroups
from index.store.document import TITLE_FIELD, WHOLE_SECTION, Document
from index.store.index_data import IndexData
from index.store.vectors import Rows
from index.text.sentences import Span

MAX_PAIRS = 3
"""Pairs of sentences shown at most."""

_MAX_BOILERPLATE = 0.5
"""Share of a passage that many documents have, from which on another is quoted if it can be."""

_MAX_ALIGNED_PAIRS = 2
"""Documents in another language, the first ones, whose words are brought together for a text. Of a
few words the query itself takes less time to read than a sentence of a document would."""

_MAX_ALIGNED_LENGTH = 240
"""Characters of a document's sentence whose words are brought together."""


@dataclass(frozen=True)
class SentencePair:
    """``query.text[query.start:query.end]`` beside ``field[span.start:span.end]``, verbatim.

    ``worth`` is how far the document would fall without the query's sentence, in standard
    deviations of its background; ``similarity`` is the cosine of the two sentences, 0 to 1.
    """

    query: Span
    query_text: str
    field: str
    language: str
    section: str
    span: Span
    text: str
    similarity: float
    worth: float


@dataclass(frozen=True)
class Explanation:
    """What can be quoted for a hit; evidence is in order of worth, terms of weight."""

    evidence: tuple[SentencePair, ...]
    terms: tuple[SharedTerm, ...]


@dataclass(frozen=True)
class QuotedSentence:
    """``field[span.start:span.end]`` of a document, verbatim: what comes nearest to a query."""

    field: str
    language: str
    span: Span
    text: str
    similarity: float


class Explainer:
    """Finds the evidence behind hits in one snapshot."""

    def __init__(self, encoder: Encoder, held: IndexData, lexicon: LexicalScorer) -> None:
        self._encoder = encoder
        self._passages = held.passages
        self._vectors = held.vectors
        self._told = held.sentences
        self._lexicon = lexicon
        self._subjects = held.subjects
        self._usual: Vectors = held.subjects.mean(axis=0)

    def explain(
        self,
        query: Query,
        targets: Sequence[tuple[Document, Rows]],
        documents: Rows,
        told: PassageGroups,
    ) -> list[Explanation]:
        """Explain each of ``targets``: a document and the rows of its passages.

        Args:
            query: with at least one part; read to be explained, or it is read once more.
            targets: what was found.
            documents: the rows of the documents themselves.
            told: their passages, in order.
        """
        if not targets:
            return []
        said = (
            query.sentences
            or encode_quotable_sentences(query.text, query.language, query.parts, self._encoder)[1]
        )
        rows = np.concatenate([rows for _, rows in targets])
        beside = ComparedDocuments.with_subjects(self._vectors.rows(rows), told, self._subjects)
        foreseen = self._lexicon.scores_without(query, said.sentences, documents)
        worths = score_drops(query, said, beside, foreseen, self._encoder.unrelated)
        quoted = [
            self._sentence_pairs(query, said, document, own, worth)
            for (document, own), worth in zip(targets, worths.T, strict=True)
        ]
        terms = self._terms(query, said, [document for document, _ in targets], quoted)
        return [Explanation(*one) for one in zip(quoted, terms, strict=True)]

    def quote(self, query: Query, targets: Sequence[tuple[Document, Rows]]) -> list[QuotedSentence]:
        """Return the sentence of each of ``targets`` nearest to any part of ``query``."""
        return [self._quote_document(query, document, rows) for document, rows in targets]

    def _quote_document(self, query: Query, document: Document, rows: Rows) -> QuotedSentence:
        """Quote from the nearest passage; the title only of a document without a text."""
        body = self._informative(self._without_whole_documents(rows))
        row = int(body[(query.vectors @ self._vectors.rows(body).T).max(axis=0).argmax()])
        passage = self._passages[row]
        near = (query.vectors @ self._told.directions(row).T).max(axis=0)
        span = self._told.passage_spans(row)[int(near.argmax())]
        text = document.text(passage.field, passage.language)[span.start : span.end]
        similarity = float(np.clip(near.max(), 0, 1))
        return QuotedSentence(passage.field, passage.language, span, text, similarity)

    def _sentence_pairs(
        self, query: Query, said: QuerySentences, document: Document, rows: Rows, worths: Doubles
    ) -> tuple[SentencePair, ...]:
        """Quote the sentences that the score needs most, each beside one it was compared with.

        All of a document's are in the language of the first.
        """
        rows = self._without_whole_documents(rows)
        similar = query.vectors @ self._vectors.rows(rows).T
        found: list[SentencePair] = []
        used: set[tuple[int, Span]] = set()
        for sentence in np.argsort(-worths, kind="stable")[:MAX_PAIRS].tolist():
            if found and worths[sentence] <= 0:  # without it the document would not fall
                break
            if found:
                rows_left = [self._passages[row].language == found[0].language for row in rows]
                rows, similar = rows[rows_left], similar[:, rows_left]
            compared = self._informative(rows[_compared_passages(query, said, sentence, similar)])
            nearest = self._nearest_sentence(said, sentence, compared, used)
            if nearest is None:
                continue
            row, span, cosine = nearest
            used.add((row, span))
            passage, mine = self._passages[row], said.sentences[sentence]
            text = document.text(passage.field, passage.language)
            found.append(
                SentencePair(
                    query=mine,
                    query_text=query.text[mine.start : mine.end],
                    field=passage.field,
                    language=passage.language,
                    section=passage.section,
                    span=span,
                    text=text[span.start : span.end],
                    similarity=float(np.clip(cosine, 0, 1)),
                    worth=float(worths[sentence]),
                )
            )
        return tuple(found)

    def _without_whole_documents(self, rows: Rows) -> Rows:
        """Return ``rows`` without those that stand for a whole document."""
        return np.array(
            [row for row in rows.tolist() if self._passages[row].section != WHOLE_SECTION]
        )

    def _informative(self, rows: Rows) -> Rows:
        """Return ``rows`` that say something of their own, if there are any.

        A reader sees titles anyhow, and learns nothing from what many calls say word for word.
        """
        for dull in (self._is_common, self._is_title):
            left = [row for row in rows.tolist() if not dull(row)]
            rows = np.array(left) if left else rows
        return rows

    def _is_title(self, row: int) -> bool:
        return self._passages[row].field == TITLE_FIELD

    def _is_common(self, row: int) -> bool:
        return self._passages[row].common > _MAX_BOILERPLATE

    def _nearest_sentence(
        self, said: QuerySentences, sentence: int, rows: Rows, used: set[tuple[int, Span]]
    ) -> tuple[int, Span, float] | None:
        """Return passage, span and cosine of what comes nearest to a sentence of the query.

        Nearer than it comes to anything: a general sentence is fairly near to every text.
        """
        direction = _sentence_direction(said, sentence)
        best: tuple[int, Span, float] | None = None
        highest = -np.inf
        for row in rows.tolist():
            told = self._told.directions(row)
            near, usual = told @ direction, told @ self._usual
            for place, span in enumerate(self._told.passage_spans(row)):
                above = float(near[place] - usual[place])
                if (row, span) not in used and above > highest:
                    best, highest = (row, span, float(near[place])), above
        return best

    def _terms(
        self,
        query: Query,
        said: QuerySentences,
        documents: Sequence[Document],
        quoted: Sequence[Sequence[SentencePair]],
    ) -> list[tuple[SharedTerm, ...]]:
        """Find the words that query and documents share, in the language of the evidence.

        Across languages these are words that are spelled alike, and of the first few documents
        those that the model brings together in what is quoted first: each costs the reading of a
        sentence.
        """
        across_to = [e[0] for e in quoted if e and e[0].language != query.language]
        across_to = across_to[: _MAX_ALIGNED_PAIRS if len(query.parts) > 1 else 0]
        pairs = dict(
            zip(map(id, across_to), self._align_words(query, said, across_to), strict=True)
        )
        own = SharedTermFinder(query)
        terms: list[tuple[SharedTerm, ...]] = []
        for document, evidence in zip(documents, quoted, strict=True):
            language = evidence[0].language if evidence else query.language
            index = self._lexicon.get(language)
            texts = [f.text for f in document.fields if f.language == language]
            found = own.find_in("\n".join([*texts, document.keywords]), index)
            if language != query.language:
                found = most_specific(
                    [*aligned_terms(pairs.get(id(evidence[0]), []), index), *found]
                )
            terms.append(found)
        return terms

    def _align_words(
        self, query: Query, said: QuerySentences, evidence: Sequence[SentencePair]
    ) -> list[list[WordAlignment]]:
        """Bring together the words of each pair of sentences; the query's are read if need be."""
        left = [e.query_text for e in evidence if e.query_text not in said.words]
        words = dict(said.words)
        words |= encode_words(((text, query.language) for text in left), self._encoder, asking=True)
        sides = [
            AlignmentInput(words[e.query_text], e.text[:_MAX_ALIGNED_LENGTH], e.language)
            for e in evidence
        ]
        return align_words(sides, self._encoder)


def _compared_passages(query: Query, said: QuerySentences, sentence: int, similar: Vectors) -> Rows:
    """Return the passages that the score compared a sentence with; ``similar`` as (parts, rows).

    These are the passage nearest to each part with the sentence in it, and the passages that come
    nearest to such a part.
    """
    parts = said.part[said.sentence == sentence]
    narrow = [n for n in parts.tolist() if query.parts[n].role is not QueryRole.WHOLE]
    chosen = np.array(narrow or parts.tolist() or range(len(query.parts)))
    answering = np.isin(similar.argmax(axis=0), chosen)
    places: Rows = np.union1d(similar[chosen].argmax(axis=1), np.flatnonzero(answering))
    return places


def _sentence_direction(said: QuerySentences, sentence: int) -> Vectors:
    """Return the direction of a sentence of the query, as its parts have it: (dimension,)."""
    total: Vectors = said.added[said.sentence == sentence].sum(axis=0, keepdims=True)
    direction: Vectors = unit_vectors(total)[0]
    return direction
