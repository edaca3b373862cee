"""Ranges of what the model's linear layers read, measured on texts: what 8 bits need to know.

`python -m index.training.activation_ranges examples` writes those of the bundled model with its
adapter, from the example calls and pilots. A range holds for all texts, so that a vector depends on
its text alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from safetensors.numpy import load_file, save_file

from index.embedding.adapter import SHIPPED_ADAPTER, Adapter
from index.embedding.encoder import MAX_TOKENS
from index.embedding.onnx.files import PROMPTS, SHIPPED_RANGES
from index.embedding.onnx.graph import NetworkGraph, round_weights
from index.embedding.onnx.names import GRAPH, IDS, Floats, InputRange
from index.embedding.onnx.tokenizer import Tokenizer, save_vocabulary
from index.embedding.packed import PackedModel

_WIDE_CHANNELS = {"attention": 16, "projection": 0, "intermediate": 16, "output": 32}
"""Channels of each kind of layer that are left in floats; the largest."""

_CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""Shares of the whole range that are tried: a narrower one is finer, and cuts the extremes."""

_EVERY = 2
"""Of the examples' pieces every second is read: some 50 texts, a minute."""

_SAMPLE = 600
"""Tokens on which a clip is tried."""


def measure_ranges(adapter: Path, texts: Sequence[str]) -> dict[str, InputRange]:
    """Return the range of each linear layer's input in the bundled model with ``adapter``."""
    packed = PackedModel.open()
    network = NetworkGraph(packed, Adapter.read(adapter).changes(), None)
    with TemporaryDirectory() as folder:
        network.build(Path(folder), with_inputs=True)
        save_vocabulary(packed.vocabulary, Path(folder))
        values = _read_inputs(network, Path(folder), texts)
    ranges = {}
    for name in network.inputs:
        block, _, kind = name.partition(".")
        weight, _ = network.weights(int(block), kind)
        ranges[name] = _fit_range(values[name], weight, _WIDE_CHANNELS[kind])
    return ranges


def _read_inputs(network: NetworkGraph, folder: Path, texts: Sequence[str]) -> dict[str, Floats]:
    """Return what each linear layer reads of ``texts``: (tokens, channels)."""
    session = onnxruntime.InferenceSession(str(folder / GRAPH), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer(folder)
    values: dict[str, list[Floats]] = {name: [] for name in network.inputs}
    for number, text in enumerate(texts):
        ids = tokenizer.encode(PROMPTS[number % 2] + text, MAX_TOKENS).ids
        outputs = session.run(list(network.inputs.values()), {IDS: np.array([ids])})
        for name, output in zip(network.inputs, outputs, strict=True):
            values[name].append(output[0])
    return {name: np.concatenate(parts) for name, parts in values.items()}


def _fit_range(values: Floats, weight: Floats, wide: int) -> InputRange:
    """Return the range that changes the layer's output least.

    Args:
        values: what the layer reads: (tokens, channels).
        weight: of the layer: (outputs, channels).
        wide: channels that are left in floats.
    """
    largest = np.abs(values).max(axis=0) + 1e-6
    channels = np.sort(np.argsort(-largest)[:wide])
    narrow = np.ones(len(largest), np.bool_)
    narrow[channels] = False
    factors = np.sqrt(largest / (np.abs(weight).max(axis=0) + 1e-8))
    factors = (factors / np.exp(np.log(factors[narrow]).mean())).astype(np.float32)
    even = values[:, narrow] / factors[narrow]
    numbers, steps = round_weights(weight[:, narrow] * factors[narrow])
    rounded = (numbers * steps[:, None])[::8]
    sample = even[:: max(1, len(even) // _SAMPLE)]

    def error_of(clip: float) -> tuple[float, float, int]:
        scale, zero = _scale(even, clip)
        written = np.clip(np.rint(sample / scale) + zero, 0, 255) - zero
        return float((((written * scale - sample) @ rounded.T) ** 2).mean()), scale, zero

    _, scale, zero = min(error_of(clip) for clip in _CLIPS)
    return InputRange(factors, scale, zero, channels)


def _scale(values: Floats, clip: float) -> tuple[float, int]:
    """Return the step and the zero with which 8 bits cover a share of the values' range."""
    low, high = float(values.min()) * clip, float(values.max()) * clip
    scale = (high - low) / 255
    return scale, int(np.clip(round(-low / scale), 0, 255))


def save_ranges(ranges: Mapping[str, InputRange], path: Path) -> None:
    """Write ``ranges`` to a safetensors file."""
    tensors = {}
    for name, span in ranges.items():
        tensors[f"{name}.factors"] = span.factors
        tensors[f"{name}.wide"] = span.wide.astype(np.int64)
        tensors[f"{name}.step"] = np.array([span.scale, span.zero], np.float64)
    save_file(tensors, path)


def read_examples(folder: Path) -> list[str]:
    """Return pieces of the calls and pilots in a folder of examples, titles and long ones alike."""
    texts: list[str] = []
    for path in sorted(folder.glob("calls/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            call = json.loads(line)
            for language, text in call["texts"].items():
                texts += [f"{call['titles'].get(language, '')}\n{text[:700]}", text[700:1400]]
    for path in sorted(folder.glob("pilots/*.json")):
        pilot = json.loads(path.read_text("utf-8"))
        texts += [f"{pilot['title']}\n{pilot['text'][:800]}", pilot["title"]]
    return [text for text in texts if text.strip()][::_EVERY]


def main(arguments: Sequence[str]) -> None:
    """Measure on a folder of examples and write the shipped ranges."""
    texts = read_examples(Path(arguments[0]))
    save_ranges(measure_ranges(SHIPPED_ADAPTER, texts), SHIPPED_RANGES)
    print(f"Ranges of {len(load_file(SHIPPED_RANGES)) // 3} layers; texts read: {len(texts)}.")  # noqa: T201  a command


if __name__ == "__main__":
    main(sys.argv[1:])
