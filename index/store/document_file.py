"""The documents of a snapshot: a line of JSON each, read when it is asked for."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.store.columns import group_starts
from index.store.document import Document, Field
from index.text.reading.clean import READING

DOCUMENT_ROW = np.dtype(
    [
        ("segment", "<u4"),
        ("offset", "<u8"),
        ("length", "<u4"),
        ("digest", "<u8", (2,)),
        ("passages", "<u4"),
        ("hash", "<u8"),
        ("hashes", "<u4"),
    ]
)
"""Where a document's line lies in which segment; the digest of what it says; how many passages it
has; and where in the segments, taken together, the hashes of its sentences lie."""


class DocumentFile(Sequence[Document]):
    """Documents by row, in ascending order of their ids."""

    def __init__(
        self, rows: NDArray[Any], ids: Sequence[str], texts: Sequence[bytes | mmap.mmap]
    ) -> None:
        """Hold ``rows`` of `DOCUMENT_ROW`, the ``ids``, and the ``texts`` of each segment."""
        self.table = rows
        self.ids = ids
        self._texts = texts

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, row: int) -> Document: ...

    @overload
    def __getitem__(self, row: slice) -> list[Document]: ...

    def __getitem__(self, row: int | slice) -> Document | list[Document]:
        if isinstance(row, slice):
            return [self[n] for n in range(*row.indices(len(self)))]
        segment, offset, length, *_ = self.table[row].item()
        line = bytes(self._texts[segment][offset : offset + length])
        return _document(json.loads(line.decode("utf-8", "surrogatepass")))


def encode_lines(documents: Iterable[Document]) -> tuple[bytes, NDArray[np.int64]]:
    """Return the lines of ``documents`` as UTF-8, and where each begins, with the end."""
    lines = [
        json.dumps(asdict(document), ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        + b"\n"
        for document in documents
    ]
    return b"".join(lines), group_starts(np.array([len(line) for line in lines], np.int64))


def map_text(path: Path) -> mmap.mmap:
    """Map a file of lines; raise `ValueError` when it is empty."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def document_digests(documents: Sequence[Document]) -> NDArray[np.uint64]:
    """Return a digest of everything that each document says and how it is read: (documents, 2)."""
    digests = b"".join(_digest(document) for document in documents)
    return np.frombuffer(digests, "<u8").reshape(-1, 2)


def _digest(document: Document) -> bytes:
    pieces = [READING, document.id, document.keywords]
    for field in document.fields:
        pieces += [field.name, field.language, field.text, repr(field.sections)]
    # lengths before the texts, so that no two documents read alike
    sizes = ",".join(str(len(piece)) for piece in pieces)
    whole = "".join([sizes, "\n", *pieces]).encode("utf-8", "surrogatepass")
    return blake2b(whole, digest_size=16).digest()


def _document(fields: dict[str, Any]) -> Document:
    return Document(
        fields["id"],
        tuple(
            Field(f["name"], f["language"], f["text"], tuple(tuple(s) for s in f["sections"]))
            for f in fields["fields"]
        ),
        fields["keywords"],
    )
