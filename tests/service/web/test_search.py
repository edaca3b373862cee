"""The search page as a reader without script sees it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from service.app import LARGEST_BODY, create_app
from service.context import Context
from service.http.uploads import LARGEST_UPLOAD
from service.messages.words import words
from tests.service.sample_calls import SOURCE, open_context, some_pilots
from tests.service.web.html_outline import Outline, outline

TEXT = "Heart failure at home\n\nRemote care of elderly patients, every day."


@pytest.fixture(scope="module")
def client(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The sample data in a copy: a search is written there, so that it has an address."""
    data = tmp_path_factory.mktemp("searches") / "data"
    shutil.copytree(sample_data, data)
    context = open_context(data)
    yield create_app(context).test_client()
    context.calls._engine.dispose()


def send(client: FlaskClient, **fields: object) -> tuple[int, Outline]:
    """Send a search, and follow to its address."""
    answer = client.post(
        "/",
        data={"text": TEXT} | fields,
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return answer.status_code, outline(answer.text)


def where_sent(client: FlaskClient, **fields: object) -> str:
    """Send a search; return the address that it gets, without the place on the page."""
    answer = client.post("/", data={"text": TEXT} | fields)
    assert answer.status_code == 303
    return str(answer.headers["Location"]).partition("#")[0]


def test_the_first_page_asks_for_a_text_and_offers_pilots(client: FlaskClient) -> None:
    answer = client.get("/")
    page = outline(answer.text)
    assert answer.status_code == 200
    assert words("en")("find.lead") in page.text
    assert [f["method"] for f in page.all("form")] == ["post"]
    assert page.all("textarea")[0]["maxlength"] == "100000"
    assert "/?pilot=heart#results" in [a["href"] for a in page.all("a")]
    assert not page.all("article")
    assert not page.all("script")


def test_a_text_gives_ranked_calls_with_their_reasons(client: FlaskClient) -> None:
    status, page = send(client)
    assert status == 200
    assert len(page.all("article")) == 5
    assert "/calls/eu_portal:HEART/2026/01" in [a["href"] for a in page.all("a")]
    for expected in (
        "Heart failure at home",
        "European Commission",
        "14 April 2026, 17:00 Swedish time, stage 1",
        "43 days left",
        "EUR 2,000,000–4,000,000 per project",
        "5 calls were ranked for a text in English.",
    ):
        assert expected in page.text, expected


def test_a_call_has_a_page_that_explains_it_for_the_text(client: FlaskClient) -> None:
    address = where_sent(client).partition("?")[0]
    page = outline(client.get(f"{address}/calls/eu_portal:HEART/2026/01").text)
    for expected in (
        "EUR 12,500,000.50 in all",
        "Your text",
        "The call · Purpose",
        "Remote care of heart failure at home for elderly patients in two regions.",
        "Status: met. Open for applications.",
        "How the score is made up",
    ):
        assert expected in page.text, expected
    assert "European" in page.text
    quotes = page.all("blockquote")
    assert quotes[0]["lang"] == "en"
    back = [a["href"] for a in page.all("a") if a["href"].partition("?")[0] == address]
    assert len(back) == 1
    assert client.get(f"{address}/calls/vinnova:none").status_code == 404


def test_the_text_stays_in_the_box(client: FlaskClient) -> None:
    sent = {"text": "  Första raden\r\n\r\nHeart failure  "}
    answer = client.post("/", data=sent, follow_redirects=True)
    assert ">\n  Första raden\n\nHeart failure  </textarea>" in answer.text


def test_a_pilots_link_shows_its_matches(client: FlaskClient) -> None:
    answer = client.get("/?pilot=heart&lang=sv&status=all")
    page = outline(answer.text)
    assert answer.status_code == 200
    assert len(page.all("article")) == 6
    assert "14 mars 2026 kl. 14:00 svensk tid" in page.text
    assert "12 dagar kvar" in page.text
    assert "högst 5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}SEK" in answer.text
    assert "1 februari 2026 kl. 14:00 svensk tid (har passerat)" in page.text
    assert "Stängd för nya sökande." in page.text


def test_sending_a_pilots_own_text_leads_to_its_link(client: FlaskClient) -> None:
    text = some_pilots()[0].text.replace("\n", "\r\n")
    fields = {"text": text, "pilot": "heart", "boxes": "1", "level": "national", "ui": "sv"}
    answer = client.post("/", data=fields)
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.endswith("#results")
    for part in ("pilot=heart", "level=national", "lang=sv", "status=all"):
        assert part in location
    assert "text=" not in location


def test_an_edited_pilot_is_matched_as_edited(client: FlaskClient) -> None:
    status, page = send(client, text="Wind turbines at sea", pilot="heart", status="forthcoming")
    assert status == 200
    assert len(page.all("article")) == 1
    assert "Wind turbines at sea" in page.text


def test_filters_hold_and_are_shown_as_chosen(client: FlaskClient) -> None:
    fields = {
        "boxes": "1",
        "status": ["open", "closed"],
        "funder": "vinnova",
        "deadline_from": "",
        "deadline_to": "",
        "top": "25",
    }
    address = where_sent(client, **fields)
    for part in ("status=open", "status=closed", "funder=vinnova", "top=25"):
        assert part in address
    page = outline(client.get(address).text)
    assert len(page.all("article")) == 3
    chips = [a["href"] for a in page.all("a") if a["href"].startswith("/searches/")]
    assert any("funder=" not in href and "status=open" in href for href in chips)
    pressed = {b["value"] for b in page.all("button") if b.get("aria-pressed") == "true"}
    assert pressed == {"status:open", "status:closed", "funder:vinnova"}


def test_no_box_ticked_means_every_status(client: FlaskClient) -> None:
    _, page = send(client, boxes="1")
    assert len(page.all("article")) == 6


def test_what_was_left_out_is_counted_and_can_be_shown(client: FlaskClient) -> None:
    _, page = send(client)
    assert "1 call closed" in page.text
    closed = [a["href"] for a in page.all("a") if "status=closed" in a["href"]]
    assert len(closed) == 1
    assert len(outline(client.get(closed[0]).text).all("article")) == 6
    _, wider = send(client, boxes="1", status="open", show="status closed")
    assert len(wider.all("article")) == 5


def test_a_pilots_page_has_links_to_what_was_left_out(client: FlaskClient) -> None:
    page = outline(client.get("/?pilot=heart&level=national").text)
    shown = [a["href"] for a in page.all("a") if "results" in a["href"]]
    (closed,) = (href for href in shown if "status=closed" in href)
    wider = outline(client.get(closed).text)
    assert len(wider.all("article")) > len(page.all("article"))


@pytest.mark.parametrize(
    ("query", "reason", "more"),
    [
        ("funder=eu_portal", "another funder", 4),
        ("level=european", "another level", 4),
        ("deadline_to=2026-03-20", "deadline outside the window", 4),
    ],
)
def test_each_reason_can_be_undone(client: FlaskClient, query: str, reason: str, more: int) -> None:
    assert len(outline(client.get(f"/?pilot=heart&{query}").text).all("article")) == 1
    name, value = query.split("=")
    _, page = send(client, boxes="1", status="open", show=reason, **{name: value})
    assert len(page.all("article")) == more


def test_nothing_passes_the_filters(client: FlaskClient) -> None:
    status, page = send(client, boxes="1", funder="vinnova", level="european")
    assert status == 200
    assert words("en")("find.none.do") in page.text
    assert "another" not in page.text


@pytest.mark.parametrize(
    ("fields", "status", "expected"),
    [
        ({"text": " \r\n "}, 422, "The text is empty"),
        ({"text": "a" * 100_001}, 413, "100,001 characters"),
        ({"text": "123 456"}, 422, "The text is empty"),
        ({"text": "keep me", "deadline_from": "soon"}, 422, "deadline_from"),
        ({"text": "keep me", "status": "ajar"}, 422, "status"),
        ({"text": "keep me", "top": "1000"}, 422, "top"),
        (
            {"text": "keep me", "deadline_from": "2026-05-02", "deadline_to": "2026-05-01"},
            422,
            "swap them",
        ),
    ],
)
def test_bad_input_is_said_and_the_text_kept(
    client: FlaskClient, fields: dict[str, str], status: int, expected: str
) -> None:
    got, page = send(client, **fields)
    assert got == status
    assert expected in page.text
    assert [p.get("role") for p in page.all("p")].count("alert") == 1
    assert fields["text"].strip() in page.text
    assert not page.all("article")


def test_an_unknown_pilot_is_said(client: FlaskClient) -> None:
    answer = client.get("/?pilot=<b>nobody")
    assert answer.status_code == 404
    assert "There is no pilot &lt;b&gt;nobody" in answer.text


def test_without_an_index_the_page_says_what_to_run(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    status, page = send(own_client, text="keep me")
    assert status == 503
    assert "fundscout reindex" in page.text
    assert "keep me" in page.text


def test_without_calls_the_page_says_what_to_run(
    own_client: FlaskClient, own_context: Context
) -> None:
    own_context.calls.remove_source(SOURCE.source)
    assert "fundscout load-examples" in own_client.get("/").text


def test_a_clock_that_stands_still_is_said(client: FlaskClient) -> None:
    note = "The clock stands at 2026-03-02 09:00, because FUNDSCOUT_CLOCK says so."
    for address in ("/", "/calls", "/calls/hostile:1", "/docs", "/nothing"):
        assert note in client.get(address).text


def test_every_control_has_a_label_and_every_id_is_its_own(client: FlaskClient) -> None:
    for html in (client.get("/?pilot=heart").text, client.get("/calls").text):
        page = outline(html)
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        labelled = {label["for"] for label in page.all("label") if "for" in label}
        for box in page.all("textarea"):
            assert box["id"] in labelled
        for attrs in [a for _, a in page.tags if "aria-labelledby" in a]:
            assert attrs["aria-labelledby"] in ids
        assert len(page.all("h1")) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"text=" + b"a" * LARGEST_BODY, "application/x-www-form-urlencoded", 413),
        (b"--x\r\n" + b"a" * LARGEST_UPLOAD, "multipart/form-data; boundary=x", 413),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"%ff=1&text=%20%0d", "application/x-www-form-urlencoded", 422),
        (b'{"text": "heart"}', "application/json", 422),
    ],
)
def test_a_form_that_cannot_be_read_is_said_in_the_readers_language(
    client: FlaskClient, body: bytes, content_type: str, status: int
) -> None:
    answer = client.post("/?lang=sv", data=body, content_type=content_type)
    assert answer.status_code == status
    assert '<html lang="sv">' in answer.text
    assert 'role="alert"' in answer.text


