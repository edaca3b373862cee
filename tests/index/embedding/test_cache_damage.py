"""What is kept is checked before it is believed: a damaged vector is encoded anew."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from index.embedding.cache import CachedEncoder, VectorCache
from index.embedding.encoder import HashEncoder, Vectors
from index.errors import CacheError, ModelError
from index.text.sentences import Span

TEXTS = [f"Text {number} om vård i hemmet." for number in range(12)]
SPANS = [[Span(0, 6), Span(7, len(text))] for text in TEXTS]
TRUE = HashEncoder().passages(TEXTS)
OLD_TABLE = (
    "CREATE TABLE vectors (model TEXT, text TEXT, vector BLOB NOT NULL, "
    "PRIMARY KEY (model, text)) WITHOUT ROWID"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache in one file, without a journal beside it."""
    path = tmp_path / "vectors.sqlite"
    with closing(VectorCache(path)) as cache:
        cache.encode_with_spans(HashEncoder(), TEXTS, SPANS)
        cache._connection.execute("PRAGMA journal_mode=DELETE")
    return path


def read(path: Path) -> tuple[Vectors, int]:
    """Return the vectors as they are read, and how many were encoded anew."""
    with closing(VectorCache(path)) as cache:
        vectors, added, encoded = cache.encode_with_spans(HashEncoder(), TEXTS, SPANS)
    _, true = HashEncoder().encode_with_spans(TEXTS, SPANS, asking=False)
    for one, other in zip(added, true, strict=True):
        assert np.array_equal(one, other.astype(np.float16))
    return vectors, encoded


def change(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def without_checksums(path: Path) -> None:
    """Make the file one that was written before there were checksums."""
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = connection.execute("SELECT model, text, vector FROM vectors").fetchall()
        connection.execute("DROP TABLE vectors")
        connection.execute(OLD_TABLE)
        connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)


def test_a_sound_cache_is_believed(path: Path) -> None:
    vectors, encoded = read(path)
    assert encoded == 0
    assert np.array_equal(vectors, TRUE)


