"""Encoder of the bundled model by onnxruntime: no PyTorch, no padding, weights shared on disk.

Each text is a run of its own on one thread, and as many run side by side as there are processors.
A batch would pad its texts to the longest of them and lose more than it gains here; so a lone
query does not wait for others, texts of several requests take turns, and memory is that of a few
texts however many there are.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import MAX_TOKENS, Vectors
from index.embedding.onnx import files as onnx_files
from index.embedding.onnx.names import IDS, STATES
from index.embedding.onnx.tokenizer import Tokenizer
from index.note import Note
from index.text.sentences import Span

T = TypeVar("T")
R = TypeVar("R")

_QUERY, _PASSAGE = onnx_files.PROMPTS


class OnnxEncoder:
    """The bundled model with an adapter. Safe to share by threads."""

    additive = True
    bilingual = True
    notes: tuple[Note, ...] = ()

    def __init__(self, folder: Path, adapter: Path | None = None, threads: int = 0) -> None:
        """Open the model's files below ``folder``; they are made if need be.

        Args:
            folder: of unpacked models.
            adapter: file of a trained change of the model.
            threads: texts read at once; 0: as many as this process has processors.

        Raises:
            ModelError: the files cannot be made or read here.
        """
        files = onnx_files.prepare_files(folder, adapter)
        facts = onnx_files.read_facts(files)
        self.precision = facts.precision
        self.fingerprint = facts.fingerprint
        self.unrelated = facts.unrelated
        self._session = onnx_files.open_session(files)
        self.dimension = int(self._session.get_outputs()[0].shape[-1])
        self._tokenizer = Tokenizer(files)
        self._threads = threads or available_processors()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return self._stack(self._map(lambda text: self._read(text, (), _PASSAGE)[0], texts))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self._stack(self._map(lambda text: self._read(text, (), _QUERY)[0], texts))

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds to the vector.

        A token counts where its middle lies; what lies beyond the window adds nothing.
        """
        prompt = _QUERY if asking else _PASSAGE
        pairs = list(zip(texts, spans, strict=True))
        read = self._map(lambda pair: self._read(pair[0], pair[1], prompt), pairs)
        return self._stack([vector for vector, _ in read]), [added for _, added in read]

    def _read(self, text: str, spans: Sequence[Span], prompt: str) -> tuple[Vectors, Vectors]:
        """Return a text's unit vector, (dimension,), and what spans add, (spans, dimension)."""
        tokens = self._tokenizer.encode(prompt + text, MAX_TOKENS)
        states = self._session.run([STATES], {IDS: np.array([tokens.ids], np.int64)})[0][0]
        total = states.sum(axis=0)
        length = max(float(np.linalg.norm(total)), 1e-9)
        middles = np.array(tokens.middles) - len(prompt)
        added = np.zeros((len(spans), self.dimension), np.float32)
        for row, span in enumerate(spans):
            inside: NDArray[np.bool_] = (middles >= span.start) & (middles < span.end)
            added[row] = states[inside].sum(axis=0) / length
        return total / length, added

    def _map(self, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Do ``work`` on each item, side by side; in their order."""
        if self._threads == 1 or len(items) == 1:
            return [work(item) for item in items]
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, "encoder")
        return list(self._pool.map(work, items))

    def _stack(self, vectors: Sequence[Vectors]) -> Vectors:
        if not vectors:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack(vectors)


def available_processors() -> int:
    """Return how many processors this process may use: fewer than there are in a container."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return os.cpu_count() or 1
