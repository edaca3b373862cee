"""Measures of models on disk, by the model's fingerprint: each model is measured once."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from index.embedding import checksum
from index.embedding.encoder import Encoder
from index.embedding.other_models.measures import ModelMeasures, measure_model, read_needs
from index.text.background_subjects import background_subjects

_LOG = logging.getLogger(__name__)

_FORMAT = 1
"""To be raised when models are measured in another way."""


def measures_of(encoder: Encoder, source: str, folder: Path) -> ModelMeasures:
    """Return what is kept for a model below ``folder``; it is measured, and kept, if nothing is.

    Args:
        encoder: the model.
        source: fingerprint of what it was loaded from, which is known without loading it.
        folder: of models.

    Raises:
        ModelError: the model gives no vectors.
    """
    kept = read_measures(source, folder, encoder.fingerprint)
    if kept is not None:
        return kept
    measures = measure_model(encoder)
    _keep(_path(source, folder), _made_from(encoder.fingerprint), measures)
    return measures


def read_measures(source: str, folder: Path, fingerprint: str = "") -> ModelMeasures | None:
    """Return what is kept for the model from ``source``; None if it was not measured on our texts.

    A file that is damaged counts as none.

    Args:
        source: fingerprint of what the model is loaded from.
        folder: of models.
        fingerprint: of the model itself, where that is known; measures of another count as none.
    """
    try:
        kept = json.loads(_path(source, folder).read_text("utf-8"))
        if kept["made_from"] != _made_from(fingerprint or kept["made_from"]["model"]):
            return None
        measures = ModelMeasures(**{name: float(one) for name, one in kept["measures"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return measures if all(0 <= one <= 1 for one in asdict(measures).values()) else None


def _keep(path: Path, made_from: Mapping[str, str | int], measures: ModelMeasures) -> None:
    """Write the measures; where that fails the next process measures again."""
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"made_from": made_from, "measures": asdict(measures)}
        fresh.write_text(json.dumps(kept, indent=1), "utf-8")
        fresh.replace(path)
    except OSError as error:
        _LOG.warning("What was measured of the model cannot be kept in %s: %s", path, error)


def _path(source: str, folder: Path) -> Path:
    return folder / "measures" / f"{checksum.sha256_of_text(source)[:16]}.json"


def _made_from(fingerprint: str) -> dict[str, str | int]:
    texts = "\n".join([*background_subjects(), *map(str, read_needs())])
    return {
        "format": _FORMAT,
        "model": fingerprint,
        "texts": checksum.sha256_of_text(texts)[:16],
    }
