"""POST /api/v1/match and GET /api/v1/pilots/{id}/matches: form, filters, and bad input."""

from __future__ import annotations

import shutil
from http import HTTPStatus
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service.app import LARGEST_BODY
from service.context import Context
from service.domain.matching.match import MatchList
from tests.service.sample_calls import some_pilots

TEXT = "Heart failure at home\n\nÄldre patienter mäter vikt 🫀 dagligen. Remote care at home."
URL = "/api/v1/match"


def ask(client: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = client.post(URL, json={"text": TEXT} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [match["call"]["id"] for match in found["matches"]]


def test_a_match_has_exactly_the_promised_form(client: FlaskClient) -> None:
    found = ask(client)
    match = found["matches"][0]
    assert set(found) == set(MatchList.model_fields)
    assert set(match) == set("call score fit parts evidence terms gates".split()) | set(
        "similar first_seen new closing past rounds usually judged reasons named".split()
    )
    assert set(match["parts"][0]) == {"name", "value", "contribution"}
    assert set(match["evidence"][0]) == {"pilot", "call", "similarity", "convincing"}
    assert set(match["evidence"][0]["pilot"]) == {"start", "end", "text"}
    assert {"field", "lang", "start", "end", "text"} <= set(match["evidence"][0]["call"])
    assert set(match["terms"][0]) == {"pilot", "call", "weight"}
    assert set(match["gates"][0]) == {
        "name",
        "verdict",
        "reason",
        "quote",
        "spans",
        "nearest",
        "confidence",
        "code",
        "values",
        "why",
    }
    assert {"id", "title", "funder", "level", "deadlines", "url"} <= set(match["call"])
    assert MatchList.model_validate(found).matches[0].call.id == match["call"]["id"]


def test_scores_fall_and_are_the_sum_of_their_parts(client: FlaskClient) -> None:
    matches = ask(client)["matches"]
    scores = [match["score"] for match in matches]
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)
    for match in matches:
        total = sum(part["contribution"] for part in match["parts"])
        assert match["score"] == pytest.approx(total)


def test_evidence_is_verbatim_in_the_text_sent_and_in_the_call_as_returned(
    client: FlaskClient,
) -> None:
    quoted = 0
    for match in ask(client)["matches"]:
        call = client.get(f"/api/v1/calls/{match['call']['id']}").get_json()
        for pair in match["evidence"]:
            mine, theirs = pair["pilot"], pair["call"]
            stored = call[theirs["field"]][theirs["lang"]]
            assert TEXT[mine["start"] : mine["end"]] == mine["text"]
            assert stored[theirs["start"] : theirs["end"]] == theirs["text"]
            quoted += 1
    assert quoted >= 3


def test_open_and_forthcoming_calls_by_default_and_the_rest_counted(client: FlaskClient) -> None:
    found = ask(client)
    assert {match["call"]["status"] for match in found["matches"]} == {"open", "forthcoming"}
    assert found["left_out"] == {"status closed": 1}
    assert found["considered"] == 5


@pytest.mark.parametrize("status", ["open", "forthcoming"])
def test_either_can_be_asked_for_alone(client: FlaskClient, status: str) -> None:
    found = ask(client, filters={"statuses": [status]})
    assert {match["call"]["status"] for match in found["matches"]} == {status}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"statuses": ["closed"]}, {"vinnova:2025-00009"}),
        ({"statuses": ["forthcoming", "closed"]}, {"vinnova:2025-00009", "hostile:2"}),
        ({"funders": ["eu_portal"]}, {"eu_portal:HEART/2026/01"}),
        (
            {"levels": ["european", "international"]},
            {"eu_portal:HEART/2026/01", "hostile:1", "hostile:2"},
        ),
        ({"languages": ["sv"]}, {"vinnova:2026-00001", "vinnova:2026-00002"}),
        ({"deadline_to": "2026-03-14"}, {"vinnova:2026-00001"}),
        ({"deadline_from": "2026-05-01"}, {"hostile:1", "hostile:2"}),
        ({"funders": ["nobody"]}, set()),
    ],
)
def test_filters_hold(client: FlaskClient, filters: dict[str, Any], expected: set[str]) -> None:
    found = ask(client, filters=filters)
    assert set(ids(found)) == expected
    assert found["considered"] == len(expected)


