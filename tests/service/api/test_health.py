"""/healthz: 200 when a match can be answered, 503 with what to do when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service.app import create_app
from service.errors import ServiceError
from tests.service.api.world import World, make


def checks(client: FlaskClient, status: int) -> dict[str, tuple[bool, str]]:
    answer = client.get("/healthz")
    body = answer.get_json()
    assert answer.status_code == status
    assert body["status"] == ("ok" if status == 200 else "unavailable")
    return {check["name"]: (check["ok"], check["detail"]) for check in body["checks"]}


def test_healthy(client: FlaskClient, world: World) -> None:
    found = checks(client, 200)
    assert found["database"] == (True, "6 calls can be read.")
    assert found["index"][0]
    assert world.index is not None
    assert world.index.name in found["index"][1]


def test_no_index(tmp_path: Path) -> None:
    client = create_app(make(tmp_path, indexed=False)).test_client()
    assert checks(client, 503)["index"] == (
        False,
        "There is no index yet: run `fundscout reindex`.",
    )


def test_an_index_whose_manifest_is_gone(client: FlaskClient, world: World) -> None:
    for manifest in world.settings.snapshots.glob("*/manifest.json"):
        manifest.unlink()
    ok, detail = checks(client, 503)["index"]
    assert not ok
    assert "fundscout reindex" in detail


def test_no_calls(client: FlaskClient, world: World) -> None:
    world.calls.held.clear()
    assert "fundscout collect" in checks(client, 503)["database"][1]


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT secret", {}, Exception("disk")), ServiceError("locked")]
)
def test_a_database_that_cannot_be_read(
    client: FlaskClient, world: World, error: Exception
) -> None:
    world.calls.error = error
    found = checks(client, 503)["database"]
    assert found == (
        False,
        "The database cannot be read: check the data folder and its rights.",
    )
