"""Boilerplate: sentences that many documents share word for word, such as how to apply.

They say nothing of any topic, so a passage that has many of them counts less.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from index.store.document import TITLE_FIELD, Document
from index.store.passages import Passage
from index.text.sentences import Span, split_sentences

MIN_DOCUMENTS = 20
"""Documents that must share a sentence for it to be boilerplate."""


def mark_boilerplate(
    documents: Sequence[Document], passages: Iterable[Passage]
) -> Iterator[Passage]:
    """Yield ``passages`` with the share of each that is boilerplate, 0 to 1.

    Args:
        documents: all of the index.
        passages: those of one document in a row, in the documents' order.
    """
    counts = Counter(hash_ for document in documents for hash_ in _sentence_hashes(document))
    by_id = {document.id: document for document in documents}
    for id_, own in groupby(passages, key=lambda passage: passage.document):
        texts = {(f.name, f.language): f.text for f in by_id[id_].fields}
        for passage in own:
            if passage.field == TITLE_FIELD:
                yield passage
                continue
            text = texts[passage.field, passage.language]
            sentences = split_sentences(text, passage.start, passage.end)
            shared = [s for s in sentences if counts[_sentence_hash(text, s)] >= MIN_DOCUMENTS]
            yield passage.with_common(_total_length(shared) / max(_total_length(sentences), 1))


def _sentence_hashes(document: Document) -> set[bytes]:
    """Return a hash of each sentence of the texts; titles are never boilerplate."""
    return {
        _sentence_hash(field.text, span)
        for field in document.fields
        if field.name != TITLE_FIELD
        for span in split_sentences(field.text)
    }


def _sentence_hash(text: str, span: Span) -> bytes:
    """Return a hash that is the same for sentences that differ in case and white space only."""
    folded = " ".join(text[span.start : span.end].casefold().split())
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _total_length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)
