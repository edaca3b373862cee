"""The bundled model as an ONNX graph: token ids in, token states out, in 8 bits or in floats.

In 8 bits a linear layer multiplies integers. Its weights have a scale for each output; its input
has one fixed scale, so that a text's vector does not depend on the texts beside it. A few channels
of a layer's input are much larger than the others: they are divided by a factor and their weights
multiplied by it, so that both keep their precision (Xiao et al., SmoothQuant, 2023). Factors and
scales were measured on example texts (`index.training.activation_ranges`). The largest channels
stay in floats (Dettmers et al., LLM.int8(), 2022).

Words stay in the 4 bits that they come in, in a file of its own that is mapped into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.embedding.onnx.names import GRAPH, IDS, STATES, WORDS, Floats, InputRange
from index.embedding.packed import PackedModel

_LAYERS = {
    "attention": (
        ("q", "attention.self.query"),
        ("k", "attention.self.key"),
        ("v", "attention.self.value"),
    ),
    "projection": (("ao", "attention.output.dense"),),
    "intermediate": (("fi", "intermediate.dense"),),
    "output": (("fo", "output.dense"),),
}
"""The linear layers of a block that read the same: as the packed file and as adapters name them."""

_CONTRIB = "com.microsoft"
_OPSET, _CONTRIB_OPSET, _IR = 21, 1, 10
_LARGEST_WEIGHT = 63
"""Of 8 bits, one is left free: processors without VNNI add two products in 16 bits."""


class NetworkGraph:
    """Writes the network node by node."""

    def __init__(
        self,
        packed: PackedModel,
        changes: Iterable[tuple[int, str, Floats]],
        ranges: Mapping[str, InputRange] | None,
    ) -> None:
        """Prepare to write.

        Args:
            packed: the bundled model.
            changes: what an adapter adds to the weights (`Adapter.changes`).
            ranges: of the input of each linear layer, by `input_name`; None for floats throughout.
        """
        self._packed = packed
        self._changes = {f"{block}.{layer}": change for block, layer, change in changes}
        self._ranges = ranges
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._numbers = count()
        self.inputs: dict[str, str] = {}
        """The value that each linear layer reads, by `input_name`."""

    def build(self, folder: Path, *, with_inputs: bool = False) -> None:
        """Write `GRAPH` and `WORDS` into ``folder``.

        Args:
            folder: an existing folder.
            with_inputs: also give out what each linear layer reads.
        """
        shape = self._packed.shape
        states = self._embed()
        for block in range(shape.layers):
            states = self._block(block, states)
        self._add("Identity", [states], STATES)
        outputs = [STATES, *(self.inputs.values() if with_inputs else ())]
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info(IDS, TensorProto.INT64, ["texts", "tokens"])],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", "tokens", None])
                for name in dict.fromkeys(outputs)
            ],
            [*self._constants, *self._word_tensors(folder)],
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, _CONTRIB_OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
        (folder / GRAPH).write_bytes(model.SerializeToString(deterministic=True))

    def _embed(self) -> str:
        """Return the sum of word, place and type, normalised."""
        shape, tensor = self._packed.shape, self._packed.tensor
        words = self._add(
            "GatherBlockQuantized",
            ["words", IDS, "word_scales"],
            domain=_CONTRIB,
            gather_axis=0,
            quantize_axis=1,
            block_size=shape.block,
        )
        kinds = tensor("emb.type", shape.types, shape.hidden)
        table = self._constant(
            "places", tensor("emb.pos", shape.positions, shape.hidden) + kinds[0]
        )
        first, second = (self._constant(f"axis{n}", np.array([n], np.int64)) for n in (1, 2))
        length = self._add("Slice", [self._add("Shape", [IDS]), first, second])
        start = self._constant("axis0", np.array([0], np.int64))
        places = self._add("Slice", [table, start, length, start])
        return self._normalise(self._add("Add", [words, places]), "emb.ln")

    def _block(self, block: int, states: str) -> str:
        """Return the states after one block."""
        shape = self._packed.shape
        joined = self._linear(block, "attention", states)
        parts = [self._name("part") for _ in range(3)]
        self._nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
        heads = self._add("MultiHeadAttention", parts, domain=_CONTRIB, num_heads=shape.heads)
        states = self._add_and_normalise(
            self._linear(block, "projection", heads), states, f"l{block}.aln"
        )
        inner = self._add("Gelu", [self._linear(block, "intermediate", states)], domain=_CONTRIB)
        return self._add_and_normalise(
            self._linear(block, "output", inner), states, f"l{block}.oln"
        )

    def _add_and_normalise(self, change: str, states: str, norm: str) -> str:
        both = self._add("Add", [change, states])
        return self._normalise(both, norm)

    def _normalise(self, states: str, norm: str) -> str:
        """Return each state with mean 0 and deviation 1, times a weight, plus a bias."""
        parts = [self._constant(f"{norm}.{p}", self._packed.tensor(f"{norm}.{p}")) for p in "wb"]
        epsilon = self._packed.shape.epsilon
        return self._add("LayerNormalization", [states, *parts], axis=-1, epsilon=epsilon)

    def _linear(self, block: int, kind: str, value: str) -> str:
        """Return ``value`` times a layer's weights, plus its bias."""
        weight, bias = self.weights(block, kind)
        name = input_name(block, kind)
        self.inputs[name] = value
        bias_name = self._constant(f"{name}.bias", bias)
        if self._ranges is None:
            product = self._add("MatMul", [value, self._constant(f"{name}.weight", weight.T)])
            return self._add("Add", [product, bias_name])
        span = self._ranges[name]
        product = self._whole_numbers(name, value, weight, bias_name, span)
        wide = span.wide
        if not len(wide):
            return product
        channels = self._constant(f"{name}.wide", wide)
        few = self._add("Gather", [value, channels], axis=-1)
        columns = self._constant(f"{name}.wide_weight", weight[:, wide].T)
        return self._add("Add", [product, self._add("MatMul", [few, columns])])

    def _whole_numbers(
        self, name: str, value: str, weight: Floats, bias: str, span: InputRange
    ) -> str:
        """Return the product in 8 bits, without the channels that are left in floats."""
        factors, inverse = span.factors.copy(), 1 / span.factors
        factors[span.wide] = inverse[span.wide] = 0
        even = self._add("Mul", [value, self._constant(f"{name}.factors", inverse)])
        scale = self._constant(f"{name}.scale", np.float32(span.scale))
        zero = self._constant(f"{name}.zero", np.uint8(span.zero))
        numbers, steps = round_weights(weight * factors)
        inputs = [
            self._add("QuantizeLinear", [even, scale, zero]),
            self._constant(f"{name}.weight", numbers.T),
            scale,
            self._constant(f"{name}.steps", steps),
            zero,
            "",
            bias,
        ]
        return self._add("MatMulIntegerToFloat", inputs, domain=_CONTRIB)

    def weights(self, block: int, kind: str) -> tuple[Floats, Floats]:
        """Return weight (outputs, inputs) and bias (outputs,) of a linear layer."""
        hidden, ffn = self._packed.shape.hidden, self._packed.shape.ffn
        weights, biases = [], []
        for short, layer in _LAYERS[kind]:
            outputs = ffn if kind == "intermediate" else hidden
            inputs = ffn if kind == "output" else hidden
            weight = self._packed.tensor(f"l{block}.{short}.w", outputs, inputs)
            change = self._changes.get(f"{block}.{layer}")
            weights.append(weight if change is None else weight + change)
            biases.append(self._packed.tensor(f"l{block}.{short}.b"))
        return np.concatenate(weights), np.concatenate(biases)

    def _word_tensors(self, folder: Path) -> list[onnx.TensorProto]:
        """Write the words' vectors beside the graph, two weights a byte, and refer to them."""
        shape = self._packed.shape
        nibbles, scales = self._packed.blocks("emb.word")
        signed = nibbles ^ 8  # the same four bits for -8 to 7
        pairs = signed[:, 0::2] | (signed[:, 1::2] << 4)
        rows = shape.vocabulary
        raw = pairs.tobytes(), scales.astype("<f4").tobytes()
        (folder / WORDS).write_bytes(b"".join(raw))
        words = onnx.TensorProto(
            name="words", data_type=TensorProto.INT4, dims=[rows, shape.hidden]
        )
        word_scales = onnx.TensorProto(
            name="word_scales",
            data_type=TensorProto.FLOAT,
            dims=[rows, shape.hidden // shape.block],
        )
        offset = 0
        for tensor, content in zip((words, word_scales), raw, strict=True):
            tensor.data_location = TensorProto.EXTERNAL
            place = {"location": WORDS, "offset": offset, "length": len(content)}
            for key, value in place.items():
                tensor.external_data.add(key=key, value=str(value))
            offset += len(content)
        return [words, word_scales]

    def _constant(self, name: str, value: Any) -> str:
        if all(known.name != name for known in self._constants):
            self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _add(self, kind: str, inputs: list[str], name: str = "", **options: Any) -> str:
        """Add a node of one output; return the output's name."""
        output = name or self._name(kind.lower())
        self._nodes.append(helper.make_node(kind, inputs, [output], **options))
        return output

    def _name(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"


def input_name(block: int, kind: str) -> str:
    """Return the name of what a linear layer reads; ``kind`` is a key of the block's layers."""
    return f"{block}.{kind}"


def round_weights(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return whole numbers (outputs, inputs) and the step of each output, (outputs,)."""
    steps = np.maximum(np.abs(weight).max(axis=1), 1e-9) / _LARGEST_WEIGHT
    numbers = np.clip(np.rint(weight / steps[:, None]), -_LARGEST_WEIGHT, _LARGEST_WEIGHT)
    return numbers.astype(np.int8), steps.astype(np.float32)
