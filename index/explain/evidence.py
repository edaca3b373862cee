"""Why a document was found: sentences of both sides in pairs, and the words that they share.

Quoted of the query is the sentence without which the document's score would fall furthest
(`index.explain.attribution`). It is paired with a sentence of the passages that the score
compared it with: the one that most likely shows a reader why (`index.explain.sentence_choice`). A
pair that would not convince is not shown, so there may be none. Both sides are verbatim and by
offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.embedding.encoder import Vectors, unit_vectors
from index.embedding.word_vectors import encode_words
from index.explain.attribution import Doubles, score_drops
from index.explain.sentence_choice import MAX_BOILERPLATE, SentenceChooser
from index.explain.shared_terms import (
    SharedTerm,
    SharedTermFinder,
    aligned_terms,
    most_specific,
)
from index.explain.word_alignment import AlignmentInput, WordAlignment, align_words
from index.search.corpus import Corpus
from index.search.fusion import QuerySignals
from index.search.query import Query, QueryRole, encode_quotable_sentences
from index.search.query_sentences import QuerySentences
from index.store.document import TITLE_FIELD, Document
from index.store.passages import WHOLE_SECTION
from index.store.vectors import Rows
from index.text.sentences import Span

MAX_PAIRS = 3
"""Pairs of sentences shown at most; where it is known what convinces, one good pair is enough."""

_MAX_ALIGNED_PAIRS = 2
"""Documents in another language, the first ones, whose words are aligned with those of a text. Of
a query of a few words none: it takes less time to encode than a sentence of a document would."""

_MAX_ALIGNED_LENGTH = 240
"""Characters of a document's sentence whose words are aligned."""


@dataclass(frozen=True)
class SentencePair:
    """``text[query.start:query.end]`` of a query and ``field[span.start:span.end]``, verbatim.

    The query's is of the text as given; ``query_read`` is the same as it was read and ranked.
    ``worth`` is how far the document would fall without the query's sentence, in standard
    deviations of its background; ``similarity`` is the cosine of the two sentences, 0 to 1;
    ``convincing`` is how likely the pair convinces a reader, 0 to 1, None where that is not known.
    """

    query: Span
    query_text: str
    query_read: str
    field: str
    language: str
    section: str
    span: Span
    text: str
    similarity: float
    worth: float
    convincing: float | None = None


