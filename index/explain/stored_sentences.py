"""The sentences of a document that an index holds vectors of."""

from __future__ import annotations

from dataclasses import dataclass

from index.embedding.encoder import Vectors
from index.search.corpus import Corpus
from index.store.passages import WHOLE_SECTION


@dataclass(frozen=True)
class SentenceKey:
    """A sentence by its words, so that it is known again where the text around it has changed."""

    language: str
    text: str


def stored_directions(corpus: Corpus, document_id: str) -> dict[SentenceKey, Vectors]:
    """Return the direction, (dimension,) and unit, of each sentence that can be quoted.

    They are those of the passages: what each sentence adds to the vector of its passage, as its
    context has it. A document that is not in the index has none.
    """
    if document_id not in corpus.rows:
        return {}
    document, rows = corpus.find_document(document_id)
    found: dict[SentenceKey, Vectors] = {}
    for row in rows.tolist():
        passage = corpus.data.passages[row]
        if passage.section == WHOLE_SECTION:
            continue
        text = document.text(passage.field, passage.language)
        spans = corpus.data.sentences.passage_spans(row)
        directions = corpus.data.sentences.directions(row)
        for span, direction in zip(spans, directions, strict=True):
            key = SentenceKey(passage.language, text[span.start : span.end])
            found.setdefault(key, direction)
    return found
