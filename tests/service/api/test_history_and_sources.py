"""GET /api/v1/calls/{id}/history, /api/v1/sources, and what vanished at its source."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from scrapers.catalogue import all_funders
from service.context import Context
from service.store.runs import FAILED
from tests.service.sample_calls import FIRST, NOW, dated, delist

ID = "eu_portal:HEART/2026/01"
MOVED = "eu_portal:MOVED/2026/01"


@pytest.mark.parametrize("address", [MOVED, "eu_portal%3AMOVED%2F2026%2F01"])
def test_history_says_what_changed(
    own_client: FlaskClient, own_context: Context, address: str
) -> None:
    call = own_context.calls.all()["vinnova:2026-00001"]
    for day, seen in ((10, FIRST), (14, NOW)):
        moved = call.model_copy(update={"id": MOVED, "deadlines": (dated(day, 3),)})
        own_context.calls.upsert([moved], seen)
    body = own_client.get(f"/api/v1/calls/{address}/history").get_json()
    assert (body["id"], body["first_seen"], body["not_seen_since"]) == (
        MOVED,
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
    own_client: FlaskClient, own_context: Context, language: str, words: str
) -> None:
    assert words not in own_client.get(f"/calls/{ID}?lang={language}").text
    delist(own_context, ID, datetime(2026, 2, 14, 4, tzinfo=UTC))
    assert words in own_client.get(f"/calls/{ID}?lang={language}").text
    for address in (f"/api/v1/calls/{ID}", f"/api/v1/calls/{ID}/history"):
        assert own_client.get(address).get_json()["not_seen_since"] == "2026-02-14T04:00:00Z"


def test_every_funder_is_a_source(own_client: FlaskClient, own_context: Context) -> None:
    with own_context.runs.record("collect", "vinnova") as run:
        run.report = {"calls": 46}
    with own_context.runs.record("collect", "vinnova") as run:
        run.state, run.report = FAILED, {"calls": 0, "findings": ["none came"]}
    body = own_client.get("/api/v1/sources").get_json()
    by_key = {one["key"]: one for one in body["sources"]}
    assert set(by_key) == set(all_funders())
    assert body["failing"] == 1
    vinnova = by_key["vinnova"]
    assert (vinnova["state"], vinnova["calls"], vinnova["findings"]) == (
        "failing",
        3,
        ["none came"],
    )
    assert vinnova["last_good"]["calls"] == 46
    assert by_key["formas"]["state"] == "never collected"
