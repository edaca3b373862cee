"""The pages and the API over the real store, jobs and index; only the model is a light one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.embedding.encoder import HashEncoder
from service.app import create_app
from service.context import Context
from service.jobs.reindex import reindex
from service.settings import Settings
from tests.service.sample_calls import NOW, some_calls

pytestmark = pytest.mark.whole

PILOT = {"id": "heart", "title": "Heart", "text": "Heart failure at home.\r\nEvery day.  "}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    settings = Settings.from_env(
        {"FUNDSCOUT_DATA": str(tmp_path), "FUNDSCOUT_CLOCK": NOW.isoformat()}
    )
    opened = Context.open(settings, load=HashEncoder)
    yield opened
    opened.calls._engine.dispose()


@pytest.fixture
def whole(context: Context) -> FlaskClient:
    return create_app(context).test_client()


def fill(context: Context) -> None:
    context.calls.upsert(some_calls(), NOW)
    reindex(context)


def test_from_nothing_to_matches(whole: FlaskClient, context: Context) -> None:
    assert whole.get("/healthz").status_code == 503
    assert "fundscout load-examples" in whole.get("/").text
    context.calls.upsert(some_calls(), NOW)
    unindexed = whole.post("/api/v1/match", json={"text": "heart"})
    assert unindexed.status_code == 503
    assert "fundscout reindex" in unindexed.get_json()["detail"]
    reindex(context)
    assert whole.get("/healthz").status_code == 200
    assert whole.post("/api/v1/pilots", json=PILOT).status_code == 201
    assert whole.post("/api/v1/pilots", json=PILOT).status_code == 409
    found = whole.get("/api/v1/pilots/heart/matches").get_json()
    best = [match["call"]["id"] for match in found["matches"]][:2]
    assert set(best) == {"eu_portal:HEART/2026/01", "vinnova:2026-00001"}
    page = whole.get("/?pilot=heart").text
    assert page.count("<article") == len(found["matches"]) == 5
    assert "The clock stands at 2026-03-02 09:00" in page


def test_evidence_points_into_the_pilot_as_stored(whole: FlaskClient, context: Context) -> None:
    fill(context)
    whole.post("/api/v1/pilots", json=PILOT)
    text = whole.get("/api/v1/pilots/heart").get_json()["text"]
    assert text == PILOT["text"]
    for match in whole.get("/api/v1/pilots/heart/matches").get_json()["matches"]:
        call = whole.get(f"/api/v1/calls/{match['call']['id']}").get_json()
        for pair in match["evidence"]:
            mine, theirs = pair["pilot"], pair["call"]
            stored = call[theirs["field"]][theirs["lang"]]
            assert text[mine["start"] : mine["end"]] == mine["text"]
            assert stored[theirs["start"] : theirs["end"]] == theirs["text"]


def test_a_damaged_index_is_said_and_nothing_else_breaks(
    whole: FlaskClient, context: Context
) -> None:
    fill(context)
    for path in context.snapshots.rglob("*"):
        if path.is_file() and path.name not in ("CURRENT", "manifest.json"):
            path.write_bytes(b"damaged")
    answer = whole.post("/api/v1/match", json={"text": "heart"})
    assert answer.status_code == 503
    assert "fundscout reindex" in answer.get_json()["detail"]
    page = whole.post("/", data={"text": "keep my text"}, follow_redirects=True)
    assert page.status_code == 503
    assert "keep my text" in page.text
    assert whole.get("/calls").status_code == 200


def test_a_store_that_cannot_be_read_is_said_on_a_page_of_its_own(
    whole: FlaskClient, context: Context, tmp_path: Path
) -> None:
    fill(context)
    context.calls._engine.dispose()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"fundscout.sqlite{suffix}").unlink(missing_ok=True)
    (tmp_path / "fundscout.sqlite").write_bytes(b"this is no database" * 1000)
    for address in ("/", "/calls", "/calls/hostile:1", "/api/v1/calls", "/api/v1/pilots"):
        answer = whole.get(address)
        assert answer.status_code == 503, address
        assert "Traceback" not in answer.text
    assert whole.get("/healthz").status_code == 503
