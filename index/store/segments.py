"""Segments: what one build added to an index. A later snapshot shares them and adds its own.

Texts, vectors and sentences are most of an index and never change, so they are written once and
linked into every snapshot that has some of their documents.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import Progress, VectorCache
from index.embedding.encoder import Encoder, Vectors
from index.errors import SnapshotError
from index.store.boilerplate import Hashes, SentenceHashes
from index.store.columns import map_column, save_column
from index.store.document import Document
from index.store.document_file import DOCUMENT_ROW, document_digests, encode_lines, map_text
from index.store.passage_sentences import SentenceBlock
from index.store.passage_table import passage_rows
from index.store.passages import cut_passages, quotable_sentences
from index.store.readable_document import ReadableDocument
from index.store.vectors.faiss import VectorBlock
from index.store.vectors.lists import InvertedLists

_TEXT, _LISTS = "documents.jsonl", "lists.faiss"
_COLUMNS = ("vectors", "spans", "added", "hashes", "parts")

_MIN_LISTED = 5_000
"""Vectors of a segment below which it gets no lists: comparing them all is as fast."""


@dataclass(frozen=True, eq=False)
class Segment:
    """A segment, mapped from its folder.

    ``hashes`` are of its documents' sentences, ``parts`` of its passages' (`boilerplate`).
    """

    name: str
    text: mmap.mmap
    block: VectorBlock
    sentences: SentenceBlock
    hashes: Hashes
    parts: NDArray[Any]

    @classmethod
    def map(cls, folder: Path) -> Segment:
        """Map the segment in ``folder``; raise `ValueError` or `SnapshotError` if it is none."""
        vectors, spans, added, hashes, parts = (
            map_column(folder / f"{name}.npy") for name in _COLUMNS
        )
        lists = folder / _LISTS
        sentences = SentenceBlock(spans, added)
        if vectors.ndim != 2 or not sentences.is_sound(vectors.shape[1]):  # noqa: PLR2004  rows and numbers
            raise SnapshotError(f"The segment {folder.name} contradicts itself.")
        filed = InvertedLists.load(lists, *vectors.shape) if lists.is_file() else None
        text = map_text(folder / _TEXT)
        return cls(folder.name, text, VectorBlock(vectors, filed), sentences, hashes, parts)


@dataclass(frozen=True, eq=False)
class SegmentSizes:
    """How much the segments before hold, together: where the next one's places begin."""

    segments: int = 0
    vectors: int = 0
    sentences: int = 0
    hashes: int = 0
    parts: int = 0

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> SegmentSizes:
        """Return the sizes of ``segments``."""
        return cls(
            len(segments),
            sum(len(one.block.vectors) for one in segments),
            sum(len(one.sentences.spans) for one in segments),
            sum(len(one.hashes) for one in segments),
            sum(len(one.parts) for one in segments),
        )


@dataclass(frozen=True, eq=False)
class NewSegment:
    """Documents that were not in the index before, read and encoded: a segment to be written.

    ``documents`` and ``passages`` are rows of `DOCUMENT_ROW` and `PASSAGE_ROW`, the places in them
    after those of the segments before. Offsets are those of texts as stored; ``readable`` has the
    documents as they are ranked. ``encoded`` counts the passages that the model had to read.
    """

    readable: tuple[Document, ...]
    documents: NDArray[Any]
    passages: NDArray[Any]
    text: bytes
    vectors: Vectors
    sentences: SentenceBlock
    hashes: SentenceHashes
    encoded: int

    @classmethod
    def read(
        cls,
        documents: Sequence[Document],
        before: SegmentSizes,
        labels: dict[str, int],
        *,
        encoder: Encoder,
        cache: VectorCache,
        progress: Progress | None,
    ) -> NewSegment:
        """Cut ``documents``, at least one, into passages and encode what the cache has not."""
        readable = [ReadableDocument.of(document) for document in documents]
        read = tuple(one.document for one in readable)
        cut = [list(cut_passages(document)) for document in read]
        owned = [(one, p) for one, own in zip(readable, cut, strict=True) for p in own]
        sentences = [quotable_sentences(one.document, passage) for one, passage in owned]
        within = [
            [span.shift(passage.encoded_offset) for span in own]
            for (_, passage), own in zip(owned, sentences, strict=True)
        ]
        texts = [passage.encoded for _, passage in owned]
        vectors, added, encoded = cache.encode_with_spans(encoder, texts, within, progress)
        hashes = SentenceHashes.read(read, cut)
        rows = passage_rows([one.stored_passage(passage) for one, passage in owned], labels)
        spans = [
            [one.stored_span(passage, span) for span in own]
            for (one, passage), own in zip(owned, sentences, strict=True)
        ]
        rows["vector"] = np.arange(len(rows)) + before.vectors
        counts = np.array([len(own) for own in spans], np.int64)
        rows["sentences"], rows["sentence"] = counts, _starts(counts) + before.sentences
        rows["parts"] = hashes.part_counts
        rows["part"] = _starts(hashes.part_counts) + before.parts
        sizes = np.array([len(own) for own in cut], np.int64)
        text, table = _document_rows(documents, before, sizes, hashes)
        block = SentenceBlock.gather(spans, added, encoder.dimension)
        return cls(read, table, rows, text, vectors, block, hashes, encoded)

    def write(
        self, folder: Path, precision: np.dtype[Any], centres: Sequence[Segment] | None
    ) -> None:
        """Write the segment into ``folder``, which is made.

        Args:
            folder: of its own.
            precision: of the vectors.
            centres: None when a query is compared with every vector. Otherwise the segments
                before, whose lists have the centres to file these vectors under; none before
                means that the centres are learned from these.
        """
        folder.mkdir(parents=True)
        (folder / _TEXT).write_bytes(self.text)
        columns: tuple[NDArray[Any], ...] = (
            self.vectors.astype(precision, copy=False),
            self.sentences.spans,
            self.sentences.added,
            self.hashes.own,
            self.hashes.parts,
        )
        for name, column in zip(_COLUMNS, columns, strict=True):
            save_column(folder / f"{name}.npy", column)
        if centres is None:
            return
        if not centres:
            InvertedLists.learn(self.vectors).save(folder / _LISTS)
        elif len(self.vectors) >= _MIN_LISTED and (learned := centres[0].block.lists):
            learned.file_others(self.vectors).save(folder / _LISTS)


def _document_rows(
    documents: Sequence[Document],
    before: SegmentSizes,
    passages: NDArray[np.int64],
    hashes: SentenceHashes,
) -> tuple[bytes, NDArray[Any]]:
    """Return the lines of ``documents``, and a row of `DOCUMENT_ROW` each."""
    text, offsets = encode_lines(documents)
    table = np.zeros(len(documents), DOCUMENT_ROW)
    table["segment"] = before.segments
    table["offset"], table["length"] = offsets[:-1], np.diff(offsets)
    table["digest"] = document_digests(documents)
    table["passages"] = passages
    table["hashes"] = hashes.counts
    table["hash"] = _starts(hashes.counts) + before.hashes
    return text, table


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each of some groups begins."""
    starts: NDArray[np.int64] = np.cumsum(counts) - counts
    return starts
