"""Cache of vectors by model and hash of the text, so that no text is encoded twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import checksum
from index.embedding.encoder import Encoder, Vectors
from index.text.sentences import Span

CHUNK_SIZE = 64
"""Texts encoded between two commits: what an interruption can lose, and a step of progress."""

_SPAN_SUFFIX = ":parted"
"""Ending of the role under which what the spans of a text add is kept."""

HalfVectors = NDArray[np.float16]

Progress = Callable[[int, int], None]
"""Called with (texts done, texts to encode)."""


class VectorCache:
    """An SQLite file of vectors. Safe to delete: everything in it can be encoded again."""

    def __init__(self, path: Path) -> None:
        """Open or create the file at ``path``; a damaged one is set aside and begun anew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            path.replace(path.with_suffix(".damaged"))
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors "
            "(model TEXT, text TEXT, vector BLOB NOT NULL, PRIMARY KEY (model, text)) "
            "WITHOUT ROWID"
        )
        return connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def encode(
        self,
        model: str,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Vectors],
        progress: Progress | None = None,
    ) -> tuple[Vectors, int]:
        """Return the vectors of ``texts`` in order, and how many had to be encoded.

        Args:
            model: the encoder's fingerprint, with its role (query or passage).
            texts: any number of texts; equal ones are encoded once.
            encode: texts to unit vectors, one row each.
            progress: called after every chunk.
        """
        keys = [checksum.sha256_of_text(text) for text in texts]
        known = self._read(model, set(keys))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for chunk in _chunks(missing, progress):
            vectors = encode([missing[key] for key in chunk])
            self._write(model, dict(zip(chunk, vectors, strict=True)))
            known.update(zip(chunk, vectors, strict=True))
        if not keys:
            return encode([]), 0
        return np.stack([known[key] for key in keys]), len(missing)

    def encode_with_spans(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> tuple[Vectors, list[HalfVectors], int]:
        """Return the vectors of passages, what their ``spans`` add, and how many were encoded.

        Args:
            encoder: the model.
            texts: at least one; equal ones have equal spans.
            spans: of each text.
            progress: called after every chunk.
        """
        role = passage_role(encoder)
        keys = [checksum.sha256_of_text(text) for text in texts]
        known = self._read(role, set(keys))
        added = {
            key: blob.view(np.float16).reshape(-1, encoder.dimension)
            for key, blob in self._read(role + _SPAN_SUFFIX, set(keys)).items()
        }
        rows = dict(zip(keys, range(len(keys)), strict=True))
        missing = {
            key: texts[row]
            for key, row in rows.items()
            if key not in known or len(added.get(key, ())) != len(spans[row])
        }
        for chunk in _chunks(missing, progress):
            vectors, parts = encoder.encode_with_spans(
                [missing[key] for key in chunk], [spans[rows[key]] for key in chunk], asking=False
            )
            halves = [part.astype(np.float16) for part in parts]
            self._write(role, dict(zip(chunk, vectors, strict=True)))
            self._write(role + _SPAN_SUFFIX, dict(zip(chunk, halves, strict=True)))
            known.update(zip(chunk, vectors, strict=True))
            added.update(zip(chunk, halves, strict=True))
        return np.stack([known[k] for k in keys]), [added[k] for k in keys], len(missing)

    def missing(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        """Return those of ``texts`` whose vectors as passages are not kept, each once."""
        wanted = {checksum.sha256_of_text(text): text for text in texts}
        known: set[str] = set()
        for part in _parts(sorted(wanted)):
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT text FROM vectors WHERE model = ? AND text IN ({marks})",  # noqa: S608  only question marks are spliced in
                (passage_role(encoder) + _SPAN_SUFFIX, *part),
            )
            known.update(key for (key,) in rows)
        return [text for key, text in wanted.items() if key not in known]

    def _read(self, model: str, keys: set[str]) -> dict[str, Vectors]:
        vectors: dict[str, Vectors] = {}
        wanted = sorted(keys)
        for part in _parts(wanted):
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})",  # noqa: S608  only question marks are spliced in
                (model, *part),
            )
            vectors.update((key, np.frombuffer(blob, np.float32)) for key, blob in rows)
        return vectors

    def _write(self, model: str, vectors: Mapping[str, Vectors | HalfVectors]) -> None:
        rows = [(model, key, vector.tobytes()) for key, vector in vectors.items()]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


class CachedEncoder:
    """An encoder that reads a cache first. Vectors and fingerprint are those of the one inside."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.unrelated = encoder.unrelated
        self.additive = encoder.additive
        self._encoder = encoder
        self._cache = cache

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        role = passage_role(self)
        return self._cache.encode(role, texts, self._encoder.passages, progress)[0]

    def queries(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        role = f"{self.fingerprint}:q"
        return self._cache.encode(role, texts, self._encoder.queries, progress)[0]

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds; this is not kept."""
        return self._encoder.encode_with_spans(texts, spans, asking=asking)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many of ``keys`` as a question to the database may have."""
    return (keys[start : start + 500] for start in range(0, len(keys), 500))


def _chunks(missing: Mapping[str, str], progress: Progress | None) -> Iterator[list[str]]:
    """Yield the keys of texts to encode, a chunk at a time, and call ``progress`` after each.

    Longest first: a batch then holds texts of one length, and the work ends sooner than the
    progress bar says.
    """
    order = sorted(missing, key=lambda key: -len(missing[key]))
    for start in range(0, len(order), CHUNK_SIZE):
        chunk = order[start : start + CHUNK_SIZE]
        yield chunk
        if progress:
            progress(start + len(chunk), len(order))


def passage_role(encoder: Encoder) -> str:
    """Return the role under which a cache keeps the encoder's passages."""
    return f"{encoder.fingerprint}:p"
