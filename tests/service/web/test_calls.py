"""The list of calls, one call, the documentation, and what pages load."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from scrapers.call import Eligibility
from service.context import Context
from service.messages.words import words
from tests.service.sample_calls import NOW
from tests.service.web.html_outline import outline


def test_the_list_of_calls(client: FlaskClient) -> None:
    page = outline(client.get("/calls").text)
    assert "6 calls" in page.text
    filtered = client.get("/calls?boxes=1&status=open&funder=vinnova&q=hemmet&lang=sv").text
    assert "1 utlysning " in outline(filtered).text
    assert "Hjärtsvikt i hemmet" in filtered
    assert words("en")("calls.empty") in client.get("/calls?q=nothing-at-all").text


def test_the_list_of_calls_has_pages_that_keep_the_filters(client: FlaskClient) -> None:
    page = outline(client.get("/calls?page_size=2&page=2&status=open&lang=en").text)
    ways = {a["rel"]: a["href"] for a in page.all("a") if a.get("rel") in ("prev", "next")}
    assert set(ways) == {"prev"}
    assert all(part in ways["prev"] for part in ("status=open", "page_size=2", "lang=en"))
    assert "page=2" not in ways["prev"]


def test_a_list_query_that_cannot_be_used(client: FlaskClient) -> None:
    answer = client.get("/calls?page=0")
    assert answer.status_code == 422
    assert "page" in outline(answer.text).text
    assert len(outline(answer.text).all("li")) >= 6


def test_a_whole_call(client: FlaskClient) -> None:
    page = outline(client.get("/calls/eu_portal:HEART/2026/01").text)
    for expected in (
        "Heart failure at home",
        "Purpose",
        "Hospitals and small companies must apply together for this money.",
        "14 April 2026, 17:00",
        "22 September 2026, 17:00",
        "stage 2",
        "4 awards expected",
        "HEART/2026/01",
        "telemedicine",
        "Guide",
    ):
        assert expected in page.text, expected
    assert "/api/v1/calls/eu_portal:HEART/2026/01" in [a["href"] for a in page.all("a")]


def test_an_unknown_call_is_a_page_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/calls/vinnova:none?lang=sv")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert words("sv")("error.back") in answer.text


def test_the_documentation_page_lists_every_operation(client: FlaskClient) -> None:
    page = outline(client.get("/docs").text)
    linked = {attrs["href"] for attrs in page.all("a")}
    for operations in client.get("/openapi.json").get_json()["paths"].values():
        for operation in operations.values():
            assert f"/docs/{operation['operationId']}" in linked
            assert operation["summary"] in page.text


def test_every_operation_has_a_page_that_tries_it(client: FlaskClient) -> None:
    for path, operations in client.get("/openapi.json").get_json()["paths"].items():
        for method, operation in operations.items():
            html = client.get(f"/docs/{operation['operationId']}").text
            assert f'data-path="{path}" data-method="{method}"' in html
            assert all(f"<strong>{status}</strong>" in html for status in operation["responses"])
            assert [s["src"] for s in outline(html).all("script")] == ["/static/docs.js"]
    assert client.get("/docs/noOperation").status_code == 404


@pytest.mark.parametrize("name", ["style.css", "docs.js", "icon.svg"])
def test_what_pages_load_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}", buffered=True)
    assert answer.status_code == 200
    assert "url(" not in answer.text
    assert "http:" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in answer.text


def test_what_a_call_says_of_applicants_is_gathered_by_sentence(
    own_client: FlaskClient, own_context: Context
) -> None:
    sentence = "Minst två parter, varav en kommun och ett företag, söker tillsammans."
    facts = tuple(
        Eligibility(kind=kind, value=value, quote=sentence)
        for kind, value in (
            ("applicant", "municipality"),
            ("applicant", "company"),
            ("consortium", "at least 2 parties"),
            ("applicant", "a kind of its own"),
        )
    )
    stored = own_context.calls.all()["vinnova:2026-00001"]
    own_context.calls.upsert([stored.model_copy(update={"eligibility": facts})], NOW)
    text = outline(own_client.get(f"/calls/{stored.id}?lang=sv").text).text
    assert f"Kommun, Företag, minst 2 parter, a kind of its own {sentence}" in text
    assert text.count(sentence) == 1


def test_who_may_not_apply_is_shown_as_a_refusal(
    own_client: FlaskClient, own_context: Context
) -> None:
    sentence = "Företag kan inte söka."
    fact = Eligibility(kind="excluded", value="not company", quote=sentence)
    stored = own_context.calls.all()["vinnova:2026-00001"]
    own_context.calls.upsert([stored.model_copy(update={"eligibility": (fact,)})], NOW)
    swedish = outline(own_client.get(f"/calls/{stored.id}?lang=sv").text).text
    assert f"inte: Företag {sentence}" in swedish
    english = outline(own_client.get(f"/calls/{stored.id}?lang=en").text).text
    assert f"not: Company {sentence}" in english
