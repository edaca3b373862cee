"""The bundled model as files for onnxruntime: made once from the packed weights, kept by hash.

They are made in a few seconds, without PyTorch. Before they are kept, the network in 8 bits is
compared with the same network in floats on a few sentences; if a processor computes something else
than it should, the network in floats is kept instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.embedding import checksum
from index.embedding.adapter import Adapter
from index.embedding.encoder import MAX_TOKENS, UNRELATED_COSINE, Vectors, unit_vectors
from index.embedding.onnx.names import GRAPH, IDS, STATES, InputRange
from index.embedding.onnx.tokenizer import Tokenizer, save_vocabulary
from index.embedding.packed import WEIGHTS_SHA256, PackedModel
from index.embedding.prepared_folder import MANIFEST, is_intact, prepare_folder
from index.errors import ModelError

SHIPPED_RANGES = Path(__file__).parents[1] / "weights" / "multilingual-e5-small.ranges.safetensors"
"""Ranges of the linear layers' inputs (`index.training.activation_ranges`)."""

PROMPTS = ("query: ", "passage: ")
"""What e5 was trained to read before a text that searches, and before one that is searched."""

MIN_COSINE = 0.995
"""Cosine of a text's vectors in 8 bits and in floats below which 8 bits are not used."""

PRECISION = "precision.txt"

_FORMAT = 2
"""To be raised when the files change, so that old ones are made anew and vectors are not mixed."""

_SLOWER_FORMS = ["SkipLayerNormFusion"]
"""Rewritings by onnxruntime that are slower here: this one by four times, a tenth of a text."""

_CHECK_TEXTS = (
    "Personer med hjärtsvikt mäter vikt och blodtryck i hemmet, och vården följer dem på håll.",
    "Proposals shall include at least three partners from different countries.",
    "AI-stöd för bilddiagnostik",
    "Small companies test new materials in salt water, together with a university of the region.",
    "Sök senast den 13 oktober 2026 klockan 14.00.",
)


def prepare_files(folder: Path, adapter: Path | None) -> Path:
    """Make a folder of the bundled model with ``adapter`` below ``folder``, and return it.

    Raises:
        ModelError: the package's file or the adapter is missing or damaged, or the disk is full.
    """
    trained = None if adapter is None else Adapter.read(adapter)
    return prepare_folder(
        _folder(folder, trained), file_facts(trained), partial(_write, adapter=trained)
    )


def find_files(folder: Path, adapter: Path | None) -> Path | None:
    """Return the folder that `prepare_files` made, None when it is missing or damaged.

    Raises:
        ModelError: the adapter is missing or damaged.
    """
    trained = None if adapter is None else Adapter.read(adapter)
    files = _folder(folder, trained)
    return files if is_intact(files, file_facts(trained)) else None


def _folder(folder: Path, adapter: Adapter | None) -> Path:
    made_from = checksum.sha256_of_text(json.dumps(file_facts(adapter)))[:16]
    return folder / f"multilingual-e5-small-{made_from}"


def file_facts(adapter: Adapter | None) -> dict[str, Any]:
    """Return what the files are made from."""
    return {
        "format": _FORMAT,
        "model": "intfloat/multilingual-e5-small",
        "packed_sha256": WEIGHTS_SHA256,
        "ranges_sha256": checksum.sha256_of_file(SHIPPED_RANGES),
        "adapter": adapter.fingerprint if adapter else "",
        "unrelated": float(adapter.recipe.get("unrelated", UNRELATED_COSINE))
        if adapter
        else UNRELATED_COSINE,
    }


@dataclass(frozen=True)
class ModelFacts:
    """What a folder of files holds: ``precision`` is int8 or float32, ``unrelated`` a cosine."""

    fingerprint: str
    precision: str
    unrelated: float


def read_facts(folder: Path) -> ModelFacts:
    """Return what the verified ``folder`` holds; vectors of another precision are others'."""
    facts = json.loads((folder / MANIFEST).read_text("utf-8"))["facts"]
    precision = (folder / PRECISION).read_text("utf-8")
    made_from = checksum.sha256_of_text(json.dumps(facts))[:16]
    return ModelFacts(f"e5-small-onnx-{made_from}-{precision}", precision, facts["unrelated"])


def open_session(folder: Path) -> onnxruntime.InferenceSession:
    """Open the network in ``folder``; raise `ModelError` when it is not one that runs here.

    A run uses one thread: texts are run side by side instead, which needs no padding.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(folder / GRAPH),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOWER_FORMS,
        )
    except Exception as error:  # onnxruntime's errors share no other base
        raise ModelError(f"The model in {folder} cannot be opened: {error}.") from error


def _write(folder: Path, adapter: Adapter | None) -> None:
    from index.embedding.onnx.graph import NetworkGraph  # noqa: PLC0415  imports onnx, seldom needed

    packed = PackedModel.open()
    changes = [] if adapter is None else list(adapter.changes())
    save_vocabulary(packed.vocabulary, folder)
    network = partial(NetworkGraph, packed, changes)
    network(None).build(folder)
    exact = _vectors(folder)
    network(_read_ranges()).build(folder)
    small = _vectors(folder)
    precision = "int8"
    if float((exact * small).sum(axis=1).min()) < MIN_COSINE:
        network(None).build(folder)
        precision = "float32"
    (folder / PRECISION).write_text(precision, "utf-8")


def _vectors(folder: Path) -> Vectors:
    """Return the vectors of the sentences on which networks are compared."""
    session, tokenizer = open_session(folder), Tokenizer(folder)
    sums = []
    for text in _CHECK_TEXTS:
        ids = tokenizer.encode(PROMPTS[0] + text, MAX_TOKENS).ids
        sums.append(session.run([STATES], {IDS: np.array([ids], np.int64)})[0][0].sum(axis=0))
    return unit_vectors(np.stack(sums))


def _read_ranges() -> Mapping[str, InputRange]:
    """Read the shipped ranges; raise `ModelError` when they are damaged."""
    try:
        tensors = load_file(SHIPPED_RANGES)
        names = [name.removesuffix(".step") for name in tensors if name.endswith(".step")]
        return {
            name: InputRange(
                tensors[f"{name}.factors"],
                float(tensors[f"{name}.step"][0]),
                int(tensors[f"{name}.step"][1]),
                tensors[f"{name}.wide"],
            )
            for name in names
        }
    except (OSError, SafetensorError, KeyError, IndexError) as error:
        raise ModelError(f"{SHIPPED_RANGES} cannot be read: {error}. Install again.") from error
