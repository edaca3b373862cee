"""The encoder that the settings name, by the fastest way that runs here."""

from __future__ import annotations

import logging
from pathlib import Path

from index.embedding.encoder import Encoder
from index.embedding.model import BUNDLED, adapter_path, resolve_model
from index.errors import ModelError

_LOG = logging.getLogger(__name__)


def load_encoder(name: str, folder: Path, adapter: str, threads: int = 0) -> Encoder:
    """Load a model.

    The bundled one runs by onnxruntime, and by PyTorch, slower and with a line in the log, where
    that fails. All others run by sentence-transformers, and are measured when they are first
    loaded: a line in the log says what one is too weak for.

    Args:
        name: ``bundled``, a folder, or a hub's name (`index.embedding.model.resolve_model`).
        folder: where unpacked models are kept.
        adapter: ``shipped``, ``none``, or the file of one.
        threads: texts read at once; 0: as many as this process has processors.

    Raises:
        ModelError: it cannot be loaded, and why.
    """
    # Each takes a part of a second to import, PyTorch several; only one of them is needed.
    if name == BUNDLED:
        try:
            from index.embedding.onnx.encoder import OnnxEncoder  # noqa: PLC0415

            return OnnxEncoder(folder, adapter_path(name, adapter), threads)
        except (ImportError, ModelError) as error:
            reason = str(error)
    from index.embedding.other_models.kept_measures import measures_of  # noqa: PLC0415
    from index.embedding.sentence_encoder import SentenceEncoder  # noqa: PLC0415

    source = resolve_model(name, folder, adapter)
    encoder = SentenceEncoder(source)
    if name == BUNDLED:
        _LOG.warning("The bundled model runs by PyTorch, several times slower: %s", reason)
        return encoder
    measures = measures_of(encoder, source.fingerprint, folder)
    encoder.adopt_measures(measures, floor=source.adapter is None)
    for warning in (*encoder.limits(), *measures.warnings()):
        _LOG.warning("The model %s %s", name, warning)
    return encoder
