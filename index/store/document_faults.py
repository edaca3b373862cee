"""Which documents cannot be indexed: looked for one by one, when a build of all has failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import numpy as np

from index.embedding.cache import VectorCache
from index.embedding.encoder import Encoder
from index.errors import IndexingError
from index.store.document import Document
from index.store.passages import cut_passages, quotable_sentences
from index.store.readable_document import ReadableDocument
from index.store.words.bm25 import LexicalIndex

SYSTEM_ERRORS = (OSError, sqlite3.Error)
"""Errors of the disk or the vector cache, which are no document's fault."""


def find_faults(
    documents: Iterable[Document], encoder: Encoder, cache: VectorCache
) -> dict[str, Exception]:
    """Return the documents that cannot be indexed, by id, and why.

    Each is cut, encoded and indexed alone. What was encoded before comes from ``cache``.

    Raises:
        OSError: the disk fails, or `sqlite3.Error`: the cache does.
    """
    faults: dict[str, Exception] = {}
    for document in documents:
        try:
            _index_alone(document, encoder, cache)
        except SYSTEM_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001  whatever one text does, the others are indexed
            faults[document.id] = error
    return faults


def _index_alone(stored: Document, encoder: Encoder, cache: VectorCache) -> None:
    document = ReadableDocument.of(stored).document
    passages = list(cut_passages(document))
    if not any(field.text.strip() for field in document.fields):
        raise IndexingError("It has no text at all.")
    spans = [
        [span.shift(passage.encoded_offset) for span in quotable_sentences(document, passage)]
        for passage in passages
    ]
    vectors, _, _ = cache.encode_with_spans(encoder, [p.encoded for p in passages], spans)
    if not np.isfinite(vectors).all():
        raise IndexingError("The vectors of its text are no numbers.")
    for language in document.languages:
        texts = [field.text for field in document.fields if field.language == language]
        LexicalIndex.build(language, {0: "\n".join([*texts, document.keywords])})
