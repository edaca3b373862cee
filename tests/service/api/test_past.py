"""GET /api/v1/calls/{id}/history, /api/v1/sources, and what vanished at its source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from scrapers.funder import funders
from service.store.runs import Run
from tests.service.api.world import FIRST, NOW, World
from tests.service.api.world_calls import dated

ID = "eu_portal:HEART/2026/01"


@pytest.mark.parametrize("address", [ID, "eu_portal%3AHEART%2F2026%2F01"])
def test_history_says_what_changed(client: FlaskClient, world: World, address: str) -> None:
    now = world.calls.held["vinnova:2026-00001"]
    world.calls.held[ID] = now.model_copy(update={"id": ID})
    world.calls.past[ID] = [(FIRST, now.model_copy(update={"deadlines": (dated(10, 3),)}))]
    body = client.get(f"/api/v1/calls/{address}/history").get_json()
    assert (body["id"], body["first_seen"], body["not_seen_since"]) == (
        ID,
        "2026-02-01T04:00:00Z",
        None,
    )
    first, second = body["versions"]
    assert (first["number"], first["changes"]) == (1, [])
    (change,) = second["changes"]
    assert (change["field"], change["kind"]) == ("deadlines", "moved")
    assert change["after"] == "2026-03-14T14:00:00+01:00"
    assert set(change["sentence"]) == {"en", "sv"}


def test_a_call_with_one_version_has_no_changes(client: FlaskClient) -> None:
    body = client.get("/api/v1/calls/vinnova:2026-00001/history").get_json()
    assert [version["changes"] for version in body["versions"]] == [[]]


def test_the_history_of_no_call(client: FlaskClient) -> None:
    answer = client.get("/api/v1/calls/vinnova:none/history")
    assert answer.status_code == 404
    assert "vinnova:none" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "since 14 February 2026"), ("sv", "sedan 14 februari 2026")]
)
def test_a_vanished_call_says_so(
    client: FlaskClient, world: World, language: str, words: str
) -> None:
    assert words not in client.get(f"/calls/{ID}?lang={language}").text
    world.calls.missing[ID] = datetime(2026, 2, 14, 4, tzinfo=UTC)
    assert words in client.get(f"/calls/{ID}?lang={language}").text
    for address in (f"/api/v1/calls/{ID}", f"/api/v1/calls/{ID}/history"):
        assert client.get(address).get_json()["not_seen_since"] == "2026-02-14T04:00:00Z"


def test_every_funder_is_a_source(client: FlaskClient, world: World) -> None:
    world.runs.held += [
        Run(1, "collect", "vinnova", NOW, "done", NOW + timedelta(minutes=1), {"calls": 46}),
        Run(2, "collect", "vinnova", NOW, "failed", NOW, {"calls": 0, "findings": ["none came"]}),
    ]
    body = client.get("/api/v1/sources").get_json()
    by_key = {one["key"]: one for one in body["sources"]}
    assert set(by_key) == set(funders())
    assert body["failing"] == 1
    vinnova = by_key["vinnova"]
    assert (vinnova["state"], vinnova["calls"], vinnova["findings"]) == (
        "failing",
        3,
        ["none came"],
    )
    assert vinnova["last_good"]["calls"] == 46
    assert by_key["formas"]["state"] == "never collected"
