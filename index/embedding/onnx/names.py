"""What the model's graph is made of and run with: names of files and values, ranges of 8 bits.

Apart from the graph's writer, because a process that only runs the model needs no `onnx`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

GRAPH, WORDS = "model.onnx", "words.bin"
"""Files: the network, and the vectors of words that it refers to."""

IDS, STATES = "ids", "states"
"""Values: token ids (texts, tokens) go in, token states (texts, tokens, dimension) come out."""


@dataclass(frozen=True)
class InputRange:
    """How the input of a linear layer is written in 8 bits: ``x / factors / scale + zero``.

    ``factors`` has one for each channel, (channels,). ``wide`` are the channels that are left in
    floats, because their values are many times those of the others: (wide channels,).
    """

    factors: Floats
    scale: float
    zero: int
    wide: NDArray[np.int64]