def test_an_empty_list_of_statuses_means_every_one(client: FlaskClient) -> None:
    assert ask(client, filters={"statuses": []})["considered"] == 6


def test_top_and_language_reach_the_search(client: FlaskClient) -> None:
    found = ask(client, top=2, language="sv")
    assert len(found["matches"]) == 2
    assert found["language"] == "sv"
    assert ask(client)["language"] == "en"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a" * 100_001}, "text"),
        ({"text": TEXT, "top": 0}, "top"),
        ({"text": TEXT, "top": 101}, "top"),
        ({"text": TEXT, "top": "many"}, "top"),
        ({"text": TEXT, "language": "Swedish"}, "language"),
        ({"text": TEXT, "tpo": 3}, "tpo"),
        ({"text": TEXT, "filters": {"status": ["open"]}}, "filters.status"),
        ({"text": TEXT, "filters": {"statuses": ["ajar"]}}, "filters.statuses.0"),
        ({"text": TEXT, "filters": {"deadline_from": "soon"}}, "filters.deadline_from"),
        ([TEXT], "(all)"),
        ("text", "(all)"),
    ],
)
def test_values_that_cannot_be_used_are_named(client: FlaskClient, body: Any, field: str) -> None:
    answer = client.post(URL, json=body)
    problem = answer.get_json()
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert (problem["status"], problem["title"]) == (422, HTTPStatus(422).phrase)
    assert field in [error["field"] for error in problem["errors"]]
    assert all(error["message"] for error in problem["errors"])


def test_a_window_that_ends_before_it_begins_is_refused(client: FlaskClient) -> None:
    window = {"deadline_from": "2026-05-02", "deadline_to": "2026-05-01"}
    problem = client.post(URL, json={"text": TEXT, "filters": window}).get_json()
    assert problem["errors"] == [
        {"field": "(all)", "message": "deadline_from is after deadline_to: swap them"}
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'{"text": "half',
        b"<html></html>",
        '{"text": "hjärta"}'.encode("cp1252"),
        b'{"text": "\\ud800"}',
        b"null",
        b"[" * 100_000,
        b'{"text": NaN}',
    ],
)
def test_a_body_that_is_not_json_is_a_bad_request(client: FlaskClient, body: bytes) -> None:
    answer = client.post(URL, data=body, content_type="application/json")
    problem = answer.get_json()
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"
    assert problem["detail"]
    assert "Traceback" not in answer.text


def test_a_byte_order_mark_is_passed_over(client: FlaskClient) -> None:
    body = b"\xef\xbb\xbf" + b'{"text": "Heart failure"}'
    assert client.post(URL, data=body, content_type="application/json").status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(client: FlaskClient, content_type: str) -> None:
    answer = client.post(URL, data=b'{"text": "Heart"}', content_type=content_type)
    assert answer.status_code == 415
    assert "application/json" in answer.get_json()["detail"]


def test_a_body_over_the_cap_is_refused(client: FlaskClient) -> None:
    body = b'{"text": "' + b"a" * LARGEST_BODY + b'"}'
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["detail"] == "The body is larger than 1024 KiB: send less."


def test_the_longest_text_is_taken_whatever_its_letters(client: FlaskClient) -> None:
    text = "hjärta 🫀 " * 11_111
    answer = client.post(URL, json={"text": text})
    assert answer.status_code == 200
    assert "characters" in answer.get_json()["notes"][0]


def test_words_of_the_search_reach_the_client(client: FlaskClient) -> None:
    answer = client.post(URL, json={"text": "42 ???"})
    assert answer.status_code == 422
    assert answer.get_json()["detail"].startswith("The text is empty: describe the pilot")


