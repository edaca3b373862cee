"""What a snapshot holds, and its files: columns that are mapped, and lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index.embedding.encoder import Vectors
from index.errors import SnapshotError
from index.store.columns import WordTable, group_starts, map_column, save_column
from index.store.document import Document
from index.store.document_file import DOCUMENT_ROW, DocumentFile
from index.store.passage_sentences import PassageSentences
from index.store.passage_table import PassageTable
from index.store.segments import Segment, SegmentSizes
from index.store.vectors import VectorStore
from index.store.vectors.faiss import FaissVectors
from index.store.words.bm25 import LexicalIndex

SEGMENTS = "segments"
"""Folder of a snapshot's segments."""

_LAYOUT = "layout.json"
_DOCUMENTS = "documents.npy"
_IDS = "ids"
_PASSAGES = "passages.npy"
_LEXICAL = "lexical"
_SUBJECTS = "subjects.npy"


@dataclass(frozen=True, eq=False)
class IndexData:
    """One built index. Row n of ``vectors`` is passage n; passages are in the documents' order.

    ``subjects`` are the vectors of `background_subjects`: (subjects, dimension). ``sentences``
    are those of the passages. ``segments`` is where all of it lies, unless it lies in memory.
    """

    documents: Sequence[Document]
    passages: PassageTable
    vectors: VectorStore
    lexical: Mapping[str, LexicalIndex]
    subjects: Vectors
    sentences: PassageSentences
    segments: tuple[Segment, ...] = ()

    @cached_property
    def ids(self) -> Sequence[str]:
        """The documents' ids, by row."""
        if isinstance(self.documents, DocumentFile):
            return self.documents.ids
        return [document.id for document in self.documents]


def save(
    folder: Path,
    documents: DocumentFile,
    passages: PassageTable,
    *,
    lexical: Mapping[str, LexicalIndex],
    subjects: Vectors,
    segments: Sequence[str],
) -> None:
    """Write below ``folder`` all but the segments, which are there by their names already."""
    layout = {"segments": list(segments), "labels": list(passages.labels)}
    (folder / _LAYOUT).write_text(json.dumps(layout, ensure_ascii=True), "utf-8")
    save_column(folder / _DOCUMENTS, documents.table)
    WordTable.from_words(documents.ids).save(folder / _IDS)
    passages.save(folder / _PASSAGES)
    save_column(folder / _SUBJECTS, subjects)
    for language, words in lexical.items():
        words.save(folder / _LEXICAL / language)


def load(folder: Path) -> IndexData:
    """Map what `save` wrote; next to nothing is read until it is used.

    Raises:
        SnapshotError: a file is not what was written, or they contradict each other.
    """
    try:
        data = _map(folder)
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise SnapshotError(f"The documents of snapshot {folder.name} cannot be read.") from error
    if data.subjects.shape[1:] != (data.vectors.dimension,):
        raise SnapshotError(f"The index snapshot {folder.name} contradicts itself.")
    return data


def _map(folder: Path) -> IndexData:
    layout = json.loads((folder / _LAYOUT).read_text("utf-8"))
    segments = tuple(Segment.map(folder / SEGMENTS / name) for name in layout["segments"])
    table = map_column(folder / _DOCUMENTS)
    ids = WordTable.map(folder / _IDS)[:]
    if table.dtype != DOCUMENT_ROW or len(ids) != len(table):
        raise ValueError(f"{folder / _DOCUMENTS} is no table of these documents.")
    documents = DocumentFile(table, ids, [segment.text for segment in segments])
    first = group_starts(table["passages"])
    passages = PassageTable.map(folder / _PASSAGES, first, layout["labels"], ids)
    paths = sorted((folder / _LEXICAL).iterdir())
    rows = passages.table
    return IndexData(
        documents,
        passages,
        _vectors(passages, segments),
        {path.name: LexicalIndex.load(path.name, path) for path in paths},
        map_column(folder / _SUBJECTS),
        PassageSentences(rows["sentence"], rows["sentences"], [one.sentences for one in segments]),
        segments,
    )


def _vectors(passages: PassageTable, segments: Sequence[Segment]) -> FaissVectors:
    """Return the vectors of ``passages``; raise `ValueError` when the segments lack some."""
    places = passages.table["vector"].astype(np.int64)
    sizes = SegmentSizes.of(segments)
    if len(places) and int(places.max()) >= sizes.vectors:
        raise ValueError("There are passages without a vector.")
    in_order = len(places) == sizes.vectors and bool((np.diff(places) == 1).all())
    blocks = [segment.block for segment in segments]
    return FaissVectors(blocks, None if in_order else places)
