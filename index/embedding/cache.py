"""Cache of vectors by model and hash of the text, so that no text is encoded twice."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding import cache_rows, checksum
from index.embedding.cache_rows import SPANS, UNITS, RowKind, T
from index.embedding.encoder import Encoder, Vectors
from index.errors import CacheError, ModelError
from index.text.sentences import Span

CHUNK_SIZE = 64
"""Texts encoded between two commits: what an interruption can lose, and a step of progress."""

_SPAN_SUFFIX = ":parted"
"""Ending of the role under which what the spans of a text add is kept."""

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""SQLite's words for a file that is no cache; others are about the disk, or who else writes."""

_PRIMARY_CODE = 0xFF

_MOST_KEPT_SPANS = 40
"""Spans of a text of a query that are kept: its sections, but not its words."""

HalfVectors = NDArray[np.float16]

Progress = Callable[[int, int], None]
"""Called with (texts done, texts to encode)."""

_log = logging.getLogger(__name__)


class VectorCache:
    """An SQLite file of vectors. Safe to delete: everything in it can be encoded again.

    What is read is checked: a row that is not what was written counts as missing, and a file that
    is damaged is set aside.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file at ``path``; a damaged one is set aside and begun anew.

        Raises:
            CacheError: it cannot be opened or made.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            self._connection = self._begin_anew(error)
        except OSError as error:
            raise _unusable(path, error) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, check_same_thread=False)
        try:
            connection.text_factory = bytes  # a damaged key need not be UTF-8
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (model TEXT, text TEXT, vector BLOB NOT NULL, "
                "checksum BLOB, PRIMARY KEY (model, text)) WITHOUT ROWID"
            )
            columns = {row[1] for row in connection.execute("PRAGMA table_info(vectors)")}
            if b"checksum" not in columns:
                connection.execute("ALTER TABLE vectors ADD COLUMN checksum BLOB")
            connection.execute("SELECT model, text, vector, checksum FROM vectors LIMIT 1")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _begin_anew(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        """Set the file aside if it is damaged, and open a new one.

        Raises:
            CacheError: the file is not to blame, or it cannot be replaced.
        """
        if _code(error) not in _DAMAGE:
            raise _unusable(self._path, error) from error
        aside = self._path.with_suffix(".damaged")
        try:
            self._path.replace(aside)
            for ending in ("-wal", "-shm"):  # they belong to the file that is set aside
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            connection = self._open()
        except (OSError, sqlite3.DatabaseError) as second:
            raise _unusable(self._path, second) from second
        _log.warning(
            "The kept vectors in %s are damaged (%s): the file is now %s, and texts are encoded "
            "anew.",
            self._path,
            error,
            aside.name,
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
        *,
        dimension: int = 0,
    ) -> tuple[Vectors, int]:
        """Return the vectors of ``texts`` in order, and how many had to be encoded.

        Args:
            model: the encoder's fingerprint, with its role (query or passage).
            texts: any number of texts; equal ones are encoded once.
            encode: texts to unit vectors, one row each.
            progress: called after every chunk.
            dimension: of the vectors; 0: ``encode`` says it.

        Raises:
            CacheError: the vectors cannot be kept: the disk is full, say.
            ModelError: the model gives no unit vector for a text.
        """
        if not texts:
            return encode([]), 0
        keys = [checksum.sha256_of_text(text) for text in texts]
        known = self._read(model, set(keys), dimension or encode([]).shape[1], UNITS)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for chunk in _chunks(missing, progress):
            vectors = encode([missing[key] for key in chunk])
            _check_units(vectors, [missing[key] for key in chunk])
            self._write(model, dict(zip(chunk, vectors, strict=True)))
            known.update(zip(chunk, vectors, strict=True))
        return np.stack([known[key] for key in keys]), len(missing)

    def encode_with_spans(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
        *,
        asking: bool = False,
    ) -> tuple[Vectors, list[HalfVectors], int]:
        """Return the vectors of texts, what their ``spans`` add, and how many were encoded.

        Args:
            encoder: the model.
            texts: at least one; equal ones have equal spans.
            spans: of each text. A passage is always cut in one way, a query need not be.
            progress: called after every chunk.
            asking: whether the texts search, or are searched.

        Raises:
            CacheError: the vectors cannot be kept: the disk is full, say.
            ModelError: the model gives no unit vector for a text.
        """
        role = query_role(encoder) if asking else passage_role(encoder)
        parted = role + _SPAN_SUFFIX
        keys = [checksum.sha256_of_text(text) for text in texts]
        cuts = keys
        if asking:
            marks = zip(texts, map(_written, spans), strict=True)
            cuts = [checksum.sha256_of_text(text + mark) for text, mark in marks]
        known = self._read(role, set(keys), encoder.dimension, UNITS)
        added = self._read(parted, set(cuts), encoder.dimension, SPANS)
        rows = dict(zip(cuts, range(len(cuts)), strict=True))
        missing = {
            cut: texts[row]
            for cut, row in rows.items()
            if keys[row] not in known or len(added.get(cut, ())) != len(spans[row])
        }
        for chunk in _chunks(missing, progress):
            vectors, parts = encoder.encode_with_spans(
                [missing[cut] for cut in chunk], [spans[rows[cut]] for cut in chunk], asking=asking
            )
            _check_units(vectors, [missing[cut] for cut in chunk])
            halves = [part.astype(np.float16) for part in parts]
            units = dict(zip((keys[rows[cut]] for cut in chunk), vectors, strict=True))
            self._write(role, units)
            self._write(parted, dict(zip(chunk, halves, strict=True)))
            known.update(units)
            added.update(zip(chunk, halves, strict=True))
        none = np.zeros((0, encoder.dimension), np.float16)
        return np.stack([known[k] for k in keys]), [added.get(c, none) for c in cuts], len(missing)

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
            known.update(key.decode(errors="replace") for (key,) in rows)
        return [text for key, text in wanted.items() if key not in known]

    def _read(self, model: str, keys: set[str], dimension: int, kind: RowKind[T]) -> dict[str, T]:
        """Return what is kept of ``keys`` and sound; a row without a checksum is given one."""
        vectors: dict[str, T] = {}
        unsigned: dict[str, T] = {}
        for part in _parts(sorted(keys)):
            for text, vector, signature in self._select(model, part):
                values = kind.read(model, text, vector, signature, dimension)
                key = text.decode(errors="replace")
                if values is None or key not in keys:
                    continue
                vectors[key] = values
                if signature is None:
                    unsigned[key] = values
        if unsigned:
            with contextlib.suppress(CacheError):  # what was read is sound all the same
                self._write(model, unsigned)
        return vectors

    def _select(self, model: str, keys: Sequence[str]) -> list[tuple[bytes, object, object]]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT text, vector, checksum FROM vectors WHERE model = ? AND text IN ({marks})"  # noqa: S608  only question marks are spliced in
        try:
            rows = self._connection.execute(query, (model, *keys)).fetchall()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            self._connection = self._begin_anew(error)
            return []
        return [row for row in rows if isinstance(row[0], bytes)]

    def _write(self, model: str, vectors: Mapping[str, Vectors | HalfVectors]) -> None:
        blobs = {key: vector.tobytes() for key, vector in vectors.items()}
        rows = [
            (model, key, blob, cache_rows.row_checksum(model, key.encode(), blob))
            for key, blob in blobs.items()
        ]
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            if _code(error) not in _DAMAGE:
                raise _unusable(self._path, error) from error
            self._connection.close()
            self._connection = self._begin_anew(error)
            self._insert(rows)

    def _insert(self, rows: Sequence[tuple[str, str, bytes, bytes]]) -> None:
        statement = (
            "INSERT OR REPLACE INTO vectors (model, text, vector, checksum) VALUES (?, ?, ?, ?)"
        )
        with self._connection:
            self._connection.executemany(statement, rows)


def _code(error: sqlite3.DatabaseError) -> int:
    """Return SQLite's primary code of an error."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    return code & _PRIMARY_CODE


