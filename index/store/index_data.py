"""What a snapshot holds, and its files: documents and passages as JSON, vectors, words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding.encoder import Vectors
from index.errors import SnapshotError
from index.store.bm25 import LexicalIndex
from index.store.document import Document, Field
from index.store.passage_sentences import PassageSentences
from index.store.passages import Passage
from index.store.vectors import VectorStore
from index.store.vectors.faiss import FaissVectors

_DOCUMENTS = "documents.jsonl"
_PASSAGES = "passages.jsonl"
_VECTORS = "vectors.faiss"
_LEXICAL = "lexical"
_SUBJECTS = "subjects.npy"
_SENTENCES = "told"


@dataclass(frozen=True, eq=False)
class IndexData:
    """One built index. Row n of ``vectors`` is passage n; passages are in the documents' order.

    ``subjects`` are the vectors of `background_subjects`: (subjects, dimension). ``sentences``
    are those of the passages.
    """

    documents: list[Document]
    passages: list[Passage]
    vectors: VectorStore
    lexical: dict[str, LexicalIndex]
    subjects: Vectors
    sentences: PassageSentences


def content_hash(documents: Iterable[Document]) -> str:
    """SHA-256 (hex) of documents in their order."""
    running = hashlib.sha256()
    for document in documents:
        running.update(_line(asdict(document)).encode("utf-8", "surrogatepass"))
    return running.hexdigest()


def save(folder: Path, data: IndexData) -> None:
    """Write ``data`` below ``folder``."""
    with (folder / _DOCUMENTS).open("w", encoding="utf-8", errors="surrogatepass") as file:
        file.writelines(_line(asdict(document)) for document in data.documents)
    rows = {document.id: row for row, document in enumerate(data.documents)}
    with (folder / _PASSAGES).open("w", encoding="utf-8", errors="surrogatepass") as file:
        file.writelines(
            _line([rows[p.document], p.field, p.language, p.section, p.start, p.end, p.common])
            for p in data.passages
        )
    data.vectors.save(folder / _VECTORS)
    np.save(folder / _SUBJECTS, data.subjects, allow_pickle=False)
    data.sentences.save(folder / _SENTENCES)
    for language, lexical in data.lexical.items():
        lexical.save(folder / _LEXICAL / language)


def load(folder: Path) -> IndexData:
    """Read what `save` wrote; passages come without the text that the model read.

    Raises:
        SnapshotError: a file is not what was written, or they contradict each other.
    """
    try:
        documents = [_document(fields) for fields in _lines(folder / _DOCUMENTS)]
        passages = [Passage(documents[row].id, *rest) for row, *rest in _lines(folder / _PASSAGES)]
        paths = sorted((folder / _LEXICAL).iterdir())
        lexical = {path.name: LexicalIndex.load(path.name, path) for path in paths}
        subjects = np.load(folder / _SUBJECTS, allow_pickle=False)
        sentences = PassageSentences.load(folder / _SENTENCES)
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise SnapshotError(f"The documents of snapshot {folder.name} cannot be read.") from error
    vectors = FaissVectors.load(folder / _VECTORS)
    sound = sentences.matches_shape(len(passages), vectors.dimension)
    sound = sound and subjects.shape[1:] == (vectors.dimension,)
    if vectors.count != len(passages) or not sound:
        raise SnapshotError(f"The index snapshot {folder.name} contradicts itself.")
    return IndexData(documents, passages, vectors, lexical, subjects, sentences)


def _document(fields: dict[str, Any]) -> Document:
    return Document(
        fields["id"],
        tuple(
            Field(f["name"], f["language"], f["text"], tuple(tuple(s) for s in f["sections"]))
            for f in fields["fields"]
        ),
        fields["keywords"],
    )


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(path: Path) -> Iterable[Any]:
    with path.open(encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        for line in file:
            yield json.loads(line)
