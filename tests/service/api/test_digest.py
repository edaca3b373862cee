"""GET /api/v1/pilots/{id}/digest and /pilots/{id}/digest: what the next mail would contain."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from service.app import create_app
from service.context import Context
from tests.service.sample_calls import NOW, dated, delist, open_context

pytestmark = pytest.mark.whole

ADDRESS = "/api/v1/pilots/heart/digest"


def with_minimum(context: Context, score: str) -> FlaskClient:
    """Return a client of the context's data, to which calls are told from ``score``."""
    opened = open_context(context.settings.data, FUNDSCOUT_DIGEST_MIN_SCORE=score)
    return create_app(opened).test_client()


def test_the_preview_tells_what_a_first_mail_would(client: FlaskClient) -> None:
    body = client.get(ADDRESS).get_json()
    assert (body["pilot_id"], body["week"], body["send"]) == ("heart", "2026-W10", True)
    best = body["items"][0]
    assert best["call_id"] == "vinnova:2026-00001"
    assert [one["reason"] for one in best["reasons"]] == ["new", "closing_14"]
    scores = [item["match"]["score"] for item in body["items"]]
    assert scores == sorted(scores, reverse=True)
    told = {item["call_id"] for item in body["items"]}
    assert "vinnova:2025-00009" not in told  # closed
    assert "hostile:2" not in told  # opens in June
    matches = client.get("/api/v1/pilots/heart/matches").get_json()["matches"]
    same = {m["call"]["id"]: m for m in matches}
    for item in body["items"]:
        seen = {"first_seen": item["match"]["first_seen"], "new": item["match"]["new"]}
        assert same[item["call_id"]] | seen == item["match"]


def test_another_week_is_as_of_its_monday(own_context: Context) -> None:
    client = with_minimum(own_context, "0")
    body = client.get(f"{ADDRESS}?week=2026-W23").get_json()
    assert body["as_of"] == "2026-06-01T04:00:00Z"
    assert "hostile:2" in {item["call_id"] for item in body["items"]}
    assert client.get(f"{ADDRESS}?week=2026-W10").get_json()["as_of"] == "2026-03-02T09:00:00Z"


def test_the_setting_says_what_fits(own_context: Context) -> None:
    body = with_minimum(own_context, "0.5").get(ADDRESS).get_json()
    assert [item["call_id"] for item in body["items"]] == ["vinnova:2026-00001"]


def test_a_call_that_vanished_at_its_source_is_not_told(
    own_client: FlaskClient, own_context: Context
) -> None:
    delist(own_context, "vinnova:2026-00001", NOW - timedelta(days=1))
    told = {item["call_id"] for item in own_client.get(ADDRESS).get_json()["items"]}
    assert "vinnova:2026-00001" not in told


@pytest.mark.parametrize("week", ["2026-W54", "48", "2026-W1", "x" * 500])
def test_a_week_that_is_none_is_refused(client: FlaskClient, week: str) -> None:
    answer = client.get(f"{ADDRESS}?week={week}")
    assert answer.status_code == 422
    assert "2026-W48" in answer.text
    page = client.get(f"/pilots/heart/digest?week={week}")
    assert page.status_code == 422
    assert "2026-W48" in page.text


def test_no_pilot_and_no_index(own_client: FlaskClient, own_context: Context) -> None:
    for address in (ADDRESS, "/pilots/heart/digest"):
        assert own_client.get(address.replace("heart", "nobody")).status_code == 404
        assert own_client.get(f"{address}?week=2026-W10").status_code == 200
    shutil.rmtree(own_context.snapshots)
    for address in (ADDRESS, "/pilots/heart/digest"):
        assert own_client.get(address).status_code == 503


@pytest.mark.parametrize(("language", "words"), [("sv", "Vecka 10"), ("en", "Week 10")])
def test_the_page_is_the_mail_in_the_readers_language(
    client: FlaskClient, language: str, words: str
) -> None:
    answer = client.get(f"/pilots/heart/digest?lang={language}")
    assert words in answer.text
    page = BeautifulSoup(answer.text, "lxml")
    links = [a["href"] for a in page("a")]
    assert f"http://localhost/calls/vinnova:2026-00001?lang={language}" in links
    for link in links:
        assert client.get(str(link)).status_code == 200


def test_the_page_may_load_and_send_nothing(client: FlaskClient) -> None:
    answer = client.get("/pilots/hostile/digest")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert not BeautifulSoup(answer.text, "lxml")(["script", "img", "form"])
    assert "unsafe-inline" not in client.get("/calls").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("text", "text/plain", "Hjärtsvikt hemma\n"),
        ("ics", "text/calendar", "BEGIN:VCALENDAR\r\n"),
        ("html", "text/html", "<!doctype html>"),
    ],
)
def test_each_part_of_the_mail_can_be_seen(
    client: FlaskClient, form: str, kind: str, start: str
) -> None:
    answer = client.get(f"/pilots/heart/digest?lang=sv&form={form}")
    assert answer.mimetype == kind
    assert answer.get_data(as_text=True).lstrip("\n").startswith(start)


def test_a_part_that_a_mail_does_not_have_is_refused(client: FlaskClient) -> None:
    answer = client.get("/pilots/heart/digest?form=pdf")
    assert answer.status_code == 422
    assert "html, text or ics" in answer.text


def test_a_change_before_the_first_mail_is_not_a_change(
    own_client: FlaskClient, own_context: Context
) -> None:
    call = own_context.calls.all()["vinnova:2026-00001"]
    for days, deadline in ((9, dated(10, 3)), (0, dated(14, 3))):
        moved = call.model_copy(update={"deadlines": (deadline,)})
        own_context.calls.upsert([moved], NOW - timedelta(days=days))
    (item,) = (
        item
        for item in own_client.get(ADDRESS).get_json()["items"]
        if item["call_id"] == "vinnova:2026-00001"
    )
    assert [one["reason"] for one in item["reasons"]] == ["new", "closing_14"]