def _unusable(path: Path, error: Exception) -> CacheError:
    return CacheError(
        f"Vectors cannot be kept in {path} ({error}): see to the disk of FUNDSCOUT_DATA, its "
        "room and its rights. What was indexed before stays in use."
    )


def _check_units(vectors: Vectors, texts: Sequence[str]) -> None:
    """Check what the model gave before it is kept.

    Raises:
        ModelError: a vector is not finite, or not of length 1.
    """
    if cache_rows.are_units(vectors):
        return
    for vector, text in zip(vectors, texts, strict=True):
        if not cache_rows.are_units(vector[None]):
            # its length alone: it may be a pilot's, and errors are logged
            raise ModelError(f"The model gives no vector for a text (length: {len(text):,}).")


class CachedEncoder:
    """An encoder that reads a cache first. Vectors and fingerprint are those of the one inside."""

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.unrelated = encoder.unrelated
        self.additive = encoder.additive
        self.bilingual = encoder.bilingual
        self.notes = encoder.notes
        self._encoder = encoder
        self._cache = cache

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return self._encode(passage_role(self), texts, self._encoder.passages, progress)

    def queries(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self._encode(query_role(self), texts, self._encoder.queries, progress)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds.

        The sections of a query are kept. Its words, which are many, and what passages are cut into
        here are not.
        """
        if asking and texts and max(map(len, spans)) <= _MOST_KEPT_SPANS:
            try:
                kept = self._cache.encode_with_spans(self._encoder, texts, spans, asking=True)
            except CacheError as error:
                _log.warning("%s", error)
            else:
                return kept[0], [one.astype(np.float32) for one in kept[1]]
        return self._encoder.encode_with_spans(texts, spans, asking=asking)

    def _encode(
        self,
        role: str,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
    ) -> Vectors:
        """Encode through the cache, or without it where vectors cannot be kept."""
        try:
            return self._cache.encode(role, texts, encode, progress, dimension=self.dimension)[0]
        except CacheError as error:
            _log.warning("%s", error)
            return encode(texts)


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


def query_role(encoder: Encoder) -> str:
    """Return the role under which a cache keeps the encoder's queries."""
    return f"{encoder.fingerprint}:q"


def _written(spans: Sequence[Span]) -> str:
    """Return ``spans`` as what a text that is cut so is kept under."""
    return "\0" + ",".join(f"{span.start}-{span.end}" for span in spans)
