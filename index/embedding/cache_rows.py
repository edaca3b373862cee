"""Rows of the vector cache: each with a checksum of all of it, and checked before it is believed.

A row that was written before there were checksums has none. It is believed when it is a vector as
the model makes them, and given one then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Units = NDArray[np.float32]
Spans = NDArray[np.float16]

T = TypeVar("T", bound=Units | Spans)

_CHECKSUM_BYTES = 16
_LENGTH_TOLERANCE = 1e-3
"""How far from 1 the length of a unit vector may be: rounding makes it some 1e-6."""


def row_checksum(model: str, text: bytes, vector: bytes) -> bytes:
    """Return the checksum of a row: of its model and role, the hash of its text, and its vector."""
    running = hashlib.blake2b(digest_size=_CHECKSUM_BYTES)
    for part in (model.encode(), text, vector):
        running.update(len(part).to_bytes(8, "little") + part)
    return running.digest()


@dataclass(frozen=True)
class RowKind(Generic[T]):
    """What a row holds: ``shape`` returns its values or None, ``is_sound`` looks at them."""

    shape: Callable[[bytes, int], T | None]
    is_sound: Callable[[T], bool]

    def read(
        self, model: str, text: bytes, vector: object, checksum: object, dimension: int
    ) -> T | None:
        """Return the values of a row, or None when it is not what was written.

        Args:
            model: the fingerprint and role that the row was found under.
            text: the hash of its text.
            vector: its bytes.
            checksum: the bytes of its checksum; None for a row that has none.
            dimension: of the model.
        """
        if not isinstance(vector, bytes):
            return None
        if checksum is not None and checksum != row_checksum(model, text, vector):
            return None
        values = self.shape(vector, dimension)
        if values is None or (checksum is None and not self.is_sound(values)):
            return None
        return values


def _shape_unit(vector: bytes, dimension: int) -> Units | None:
    # a float has four bytes
    return np.frombuffer(vector, np.float32) if len(vector) == 4 * dimension else None


def _shape_spans(vector: bytes, dimension: int) -> Spans | None:
    if len(vector) % (2 * dimension):  # half a float has two bytes
        return None
    return np.frombuffer(vector, np.float16).reshape(-1, dimension)


def are_units(vectors: NDArray[np.float32]) -> bool:
    """Return whether all of ``vectors``, (n, dimension), are finite and of length 1."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(vectors, axis=1)
    return bool((np.abs(lengths - 1) <= _LENGTH_TOLERANCE).all())


UNITS: RowKind[Units] = RowKind(_shape_unit, lambda values: are_units(values[None]))
"""A unit vector: (dimension,)."""

SPANS: RowKind[Spans] = RowKind(_shape_spans, lambda values: bool(np.isfinite(values).all()))
"""What the spans of a text add to its vector: (spans, dimension)."""