@dataclass(frozen=True)
class Explanation:
    """What can be quoted for a hit: the most convincing evidence and the rarest terms first."""

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

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._encoder = corpus.encoder
        self._passages = corpus.data.passages
        self._vectors = corpus.data.vectors
        self._sentences = corpus.data.sentences
        self._chooser = SentenceChooser(corpus)

    def explain(self, query: Query, ids: Sequence[str]) -> list[Explanation]:
        """Explain why each document of ``ids`` was found.

        Args:
            query: with at least one part; read to be explained, or it is read once more.
            ids: of documents.
        """
        if not ids:
            return []
        sentences = (
            query.sentences
            or encode_quotable_sentences(query.text, query.language, query.parts, self._encoder)[1]
        )
        rows = np.array([self._corpus.rows[id_] for id_ in ids])
        documents = [self._corpus.data.documents[row] for row in rows.tolist()]
        drops = score_drops(QuerySignals(self._corpus, query), sentences, rows)
        pairs = [
            self._sentence_pairs(query, sentences, document, self._corpus.passage_rows(row), worths)
            for document, row, worths in zip(documents, rows, drops.T, strict=True)
        ]
        terms = self._shared_terms(query, sentences, documents, pairs)
        return [
            Explanation(own, _terms_as_given(query, shared))
            for own, shared in zip(pairs, terms, strict=True)
        ]

    def quote(self, query: Query, ids: Sequence[str]) -> list[QuotedSentence]:
        """Return the sentence of each document of ``ids`` nearest to any part of ``query``."""
        return [self._quote_document(query, *self._corpus.find_document(id_)) for id_ in ids]

    def _quote_document(self, query: Query, document: Document, rows: Rows) -> QuotedSentence:
        """Quote from the nearest passage; the title only of a document without a text."""
        body = self._informative(self._without_whole_documents(rows))
        row = int(body[(query.vectors @ self._vectors.rows(body).T).max(axis=0).argmax()])
        passage = self._passages[row]
        near = (query.vectors @ self._sentences.directions(row).T).max(axis=0)
        span = self._sentences.passage_spans(row)[int(near.argmax())]
        text = document.text(passage.field, passage.language)[span.start : span.end]
        similarity = float(np.clip(near.max(), 0, 1))
        return QuotedSentence(passage.field, passage.language, span, text, similarity)

    def _sentence_pairs(
        self,
        query: Query,
        sentences: QuerySentences,
        document: Document,
        rows: Rows,
        worths: Doubles,
    ) -> tuple[SentencePair, ...]:
        """Quote sentences that the score needs most, each with one it was compared with.

        The most convincing pair comes first; all of a document's are in the language of the first.
        """
        rows = self._without_whole_documents(rows)
        similar = query.vectors @ self._vectors.rows(rows).T
        pairs: list[SentencePair] = []
        used: set[tuple[int, Span]] = set()
        most = 1 if self._chooser.knows_model else MAX_PAIRS
        ordered = np.argsort(-worths, kind="stable")[:most].tolist()
        # without the others the document would not fall
        for sentence in [n for n in ordered if n == ordered[0] or worths[n] > 0]:
            compared = rows[_compared_passages(query, sentences, sentence, similar)]
            own = sentences.sentences[sentence]
            own_text = query.text[own.start : own.end]
            chosen = self._chooser.choose(
                (own_text, query.language),
                _sentence_direction(sentences, sentence),
                document,
                self._informative(compared),
                used,
            )
            if chosen is None:
                continue
            used.add((chosen.row, chosen.span))
            passage, span = self._passages[chosen.row], chosen.span
            given, given_text = query.given(own)
            text = document.text(passage.field, passage.language)
            pairs.append(
                SentencePair(
                    query=given,
                    query_text=given_text,
                    query_read=own_text,
                    field=passage.field,
                    language=passage.language,
                    section=passage.section,
                    span=span,
                    text=text[span.start : span.end],
                    similarity=float(np.clip(chosen.cosine, 0, 1)),
                    worth=float(worths[sentence]),
                    convincing=chosen.convincing,
                )
            )
        pairs.sort(key=lambda pair: -(pair.convincing or 0))
        return tuple(pair for pair in pairs if pair.language == pairs[0].language)

    def _without_whole_documents(self, rows: Rows) -> Rows:
        """Return ``rows`` without those that stand for a whole document."""
        return np.array(
            [row for row in rows.tolist() if self._passages[row].section != WHOLE_SECTION]
        )

    def _informative(self, rows: Rows) -> Rows:
        """Return ``rows`` that say something of their own, if there are any.

        A reader sees titles anyhow, and learns nothing from what many calls say word for word.
        """
        for is_dull in (self._is_boilerplate, self._is_title):
            left = [row for row in rows.tolist() if not is_dull(row)]
            rows = np.array(left) if left else rows
        return rows

    def _is_title(self, row: int) -> bool:
        return self._passages[row].field == TITLE_FIELD

    def _is_boilerplate(self, row: int) -> bool:
        return self._passages[row].common > MAX_BOILERPLATE

    def _shared_terms(
        self,
        query: Query,
        sentences: QuerySentences,
        documents: Sequence[Document],
        pairs: Sequence[Sequence[SentencePair]],
    ) -> list[tuple[SharedTerm, ...]]:
        """Return the words that query and documents share, in the language of the evidence.

        Across languages these are words that are spelled alike, and of the first few documents
        those that the model aligns in the first pair: each costs the encoding of a sentence.
        """
        foreign = [own[0] for own in pairs if own and own[0].language != query.language]
        foreign = foreign[: _MAX_ALIGNED_PAIRS if len(query.parts) > 1 else 0]
        aligned = dict(
            zip(map(id, foreign), self._align_words(query, sentences, foreign), strict=True)
        )
        finder = SharedTermFinder(query)
        terms: list[tuple[SharedTerm, ...]] = []
        for document, own in zip(documents, pairs, strict=True):
            language = own[0].language if own else self._nearest_language(query, document)
            index = self._corpus.data.lexical.get(language)
            texts = [f.text for f in document.fields if f.language == language]
            shared = finder.find_in("\n".join([*texts, document.keywords]), index)
            if language != query.language:
                alignments = aligned.get(id(own[0]), []) if own else []
                meant = aligned_terms(alignments, query.language, index)
                shared = most_specific([*meant, *shared])
            terms.append(shared)
        return terms

    def _nearest_language(self, query: Query, document: Document) -> str:
        """Return the language that ``document`` comes nearest to ``query`` in."""
        rows = self._corpus.passage_rows(self._corpus.rows[document.id])
        nearest = (query.vectors @ self._vectors.rows(rows).T).max(axis=0).argmax()
        return self._passages[int(rows[nearest])].language

    def _align_words(
        self, query: Query, sentences: QuerySentences, pairs: Sequence[SentencePair]
    ) -> list[list[WordAlignment]]:
        """Align the words of each pair; the query's sentences are encoded if need be."""
        missing = [one.query_read for one in pairs if one.query_read not in sentences.words]
        encoded = encode_words(
            ((text, query.language) for text in missing), self._encoder, asking=True
        )
        words = {**sentences.words, **encoded}
        inputs = [
            AlignmentInput(words[one.query_read], one.text[:_MAX_ALIGNED_LENGTH], one.language)
            for one in pairs
        ]
        return align_words(inputs, self._encoder)


def _terms_as_given(query: Query, terms: Sequence[SharedTerm]) -> tuple[SharedTerm, ...]:
    """Return ``terms`` with the query's words as the text that was given has them, each once."""
    given = query.read.given.casefold() if query.read else query.text.casefold()
    return most_specific(
        term if term.query.casefold() in given else replace(term, query=_word_as_given(query, term))
        for term in terms
    )


def _word_as_given(query: Query, term: SharedTerm) -> str:
    """Return what a word of the text as it is read stands for: of a long form its acronym."""
    start = query.text.casefold().find(term.query.casefold())
    return query.given(Span(start, start + len(term.query)))[1] if start >= 0 else term.query


def _compared_passages(
    query: Query, sentences: QuerySentences, sentence: int, similar: Vectors
) -> Rows:
    """Return the passages that the score compared a sentence with; ``similar`` as (parts, rows).

    These are the passage nearest to each part with the sentence in it, and the passages that come
    nearest to such a part.
    """
    parts = sentences.part[sentences.sentence == sentence]
    narrow = [n for n in parts.tolist() if query.parts[n].role is not QueryRole.WHOLE]
    chosen = np.array(narrow or parts.tolist() or range(len(query.parts)))
    nearest_part_chosen = np.isin(similar.argmax(axis=0), chosen)
    places: Rows = np.union1d(similar[chosen].argmax(axis=1), np.flatnonzero(nearest_part_chosen))
    return places


def _sentence_direction(sentences: QuerySentences, sentence: int) -> Vectors:
    """Return the direction of a sentence of the query, as its parts have it: (dimension,)."""
    added = sentences.added[sentences.sentence == sentence]
    direction: Vectors = unit_vectors(added.sum(axis=0, keepdims=True))[0]
    return direction
