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

    tensors: Mapping[str, Tensor]
    recipe: Mapping[str, Any]
    fingerprint: str

    @classmethod
    def read(cls, path: Path) -> Adapter:
        """Read an adapter; raise `ModelError` saying what to do when it is missing or damaged."""
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415  seconds to import

        try:
            with safe_open(path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
                recipe = json.loads((file.metadata() or {}).get("recipe", "{}"))
        except (OSError, SafetensorError, ValueError) as error:
            raise ModelError(
                f"The adapter {path} cannot be read: {error}. Install again, or train one with "
                "`fundscout train`."
            ) from error
        digest = hashlib.sha256()
        for name in sorted(tensors):
            digest.update(name.encode() + tensors[name].numpy().tobytes())
        return cls(tensors, recipe, digest.hexdigest()[:16])

    def write(self, path: Path) -> None:
        """Write the tensors in half precision, with the recipe as metadata."""
        import torch  # noqa: PLC0415  seconds to import
        from safetensors.torch import save_file  # noqa: PLC0415  the same

        path.parent.mkdir(parents=True, exist_ok=True)
        halved = {
            name: t.detach().to(torch.float16).contiguous() for name, t in self.tensors.items()
        }
        save_file(halved, path, {"recipe": json.dumps(self.recipe, sort_keys=True)})


def merge_adapter(blocks: nn.ModuleList, adapter: Adapter) -> None:
    """Add the change of ``adapter`` to the weights of ``blocks``.

    Raises:
        ModelError: it was trained for a model of another shape.
    """
    try:
        for name in sorted(adapter.tensors):
            place, _, part = name.rpartition(".")
            if part != "a":
                continue
            number, _, path = place.partition(".")
            layer: Any = blocks[int(number)].get_submodule(path)
            change = adapter.tensors[f"{place}.b"].float() @ adapter.tensors[name].float()
            layer.weight.data += change
    except (AttributeError, IndexError, KeyError, RuntimeError, ValueError) as error:
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
