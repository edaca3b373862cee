"""Store and index an examples' folder with mixed vectors in the model's place.

    PYTHONPATH=TREE python -P bench/speed/stand_in.py BASE.npy REPORT.json

The calls of FUNDSCOUT_EXAMPLES go into FUNDSCOUT_DATA by the jobs of the tree on PYTHONPATH, which
may be an earlier one: so this file imports nothing of the bench, and of fundscout only what has
stayed the same. The snapshot says that it is by the model of the settings, whose queries then
search it. REPORT gets the seconds of the index build, and how many passages there are.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from service.context import Context
from service.jobs.load_examples import load_examples
from service.jobs.reindex import reindex
from service.settings import Settings

Vectors = NDArray[np.float32]

NOISE = 0.3
"""Length of the noise that is added to a mixture of two unit vectors."""


class ModelIdentity(Protocol):
    """What a snapshot keeps of the model, and a search checks."""

    @property
    def fingerprint(self) -> str:
        """Identifies the model."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    @property
    def unrelated(self) -> float:
        """Cosine of a query and a passage that have nothing in common."""
        ...


class StandInEncoder:
    """Stands in for a model while an index is built: every text has a mixture of two vectors.

    ``seconds`` is what mixing them has taken so far.
    """

    additive = True
    bilingual = False
    notes: tuple[()] = ()

    def __init__(self, model: ModelIdentity, base: Vectors) -> None:
        """Take the identity of ``model``, and the vectors (n, dimension) to mix."""
        self.fingerprint = model.fingerprint
        self.dimension = model.dimension
        self.unrelated = model.unrelated
        self.seconds = 0.0
        self._base = base

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text, always the same for the same text."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        started = time.perf_counter()
        vectors: Vectors = np.stack([vector_of(self._base, text) for text in texts])
        self.seconds += time.perf_counter() - started
        return vectors

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Return what `passages` does."""
        return self.passages(texts)

    def encode_with_spans(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Any]],
        *,
        asking: bool,  # noqa: ARG002  both roles are alike
    ) -> tuple[Vectors, list[Vectors]]:
        """Return a unit vector for each text, to which its spans add equal parts."""
        vectors = self.passages(texts)
        added = [
            np.full((len(own), 1), 1 / max(len(own), 1), np.float32) * vector
            for vector, own in zip(vectors, spans, strict=True)
        ]
        return vectors, added

    parted = encode_with_spans
    """Its name in earlier trees."""


def vector_of(base: Vectors, text: str) -> Vectors:
    """Return the mixture of ``base`` (n, dimension) that stands for ``text``: (dimension,)."""
    chance = np.random.default_rng(zlib.crc32(text.encode("utf-8", "replace")))
    vector: Vectors = mix_vectors(base, 1, chance)[0]
    return vector


def mix_vectors(base: Vectors, count: int, chance: np.random.Generator) -> Vectors:
    """Return ``count`` unit vectors, each between two of ``base`` with noise added."""
    pairs = chance.integers(0, len(base), (count, 2))
    share = chance.uniform(0.3, 0.7, (count, 1)).astype(np.float32)
    noise = chance.standard_normal((count, base.shape[1]), np.float32)
    noise *= NOISE / np.sqrt(base.shape[1])
    mixed = share * base[pairs[:, 0]] + (1 - share) * base[pairs[:, 1]] + noise
    unit: Vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit


def store_and_index(
    settings: Settings, base: Vectors, model: ModelIdentity | None = None
) -> dict[str, float]:
    """Store the examples of ``settings`` and index them.

    Args:
        settings: name the examples and the data folder.
        base: what vectors are mixed from.
        model: whose index it is taken for; that of the settings when None.

    Returns:
        The ``seconds`` of the index build without those of its vectors, and its ``passages``.
    """
    stand_in = StandInEncoder(model or Context.open(settings).encoder(), base)
    context = Context.open(settings, load=lambda: stand_in)
    load_examples(context)
    started = time.perf_counter()
    built = reindex(context)
    seconds = time.perf_counter() - started - stand_in.seconds
    return {"seconds": seconds, "passages": built.passages}


def main() -> None:
    """Build, and write what it took."""
    base, report = sys.argv[1:]
    facts = store_and_index(Settings.from_env(), np.load(base, allow_pickle=False))
    Path(report).write_text(json.dumps(facts), "utf-8")


if __name__ == "__main__":
    main()
