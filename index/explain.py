"""Why a document was found: sentence beside sentence, and the words both sides share.

Evidence starts from the passages that the score was made of; within each pair of passages the
two nearest sentences are quoted, verbatim and by offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.contents import Contents
from index.document import TITLE, WHOLE, Document, Passage
from index.encoder import Encoder, Vectors
from index.query import Query
from index.sentences import Span, is_prose, sentences
from index.terms import Term, shared
from index.vectors import Rows

QUOTED = 3
"""Pairs of sentences shown at most."""

_SHORTEST = 25
"""Characters below which a sentence is a heading or a fragment, quoted only if alone."""

_SLACK = 0.04
"""Evidence this much less similar than the best says too little beside it."""

_REMEMBERED = 20_000
"""Sentence vectors kept in memory: 30 MB."""


@dataclass(frozen=True)
class Evidence:
    """``query.text[query.start:query.end]`` beside ``field[span.start:span.end]``, verbatim."""

    query: Span
    query_text: str
    field: str
    language: str
    section: str
    span: Span
    text: str
    similarity: float


@dataclass(frozen=True)
class Explanation:
    """What can be quoted for a hit; evidence and terms are in order of weight."""

    evidence: tuple[Evidence, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Quote:
    """``field[span.start:span.end]`` of a document, verbatim: what comes nearest to a query."""

    field: str
    language: str
    span: Span
    text: str
    similarity: float


@dataclass(frozen=True)
class _Pair:
    """A passage of the query and a passage of a document, with the sentences of each."""

    passage: Passage
    text: str
    query: list[Span]
    document: list[Span]


class Explainer:
    """Finds the evidence behind hits in one snapshot."""

    def __init__(self, encoder: Encoder, held: Contents) -> None:
        self._encoder = encoder
        self._passages = held.passages
        self._vectors = held.vectors
        self._lexical = held.lexical
        self._known: dict[str, Vectors] = {}

    def explain(self, query: Query, targets: Sequence[tuple[Document, Rows]]) -> list[Explanation]:
        """Explain each of ``targets``: a document and the rows of its passages."""
        chosen = [self._pairs(query, document, rows) for document, rows in targets]
        pairs = [pair for several in chosen for pair in several]
        asking = self._vectors_of(
            [query.text[s.start : s.end] for p in pairs for s in p.query], asking=True
        )
        telling = self._vectors_of(
            [p.text[s.start : s.end] for p in pairs for s in p.document], asking=False
        )
        return [
            Explanation(
                _best(self._evidence(query, pair, asking, telling) for pair in several),
                self._terms(query, document, several),
            )
            for (document, _), several in zip(targets, chosen, strict=True)
        ]

    def quote(self, query: Query, targets: Sequence[tuple[Document, Rows]]) -> list[Quote]:
        """Return the sentence of each of ``targets`` nearest to any part of ``query``.

        Only sentences of the nearest passage are read by the model, and nothing of the query is.
        """
        chosen = []
        for document, rows in targets:
            passage = self._nearest(query, rows)
            text = _field(document, passage)
            chosen.append((passage, text, _telling(text, Span(passage.start, passage.end))))
        telling = self._vectors_of(
            [text[s.start : s.end] for _, text, found in chosen for s in found], asking=False
        )
        quotes = []
        for passage, text, found in chosen:
            told = np.stack([telling[text[s.start : s.end]] for s in found])
            near = (query.vectors @ told.T).max(axis=0)
            best = int(near.argmax())
            span = found[best]
            similarity = float(np.clip(near[best], 0, 1))
            quoted = text[span.start : span.end]
            quotes.append(Quote(passage.field, passage.language, span, quoted, similarity))
        return quotes

    def _nearest(self, query: Query, rows: Rows) -> Passage:
        """Return the passage nearest to ``query``; the title only of a document without a text."""
        cut = [row for row in rows if self._passages[row].section != WHOLE]
        body = np.array([row for row in cut if self._passages[row].field != TITLE] or cut)
        near = (query.vectors @ self._vectors.rows(body).T).max(axis=0)
        nearest: Passage = self._passages[int(body[int(near.argmax())])]
        return nearest

    def _pairs(self, query: Query, document: Document, rows: Rows) -> list[_Pair]:
        """Pick the nearest pairs of passages, in the language that comes nearest."""
        spans, vectors = query.passages()
        rows = np.array([row for row in rows if self._passages[row].section != WHOLE])
        similar = vectors @ self._vectors.rows(rows).T
        order = np.dstack(np.unravel_index(np.argsort(-similar, axis=None), similar.shape))[0]
        language = self._passages[rows[order[0][1]]].language
        taken: list[_Pair] = []
        used: set[tuple[str, int]] = set()
        for asked, told in order.tolist():
            passage = self._passages[rows[told]]
            keys = {("query", asked), ("document", told)}
            if passage.language != language or keys & used:
                continue
            used |= keys
            text = _field(document, passage)
            taken.append(
                _Pair(
                    passage,
                    text,
                    _telling(query.text, spans[asked]),
                    _telling(text, Span(passage.start, passage.end)),
                )
            )
            if len(taken) == QUOTED:
                break
        return taken

    def _vectors_of(self, texts: list[str], *, asking: bool) -> dict[str, Vectors]:
        """Encode sentences that are not remembered; return all by text."""
        role = "q" if asking else "p"
        missing = [t for t in dict.fromkeys(texts) if role + t not in self._known]
        encode = self._encoder.queries if asking else self._encoder.passages
        fresh = dict(zip(missing, encode(missing), strict=True)) if missing else {}
        found = {text: self._known[role + text] for text in texts if text not in fresh} | fresh
        if len(self._known) > _REMEMBERED:
            self._known = {}
        self._known.update({role + text: vector for text, vector in fresh.items()})
        return found

    def _evidence(
        self, query: Query, pair: _Pair, asking: dict[str, Vectors], telling: dict[str, Vectors]
    ) -> Evidence:
        """Quote the two nearest sentences of a pair of passages."""
        asked = np.stack([asking[query.text[s.start : s.end]] for s in pair.query])
        told = np.stack([telling[pair.text[s.start : s.end]] for s in pair.document])
        similar = asked @ told.T
        row, column = np.unravel_index(int(similar.argmax()), similar.shape)
        mine, theirs = pair.query[int(row)], pair.document[int(column)]
        return Evidence(
            query=mine,
            query_text=query.text[mine.start : mine.end],
            field=pair.passage.field,
            language=pair.passage.language,
            section=pair.passage.section,
            span=theirs,
            text=pair.text[theirs.start : theirs.end],
            similarity=float(np.clip(similar[row, column], 0, 1)),
        )

    def _terms(self, query: Query, document: Document, pairs: list[_Pair]) -> tuple[Term, ...]:
        """Find the words that query and document share, in the language of the evidence."""
        if not pairs:
            return ()
        language = pairs[0].passage.language
        texts = [f.text for f in document.fields if f.language == language]
        index = self._lexical.get(language)
        return shared(query, "\n".join([*texts, document.keywords]), language, index)


def _field(document: Document, passage: Passage) -> str:
    """Return the whole text that ``passage`` is a stretch of."""
    return next(
        f.text
        for f in document.fields
        if f.name == passage.field and f.language == passage.language
    )


def _telling(text: str, span: Span) -> list[Span]:
    """Return the sentences of ``text`` within ``span`` that say something in words."""
    found = sentences(text, span.start, span.end)
    long = [s for s in found if s.end - s.start >= _SHORTEST and is_prose(text, s)]
    return long or found or [span]


def _best(found: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Order evidence by similarity, without repeats and without what falls far behind."""
    ordered = sorted(found, key=lambda evidence: -evidence.similarity)
    kept: dict[tuple[str, int], Evidence] = {}
    for evidence in ordered:
        if evidence.similarity >= ordered[0].similarity - _SLACK:
            kept.setdefault((evidence.field, evidence.span.start), evidence)
    return tuple(kept.values())
