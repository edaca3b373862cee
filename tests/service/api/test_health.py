"""/healthz: 200 when a match can be answered, 503 with what to do when it cannot."""

from __future__ import annotations

import shutil

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service.context import Context
from service.errors import ServiceError
from tests.service.sample_calls import SOURCE


def checks(client: FlaskClient, status: int) -> dict[str, tuple[bool, str]]:
    answer = client.get("/healthz")
    body = answer.get_json()
    assert answer.status_code == status
    assert body["status"] == ("ok" if status == 200 else "unavailable")
    return {check["name"]: (check["ok"], check["detail"]) for check in body["checks"]}


def test_healthy(client: FlaskClient, shared_context: Context) -> None:
    found = checks(client, 200)
    assert found["database"] == (True, "6 calls can be read.")
    assert found["index"][0]
    assert shared_context.searcher().name in found["index"][1]


def test_no_index(own_client: FlaskClient, own_context: Context) -> None:
    shutil.rmtree(own_context.snapshots)
    assert checks(own_client, 503)["index"] == (
        False,
        "There is no index yet: run `fundscout reindex`.",
    )


def test_an_index_whose_manifest_is_gone(own_client: FlaskClient, own_context: Context) -> None:
    for manifest in own_context.snapshots.glob("*/manifest.json"):
        manifest.unlink()
    ok, detail = checks(own_client, 503)["index"]
    assert not ok
    assert "fundscout reindex" in detail


def test_no_calls(own_client: FlaskClient, own_context: Context) -> None:
    own_context.calls.remove_source(SOURCE.source)
    assert "fundscout collect" in checks(own_client, 503)["database"][1]


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT secret", {}, Exception("disk")), ServiceError("locked")]
)
def test_a_database_that_cannot_be_read(
    client: FlaskClient,
    shared_context: Context,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    def broken() -> int:
        raise error

    monkeypatch.setattr(shared_context.calls, "count", broken)
    found = checks(client, 503)["database"]
    assert found == (
        False,
        "The database cannot be read: check the data folder and its rights.",
    )
