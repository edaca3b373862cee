"""A profile with a text, or stored with a pilot: gates, the filter, and bad input."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

URL = "/api/v1/match"
TEXT = "Heart failure at home. Remote care of elderly patients."
PROFILE: dict[str, Any] = {
    "organisations": [{"kind": "government_state"}],
    "country": "SE",
    "budget": {"amount": "9000000", "currency": "SEK"},
}


def ask(client: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = client.post(URL, json={"text": TEXT} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def verdicts(found: dict[str, Any], call: str) -> dict[str, str]:
    match = next(one for one in found["matches"] if one["call"]["id"] == call)
    return {gate["name"]: gate["verdict"] for gate in match["gates"]}


def test_a_profile_is_compared_with_what_each_call_asks(client: FlaskClient) -> None:
    found = verdicts(ask(client, profile=PROFILE), "vinnova:2026-00001")
    assert found["amount"] == "fail"
    assert found["applicants"] == "unknown"
    assert "profile" not in found
    plain = verdicts(ask(client), "vinnova:2026-00001")
    assert plain == {"status": "pass", "deadline": "pass", "profile": "unknown"}


def test_a_failed_condition_hides_a_call_only_by_choice(client: FlaskClient) -> None:
    whole = ask(client, profile=PROFILE)
    fewer = ask(client, profile=PROFILE, filters={"gates": "pass"})
    assert whole["left_out"].get("a condition that fails") is None
    assert fewer["left_out"]["a condition that fails"] >= 1
    assert fewer["considered"] < whole["considered"]
    gates = [gate for match in fewer["matches"] for gate in match["gates"]]
    assert all(gate["verdict"] != "fail" for gate in gates if gate["name"] != "status")


def test_a_stored_profile_is_used_for_the_pilots_matches(own_client: FlaskClient) -> None:
    new = {"id": "with-profile", "title": "Care", "text": TEXT, "profile": PROFILE}
    stored = own_client.post("/api/v1/pilots", json=new)
    assert stored.status_code == 201
    assert stored.get_json()["profile"]["country"] == "SE"
    answer = own_client.get("/api/v1/pilots/with-profile/matches?gates=pass").get_json()
    assert answer["left_out"]["a condition that fails"] >= 1
    shown = own_client.get("/api/v1/pilots/with-profile/matches").get_json()
    assert verdicts(shown, "vinnova:2026-00001")["amount"] == "fail"


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        ({"trl": 0}, "profile.trl"),
        ({"country": "Sweden"}, "profile.country"),
        ({"organisations": [{"kind": "bank"}]}, "profile.organisations.0.kind"),
        ({"budget": {"amount": "x", "currency": "SEK"}}, "profile.budget.amount"),
        ({"colour": "red"}, "profile.colour"),
    ],
)
def test_a_profile_that_cannot_be_used_is_named(
    client: FlaskClient, profile: dict[str, Any], field: str
) -> None:
    answer = client.post(URL, json={"text": TEXT, "profile": profile})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_the_filter_takes_one_value(client: FlaskClient) -> None:
    answer = client.get("/api/v1/pilots/heart/matches?gates=fail")
    assert answer.status_code == 422
