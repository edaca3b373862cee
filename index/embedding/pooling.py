"""What the spans of a text add to its vector, from the same pass of the model that makes it.

A model that takes the mean over its tokens gives a vector that is a sum: every span adds the states
of its own tokens. So a cosine is a sum over sentences, and leaving a sentence out can be foreseen
without encoding the text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.batches import length_batches
from index.text.sentences import Span

Vectors = NDArray[np.float32]


def uses_mean_pooling(model: Any) -> bool:
    """Return whether a sentence-transformers model gives the mean over its tokens."""
    modules = list(model)
    return (
        hasattr(modules[0], "auto_model")
        and getattr(model.tokenizer, "is_fast", False)
        and len(modules) > 1
        and getattr(modules[1], "pooling_mode", None) == "mean"
        and all(type(module).__name__ == "Normalize" for module in modules[2:])
    )


def encode_with_spans(
    model: Any, texts: Sequence[str], spans: Sequence[Sequence[Span]], prompt: str
) -> tuple[Vectors, list[Vectors]]:
    """Encode ``texts``, and return what each of their ``spans`` adds.

    Args:
        model: one that `uses_mean_pooling`.
        texts: at least one.
        spans: of each text, in code points; a token counts where its middle lies.
        prompt: what comes before each text.

    Returns:
        Unit vectors (len(texts), dimension), and for each text an array (len(its spans),
        dimension). Spans that cover all of a text sum to its vector; what lies beyond the model's
        window adds nothing.
    """
    vectors: dict[int, Vectors] = {}
    added: dict[int, Vectors] = {}
    for rows in length_batches(texts):
        states, middles = _token_states(model, [prompt + texts[row] for row in rows])
        for row, state, middle in zip(rows, states, middles, strict=True):
            length = max(float(np.linalg.norm(state.sum(axis=0))), 1e-9)
            vectors[row] = state.sum(axis=0) / length
            inside = [
                state[(middle >= span.start + len(prompt)) & (middle < span.end + len(prompt))]
                for span in spans[row]
            ]
            sums = [one.sum(axis=0) / length for one in inside]
            added[row] = np.stack(sums) if sums else np.zeros((0, state.shape[1]), np.float32)
    every = range(len(texts))
    return np.stack([vectors[row] for row in every]), [added[row] for row in every]


def _token_states(model: Any, texts: list[str]) -> tuple[list[Vectors], list[NDArray[np.float64]]]:
    """Return each text's states, (tokens, dimension), and the middle of each token in it.

    Tokens that stand for no character have their middle before the text.
    """
    import torch  # noqa: PLC0415  seconds to import

    inputs = model.tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=model.max_seq_length,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = inputs.pop("offset_mapping").numpy()
    with torch.inference_mode():
        hidden = model[0].auto_model(**inputs).last_hidden_state.float().numpy()
    lengths = inputs["attention_mask"].sum(1).tolist()
    middles = np.where(offsets[..., 1] > offsets[..., 0], offsets.mean(axis=2), -1.0)
    states = [state[:length] for state, length in zip(hidden, lengths, strict=True)]
    return states, [one[:length] for one, length in zip(middles, lengths, strict=True)]
