"""The pilots' pages: matches, buttons that need no script, and forms of strangers."""

from __future__ import annotations

import shutil

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.messages.words import words
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

HEMMA = "vinnova:2026-00001"
PAGE, FORM = "/pilots/heart", "/pilots/heart/feedback"
OWN = {"Sec-Fetch-Site": "same-origin"}


def test_the_pilots_are_listed_with_what_was_judged(own_client: FlaskClient) -> None:
    own_client.post(FORM, data={"by": "Ada", "judge": f"relevant {HEMMA}"}, headers=OWN)
    page = outline(own_client.get("/pilots?lang=sv").text)
    assert "/pilots/heart?lang=sv" in [a["href"] for a in page.all("a")]
    assert "1 utlysning bedömd" in page.text
    assert "0 utlysningar bedömda" not in page.text


def test_a_pilots_page_has_matches_and_buttons_without_script(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    page = outline(answer.text)
    assert answer.status_code == 200
    assert not page.all("script")
    assert len(page.all("article")) >= 2
    forms = [f for f in page.all("form") if f["method"] == "post"]
    assert [f["action"] for f in forms] == [FORM, f"{PAGE}/exclude", f"{PAGE}/recipients"]
    assert forms[0]["id"] == "judge"
    buttons = [b for b in page.all("button") if b.get("form") == "judge"]
    assert {b["value"] for b in buttons} >= {
        f"{verdict} {HEMMA}" for verdict in ("relevant", "not-relevant", "applied")
    }
    assert {b["name"] for b in buttons} == {"judge"}
    assert [i for i in page.all("input") if i.get("name") == "by"]


def test_a_button_is_kept_and_shown(own_client: FlaskClient, own_context: Context) -> None:
    sent = own_client.post(
        f"{FORM}?top=25&lang=sv", data={"by": " Ada ", "judge": f"applied {HEMMA}"}, headers=OWN
    )
    assert sent.status_code == 303
    (kept,) = own_context.feedback.history("heart")
    assert (kept.call, kept.verdict, kept.by) == (HEMMA, "applied", "Ada")
    page = outline(own_client.get(sent.headers["Location"]).text)
    assert "top=25" in sent.headers["Location"]
    assert "by=Ada" in sent.headers["Location"]
    assert words("sv")("verdict.is.applied") in page.text
    pressed = [b["value"] for b in page.all("button") if b.get("aria-pressed")]
    assert pressed == [f"applied {HEMMA}"]
    assert f"none {HEMMA}" in [b.get("value") for b in page.all("button")]
    assert words("sv")("part.feedback") in page.text


def test_a_dismissed_call_goes_and_comes_back(own_client: FlaskClient) -> None:
    own_client.post(FORM, data={"by": "Ada", "judge": f"not-relevant {HEMMA}"}, headers=OWN)
    page = outline(own_client.get(PAGE).text)
    articles = page.all("article")
    assert words("en")("left.judged not relevant") in page.text
    (back,) = (a["href"] for a in page.all("a") if "dismissed=True" in a.get("href", ""))
    shown = outline(own_client.get(back.split("#")[0]).text)
    assert len(shown.all("article")) == len(articles) + 1
    search = outline(own_client.get("/?pilot=heart").text)
    assert words("en")("left.judged not relevant") in search.text, "the search page agrees"
    own_client.post(FORM, data={"by": "Ada", "judge": f"none {HEMMA}"}, headers=OWN)
    assert len(outline(own_client.get(PAGE).text).all("article")) == len(articles) + 1


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": "http://localhost"}, True),
        ({}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost:8001"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_only_our_own_page_may_send_the_form(
    own_client: FlaskClient, own_context: Context, headers: dict[str, str], *, kept: bool
) -> None:
    data = {"by": "Ada", "judge": f"relevant {HEMMA}"}
    answer = own_client.post(f"{FORM}?lang=sv", data=data, headers=headers)
    assert answer.status_code == (303 if kept else 403)
    assert bool(own_context.feedback.history("heart")) is kept
    assert kept or "annan webbplats" in outline(answer.text).text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"by": "", "judge": f"relevant {HEMMA}"}, 422),
        ({"by": "A" * 101, "judge": f"relevant {HEMMA}"}, 422),
        ({"by": "Ada", "judge": f"splendid {HEMMA}"}, 422),
        ({"by": "Ada"}, 422),
        ({"by": "Ada", "judge": "relevant nothing:1"}, 404),
        ({"by": "Ada", "judge": f"none {HEMMA}"}, 404),
    ],
)
def test_what_cannot_be_kept_is_said(
    own_client: FlaskClient, own_context: Context, data: dict[str, str], status: int
) -> None:
    answer = own_client.post(FORM, data=data, headers=OWN)
    assert answer.status_code == status
    assert outline(answer.text).all("p")
    assert 'role="alert"' in answer.text
    assert own_context.feedback.history("heart") == []


def test_a_name_is_text_and_an_address_without_a_pilot_is_said(own_client: FlaskClient) -> None:
    name = "<script>alert(3)</script>"
    own_client.post(FORM, data={"by": name, "judge": f"relevant {HEMMA}"}, headers=OWN)
    html = own_client.get(PAGE, query_string={"by": name}).text
    assert name not in html
    assert name in outline(html).text
    assert own_client.get("/pilots/nobody").status_code == 404
    assert own_client.post("/pilots/nobody/feedback", headers=OWN).status_code == 404
    assert own_client.get(FORM).status_code == 405, "a link judges nothing"
    bad = own_client.get(f"{PAGE}?top=1000")
    assert bad.status_code == 422
    assert "top" in outline(bad.text).text


def test_without_an_index_the_page_still_stands(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get(PAGE)
    assert answer.status_code == 503
    assert "fundscout reindex" in outline(answer.text).text
