"""Hidden states: what the frozen lower blocks of a model make of each text, kept on disk.

Training changes the upper blocks alone, so the rest need not be computed again at every step. A
state is a (tokens, width) array of half floats; 10,000 texts take about one gigabyte.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import checksum
from index.embedding.cache import Progress

if TYPE_CHECKING:
    from torch import Tensor, nn

CHUNK_SIZE = 512
"""Texts of one file, which an interruption can lose."""

_BATCH_SIZE = 32

TokenStates = NDArray[np.float16]


class FrozenLayers:
    """Blocks below ``first`` of a BERT model; states that were computed are kept in ``folder``."""

    def __init__(self, model: Any, tokenizer: Any, first: int, longest: int, folder: Path) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._first = first
        self._longest = longest
        self._folder = folder

    def states(self, texts: Sequence[str], progress: Progress | None = None) -> list[TokenStates]:
        """Return the state of each text, in order."""
        states: list[TokenStates] = []
        for start in range(0, len(texts), CHUNK_SIZE):
            states += self._chunk(texts[start : start + CHUNK_SIZE])
            if progress:
                progress(len(states), len(texts))
        return states

    def _chunk(self, texts: Sequence[str]) -> list[TokenStates]:
        """Return the states of one chunk, computed unless its file is there."""
        name = checksum.sha256_of_text(json.dumps([self._first, self._longest, *texts]))[:32]
        flat, lengths = (self._folder / f"{name}.{part}.npy" for part in ("states", "lengths"))
        if not lengths.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            states = self._compute(texts)
            np.save(flat, np.concatenate(states))
            np.save(lengths, np.array([len(state) for state in states]))
        ends = np.cumsum(np.load(lengths, allow_pickle=False))
        mapped: TokenStates = np.load(flat, mmap_mode="r", allow_pickle=False)
        return np.split(mapped, ends[:-1])

    def _compute(self, texts: Sequence[str]) -> list[TokenStates]:
        import torch  # noqa: PLC0415  seconds to import

        states: list[TokenStates] = [np.zeros((0, 0), np.float16)] * len(texts)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        with torch.no_grad():
            for start in range(0, len(order), _BATCH_SIZE):
                rows = order[start : start + _BATCH_SIZE]
                hidden, mask = self._forward([texts[row] for row in rows])
                for row, state, length in zip(rows, hidden, mask.sum(1).tolist(), strict=True):
                    states[row] = state[:length].numpy().astype(np.float16)
        return states

    def _forward(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        """Run a batch up to block ``first``."""
        inputs = self._tokenizer(
            texts, padding=True, truncation=True, max_length=self._longest, return_tensors="pt"
        )
        mask = inputs["attention_mask"]
        hidden = self._model.embeddings(input_ids=inputs["input_ids"])
        return run_blocks(self._model.encoder.layer[: self._first], hidden, mask), mask


def run_blocks(blocks: nn.ModuleList, hidden: Tensor, mask: Tensor) -> Tensor:
    """Return what ``blocks`` make of ``hidden`` (texts, tokens, width); ``mask`` marks tokens."""
    beyond = (1 - mask.float())[:, None, None, :] * -1e9
    for block in blocks:
        output = block(hidden, beyond)
        hidden = output[0] if isinstance(output, tuple) else output
    return hidden
