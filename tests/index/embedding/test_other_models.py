"""Other models than the bundled one, from their folders: real weights, and what is made of them."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from huggingface_hub import HfApi

from index.embedding.cache import VectorCache
from index.embedding.encoder import UNRELATED_COSINE
from index.embedding.load import load_encoder
from index.embedding.model import NO_ADAPTER, SHIPPED, resolve_model
from index.embedding.other_models import kept_measures
from index.embedding.sentence_encoder import SentenceEncoder
from index.errors import ModelError
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from index.store.document import Document
from index.text.sentences import Span
from tests.index.embedding.other_models import copy_with, write_portuguese, write_words

SETTINGS = "config_sentence_transformers.json"
TEXT = "Fewer empty lorries between the ports of the region."


@pytest.fixture(scope="module")
def portuguese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose makers name its prompts otherwise than we do."""
    folder = tmp_path_factory.mktemp("other") / "portuguese"
    return write_portuguese(folder, {"search_query": "query: ", "search_document": "passage: "})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the model's measures are kept in."""
    return tmp_path_factory.mktemp("kept")


@pytest.mark.model
def test_a_second_model_is_measured_once_and_its_weakness_named(
    portuguese: Path,
    kept: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = load_encoder(str(portuguese), kept, SHIPPED)
    assert isinstance(encoder, SentenceEncoder)
    assert encoder.unrelated > UNRELATED_COSINE + 0.1
    assert [one.code for one in encoder.notes] == ["uncalibrated", "weak_swedish"]
    assert "is weak here" in caplog.text
    assert encoder.additive
    assert encoder.dimension == encoder.queries([TEXT]).shape[1] == 384

    def fail(_: object) -> None:
        raise AssertionError("it was measured before")

    monkeypatch.setattr(kept_measures, "measure_model", fail)
    again = load_encoder(str(portuguese), kept, NO_ADAPTER)
    assert (again.unrelated, again.notes) == (encoder.unrelated, encoder.notes)


@pytest.mark.model
def test_its_answers_say_that_scores_are_not_calibrated_and_what_is_weak(
    portuguese: Path, kept: Path, documents: list[Document], cache: VectorCache, root: Path
) -> None:
    encoder = load_encoder(str(portuguese), kept, SHIPPED)
    build(documents, encoder, root, cache)
    searcher = ExplainingSearcher.open(root, encoder)
    query = searcher.query("Nurses follow patients with heart failure at home.", explained=True)
    hits = searcher.search(query)
    assert hits[0].document == "eu:heart"
    assert [one.code for one in searcher.notes] == ["uncalibrated", "weak_swedish"]
    assert len(searcher.explain(query, hits)) == len(hits)


@pytest.mark.model
def test_prompts_of_any_name_stand_before_the_texts(portuguese: Path, tmp_path: Path) -> None:
    own = SentenceEncoder(resolve_model(str(portuguese), tmp_path))
    assert np.allclose(own.queries([TEXT]), own.model.encode([f"query: {TEXT}"]), atol=1e-5)
    assert np.allclose(own.passages([TEXT]), own.model.encode([f"passage: {TEXT}"]), atol=1e-5)
    without = copy_with(portuguese, tmp_path / "portuguese", SETTINGS, prompts={})
    bare = SentenceEncoder(resolve_model(str(without), tmp_path))
    assert np.allclose(bare.queries([TEXT]), bare.passages([TEXT]), atol=1e-6)
    assert bare.fingerprint != own.fingerprint, "vectors of the two must not be mixed"
    default = {"prompts": {"all": "query: "}, "default_prompt_name": "all"}
    for_all = copy_with(portuguese, tmp_path / "default" / "portuguese", SETTINGS, **default)
    encoder = SentenceEncoder(resolve_model(str(for_all), tmp_path))
    assert np.allclose(encoder.passages([TEXT]), own.queries([TEXT]), atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("1_Pooling/config.json", {"pooling_mode": "cls"}),
    ],
)
def test_a_model_that_is_no_sum_of_its_tokens_is_noticed(
    portuguese: Path, tmp_path: Path, file: str, changes: dict[str, Any]
) -> None:
    folder = copy_with(portuguese, tmp_path / "portuguese", file, **changes)
    encoder = SentenceEncoder(resolve_model(str(folder), tmp_path))
    assert not encoder.additive
    spans = [Span(0, 20), Span(20, len(TEXT))]
    vectors, (added,) = encoder.encode_with_spans([TEXT], [spans], asking=True)
    assert np.allclose(vectors, encoder.queries([TEXT]))
    assert added.shape == (2, encoder.dimension)


@pytest.mark.model
def test_a_model_of_words_alone_has_no_window_and_works(
    portuguese: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write_words(portuguese, tmp_path / "words")
    with caplog.at_level(logging.WARNING):
        encoder = load_encoder(str(folder), tmp_path, SHIPPED)
    assert encoder.dimension == 384
    assert not encoder.additive
    assert np.allclose(np.linalg.norm(encoder.passages([TEXT, TEXT * 100]), axis=1), 1, atol=1e-5)
    assert "compares by dot" in caplog.text
    assert "uncalibrated" in [one.code for one in encoder.notes]


@pytest.mark.model
def test_a_short_window_is_said(portuguese: Path, tmp_path: Path) -> None:
    file = "sentence_bert_config.json"
    settings = json.loads((portuguese / file).read_text("utf-8"))
    folder = copy_with(
        portuguese, tmp_path / "portuguese", file, **settings | {"max_seq_length": 64}
    )
    encoder = SentenceEncoder(resolve_model(str(folder), tmp_path))
    (limit,) = encoder.limits()
    assert "64 tokens" in limit
    assert encoder.model.max_seq_length == 64


@pytest.mark.model
def test_a_model_that_makes_no_vectors_is_refused(portuguese: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file  # noqa: PLC0415  only here

    folder = copy_with(portuguese, tmp_path / "broken", SETTINGS)
    weights = folder / "model.safetensors"
    tensors = {name: np.full_like(one, np.nan) for name, one in load_file(weights).items()}
    weights.unlink()
    save_file(tensors, weights, {"format": "pt"})
    with pytest.raises(ModelError, match="makes no vector"):
        SentenceEncoder(resolve_model(str(folder), tmp_path))


@pytest.mark.model
@pytest.mark.parametrize("name", ["nobody/no-such-model", "nobody/no-such-model@main"])
def test_a_hub_that_does_not_answer_is_asked_once_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked = []

    def refuse(_: HfApi, repo: str, **__: object) -> None:
        asked.append(repo)
        raise ConnectionError("no route to host\nand a page more")

    monkeypatch.setattr(HfApi, "model_info", refuse)
    with pytest.raises(ModelError, match=r"hub cannot be asked.*no route to host\. Fetch"):
        load_encoder(name, tmp_path, SHIPPED)
    assert asked == ["nobody/no-such-model"]
