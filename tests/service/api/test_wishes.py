"""Names of calls in a text, what was understood in it, and what is left out, over the API."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

URL = "/api/v1/match"
SUBJECT = "Heart failure at home. Patients measure weight every day."


def ask(client: FlaskClient, text: str, **body: Any) -> dict[str, Any]:
    answer = client.post(URL, json={"text": text} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [match["call"]["id"] for match in found["matches"]]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("HEART/2026/01", "eu_portal:HEART/2026/01"),
        ("2026-00002", "vinnova:2026-00002"),
        ("Passar 2026\N{EN DASH}00002 oss?", "vinnova:2026-00002"),
    ],
)
def test_a_text_that_only_names_a_call_finds_that_alone(
    client: FlaskClient, text: str, call: str
) -> None:
    found = ask(client, text)
    assert ids(found) == [call]
    named = found["matches"][0]["named"]
    assert text[named["start"] : named["end"]] == named["text"]
    assert found["named"][0]["calls"] == [call]
    assert not found["nothing_fits"]


def test_a_closed_call_that_is_named_comes_first_and_says_so(client: FlaskClient) -> None:
    found = ask(client, f"{SUBJECT} Like 2025-00009 last year.")
    assert ids(found)[0] == "vinnova:2025-00009"
    assert "although it is closed" in found["matches"][0]["named"]["sentence"]["en"]
    assert len(found["matches"]) > 1
    assert found["matches"][1]["named"] is None


def test_several_named_calls_come_in_the_order_of_the_text(client: FlaskClient) -> None:
    found = ask(client, "2026-00002 och 2026-00001")
    assert ids(found) == ["vinnova:2026-00002", "vinnova:2026-00001"]
    assert ids(ask(client, "2026-00001 och 2026-00002", top=1)) == ["vinnova:2026-00001"]


def test_an_unknown_name_ranks_nothing_and_is_told(client: FlaskClient) -> None:
    found = ask(client, "2024-99999")
    assert found["matches"] == []
    (name,) = found["named"]
    assert (name["kind"], name["sentence"]["sv"]) == ("unknown", "2024-99999 finns inte här.")


def test_what_was_understood_is_told_and_taken_back(client: FlaskClient) -> None:
    text = "Heart failure at home with EHR, not cancer"
    found = ask(client, text)
    assert [(one["kind"], one["meaning"]) for one in found["understood"]] == [
        ("acronym", "electronic health record"),
        ("unwanted", "cancer"),
    ]
    assert found["understood"][0]["sentence"]["sv"].startswith("EHR lästes som")
    for one in found["understood"]:
        assert text[one["start"] : one["end"]] == one["text"]
    assert ask(client, text, as_written=["EHR", "not cancer"])["understood"] == []


def test_evidence_quotes_the_text_as_it_was_given(client: FlaskClient) -> None:
    text = (
        "COPD and heart failure at home. Not cancer. Patients with COPD measure weight every day."
    )
    quoted = [one["pilot"] for match in ask(client, text)["matches"] for one in match["evidence"]]
    assert quoted
    for one in quoted:
        assert text[one["start"] : one["end"]] == one["text"]


def test_what_is_excluded_is_left_out_counted_and_shown_on_request(client: FlaskClient) -> None:
    everything = set(ids(ask(client, SUBJECT, group=False, top=100)))
    exclude = ["heart failure at home"]
    found = ask(client, SUBJECT, group=False, top=100, exclude=exclude)
    (topic,) = found["excluded"]
    gone = {call["id"] for call in topic["calls"]}
    assert "eu_portal:HEART/2026/01" in gone
    assert topic["count"] == len(gone)
    assert set(ids(found)) == everything - gone
    shown = ask(client, SUBJECT, group=False, top=100, exclude=exclude, show_excluded=True)
    assert set(ids(shown)) == everything


def test_an_exclusion_of_everything_says_so_and_what_to_do(client: FlaskClient) -> None:
    near = ask(client, SUBJECT, top=100, group=False)["matches"]
    titles = [title for match in near for title in match["call"]["titles"].values()]
    found = ask(client, SUBJECT, top=100, group=False, exclude=titles)
    assert found["matches"] == []
    assert any(note.startswith("Every call that is near to the text") for note in found["notes"])
    assert sum(topic["count"] for topic in found["excluded"]) == len(near)


def test_a_phrase_without_a_word_is_refused(client: FlaskClient) -> None:
    for phrase in ("", "  ", "--", "x" * 201):
        assert client.post(URL, json={"text": SUBJECT, "exclude": [phrase]}).status_code == 422


def test_a_pilot_keeps_what_it_excludes(own_client: FlaskClient) -> None:
    address = "/api/v1/pilots/heart"
    before = own_client.get(f"{address}/matches?top=100").get_json()
    answer = own_client.put(f"{address}/exclude", json={"exclude": ["heart failure at home"]})
    assert answer.get_json()["exclude"] == ["heart failure at home"]
    assert own_client.get(address).get_json()["exclude"] == ["heart failure at home"]
    after = own_client.get(f"{address}/matches?top=100").get_json()
    assert set(ids(after)) < set(ids(before))
    why = own_client.get(f"{address}/calls/eu_portal:HEART/2026/01").get_json()
    assert "excluded" in [one["code"] for one in why["why_not"]]
    page = own_client.get("/pilots/heart?lang=sv").text
    assert 'name="exclude" value="heart failure at home"' in page
    assert own_client.put(f"{address}/exclude", json={"exclude": []}).get_json()["exclude"] == []


def test_the_page_shows_names_and_what_was_understood(own_client: FlaskClient) -> None:
    text = "EHR i hemmet, som 2025-00009, ej cancer"
    page = own_client.post("/", data={"text": text}, follow_redirects=True).text
    assert "as_written=EHR" in page
    assert 'name="exclude"' in page
    assert "Named in your text" in page or "Nämns i din text" in page
