"""GET and POST /api/v1/pilots: kept exactly, never overwritten, never by a stranger's form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.pilots.pilot import make_id
from tests.service.sample_calls import HOSTILE, some_pilots

NEW = {
    "id": "sepsis-1",
    "title": "Sepsis",
    "text": "  Tidig upptäckt av sepsis.\r\n",
    "language": "sv",
}
URL = "/api/v1/pilots"


def test_the_list_has_no_texts(client: FlaskClient) -> None:
    body = client.get(URL).get_json()
    assert [pilot["id"] for pilot in body["pilots"]] == ["heart", "hostile"]
    assert set(body["pilots"][0]) == {
        "id",
        "title",
        "language",
        "created_at",
        "modified_at",
        "archived_at",
        "characters",
    }
    assert body["total"] == 2


def test_the_list_has_pages(client: FlaskClient) -> None:
    body = client.get(f"{URL}?page=2&page_size=1").get_json()
    assert [pilot["id"] for pilot in body["pilots"]] == ["hostile"]
    assert body["pages"] == 2


def test_one_pilot(client: FlaskClient) -> None:
    assert client.get(f"{URL}/heart").get_json()["text"] == some_pilots()[0].text


def test_a_pilot_is_stored_exactly_as_given(own_client: FlaskClient) -> None:
    before = datetime.now(UTC)
    answer = own_client.post(URL, json=NEW)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{URL}/sepsis-1"
    stored = own_client.get(answer.headers["Location"]).get_json()
    assert stored == answer.get_json()
    assert {name: stored[name] for name in NEW} == NEW
    assert before <= datetime.fromisoformat(stored["created_at"]) <= datetime.now(UTC)


def test_a_pilot_without_an_id_gets_one_from_its_title(own_client: FlaskClient) -> None:
    body = {"title": "Åldrande & hälsa: en pilot!", "text": "Mäta vikt hemma."}
    answer = own_client.post(URL, json=body)
    assert answer.status_code == 201
    assert answer.get_json()["id"].startswith("aldrande-halsa-en-pilot-")
    assert own_client.post(URL, json=body).status_code == 409


@pytest.mark.parametrize("title", ["", "!!!", "日本", "x" * 500, HOSTILE])
def test_a_made_id_is_always_usable(own_client: FlaskClient, title: str) -> None:
    made = make_id(title, "text")
    body = {"id": made, "title": "A pilot", "text": "text"}
    assert own_client.post(URL, json=body).status_code == 201


def test_a_taken_id_is_a_conflict_and_changes_nothing(
    own_client: FlaskClient, own_context: Context
) -> None:
    before = own_context.pilots.get("heart")
    answer = own_client.post(URL, json=NEW | {"id": "heart"})
    assert answer.status_code == 409
    assert answer.get_json()["title"] == "Conflict"
    assert "heart" in answer.get_json()["detail"]
    assert own_context.pilots.get("heart") == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"text": " "}, "text"),
        ({"text": "a" * 100_001}, "text"),
        ({"id": "Capital"}, "id"),
        ({"id": "../etc"}, "id"),
        ({"language": "svenska"}, "language"),
        ({"owner": "me"}, "owner"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
)
def test_values_that_cannot_be_used(
    own_client: FlaskClient, own_context: Context, change: dict[str, Any], field: str
) -> None:
    answer = own_client.post(URL, json=NEW | change)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
    assert len(own_context.pilots.all()) == 2


def test_a_form_of_another_site_cannot_store_a_pilot(
    own_client: FlaskClient, own_context: Context
) -> None:
    assert own_client.post(URL, data={"title": "x", "text": "y"}).status_code == 415
    plain = own_client.post(URL, data='{"title": "x", "text": "y"}', content_type="text/plain")
    assert plain.status_code == 415
    assert len(own_context.pilots.all()) == 2


def test_an_unknown_pilot(client: FlaskClient) -> None:
    answer = client.get(f"{URL}/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.get_json()["detail"]


def test_what_cannot_be_done_to_a_pilot(client: FlaskClient) -> None:
    answer = client.post(f"{URL}/heart")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