@pytest.mark.slow
def test_a_flipped_bit_anywhere_is_never_believed(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(0, len(whole), 499):
        for bit in (0x01, 0x40):
            damaged = bytearray(whole)
            damaged[place] ^= bit
            path.write_bytes(damaged)
            assert np.array_equal(read(path)[0], TRUE), (place, bit)


def test_a_file_that_is_cut_short_or_no_cache_is_begun_anew(path: Path) -> None:
    whole = path.read_bytes()
    for contents in (whole[:50], whole[: len(whole) // 2], whole[:-1], b"no cache" * 900, b""):
        path.write_bytes(contents)
        assert np.array_equal(read(path)[0], TRUE)


BLOBS: dict[str, Callable[[bytes], object]] = {
    "not numbers": lambda _: np.full(256, np.nan, np.float32).tobytes(),
    "one not a number": lambda blob: np.float32(np.nan).tobytes() + blob[4:],
    "one infinite": lambda blob: np.float32(np.inf).tobytes() + blob[4:],
    "zeros": lambda blob: bytes(len(blob)),
    "another length": lambda blob: (np.frombuffer(blob, np.float32) * 3).tobytes(),
    "cut short": lambda blob: blob[:-4],
    "cut at an odd byte": lambda blob: blob[:-1],
    "too long": lambda blob: blob + blob,
    "empty": lambda _: b"",
    "a text": lambda _: "a text",
    "a number": lambda _: 5,
}


@pytest.mark.parametrize("name", BLOBS)
@pytest.mark.parametrize("old", [True, False])
def test_a_vector_that_is_none_is_encoded_anew(path: Path, name: str, *, old: bool) -> None:
    if old:
        without_checksums(path)
    with closing(sqlite3.connect(path)) as connection:
        found = "SELECT model, text, vector FROM vectors WHERE model LIKE '%:p' LIMIT 1"
        model, text, blob = connection.execute(found).fetchone()
    change(
        path,
        "UPDATE vectors SET vector = ? WHERE model = ? AND text = ?",
        BLOBS[name](blob),
        model,
        text,
    )
    vectors, encoded = read(path)
    assert encoded == 1
    assert np.array_equal(vectors, TRUE)
    assert read(path)[1] == 0


@pytest.mark.parametrize("column", ["model", "text", "vector", "checksum"])
def test_rows_that_changed_places_are_not_believed(path: Path, column: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        found = "SELECT model, text, vector, checksum FROM vectors WHERE model LIKE '%:p' LIMIT 2"
        one, other = connection.execute(found).fetchall()
        connection.execute("DELETE FROM vectors WHERE text IN (?, ?)", (one[1], other[1]))
        swapped = ["model", "text", "vector", "checksum"].index(column)
        rows = [list(one), list(other)]
        rows[0][swapped], rows[1][swapped] = rows[1][swapped], rows[0][swapped]
        if column == "model":  # both have one role: give one the other's
            rows[0][0] = one[0].removesuffix(":p") + ":q"
        connection.executemany("INSERT INTO vectors VALUES (?, ?, ?, ?)", rows)
    vectors, _ = read(path)
    assert np.array_equal(vectors, TRUE)
    with closing(VectorCache(path)) as cache:
        asked = CachedEncoder(HashEncoder(), cache).queries(TEXTS)
    assert np.array_equal(asked, HashEncoder().queries(TEXTS))


def test_an_old_cache_is_used_and_given_checksums(path: Path) -> None:
    without_checksums(path)
    vectors, encoded = read(path)
    assert encoded == 0
    assert np.array_equal(vectors, TRUE)
    with closing(sqlite3.connect(path)) as connection:
        (left,) = connection.execute(
            "SELECT count(*) FROM vectors WHERE checksum IS NULL"
        ).fetchone()
    assert left == 0


def test_a_damaged_file_is_said_in_a_sentence_and_kept(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(b"no cache" * 900)
    read(path)
    (record,) = caplog.records
    assert "are damaged" in record.getMessage()
    assert path.with_suffix(".damaged").read_bytes() == b"no cache" * 900


def test_a_cache_that_another_process_holds_is_not_set_aside(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: VectorCache) -> sqlite3.Connection:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(VectorCache, "_open", locked)
    with pytest.raises(CacheError, match="locked"):
        VectorCache(path)
    assert path.exists()


class BrokenEncoder(HashEncoder):
    """Gives no numbers for one text."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = super().passages(texts).copy()
        vectors[[text == TEXTS[3] for text in texts]] = np.nan
        return vectors


def test_what_the_model_gives_is_checked_too(tmp_path: Path) -> None:
    with closing(VectorCache(tmp_path / "new.sqlite")) as cache:
        with pytest.raises(ModelError, match=r"no vector for a text .length: 24"):
            cache.encode("m", TEXTS, BrokenEncoder().passages)
        assert cache.encode("m", TEXTS, HashEncoder().passages)[1] == len(TEXTS)


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_and_queries_go_on(path: Path) -> None:
    new = [f"New text {number}" for number in range(500)]
    with closing(VectorCache(path)) as cache, small_disk(path.stat().st_size):
        with pytest.raises(CacheError, match="see to the disk"):
            cache.encode("m", new, HashEncoder().passages)
        asked = CachedEncoder(HashEncoder(), cache).queries(new)
    assert np.array_equal(asked, HashEncoder().queries(new))
    assert read(path)[1] == 0


def test_old_rows_are_believed_on_a_full_disk_too(path: Path) -> None:
    without_checksums(path)
    with closing(VectorCache(path)) as cache, small_disk(4096):
        _, _, encoded = cache.encode_with_spans(HashEncoder(), TEXTS, SPANS)
    assert encoded == 0
