"""Boilerplate: sentences that many documents share word for word, such as how to apply.

They say nothing of any topic, so a passage that has many of them counts less. Which ones they are
depends on all documents, so the hashes of sentences are kept and counted again by every build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.columns import group_starts
from index.store.document import TITLE_FIELD, Document
from index.store.passages import Passage
from index.text.sentences import Span, split_sentences

MIN_DOCUMENTS = 20
"""Documents that must share a sentence for it to be boilerplate."""

PART_ROW = np.dtype([("hash", "<u8"), ("length", "<u4")])
"""A sentence of a passage: its hash, and how many characters it has."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class SentenceHashes:
    """The sentences of some documents, once each, and those of their passages.

    ``own`` are of the first ``counts[0]`` of the first document, then of the second; ``parts`` are
    `PART_ROW` of the passages in the same way, by ``part_counts``. Titles have none.
    """

    own: Hashes
    counts: NDArray[np.int64]
    parts: NDArray[Any]
    part_counts: NDArray[np.int64]

    @classmethod
    def read(
        cls, documents: Sequence[Document], passages: Sequence[Sequence[Passage]]
    ) -> SentenceHashes:
        """Read the sentences of ``documents`` and of the passages of each."""
        hashes = [_document_hashes(document) for document in documents]
        parts = [
            _passage_parts(document, passage)
            for document, own in zip(documents, passages, strict=True)
            for passage in own
        ]
        return cls(
            np.concatenate([np.zeros(0, np.uint64), *hashes]),
            np.array([len(one) for one in hashes], np.int64),
            np.array([part for own in parts for part in own], PART_ROW),
            np.array([len(own) for own in parts], np.int64),
        )


def common_shares(own: Hashes, parts: NDArray[Any], counts: NDArray[np.int64]) -> list[float]:
    """Return the share of each passage, 0 to 1, that is boilerplate, to 3 decimals.

    Args:
        own: the sentences of all documents, once for each document.
        parts: `PART_ROW` of all passages.
        counts: how many of them each passage has.
    """
    hashes, documents = np.unique(own, return_counts=True)
    shared = np.isin(parts["hash"], hashes[documents >= MIN_DOCUMENTS])
    lengths = parts["length"].astype(np.int64)
    bounds = group_starts(counts)
    sums = [group_starts(column)[bounds] for column in (lengths * shared, lengths)]
    common, total = (np.diff(column).tolist() for column in sums)
    return [
        round(one / max(all_, 1), 3) if one else 0.0
        for one, all_ in zip(common, total, strict=True)
    ]


def _document_hashes(document: Document) -> Hashes:
    """Return a hash of each sentence of the texts; titles are never boilerplate."""
    hashes = {
        _sentence_hash(field.text, span)
        for field in document.fields
        if field.name != TITLE_FIELD
        for span in split_sentences(field.text)
    }
    return np.array(sorted(hashes), np.uint64)


def _passage_parts(document: Document, passage: Passage) -> list[tuple[int, int]]:
    """Return hash and length of each sentence of ``passage``."""
    if passage.field == TITLE_FIELD:
        return []
    text = document.text(passage.field, passage.language)
    sentences = split_sentences(text, passage.start, passage.end)
    return [(_sentence_hash(text, span), span.end - span.start) for span in sentences]


def _sentence_hash(text: str, span: Span) -> int:
    """Return a hash that is the same for sentences that differ in case and white space only."""
    folded = " ".join(text[span.start : span.end].casefold().split())
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
