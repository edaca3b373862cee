"""/readyz: 200 while the service answers well, 503 with reasons when it does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from index.errors import ModelError
from service.context import Context
from tests.service.sample_calls import SOURCE

DAY = timedelta(days=1)


def collected(context: Context, key: str, *, ago: timedelta = DAY, good: bool = True) -> None:
    """Record a run of a source."""
    with time_machine.travel(datetime.now(UTC) - ago), context.runs.record("collect", key) as run:
        run.report = {"calls": 3}
        if not good:
            run.state = "failed"


def asked(client: FlaskClient, status: int) -> dict[str, Any]:
    answer = client.get("/readyz")
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def checks(body: dict[str, Any]) -> dict[str, bool]:
    return {check["name"]: check["ok"] for check in body["checks"]}


def test_ready(own_client: FlaskClient, own_context: Context) -> None:
    collected(own_context, "vinnova")
    body = asked(own_client, 200)
    assert (body["status"], body["reasons"]) == ("ready", [])
    assert checks(body) == {"model": True, "index": True, "database": True, "sources": True}
    (source,) = body["sources"]
    assert (source["key"], source["state"]) == ("vinnova", "good")
    assert source["age"] == pytest.approx(DAY.total_seconds(), abs=60)


def test_without_a_collection_it_is_ready_all_the_same(client: FlaskClient) -> None:
    body = asked(client, 200)
    assert body["status"] == "ready"
    assert body["sources"] == []


@pytest.mark.parametrize(
    ("state", "words"), [("failing", "Formas (formas) is failing: last read well 9 days ago.")]
)
def test_a_source_that_fails_is_named_and_the_others_go_on(
    own_client: FlaskClient, own_context: Context, state: str, words: str
) -> None:
    collected(own_context, "vinnova")
    collected(own_context, "formas", ago=9 * DAY)
    collected(own_context, "formas", good=False)
    body = asked(own_client, 200)
    assert body["status"] == "degraded"
    assert body["reasons"] == [words]
    assert {one["key"]: one["state"] for one in body["sources"]} == {
        "vinnova": "good",
        "formas": state,
    }


def test_when_no_source_is_fresh_it_is_not_ready(
    own_client: FlaskClient, own_context: Context
) -> None:
    collected(own_context, "vinnova", ago=8 * DAY)
    collected(own_context, "formas", good=False)
    body = asked(own_client, 503)
    assert body["status"] == "unavailable"
    assert body["reasons"][0].startswith("0 of 2 sources read well within the last week: run")
    assert "Vinnova (vinnova) is stale: last read well 8 days ago." in body["reasons"]
    assert "Formas (formas) is failing: never read well." in body["reasons"]


def test_no_index(own_client: FlaskClient, own_context: Context) -> None:
    shutil.rmtree(own_context.snapshots)
    body = asked(own_client, 503)
    assert checks(body)["index"] is False
    assert "There is no index yet: run `fundscout reindex`." in body["reasons"]


def test_an_index_of_another_model(
    own_client: FlaskClient, own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_context.encoder(), "fingerprint", "another")
    body = asked(own_client, 503)
    assert "The index was made by another model: run `fundscout reindex`." in body["reasons"]


def test_a_model_that_cannot_be_loaded(
    own_client: FlaskClient, own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ModelError("The model's file is damaged.")

    monkeypatch.setattr(own_context, "encoder", broken)
    body = asked(own_client, 503)
    assert body["reasons"] == ["The model's file is damaged."]


def test_no_calls(own_client: FlaskClient, own_context: Context) -> None:
    own_context.calls.remove_source(SOURCE.source)
    assert checks(asked(own_client, 503))["database"] is False


@pytest.fixture
def broken_store(shared_context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def broken() -> int:
        raise OperationalError("SELECT secret", {}, Exception("disk"))

    for name in ("count", "count_by_source"):
        monkeypatch.setattr(shared_context.calls, name, broken)
    yield
    shared_context.activity.searches = 0


@pytest.mark.usefixtures("broken_store")
def test_a_database_that_cannot_be_read(client: FlaskClient) -> None:
    body = asked(client, 503)
    assert body["reasons"] == ["The database cannot be read: check the data folder and its rights."]
    figures = client.get("/metrics")
    assert figures.status_code == 200
    assert "fundscout_store_up 0.0" in figures.text


def test_an_index_that_is_behind_is_told_and_answers(
    own_client: FlaskClient, own_context: Context, tmp_path: Path
) -> None:
    own_context.calls.remove_source("nobody")
    with own_context.runs.record("restore"):
        pass
    body = asked(own_client, 200)
    (index,) = [check for check in body["checks"] if check["name"] == "index"]
    assert index["detail"].endswith("calls have changed since: run `fundscout reindex`.")
