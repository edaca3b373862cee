"""GET /api/v1/pilots/{pilot_id}/calls/{call_id}: any stored call explained for a pilot."""

from __future__ import annotations

import shutil

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.matching.filters import Filters
from service.messages.catalogue import catalogue, languages
from tests.service.sample_calls import NOW, some_pilots
from tests.service.web.test_words import EVERY

URL = "/api/v1/pilots/heart/calls"
HEART = "eu_portal:HEART/2026/01"


def test_a_call_with_slashes_in_its_id_is_explained(client: FlaskClient) -> None:
    answer = client.get(f"{URL}/{HEART}")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["match"]["call"]["id"] == HEART
    assert body["pilot"] == "heart"
    assert body["rank"] >= 1
    assert body["considered"] == 5
    assert body["recommended"] is (not body["why_not"])
    assert body["as_of"] == "2026-03-02T09:00:00Z"


def test_the_match_is_the_one_of_the_list(client: FlaskClient) -> None:
    listed = client.get("/api/v1/pilots/heart/matches").get_json()["matches"]
    assert len(listed) >= 2
    for rank, match in enumerate(listed, 1):
        body = client.get(f"{URL}/{match['call']['id']}").get_json()
        assert body["match"] == match
        assert body["rank"] == rank


def test_spans_left_out_are_those_of_the_pilot(client: FlaskClient) -> None:
    text = some_pilots()[0].text
    body = client.get(f"{URL}/vinnova:2026-00001").get_json()
    assert body["without"]
    for one in body["without"]:
        assert text[one["pilot"]["start"] : one["pilot"]["end"]] == one["pilot"]["text"]
        assert set(one["sentence"]) == {"en", "sv"}


def test_the_filters_of_a_list_may_be_given(client: FlaskClient) -> None:
    closed = client.get(f"{URL}/vinnova:2025-00009").get_json()
    assert closed["why_not"][0]["code"] == "filter"
    every = client.get(f"{URL}/vinnova:2025-00009?status=all").get_json()
    assert "filter" not in [one["code"] for one in every["why_not"]]
    assert every["considered"] == 6
    narrow = client.get(f"{URL}/{HEART}?level=national&funder=vinnova").get_json()
    assert [one["code"] for one in narrow["why_not"]][:2] == ["filter", "filter"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/api/v1/pilots/nobody/calls/vinnova:2026-00001", "There is no pilot nobody"),
        (f"{URL}/vinnova:9", "There is no call vinnova:9: /api/v1/calls lists them."),
    ],
)
def test_what_is_not_there_is_said(client: FlaskClient, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert said in answer.get_json()["detail"]


def test_values_that_cannot_be_used(client: FlaskClient) -> None:
    assert client.get(f"{URL}/{HEART}?status=splendid").status_code == 422
    assert client.get(f"{URL}/{HEART}?top=3").status_code == 422


def test_without_an_index_it_says_what_to_do(own_client: FlaskClient, own_context: Context) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get(f"{URL}/{HEART}")
    assert answer.status_code == 503
    assert "fundscout reindex" in answer.get_json()["detail"]


def test_every_reason_of_the_filters_can_be_said() -> None:
    statuses = {f"status {one}" for one in ("open", "closed", "forthcoming", "unknown")}
    found = {Filters().exclusion_reason(call, NOW) for call in EVERY} - {None}
    assert found
    texts = [catalogue(language).texts for language in languages()]
    for reason in found | statuses:
        assert len({there[f"why_not.filter.{reason}"] for there in texts}) == len(texts)
