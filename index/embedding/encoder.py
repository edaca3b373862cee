"""Texts to vectors. The only door to sentence-transformers, with a light double for tests."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.adapter import Adapter, merge_adapter
from index.embedding.batches import length_batches
from index.embedding.model import ModelSource
from index.embedding.pooling import encode_with_spans, uses_mean_pooling
from index.errors import ModelError
from index.text.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

Vectors = NDArray[np.float32]

MAX_TOKENS = 256
"""Tokens read of one text; passages are cut shorter than this (see `index.store.document`)."""


UNRELATED_COSINE = 0.55
"""Cosine that plain e5 and its kin give any two texts at least."""


class Encoder(Protocol):
    """What the index needs of a model. Rows are unit vectors, so a dot product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """What tells this model's vectors from every other's."""
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    @property
    def unrelated(self) -> float:
        """Cosine of a query and a passage that have nothing in common."""
        ...

    @property
    def additive(self) -> bool:
        """Whether a vector is the sum of its words', so that `parted` need not read them."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        ...

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and say what each of their spans adds to the vector.

        Args:
            texts: any number.
            spans: of each text, in code points.
            asking: whether the texts search, or are searched.

        Returns:
            What `queries` or `passages` does, and for each text (len(its spans), dimension): summed
            over all of a text they would be its vector.
        """
        ...


class SentenceEncoder:
    """A sentence-transformers model on the CPU, loaded from safetensors only."""

    def __init__(self, source: ModelSource) -> None:
        """Load the model of ``source``; raise `ModelError` saying why when it does not load."""
        self.fingerprint = source.fingerprint
        self._model = _load_model(source)
        self.unrelated = UNRELATED_COSINE
        if source.adapter is not None:
            adapter = Adapter.read(source.adapter)
            merge_adapter(self.blocks, adapter)
            self.unrelated = float(adapter.recipe.get("unrelated", UNRELATED_COSINE))
        longest = self._model.max_seq_length or MAX_TOKENS
        self._model.max_seq_length = min(longest, MAX_TOKENS)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.additive = uses_mean_pooling(self._model)
        prompts = self._model.prompts or {}
        self._query_prompt = prompts.get("query") or ""
        self._passage_prompt = prompts.get("document") or prompts.get("passage") or ""

    @property
    def blocks(self) -> nn.ModuleList:
        """The blocks of a BERT model, lowest first; raise `ModelError` for one of another kind."""
        try:
            transformer: Any = self._model[0]
            blocks: nn.ModuleList = transformer.auto_model.encoder.layer
        except AttributeError as error:
            raise ModelError("Only models of BERT's kind can have an adapter.") from error
        return blocks

    @property
    def model(self) -> SentenceTransformer:
        """The model itself, for training."""
        return self._model

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return self._encode(texts, self._passage_prompt)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self._encode(texts, self._query_prompt)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and say what each of their spans adds to the vector.

        Of a model that does not take the mean over its tokens, a span is taken to add its own
        vector by its share of the characters.
        """
        prompt = self._query_prompt if asking else self._passage_prompt
        if not texts:
            return self._encode(texts, prompt), []
        if self.additive:
            return encode_with_spans(self._model, texts, spans, prompt)
        return self._encode(texts, prompt), [
            self._encode([text[span.start : span.end] for span in several], prompt)
            * _shares(text, several)
            for text, several in zip(texts, spans, strict=True)
        ]

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for rows in length_batches(texts):
            vectors[rows] = self._model.encode(
                [texts[row] for row in rows],
                prompt=prompt,
                batch_size=len(rows),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors


def unit_vectors(vectors: Vectors) -> Vectors:
    """Return ``vectors`` (n, dimension) at length 1; those of no length stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return found


def _shares(text: str, spans: Sequence[Span]) -> Vectors:
    """Return the share of ``text`` that each span is: (len(spans), 1)."""
    lengths = np.array([span.end - span.start for span in spans], np.float32)
    shares: Vectors = (lengths[:, None] / max(len(text), 1)).astype(np.float32)
    return shares


def _load_model(source: ModelSource) -> SentenceTransformer:
    """Load without running a stranger's code and, for local models, without a network."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds to import
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    name, _, revision = (
        (source.location, "", "") if source.offline else _parse_pinned_name(source.location)
    )
    try:
        return SentenceTransformer(
            name,
            revision=revision or None,
            device="cpu",
            local_files_only=source.offline,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(
            f"The model {source.location} cannot be loaded: {error}. Set FUNDSCOUT_MODEL to a "
            "sentence-transformers folder with safetensors, or leave it unset."
        ) from error


def _parse_pinned_name(name: str) -> tuple[str, str, str]:
    """Split ``owner/model@revision``."""
    return name.partition("@")


class HashEncoder:
    """Hashed character n-grams: no model, the same on every machine, for fast tests.

    Like texts get like vectors; it knows nothing of meaning or other languages.
    """

    fingerprint = "hash-3gram-256"
    dimension = 256
    unrelated = UNRELATED_COSINE
    additive = True

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return np.stack([self._vector(text) for text in texts]) if texts else self._no_vectors()

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self.passages(texts)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and say what each of their spans adds to the vector."""
        vectors = self.queries(texts) if asking else self.passages(texts)
        added = []
        for text, several in zip(texts, spans, strict=True):
            length = np.linalg.norm(self._counts(text))
            rows = [self._counts(text[span.start : span.end]) / length for span in several]
            added.append(np.stack(rows).astype(np.float32) if rows else self._no_vectors())
        return vectors, added

    def _no_vectors(self) -> Vectors:
        return np.zeros((0, self.dimension), np.float32)

    def _vector(self, text: str) -> Vectors:
        counts = self._counts(text)
        unit: Vectors = counts / np.linalg.norm(counts)
        return unit

    def _counts(self, text: str) -> Vectors:
        padded = f"  {' '.join(text.lower().split())}  "
        counts = np.full(self.dimension, 1e-3, np.float32)
        for start in range(len(padded) - 2):
            gram = padded[start : start + 3].encode("utf-8", "replace")
            counts[zlib.crc32(gram) % self.dimension] += 1
        return counts
