"""Documents to a snapshot: passages, vectors, words. Only texts that are new are encoded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.embedding.cache import Progress, VectorCache, passage_role
from index.embedding.encoder import Encoder, Vectors
from index.errors import IndexingError, SnapshotError
from index.store import index_data, snapshot
from index.store.background_subjects import background_subjects
from index.store.bm25 import LexicalIndex
from index.store.boilerplate import mark_boilerplate
from index.store.document import Document
from index.store.index_data import IndexData
from index.store.passage_sentences import PassageSentences
from index.store.passages import Passage, cut_passages, quotable_sentences
from index.store.vectors.faiss import FaissVectors


@dataclass(frozen=True)
class BuildReport:
    """What a build did; ``encoded`` counts the passages that the model had to encode."""

    snapshot: str
    documents: int
    passages: int
    encoded: int
    seconds: float
    unchanged: bool


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
    content = index_data.content_hash(ordered)
    unchanged = _unchanged_snapshot(root, content, encoder.fingerprint)
    if unchanged:
        manifest = snapshot.read_manifest(root / unchanged)
        seconds = time.monotonic() - started
        return BuildReport(unchanged, len(ordered), manifest.passages, 0, seconds, unchanged=True)
    cut = (passage for document in ordered for passage in cut_passages(document))
    passages = list(mark_boilerplate(ordered, cut))
    vectors, sentences, encoded = _encode_passages(ordered, passages, encoder, cache, progress)
    subjects, _ = cache.encode(passage_role(encoder), list(background_subjects()), encoder.passages)
    lexical = {
        lang: LexicalIndex.build(lang, texts) for lang, texts in _texts_by_language(ordered).items()
    }
    data = IndexData(ordered, passages, FaissVectors.build(vectors), lexical, subjects, sentences)
    name = snapshot.write_snapshot(
        root,
        lambda folder: index_data.save(folder, data),
        model=encoder.fingerprint,
        dimension=encoder.dimension,
        documents=len(ordered),
        passages=len(passages),
        content=content,
    )
    seconds = time.monotonic() - started
    return BuildReport(name, len(ordered), len(passages), encoded, seconds, unchanged=False)


def _encode_passages(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder,
    cache: VectorCache,
    progress: Progress | None,
) -> tuple[Vectors, PassageSentences, int]:
    """Return the vectors of passages, their sentences, and how many had to be encoded."""
    by_id = {document.id: document for document in documents}
    spans = [quotable_sentences(by_id[passage.document], passage) for passage in passages]
    within = [
        [span.shift(passage.encoded_offset) for span in own]
        for passage, own in zip(passages, spans, strict=True)
    ]
    texts = [passage.encoded for passage in passages]
    vectors, added, encoded = cache.encode_with_spans(encoder, texts, within, progress)
    return vectors, PassageSentences.from_passages(spans, added, encoder.dimension), encoded


def _check_documents(documents: Sequence[Document]) -> None:
    if not documents:
        raise IndexingError("There is nothing to index: collect or import calls first.")
    for document in documents:
        if not any(field.text.strip() for field in document.fields):
            raise IndexingError(f"The document {document.id} has no text at all.")
    for before, after in pairwise(documents):
        if before.id == after.id:
            raise IndexingError(f"Two documents share the id {after.id}.")


def _unchanged_snapshot(root: Path, content: str, model: str) -> str | None:
    """Return the current snapshot's name if it is sound and holds this content by this model."""
    name = snapshot.current_snapshot(root)
    if name is None:
        return None
    try:
        manifest = snapshot.verify_snapshot(root / name)
    except SnapshotError:
        return None
    return name if (manifest.content, manifest.model) == (content, model) else None


def _texts_by_language(documents: Sequence[Document]) -> dict[str, dict[int, str]]:
    """Gather each document's words by language: {language: {row: text}}."""
    found: dict[str, dict[int, str]] = {}
    for row, document in enumerate(documents):
        for language in document.languages:
            texts = [f.text for f in document.fields if f.language == language]
            found.setdefault(language, {})[row] = "\n".join([*texts, document.keywords])
    return found
