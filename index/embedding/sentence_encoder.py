"""Encoder by sentence-transformers: any model but the bundled one, and for training.

It takes seconds to import, so nothing imports it before such a model is wanted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding import checksum
from index.embedding.adapter import Adapter, merge_adapter
from index.embedding.batches import length_batches
from index.embedding.encoder import MAX_TOKENS, UNRELATED_COSINE, Vectors
from index.embedding.model import ModelSource
from index.embedding.other_models.measures import ModelMeasures
from index.embedding.other_models.prompts import Prompts, read_prompts
from index.embedding.pooling import encode_with_spans, uses_mean_pooling
from index.errors import ModelError
from index.note import Note, note
from index.text.sentences import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

_CHOOSE = (
    "Set FUNDSCOUT_MODEL to a sentence-transformers folder with safetensors, or leave it unset."
)

_TRIAL_TEXT = "Care of people with Heart Failure in their own homes"
"""Read once when a model is loaded; its capitals show whether a model changes them."""

_SAME_COSINE = 0.999

_HUB_SECONDS = 10.0
"""Seconds in which the hub has to say whether it has a model."""

_LENGTH_TOLERANCE = 1e-3


class SentenceEncoder:
    """A sentence-transformers model on the CPU, loaded from safetensors only.

    Prompts, dimension, window and the way of pooling are the model's own.
    """

    notes: tuple[Note, ...] = ()
    bilingual = True

    def __init__(self, source: ModelSource) -> None:
        """Load the model of ``source``; raise `ModelError` saying why when it does not load."""
        self._model = _load_model(source)
        self.unrelated = UNRELATED_COSINE
        if source.adapter is not None:
            adapter = Adapter.read(source.adapter)
            merge_adapter(self.blocks, adapter)
            self.unrelated = float(adapter.recipe.get("unrelated", UNRELATED_COSINE))
        _narrow_window(self._model)
        self._prompts = _own_prompts(self._model)
        self.fingerprint = source.fingerprint + _prompt_suffix(self._model, self._prompts)
        trial = _read_trial_text(self._model, source.location)
        self.dimension = trial.shape[1]
        self._lengths_differ = abs(float(np.linalg.norm(trial)) - 1) > _LENGTH_TOLERANCE
        self.additive = uses_mean_pooling(self._model) and self._sums_agree()

    def adopt_measures(self, measures: ModelMeasures, *, floor: bool) -> None:
        """Use what was measured of the model, and say so with every answer.

        Args:
            measures: of this model.
            floor: whether its floor is taken from them; an adapter brings a floor of its own.
        """
        if floor:
            self.unrelated = measures.unrelated
        weaknesses = tuple(measures.weaknesses())
        self.notes = (note("uncalibrated"), *weaknesses)
        self.bilingual = not weaknesses

    def limits(self) -> Iterator[str]:
        """Yield what of the model this service cannot use, for a log, without its name."""
        window = self._model.max_seq_length or MAX_TOKENS
        if window < MAX_TOKENS:
            yield f"reads {window} tokens of a text; the ends of longer passages are not searched."
        measure = self._model.similarity_fn_name
        if measure != "cosine" and self._lengths_differ:
            yield f"compares by {measure}; here the lengths of its vectors do not count."

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
        return self._encode(texts, asking=False)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self._encode(texts, asking=True)

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Encode texts, and return what each of their spans adds to the vector.

        In a model that does not take the mean over its tokens, a span counts as adding its own
        vector times its share of the characters.
        """
        if not texts:
            return self._encode(texts, asking=asking), []
        if self.additive:
            return encode_with_spans(self._model, texts, spans, self._prompt(asking=asking))
        return self._encode(texts, asking=asking), [
            self._encode([text[span.start : span.end] for span in own], asking=asking)
            * _shares(text, own)
            for text, own in zip(texts, spans, strict=True)
        ]

    def _encode(self, texts: Sequence[str], *, asking: bool) -> Vectors:
        # a model may have a network of its own for each side, which these choose
        encode = self._model.encode_query if asking else self._model.encode_document
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for rows in length_batches(texts):
            vectors[rows] = encode(
                [texts[row] for row in rows],
                prompt=self._prompt(asking=asking),
                batch_size=len(rows),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors

    def _prompt(self, *, asking: bool) -> str:
        return self._prompts.query if asking else self._prompts.passage

    def _sums_agree(self) -> bool:
        """Return whether sums over tokens are the model's own vectors, on both sides.

        They are not where a model leaves its prompt out of the mean, or changes the text first.
        """
        return all(self._sum_agrees(asking=asking) for asking in (True, False))

    def _sum_agrees(self, *, asking: bool) -> bool:
        own = self._encode([_TRIAL_TEXT], asking=asking)[0]
        try:
            prompt = self._prompt(asking=asking)
            sums, _ = encode_with_spans(self._model, [_TRIAL_TEXT], [()], prompt)
        except (RuntimeError, TypeError, ValueError, KeyError):  # its network wants other inputs
            return False
        return sums.shape[1] == len(own) and float(sums[0] @ own) >= _SAME_COSINE


def _shares(text: str, spans: Sequence[Span]) -> Vectors:
    """Return the share of ``text`` that each span is: (len(spans), 1)."""
    lengths = np.array([span.end - span.start for span in spans], np.float32)
    shares: Vectors = (lengths[:, None] / max(len(text), 1)).astype(np.float32)
    return shares


def _narrow_window(model: SentenceTransformer) -> None:
    """Let the model read at most `MAX_TOKENS`; one without any window reads all."""
    window = model.max_seq_length or MAX_TOKENS
    if window != math.inf:
        model.max_seq_length = min(window, MAX_TOKENS)


def _own_prompts(model: SentenceTransformer) -> Prompts:
    return read_prompts(model.prompts or {}, model.default_prompt_name)


def _prompt_suffix(model: SentenceTransformer, prompts: Prompts) -> str:
    """Return what the prompts add to a fingerprint: nothing to those of plain names.

    Vectors made before other names were read are of the model without its prompts.
    """
    named = model.prompts or {}
    plain = Prompts(named.get("query") or "", named.get("document") or named.get("passage") or "")
    if prompts == plain:
        return ""
    return f"+prompts-{checksum.sha256_of_text(repr(prompts))[:8]}"


def _read_trial_text(model: SentenceTransformer, location: str) -> Vectors:
    """Return the vector of a text, (1, dimension), as the model makes it.

    Raises:
        ModelError: it makes none.
    """
    try:
        made: Any = model.encode_document([_TRIAL_TEXT], show_progress_bar=False)
        vector: Vectors = np.asarray(made, np.float32).reshape(1, -1)
    except Exception as error:  # whatever the model's own modules raise
        raise ModelError(f"The model {location} reads no text: {error}. {_CHOOSE}") from error
    if not np.isfinite(vector).all() or not vector.any():
        raise ModelError(f"The model {location} makes no vector of a text. {_CHOOSE}")
    return vector


def _load_model(source: ModelSource) -> SentenceTransformer:
    """Load a folder without a network, and a hub's model too once it was fetched."""
    name, _, revision = (
        (source.location, "", "") if source.offline else _parse_pinned_name(source.location)
    )
    if source.offline:
        return _open_model(name, "", offline=True)
    try:
        return _open_model(name, revision, offline=True)
    except ModelError:  # not fetched yet, or not all of it
        _ask_hub(name, revision)
    return _open_model(name, revision, offline=False)


def _open_model(name: str, revision: str, *, offline: bool) -> SentenceTransformer:
    """Load a model without running a stranger's code."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds to import
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            name,
            revision=revision or None,
            device="cpu",
            local_files_only=offline,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # the libraries' errors share no other base
        raise ModelError(
            f"The model {name} cannot be loaded: {_first_line(error)} {_CHOOSE}"
        ) from error


def _ask_hub(name: str, revision: str) -> None:
    """Ask the hub once whether it has a model; loading would ask a dozen times for a minute.

    Raises:
        ModelError: it has none of this name, or does not answer.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415  seldom needed
    from huggingface_hub.errors import (  # noqa: PLC0415  the same
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        HfApi().model_info(name, revision=revision or None, timeout=_HUB_SECONDS)
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        pinned = f" at {revision}" if revision else ""
        raise ModelError(
            f"There is no folder {name} here, and no model {name}{pinned} on the hub that it gives "
            f"to everybody. {_CHOOSE}"
        ) from error
    except Exception as error:  # whatever the network raises
        raise ModelError(
            f"There is no folder {name} here, and the hub cannot be asked for it: "
            f"{_first_line(error)} Fetch the model on a machine that reaches the hub and set "
            "FUNDSCOUT_MODEL to its folder, or leave it unset."
        ) from error


def _first_line(error: Exception) -> str:
    """Return what an error says first, as a sentence; a hub's error goes on for a page."""
    line = next((one.strip() for one in str(error).splitlines() if one.strip()), repr(error))
    return line if line.endswith(".") else f"{line}."


def _parse_pinned_name(name: str) -> tuple[str, str, str]:
    """Split ``owner/model@revision``."""
    return name.partition("@")
