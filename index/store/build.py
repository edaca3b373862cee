"""Documents to a snapshot: passages, vectors, words. Only what is new is read and encoded.

A build takes over what the current snapshot has of documents that have not changed: their texts,
vectors and sentences by links to its files, the rest by copying columns. What depends on all
documents, such as how rare a word is, is computed from columns every time, so the result is what
a build from nothing would be.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.cache import Progress, VectorCache, passage_role
from index.embedding.encoder import Encoder
from index.errors import IndexingError, SnapshotError
from index.store import index_data, snapshot
from index.store.background_subjects import background_subjects
from index.store.change import IndexChange
from index.store.document import Document
from index.store.document_file import DocumentFile, document_digests
from index.store.index_data import IndexData
from index.store.passage_table import PassageTable
from index.store.segments import NewSegment, Segment, SegmentSizes
from index.store.vectors.faiss import EXACT_LIMIT
from index.store.words.bm25 import LexicalIndex

MAX_SEGMENTS = 24
"""Segments of a snapshot at most; then everything is written anew, as one."""

_MIN_FIRST_SHARE = 0.75
"""Share of the passages that the first segment must have; below it all is written anew."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did; ``encoded`` counts the passages that the model had to encode."""

    snapshot: str
    documents: int
    passages: int
    encoded: int
    seconds: float
    unchanged: bool


@dataclass(frozen=True, eq=False)
class _Basis:
    """The snapshot that a build takes over from, if there is one, and what changes."""

    folder: Path | None
    data: IndexData | None
    change: IndexChange

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self.data.segments if self.data else ()

    @property
    def lexical(self) -> Mapping[str, LexicalIndex]:
        return self.data.lexical if self.data else {}

    def labels(self) -> dict[str, int]:
        labels = self.data.passages.labels if self.data else ()
        return {label: number for number, label in enumerate(labels)}


@dataclass(frozen=True, eq=False)
class _Draft:
    """Everything of a new snapshot but its words and subjects, still in memory."""

    basis: _Basis
    documents: DocumentFile
    passages: PassageTable
    added: NewSegment | None

    @property
    def encoded(self) -> int:
        """How many passages the model had to read."""
        return self.added.encoded if self.added else 0

    @property
    def is_exact(self) -> bool:
        """Whether a query is compared with every vector."""
        return len(self.passages) <= EXACT_LIMIT

    @property
    def precision(self) -> np.dtype[Any]:
        return np.dtype(np.float32 if self.is_exact else np.float16)

    def write_segments(self, folder: Path) -> list[str]:
        """Take over the segments before, write the new one, and return the names of all."""
        before = self.basis.segments
        names = [segment.name for segment in before]
        for name in names:
            place = Path(index_data.SEGMENTS) / name
            snapshot.share_folder((self.basis.folder or folder) / place, folder / place)
        if self.added:
            names.append(f"{len(names):04}")
            place = folder / index_data.SEGMENTS / names[-1]
            self.added.write(place, self.precision, None if self.is_exact else before)
        return names


def build(
    documents: Iterable[Document],
    encoder: Encoder,
    root: Path,
    cache: VectorCache,
    progress: Progress | None = None,
) -> BuildReport:
    """Write a snapshot of ``documents`` below ``root`` and make it the current one.

    When the current snapshot holds exactly these documents by this model, nothing is written.

    Raises:
        IndexingError: there are no documents, or two share an id.
    """
    started = time.monotonic()
    ordered = sorted(documents, key=lambda document: document.id)
    _check_documents(ordered)
    digests = document_digests(ordered)
    content = hashlib.sha256(digests.tobytes()).hexdigest()
    current = _sound_snapshot(root, encoder)
    if current and current[1].content == content:
        name, manifest = current
        seconds = time.monotonic() - started
        return BuildReport(name, len(ordered), manifest.passages, 0, seconds, unchanged=True)
    read = partial(_read_new, ordered, encoder, cache, progress)
    draft = read(_basis(root, current[0] if current else None, ordered, digests))
    encoded = draft.encoded
    if draft.basis.data and not _can_go_on(draft.passages, draft.basis.data):
        draft = read(_Basis(None, None, IndexChange.all_new(len(ordered))))
        encoded += draft.encoded
    subjects, _ = cache.encode(passage_role(encoder), list(background_subjects()), encoder.passages)
    lexical = _update_lexical(draft)

    def fill(folder: Path) -> None:
        names = draft.write_segments(folder)
        index_data.save(
            folder,
            draft.documents,
            draft.passages,
            lexical=lexical,
            subjects=subjects,
            segments=names,
        )

    name = snapshot.write_snapshot(
        root,
        fill,
        model=encoder.fingerprint,
        dimension=encoder.dimension,
        precision=draft.precision.name,
        documents=len(ordered),
        passages=len(draft.passages),
        content=content,
        before=draft.basis.folder,
    )
    seconds = time.monotonic() - started
    return BuildReport(name, len(ordered), len(draft.passages), encoded, seconds, unchanged=False)


