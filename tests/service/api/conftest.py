from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from service.app import create_app
from tests.service.api.world import World, make


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make(tmp_path)


@pytest.fixture
def app(world: World) -> APIFlask:
    return create_app(world)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()
