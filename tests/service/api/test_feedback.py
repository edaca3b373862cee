"""/api/v1/pilots/{id}/feedback, and what it does to the pilot's matches."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.context import Context

URL = "/api/v1/pilots/heart/feedback"
HEART, HEMMA = "eu_portal:HEART/2026/01", "vinnova:2026-00001"


def say(client: FlaskClient, call: str, verdict: str, by: str = "Ada") -> Any:
    return client.post(URL, json={"call": call, "verdict": verdict, "by": by})


def matches(client: FlaskClient, query: str = "", pilot: str = "heart") -> dict[str, Any]:
    answer = client.get(f"/api/v1/pilots/{pilot}/matches?top=20&group=false&status=all{query}")
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_judgement_is_kept_with_who_and_when(own_client: FlaskClient) -> None:
    answer = say(own_client, HEMMA, "relevant", "  Ada  ")
    assert answer.status_code == 201
    kept = answer.get_json()
    assert (kept["pilot"], kept["call"], kept["by"]) == ("heart", HEMMA, "Ada")
    assert kept["verdict"] == "relevant"
    assert kept["at"].endswith("Z")
    listed = own_client.get(URL).get_json()
    assert listed == {"pilot": "heart", "judgements": [kept], "history": [kept]}


def test_the_latest_holds_and_can_be_taken_back(own_client: FlaskClient) -> None:
    say(own_client, HEMMA, "relevant")
    say(own_client, HEART, "applied")
    say(own_client, HEMMA, "not-relevant", "Bo")
    listed = own_client.get(URL).get_json()
    assert [(j["call"], j["verdict"], j["by"]) for j in listed["judgements"]] == [
        (HEMMA, "not-relevant", "Bo"),
        (HEART, "applied", "Ada"),
    ]
    answer = own_client.delete(URL, query_string={"call": HEMMA, "by": "Cy"})
    assert answer.status_code == 200
    assert [j["call"] for j in answer.get_json()["judgements"]] == [HEART]
    history = answer.get_json()["history"]
    assert [j["verdict"] for j in history] == ["relevant", "applied", "not-relevant", "none"]
    assert history[-1]["by"] == "Cy"
    assert own_client.delete(URL, query_string={"call": HEMMA, "by": "Cy"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"call": HEMMA, "verdict": "none", "by": "Ada"}, 422),
        ({"call": HEMMA, "verdict": "relevant", "by": "  "}, 422),
        ({"call": HEMMA, "verdict": "relevant"}, 422),
        ({"call": HEMMA, "verdict": "relevant", "by": "A" * 101}, 422),
        ({"call": "vinnova:none", "verdict": "relevant", "by": "Ada"}, 404),
        ({"call": HEMMA, "verdict": "relevant", "by": "Ada", "pilot": "x"}, 422),
    ],
)
def test_what_cannot_be_kept_is_said(
    own_client: FlaskClient, body: dict[str, str], status: int
) -> None:
    answer = own_client.post(URL, json=body)
    assert answer.status_code == status
    assert answer.get_json()["detail"]
    assert own_client.get(URL).get_json()["history"] == []


def test_only_json_is_taken_and_only_of_pilots_that_are(
    own_client: FlaskClient, own_context: Context
) -> None:
    form = own_client.post(URL, data={"call": HEMMA, "verdict": "relevant", "by": "Ada"})
    assert form.status_code == 415
    assert own_client.get("/api/v1/pilots/nobody/feedback").status_code == 404
    unknown = own_client.post(
        "/api/v1/pilots/nobody/feedback", json={"call": HEMMA, "verdict": "relevant", "by": "A"}
    )
    assert unknown.status_code == 404
    assert own_context.feedback.history("heart") == []


def test_a_dismissed_call_stays_away_and_is_counted(own_client: FlaskClient) -> None:
    before = matches(own_client)
    say(own_client, HEMMA, "not-relevant")
    after = matches(own_client)
    assert HEMMA in {m["call"]["id"] for m in before["matches"]}
    assert HEMMA not in {m["call"]["id"] for m in after["matches"]}
    assert after["left_out"]["judged not relevant"] == 1
    assert after["considered"] == before["considered"] - 1
    shown = matches(own_client, "&dismissed=true")
    (dismissed,) = (m for m in shown["matches"] if m["call"]["id"] == HEMMA)
    assert dismissed["judged"] == "not-relevant"
    assert "judged not relevant" not in shown["left_out"]
    other = matches(own_client, pilot="hostile")
    assert HEMMA in {m["call"]["id"] for m in other["matches"]}, "another pilot is not asked"


def test_judgements_move_the_rest_by_a_part_of_the_score(own_client: FlaskClient) -> None:
    before = {m["call"]["id"]: m for m in matches(own_client)["matches"]}
    assert all(p["name"] != "feedback" for m in before.values() for p in m["parts"])
    say(own_client, HEMMA, "relevant")
    after = matches(own_client)["matches"]
    for match in after:
        *plain, moved = match["parts"]
        assert moved["name"] == "feedback"
        earlier = before[match["call"]["id"]]["parts"]
        assert [(p["name"], p["value"]) for p in plain] == [
            (p["name"], p["value"]) for p in earlier
        ]
        assert sum(p["contribution"] for p in match["parts"]) == pytest.approx(match["score"])
    scores = [m["score"] for m in after]
    assert scores == sorted(scores, reverse=True)
    (liked,) = (m for m in after if m["call"]["id"] == HEMMA)
    assert liked["judged"] == "relevant"
    assert liked["score"] > before[HEMMA]["score"]


def test_without_judgements_nothing_changes_at_all(own_client: FlaskClient) -> None:
    before = matches(own_client)
    say(own_client, HEMMA, "not-relevant")
    own_client.delete(URL, query_string={"call": HEMMA, "by": "Ada"})
    assert matches(own_client) == before


def test_a_dismissed_call_is_in_no_mail(own_client: FlaskClient) -> None:
    address = "/api/v1/pilots/heart/digest"

    def told() -> set[str]:
        found = own_client.get(address).get_json()
        return {item["match"]["call"]["id"] for item in found["items"]}

    before = told()
    assert HEMMA in before
    say(own_client, HEMMA, "not-relevant")
    assert told() == before - {HEMMA}
