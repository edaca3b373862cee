"""A small library of documents in two languages, and an index of it, for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from index.store.document import Document, Field
from tests.made_once import run_folder

HEART = (
    "Remote care of heart failure at home. Patients measure weight and blood pressure every day. "
    "The call pays for clinical trials in two regions."
)
WIND = "Wind turbines at sea need new foundations. Projects shall test materials in salt water."
HEMMA = (
    "Utlysningen gäller vård av hjärtsvikt i hemmet. Patienter mäter vikt och blodtryck dagligen."
)


@pytest.fixture(scope="session")
def documents() -> list[Document]:
    return [
        Document(
            "eu:heart",
            (Field("titles", "en", "Heart failure at home"), Field("texts", "en", HEART)),
            "telemedicine",
        ),
        Document(
            "eu:wind",
            (
                Field("titles", "en", "Foundations for offshore wind"),
                Field("texts", "en", WIND, (("scope", 0, len(WIND)),)),
            ),
        ),
        Document(
            "se:heart",
            (Field("titles", "sv", "Hjärtsvikt i hemmet"), Field("texts", "sv", HEMMA)),
        ),
        Document("se:title-only", (Field("titles", "sv", "Resebidrag för forskare"),)),
    ]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the bundled model, shared by all workers; do not damage what is in it."""
    folder = run_folder(tmp_path_factory) / "models"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    opened = VectorCache(tmp_path / "vectors.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def root(tmp_path: Path, documents: list[Document], cache: VectorCache) -> Path:
    folder = tmp_path / "snapshots"
    build(documents, HashEncoder(), folder, cache)
    return folder


@pytest.fixture(scope="session")
def searcher(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document]
) -> ExplainingSearcher:
    """The index of the documents, for tests that only read: built once a session."""
    folder = tmp_path_factory.mktemp("library")
    cache = VectorCache(folder / "vectors.sqlite")
    build(documents, HashEncoder(), folder / "snapshots", cache)
    cache.close()
    return ExplainingSearcher.open(folder / "snapshots", HashEncoder())