def test_the_longest_text_fits_in_the_form_whatever_its_letters(client: FlaskClient) -> None:
    text = "hjärta 🫀 " * 11_111
    status, page = send(client, text=text)
    assert status == 200
    assert page.all("article")


def test_calls_that_are_nearly_the_same_stand_under_one(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "service.domain.matching.result_groups.are_near_duplicates", lambda *_: True
    )
    monkeypatch.setattr(
        "service.domain.matching.result_groups.likely_pairs",
        lambda calls: np.ones((len(calls), len(calls)), np.bool_),
    )
    page = outline(client.get("/?pilot=heart&lang=sv").text)
    (article,) = page.all("article")
    assert "liknande utlysningar" in page.text or "liknande utlysning" in page.text
    others = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/calls/")]
    assert len(set(others)) >= 3
    flat = outline(client.get("/?pilot=heart&lang=sv&group=false").text)
    assert len(flat.all("article")) >= 3
    assert "stänger snart" in flat.text, "a deadline of the sample calls is 12 days away"
    assert article


MAIL = (
    "From: Olive Rask <olive.rask@nhs.example.org>\nSent: Thursday, 4 June 2026 08:40\n"
    "To: Fred Moe\nSubject: FW: text for the application\n\n"
    "Heart failure at home\n\nElderly patients measure weight and blood pressure every day, and "
    "nurses see the values and call those who get worse. Two regions take part for two years."
)


def test_what_stands_around_a_project_is_named_and_can_be_made_to_count(
    client: FlaskClient,
) -> None:
    status, page = send(client, text=MAIL)
    assert status == 200
    assert "Parts of the text that counted little: mail header." in page.text
    (box,) = [
        one for one in page.all("input") if one.get("name") == "count" and "checkbox" in one["type"]
    ]
    assert box["value"] == "mail"
    assert "checked" not in box
    _, page = send(client, text=MAIL, count="mail")
    assert "counted little" not in page.text
    (box,) = [
        one for one in page.all("input") if one.get("name") == "count" and "checkbox" in one["type"]
    ]
    assert "checked" in box
    _, page = send(client, text=MAIL, count="all")
    assert "counted little" not in page.text


def test_a_text_that_is_all_project_has_nothing_to_choose(client: FlaskClient) -> None:
    _, page = send(client)
    assert not [one for one in page.all("input") if one.get("name") == "count"]
