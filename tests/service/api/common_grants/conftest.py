"""A store with calls of every kind beside the sample ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.context import Context
from service.jobs.reindex import reindex
from tests.service import sample_calls
from tests.service.api.common_grants.varied_calls import varied_calls


@pytest.fixture(scope="module")
def varied_data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("varied") / "data"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(data)
    context.calls.upsert(varied_calls(), sample_calls.NOW)
    reindex(context)
    context.calls._engine.dispose()
    return data


@pytest.fixture(scope="module")
def varied_context(varied_data: Path) -> Iterator[Context]:
    context = sample_calls.open_context(varied_data)
    yield context
    context.calls._engine.dispose()


@pytest.fixture(scope="module")
def varied_client(varied_context: Context) -> FlaskClient:
    return create_app(varied_context).test_client()