def _read_new(
    ordered: Sequence[Document],
    encoder: Encoder,
    cache: VectorCache,
    progress: Progress | None,
    basis: _Basis,
) -> _Draft:
    """Read and encode the documents that ``basis`` has not."""
    new = [ordered[row] for row in basis.change.new.tolist()]
    labels, added = basis.labels(), None
    if new:
        before = SegmentSizes.of(basis.segments)
        added = NewSegment.read(
            new, before, labels, encoder=encoder, cache=cache, progress=progress
        )
    ids = [document.id for document in ordered]
    documents, passages = basis.change.merge_tables(ids, list(labels), basis.data, added)
    return _Draft(basis, documents, passages, added)


def _can_go_on(passages: PassageTable, before: IndexData) -> bool:
    """Return whether ``passages`` may be kept as the segments ``before`` and one more.

    Not when so much has changed that searches would suffer, or when there are now so many that
    vectors are kept in another way.
    """
    first = before.segments[0].block.vectors
    stayed = int((passages.table["vector"] < len(first)).sum())
    same_kind = (first.dtype == np.float32) == (len(passages) <= EXACT_LIMIT)
    return (
        same_kind
        and stayed >= _MIN_FIRST_SHARE * max(len(passages), len(first))
        and len(before.segments) < MAX_SEGMENTS
    )


def _check_documents(documents: Sequence[Document]) -> None:
    if not documents:
        raise IndexingError("There is nothing to index: collect or import calls first.")
    for document in documents:
        if not any(field.text.strip() for field in document.fields):
            raise IndexingError(f"The document {document.id} has no text at all.")
    for before, after in pairwise(documents):
        if before.id == after.id:
            raise IndexingError(f"Two documents share the id {after.id}.")


def _sound_snapshot(root: Path, encoder: Encoder) -> tuple[str, snapshot.Manifest] | None:
    """Return the current snapshot's name and manifest if it is sound and by this model."""
    name = snapshot.current_snapshot(root)
    if name is None:
        return None
    try:
        manifest = snapshot.verify_snapshot(root / name)
    except SnapshotError:
        return None
    same_model = (manifest.model, manifest.dimension) == (encoder.fingerprint, encoder.dimension)
    return (name, manifest) if same_model else None


def _basis(
    root: Path, name: str | None, documents: Sequence[Document], digests: NDArray[np.uint64]
) -> _Basis:
    """Return what can be taken over from the snapshot ``name``."""
    nothing = _Basis(None, None, IndexChange.all_new(len(documents)))
    if name is None:
        return nothing
    try:
        data = index_data.load(root / name)
    except SnapshotError:
        return nothing
    return _Basis(root / name, data, IndexChange.between(data, documents, digests))


def _update_lexical(draft: _Draft) -> dict[str, LexicalIndex]:
    """Return the word index of each language that a document has."""
    change, before = draft.basis.change, draft.basis.lexical
    readable = draft.added.readable if draft.added else ()
    texts = _texts_by_language(zip(change.new.tolist(), readable, strict=True))
    lexical: dict[str, LexicalIndex] = {}
    for language in sorted({*texts, *before}):
        known, own = before.get(language), texts.get(language, {})
        words = known.update(change.moves, own) if known else LexicalIndex.build(language, own)
        if len(words.rows):
            lexical[language] = words
    return lexical


def _texts_by_language(documents: Iterable[tuple[int, Document]]) -> dict[str, dict[int, str]]:
    """Gather the words of documents by row, by language: {language: {row: text}}."""
    found: dict[str, dict[int, str]] = {}
    for row, document in documents:
        for language in document.languages:
            texts = [f.text for f in document.fields if f.language == language]
            found.setdefault(language, {})[row] = "\n".join([*texts, document.keywords])
    return found
