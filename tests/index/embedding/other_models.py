"""Model folders for tests: real weights that a package carries, and what can be made of them.

The package of the bundled model has a second one: e5-small as somebody trained it further for
Portuguese, with the words of English and Portuguese alone. It knows Swedish only by what these
languages share with it, so it is a model that is really too weak.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.embedding import bundled
from index.embedding.packed import PackedModel, packed_file

PORTUGUESE = "e5-small-enpt-q4.bin"
"""The second model's file in the package."""


def write_portuguese(folder: Path, prompts: Mapping[str, str]) -> Path:
    """Write the package's second model as a sentence-transformers folder, and return it."""
    folder.mkdir(parents=True)
    packed = PackedModel(memoryview(packed_file().with_name(PORTUGUESE).read_bytes()))
    bundled.write_model(packed, folder, dict(prompts))
    return folder


def write_words(model: Path, folder: Path) -> Path:
    """Write the model of ``model``'s words alone: the mean of their vectors, with no window."""
    from safetensors.torch import load_file  # noqa: PLC0415  imports torch
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds to import
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415  the same
        StaticEmbedding,
    )
    from tokenizers import Tokenizer  # noqa: PLC0415  the same

    tensors = load_file(next(model.rglob("model.safetensors")))
    words = next(t for name, t in tensors.items() if name.endswith("word_embeddings.weight"))
    tokenizer = Tokenizer.from_file(str(next(model.rglob("tokenizer.json"))))
    static = StaticEmbedding(tokenizer, embedding_weights=words.float().numpy())
    SentenceTransformer(modules=[static], device="cpu", similarity_fn_name="dot").save(
        str(folder), create_model_card=False
    )
    return folder


def copy_with(model: Path, folder: Path, file: str, **changes: Any) -> Path:
    """Copy a model's folder with other values in one of its JSON files, and return the copy."""
    shutil.copytree(model, folder, copy_function=os.link)  # weights are large, and only read
    path = folder / file
    changed = json.loads(path.read_text("utf-8")) | changes
    path.unlink()
    path.write_text(json.dumps(changed), "utf-8")
    return folder