def test_without_an_index_it_says_what_to_run(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.post(URL, json={"text": TEXT})
    assert answer.status_code == 503
    assert answer.get_json()["detail"] == "There is no index yet: run `fundscout reindex`."


def test_a_get_says_which_method_to_use(client: FlaskClient) -> None:
    answer = client.get(URL)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_the_matches_of_a_pilot_are_those_of_its_text(client: FlaskClient) -> None:
    pilot = some_pilots()[0]
    by_pilot = client.get("/api/v1/pilots/heart/matches?top=3").get_json()
    by_text = ask(client, text=pilot.text, top=3, language="sv")
    assert by_pilot == by_text
    assert len(by_pilot["matches"]) == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=closed", {"vinnova:2025-00009"}),
        ("status=closed&status=forthcoming", {"vinnova:2025-00009", "hostile:2"}),
        ("funder=vinnova", {"vinnova:2026-00001", "vinnova:2026-00002"}),
        ("funder=vinnova&status=closed", {"vinnova:2025-00009"}),
        ("level=european", {"eu_portal:HEART/2026/01"}),
        ("language=sv&deadline_to=2026-04-01", {"vinnova:2026-00001"}),
        ("funder=eu_portal", {"eu_portal:HEART/2026/01"}),
    ],
)
def test_a_pilots_matches_take_filters(client: FlaskClient, query: str, expected: set[str]) -> None:
    found = client.get(f"/api/v1/pilots/heart/matches?{query}").get_json()
    assert set(ids(found)) == expected


def test_all_statuses_of_a_pilots_matches(client: FlaskClient) -> None:
    assert client.get("/api/v1/pilots/heart/matches?status=all").get_json()["considered"] == 6


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("top=0", "top"),
        ("deadline_from=", "deadline_from"),
        ("funder=", "funder.0"),
        ("top=1&top=2", "top"),
        ("status=ajar", "status.0"),
        ("stauts=open", "stauts"),
        ("deadline_to=2026-13-01", "deadline_to"),
        ("level=local", "level.0"),
        ("funder=../x", "funder.0"),
    ],
)
def test_a_query_that_cannot_be_used_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/pilots/heart/matches?{query}")
    assert answer.status_code == 422
    fields = [error["field"] for error in answer.get_json()["errors"]]
    assert any(name.startswith(field) for name in fields)


def test_matches_of_an_unknown_pilot(client: FlaskClient) -> None:
    answer = client.get("/api/v1/pilots/nobody/matches")
    assert answer.status_code == 404
    assert "nobody" in answer.get_json()["detail"]


@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/html"]))
def test_no_body_makes_the_service_fail(app: APIFlask, body: bytes, kind: str) -> None:
    answer = app.test_client().post(URL, data=body, content_type=kind)
    assert answer.status_code in (200, 400, 415, 422)
    assert answer.is_json or answer.mimetype == "application/problem+json"


MAIL = (
    "From: Olive Rask <olive.rask@nhs.example.org>\nSent: Thursday, 4 June 2026 08:40\n"
    "To: Fred Moe\nSubject: FW: text for the application\n\n"
)
PROJECT = (
    "Heart failure at home\n\nElderly patients measure weight and blood pressure every day, and "
    "nurses see the values and call those who get worse. Two regions take part for two years."
)


def test_sections_say_what_counted_by_their_place_in_the_text(client: FlaskClient) -> None:
    found = ask(client, text=MAIL + PROJECT)
    little = [one for one in found["sections"] if one["counts_little"]]
    assert "mail" in {one["kind"] for one in little}
    assert little[0]["start"] == 0
    assert little[-1]["end"] <= len(MAIL)
    assert found["notes"][0].startswith("Parts of the text that counted little: mail header")
    # quotations point into the text as it was sent
    for match in found["matches"]:
        for one in match["evidence"]:
            quoted = one["pilot"]
            assert (MAIL + PROJECT)[quoted["start"] : quoted["end"]] == quoted["text"]
            assert quoted["start"] >= len(MAIL)


def test_a_kind_or_all_of_the_text_can_be_made_to_count(client: FlaskClient) -> None:
    found = ask(client, text=MAIL + PROJECT, count=["mail"])
    assert "mail" not in {one["kind"] for one in found["sections"] if one["counts_little"]}
    found = ask(client, text=MAIL + PROJECT, count=["all"])
    assert not any(one["counts_little"] for one in found["sections"])
    answer = client.post(URL, json={"text": TEXT, "count": ["everything"]})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_mail_without_a_project_has_a_note(client: FlaskClient) -> None:
    found = ask(client, text=MAIL * 2)
    assert "No part of the text reads like a project, so all of it was compared." in found["notes"]
