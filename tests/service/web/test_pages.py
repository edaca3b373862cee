"""The pages as a reader without script sees them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.web.words import words
from tests.service.api.world import World

TEXT = "Heart failure at home\n\nRemote care of elderly patients, every day."


class Outline(HTMLParser):
    """Collects what a test asks of a page: tags with attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.text = " ".join(found.text.split())
    return found


def send(client: FlaskClient, **fields: object) -> tuple[int, Outline]:
    answer = client.post("/", data={"text": TEXT} | fields, content_type="multipart/form-data")
    return answer.status_code, outline(answer.text)


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
    assert len(page.all("article")) == 4
    assert "/calls/eu_portal:HEART/2026/01" in [a["href"] for a in page.all("a")]
    for expected in (
        "Heart failure at home",
        "European Commission",
        "Horizon Europe",
        "European",
        "14 April 2026, 17:00 Europe/Brussels, stage 1",
        "43 days left",
        "EUR 2,000,000 – EUR 4,000,000 per project",
        "EUR 12,500,000.50 in all",
        "Your text",
        "The call · Purpose",
        "Remote care of heart failure at home for elderly patients in two regions.",
        "Status: yes. Open for applications.",
        "How the score is made up",
        "4 calls were ranked for a text in English.",
    ):
        assert expected in page.text, expected
    quotes = page.all("blockquote")
    assert quotes[0]["lang"] == "en"
    assert "sv" in [quote["lang"] for quote in quotes]


def test_the_text_stays_in_the_box(client: FlaskClient) -> None:
    answer = client.post("/", data={"text": "  Första raden\r\n\r\nHeart failure  "})
    assert ">\n  Första raden\n\nHeart failure  </textarea>" in answer.text


def test_a_pilots_link_shows_its_matches(client: FlaskClient) -> None:
    answer = client.get("/?pilot=heart&lang=sv&status=all")
    page = outline(answer.text)
    assert answer.status_code == 200
    assert len(page.all("article")) == 6
    assert "14 mars 2026 kl. 14:00 Europe/Stockholm" in page.text
    assert "12 dagar kvar" in page.text
    assert "högst 5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}SEK" in answer.text
    assert "1 februari 2026 kl. 14:00 (har passerat)" in page.text
    assert "Status: nej. Stängd för nya sökande." in page.text
    assert "Patienter mäter vikt och blodtryck dagligen" in page.text


def test_sending_a_pilots_own_text_leads_to_its_link(client: FlaskClient, world: World) -> None:
    text = world.pilots.held["heart"].text.replace("\n", "\r\n")
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
    _, page = send(client, **fields)
    assert len(page.all("article")) == 3
    ticked = {i["value"] for i in page.all("input") if "checked" in i}
    assert ticked == {"open", "closed", "vinnova"}


def test_no_box_ticked_means_every_status(client: FlaskClient) -> None:
    _, page = send(client, boxes="1")
    assert len(page.all("article")) == 6


def test_what_was_left_out_is_counted_and_can_be_shown(client: FlaskClient) -> None:
    _, page = send(client)
    assert "1 call closed" in page.text
    buttons = [b for b in page.all("button") if b.get("name") == "show"]
    assert {b["value"] for b in buttons} == {"status closed", "status forthcoming"}
    assert all(b["form"] == "ask" for b in buttons)
    _, wider = send(client, boxes="1", status="open", show="status closed")
    assert len(wider.all("article")) == 5


def test_a_pilots_page_has_links_to_what_was_left_out(client: FlaskClient) -> None:
    page = outline(client.get("/?pilot=heart&level=national").text)
    shown = [a["href"] for a in page.all("a") if "results" in a["href"] and "status=" in a["href"]]
    assert shown
    wider = outline(client.get(shown[0]).text)
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
        ({"text": "123 456"}, 422, "The text has no words"),
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


def test_without_an_index_the_page_says_what_to_run(world: World) -> None:
    world.searcher = None
    status, page = send(create_app(world).test_client(), text="keep me")
    assert status == 503
    assert "fundscout reindex" in page.text
    assert "keep me" in page.text


def test_without_calls_the_page_says_what_to_run(client: FlaskClient, world: World) -> None:
    world.calls.held.clear()
    assert "fundscout load-examples" in client.get("/").text


def test_a_clock_that_stands_still_is_said(client: FlaskClient, world: World) -> None:
    world.clock_note = "The clock stands still at 2026-03-02."
    for address in ("/", "/calls", "/calls/hostile:1", "/docs", "/nothing"):
        assert world.clock_note in client.get(address).text


def test_the_list_of_calls(client: FlaskClient) -> None:
    page = outline(client.get("/calls").text)
    assert "6 calls" in page.text
    filtered = client.get("/calls?boxes=1&status=open&funder=vinnova&q=hem&lang=sv").text
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


def test_the_documentation_page_lists_every_operation(client: FlaskClient) -> None:
    html = client.get("/docs").text
    spec = client.get("/openapi.json").get_json()
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            assert f'data-path="{path}" data-method="{method}"' in html
            assert operation["summary"] in html
    assert [s["src"] for s in outline(html).all("script")] == ["/static/docs.js"]


@pytest.mark.parametrize("name", ["style.css", "docs.js", "icon.svg"])
def test_what_pages_load_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}", buffered=True)
    assert answer.status_code == 200
    assert "url(" not in answer.text
    assert "http:" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in answer.text
