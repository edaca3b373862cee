"""GET /api/v1/calls and /api/v1/calls/{id}: order, pages, filters, ids with slashes."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from scrapers.call import Call
from tests.service.sample_calls import HOSTILE, in_two_stages

INORDER = [
    "vinnova:2026-00001",
    "eu_portal:HEART/2026/01",
    "hostile:1",
    "vinnova:2026-00002",
    "hostile:2",
    "vinnova:2025-00009",
]


def listed(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/calls?{query}")
    assert answer.status_code == 200, answer.text
    return [call["id"] for call in answer.get_json()["calls"]]


def test_what_closes_next_comes_first_and_what_is_closed_last(client: FlaskClient) -> None:
    assert listed(client) == INORDER


def test_pages_hold_every_call_once(client: FlaskClient) -> None:
    pages = [listed(client, f"page_size=4&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert pages[0] + pages[1] == INORDER
    body = client.get("/api/v1/calls?page_size=4&page=2").get_json()
    assert (body["page"], body["pages"], body["page_size"], body["total"]) == (2, 2, 4, 6)
    assert body["as_of"] == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=open", INORDER[:4]),
        ("status=closed&status=forthcoming", INORDER[4:]),
        ("status=all", INORDER),
        ("funder=vinnova", [INORDER[0], INORDER[3], INORDER[5]]),
        ("level=european", [INORDER[1]]),
        ("language=sv", [INORDER[0], INORDER[3], INORDER[5]]),
        ("deadline_from=2026-04-01&deadline_to=2026-04-30", [INORDER[1]]),
        ("q=TELEMEDICINE", [INORDER[1]]),
        ("q=heart+elderly+home", [INORDER[1], INORDER[2]]),
        ("q=nothing-at-all", []),
    ],
)
def test_filters_hold(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert listed(client, query) == expected


@pytest.mark.parametrize(
    "query", ["page=0", "page_size=201", "page_size=x", "status=x", "size=3", "language=SWE"]
)
def test_a_query_that_cannot_be_used(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/calls?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"].startswith(query.split("=", maxsplit=1)[0])


def test_the_title_is_in_the_language_asked_for(client: FlaskClient) -> None:
    swedish = client.get("/api/v1/calls?language=sv").get_json()["calls"][0]["title"]
    english = client.get("/api/v1/calls").get_json()["calls"][0]["title"]
    assert (swedish, english) == ("Hjärtsvikt i hemmet", "Heart failure in the home")


@pytest.mark.parametrize("address", ["eu_portal:HEART/2026/01", "eu_portal%3AHEART%2F2026%2F01"])
def test_one_call_as_stored(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/api/v1/calls/{address}")
    body = answer.get_json()
    computed = {
        "status": body.pop("status"),
        "next_deadline": body.pop("next_deadline"),
        "stale": body.pop("stale"),
        "not_seen_since": body.pop("not_seen_since"),
        "call_links": body.pop("call_links"),
        "rounds": body.pop("rounds"),
        "usually": body.pop("usually"),
        "converted": body.pop("converted"),
        "conditions": body.pop("conditions"),
        "notes": body.pop("notes"),
        "modified_at": body.pop("modified_at"),
    }
    assert Call.model_validate(body) == in_two_stages()
    assert computed["modified_at"] == "2026-02-01T04:00:00Z"
    assert computed["status"] == "open"
    assert computed["not_seen_since"] is None
    assert (computed["rounds"], computed["usually"]) == ([], None)
    assert computed["converted"] is None
    assert {row["name"] for row in computed["conditions"]} >= {"amount"}
    assert computed["next_deadline"]["at"] == "2026-04-14T15:00:00Z"
    assert computed["stale"] is False
    assert computed["notes"] == []


def test_text_is_given_as_it_is_stored(client: FlaskClient) -> None:
    body = client.get("/api/v1/calls/hostile:1").get_json()
    assert body["funder"] == HOSTILE


@pytest.mark.parametrize("address", ["vinnova:none", "a:b/", "a:b//c", "%00", "å:ö"])
def test_an_unknown_call(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/api/v1/calls/{address}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert "/api/v1/calls" in answer.get_json()["detail"]
