"""Adapter: a low-rank change of a model's upper layers, merged when the model is loaded.

A file of megabytes at most turns a general model into one that knows projects and the calls that
funded them.

Every linear layer of the last blocks gets ``W + b @ a``, with ``a`` (rank, inputs) and ``b``
(outputs, rank). After Hu et al., LoRA, 2021.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from index.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor, nn

SHIPPED_ADAPTER = Path(__file__).parent / "weights" / "multilingual-e5-small.safetensors"
"""The adapter of the bundled model, on by default."""

LINEAR_LAYERS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The linear layers of a BERT block, as transformers names them."""


@dataclass(frozen=True)
class Adapter:
    """A trained change and how it was trained. ``tensors`` are named ``<block>.<layer>.a`` or b.

    ``fingerprint`` is of the tensors alone: vectors of the same adapter have the same.
    """

    tensors: Mapping[str, NDArray[np.floating[Any]]]
    recipe: Mapping[str, Any]
    fingerprint: str

    @classmethod
    def read(cls, path: Path) -> Adapter:
        """Read an adapter; raise `ModelError` saying what to do when it is missing or damaged."""
        try:
            with safe_open(path, framework="np") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
                recipe = json.loads((file.metadata() or {}).get("recipe", "{}"))
        except (OSError, SafetensorError, ValueError) as error:
            raise ModelError(
                f"The adapter {path} cannot be read: {error}. Install again, or train one with "
                "`fundscout train`."
            ) from error
        digest = hashlib.sha256()
        for name in sorted(tensors):
            digest.update(name.encode() + tensors[name].tobytes())
        return cls(tensors, recipe, digest.hexdigest()[:16])

    def write(self, path: Path) -> None:
        """Write the tensors in half precision, with the recipe as metadata."""
        path.parent.mkdir(parents=True, exist_ok=True)
        halved = {name: np.ascontiguousarray(t, np.float16) for name, t in self.tensors.items()}
        save_file(halved, path, {"recipe": json.dumps(self.recipe, sort_keys=True)})

    def changes(self) -> Iterator[tuple[int, str, NDArray[np.float32]]]:
        """Yield what is added to weights: the block, its layer, and a change (outputs, inputs).

        Raises:
            ModelError: the file is no adapter.
        """
        try:
            for name in sorted(self.tensors):
                place, _, part = name.rpartition(".")
                if part == "a":
                    number, _, layer = place.partition(".")
                    a, b = self.tensors[name], self.tensors[f"{place}.b"]
                    yield int(number), layer, b.astype(np.float32) @ a.astype(np.float32)
        except (KeyError, ValueError) as error:
            raise ModelError(f"The adapter does not fit the model: {error}.") from error


def merge_adapter(blocks: nn.ModuleList, adapter: Adapter) -> None:
    """Add the change of ``adapter`` to the weights of ``blocks``.

    Raises:
        ModelError: it was trained for a model of another shape.
    """
    import torch  # noqa: PLC0415  seconds to import

    try:
        for number, path, change in adapter.changes():
            layer: Any = blocks[number].get_submodule(path)
            layer.weight.data += torch.from_numpy(change)
    except (AttributeError, IndexError, RuntimeError) as error:
        raise ModelError(f"The adapter does not fit the model: {error}.") from error


def attach_adapter(blocks: nn.ModuleList, first: int, rank: int) -> dict[str, Tensor]:
    """Add a change of zero to every linear layer from block ``first`` on, ready to be trained.

    Returns:
        The trainable tensors by the names that `Adapter` has; all others no longer learn.
    """
    import torch  # noqa: PLC0415  seconds to import
    from torch.nn.utils import parametrize  # noqa: PLC0415  the same

    class _Change(torch.nn.Module):
        def __init__(self, outputs: int, inputs: int) -> None:
            super().__init__()
            self.a = torch.nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
            self.b = torch.nn.Parameter(torch.zeros(outputs, rank))

        def forward(self, weight: Tensor) -> Tensor:
            return weight + self.b @ self.a

    for weight in blocks.parameters():
        weight.requires_grad = False
    tensors: dict[str, Tensor] = {}
    for place, layer in _linear_layers(blocks, first):
        change = _Change(*layer.weight.shape)
        parametrize.register_parametrization(layer, "weight", change)
        tensors |= {f"{place}.a": change.a, f"{place}.b": change.b}
    return tensors


def _linear_layers(blocks: nn.ModuleList, first: int) -> Iterator[tuple[str, Any]]:
    for number in range(first, len(blocks)):
        for path in LINEAR_LAYERS:
            yield f"{number}.{path}", blocks[number].get_submodule(path)
