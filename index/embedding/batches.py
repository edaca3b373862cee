"""Batches of texts of about one length: shorter ones are padded to the longest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_MAX_TEXTS = 32
_MAX_LENGTH_GAP = 250
"""Characters whose padding costs about as much as one more pass of the model does."""

_MAX_LENGTH = 1100
"""Characters that fill a model's window; what is longer is cut, and pads nothing."""


def length_batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the rows of ``texts`` that are best encoded together, the longest first."""
    lengths = [min(len(text), _MAX_LENGTH) for text in texts]
    batch: list[int] = []
    padding = 0
    for row in sorted(range(len(texts)), key=lambda row: -lengths[row]):
        padding += lengths[batch[0]] - lengths[row] if batch else 0
        if batch and (padding > _MAX_LENGTH_GAP or len(batch) == _MAX_TEXTS):
            yield batch
            batch, padding = [], 0
        batch.append(row)
    if batch:
        yield batch
