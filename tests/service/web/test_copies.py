"""One call once, on the pages and in the API: its copies with it, other deadlines named."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from scrapers.call import Call
from service.context import Context
from service.domain.calls.duplicates.decisions import Decision, Relation
from service.domain.calls.duplicates.evidence import LinkEvidence, LinkEvidenceKind
from service.domain.calls.duplicates.links import order_pair
from tests.service.sample_calls import FIRST, HEMMA_TEXT, HOSTILE, NOW, dated
from tests.service.web.html_outline import outline

HEART = "eu_portal:HEART/2026/01"
COPY = "portal:2026-77777"


def decision(one: str, other: str, relation: Relation) -> Decision:
    """What the machine decides on two calls whose titles are alike."""
    a, b = order_pair(one, other)
    title = LinkEvidence(kind=LinkEvidenceKind.TITLE, a="Care", b="Care", similarity=1.0)
    return Decision(a=a, b=b, relation=relation, evidence=(title,))


@pytest.fixture(autouse=True)
def linked(own_context: Context) -> Call:
    """The Swedish call on heart failure, again at a portal that gives another deadline."""
    calls = own_context.calls.all().values()
    swedish = next(call for call in calls if HEMMA_TEXT in call.texts.values())
    copy = swedish.model_copy(
        update={
            "id": COPY,
            "funder": f"The Portal {HOSTILE}",
            "titles": {"en": "Care at home"},
            "url": "https://portal.example/heart",
            "deadlines": (dated(1, 8),),
            "funding": None,
            "eligibility": (),
        }
    )
    own_context.calls.upsert([copy], FIRST)
    found = (
        decision(swedish.id, COPY, Relation.SAME),
        decision(swedish.id, HEART, Relation.REISSUE),
        decision(COPY, HEART, Relation.RELATED),
    )
    own_context.links.renew({(one.a, one.b): one for one in found}, NOW)
    return swedish


def test_the_list_has_a_call_once(own_client: FlaskClient, linked: Call) -> None:
    body = own_client.get("/api/v1/calls").get_json()
    assert body["total"] == 6
    by_id = {card["id"]: card for card in body["calls"]}
    assert COPY not in by_id
    (also,) = by_id[linked.id]["also"]
    assert also["id"] == COPY
    assert also["why"]["sv"] == "Samma utlysning: 100 % av titlarnas ord är gemensamma."
    assert "2026-08-01 15:00" in also["contradiction"]["en"]
    assert by_id[HEART]["also"] == []


def test_the_copy_that_the_filters_admit_leads(own_client: FlaskClient, linked: Call) -> None:
    address = "/api/v1/calls?deadline_from=2026-07-01&deadline_to=2026-08-30"
    calls = own_client.get(address).get_json()["calls"]
    assert COPY in [card["id"] for card in calls]
    assert linked.id not in [card["id"] for card in calls]


def test_one_call_in_the_api_has_its_links(own_client: FlaskClient, linked: Call) -> None:
    links = own_client.get(f"/api/v1/calls/{linked.id}").get_json()["call_links"]
    assert [(one["id"], one["relation"], one["shown_as_one"]) for one in links] == [
        (COPY, "same", True),
        (HEART, "reissue", False),
    ]
    assert links[0]["evidence"] == [{"kind": "title", "a": "Care", "b": "Care", "similarity": 1.0}]
    assert links[0]["contradiction"] is not None
    assert links[1]["contradiction"] is None
    assert own_client.get(f"/api/v1/calls/{COPY}").status_code == 200


@pytest.mark.parametrize(
    ("language", "words", "other"),
    [("en", "Also at", "Another deadline is given there: 2026-08-01 15:00"),
     ("sv", "Finns även hos", "Där anges en annan sista ansökningsdag: 2026-08-01 15:00")],
)  # fmt: skip
def test_pages_name_the_copies(
    own_client: FlaskClient, linked: Call, language: str, words: str, other: str
) -> None:
    for address in (f"/calls/{linked.id}?lang={language}", f"/calls?lang={language}"):
        html = own_client.get(address).text
        page = outline(html)
        assert words in page.text, address
        assert other in page.text, address
        assert "<script>alert" not in html
        ways = [a["href"] for a in page.all("a")]
        assert "https://portal.example/heart" in ways
        assert any(way.startswith(f"/calls/{COPY}") for way in ways)


def test_a_call_s_page_names_earlier_and_other_rounds(
    own_client: FlaskClient, linked: Call
) -> None:
    later = outline(own_client.get(f"/calls/{linked.id}?lang=sv").text)
    assert "Andra omgångar" in later.text
    assert any(a["href"].startswith(f"/calls/{HEART}") for a in later.all("a"))
    page = outline(own_client.get(f"/calls/{HEART}?lang=sv").text)
    assert "Tidigare omgångar" in page.text
    assert "Nämner den, eller nämns" in page.text
    assert any(a["href"].startswith(f"/calls/{linked.id}") for a in page.all("a"))
    assert "Finns även hos" not in page.text


def test_matches_show_the_copies(own_client: FlaskClient, linked: Call) -> None:
    html = own_client.post(
        "/?lang=sv",
        data={"text": "Hjärtsvikt i hemmet, vikt och blodtryck"},
        follow_redirects=True,
    ).text
    assert "Finns även hos" in outline(html).text


def test_a_copy_that_is_named_is_found_as_the_call_it_is_a_copy_of(
    own_client: FlaskClient, linked: Call
) -> None:
    body = own_client.post("/api/v1/match", json={"text": "2026-77777"}).get_json()
    (match,) = body["matches"]
    assert match["call"]["id"] == linked.id
    assert match["named"]["text"] == "2026-77777"
    assert COPY in {one["id"] for one in match["call"]["also"]}
