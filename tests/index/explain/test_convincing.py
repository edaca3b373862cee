"""Pairs with the bundled model: what convinces is shown, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.explain.convincing import convincing_model
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from index.store.document import Document

PILOT = (
    "Remote monitoring of heart failure at home\n"
    "Patients with heart failure measure weight and blood pressure at home every day."
)


@pytest.fixture(scope="module")
def bundled(
    tmp_path_factory: pytest.TempPathFactory, models: Path, documents: list[Document]
) -> ExplainingSearcher:
    folder = tmp_path_factory.mktemp("convincing")
    encoder = load_encoder(BUNDLED, models, SHIPPED)
    cache = VectorCache(folder / "vectors.sqlite")
    build(documents, encoder, folder / "snapshots", cache)
    cache.close()
    return ExplainingSearcher.open(folder / "snapshots", encoder)


def test_a_pair_on_the_same_need_is_shown_and_others_are_not(bundled: ExplainingSearcher) -> None:
    query = bundled.query(PILOT, "en", explained=True)
    hits = bundled.search(query)
    found = {hit.document: why for hit, why in zip(hits, bundled.explain(query, hits), strict=True)}
    (pair,) = found["eu:heart"].evidence
    assert pair.convincing is not None
    assert pair.convincing >= convincing_model().threshold
    assert found["eu:wind"].evidence == ()
    assert found["se:title-only"].evidence == ()


def test_words_are_shared_without_a_pair_and_in_the_documents_language(
    bundled: ExplainingSearcher,
) -> None:
    query = bundled.query(
        "A school excursion to salt water\nWe plan a meeting.", "en", explained=True
    )
    (hit,) = bundled.search(query, top=1, allowed=["eu:wind"])
    (why,) = bundled.explain(query, [hit])
    assert why.evidence == ()
    assert {"salt", "water"} <= {term.document.lower() for term in why.terms}


def test_the_model_knows_the_bundled_encoder_alone() -> None:
    model = convincing_model()
    assert model.fits("e5-small-onnx-0123-int8")
    assert not model.fits("hash-3gram-256")
