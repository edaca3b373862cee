"""Encoder by sentence-transformers: any model but the bundled one, and for training.

It takes seconds to import, so nothing imports it before such a model is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding.adapter import Adapter, merge_adapter
from index.embedding.batches import length_batches
from index.embedding.encoder import MAX_TOKENS, UNRELATED_COSINE, Vectors
from index.embedding.model import ModelSource
from index.embedding.pooling import encode_with_spans, uses_mean_pooling
from index.errors import ModelError
from index.text.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn


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
        """Encode texts, and return what each of their spans adds to the vector.

        In a model that does not take the mean over its tokens, a span counts as adding its own
        vector times its share of the characters.
        """
        prompt = self._query_prompt if asking else self._passage_prompt
        if not texts:
            return self._encode(texts, prompt), []
        if self.additive:
            return encode_with_spans(self._model, texts, spans, prompt)
        return self._encode(texts, prompt), [
            self._encode([text[span.start : span.end] for span in own], prompt) * _shares(text, own)
            for text, own in zip(texts, spans, strict=True)
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
