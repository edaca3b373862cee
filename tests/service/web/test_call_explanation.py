"""The page that explains one call for one pilot, in both languages and without script."""

from __future__ import annotations

import shutil

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.pilots.profile import Party, Profile
from service.messages.words import words
from tests.service.sample_calls import some_pilots
from tests.service.web.html_outline import outline

HEMMA = "vinnova:2026-00001"
CLOSED = "/pilots/heart/calls/vinnova:2025-00009"


def test_a_link_leads_from_each_match_to_its_page(client: FlaskClient) -> None:
    page = outline(client.get("/pilots/heart?lang=sv&level=national").text)
    links = [a["href"] for a in page.all("a") if "/calls/" in a["href"]]
    own = [href for href in links if href.startswith("/pilots/heart/calls/")]
    assert len(own) == len(page.all("article")) >= 1
    assert all("lang=sv" in href and "level=national" in href for href in own)
    assert words("sv")("pair.title") in page.text
    for href in own:
        assert client.get(href).status_code == 200


@pytest.mark.parametrize("language", ["en", "sv"])
def test_it_tells_place_reasons_and_changes(
    own_client: FlaskClient, own_context: Context, language: str
) -> None:
    pilot = some_pilots()[0]
    profile = Profile(
        organisations=(Party(kind=ApplicantKind.PUBLIC_UNIVERSITY),), trl=4, share_percent=80
    )
    own_context.pilots.put(pilot.model_copy(update={"profile": profile}))
    page = outline(own_client.get(f"/pilots/heart/calls/{HEMMA}?lang={language}").text)
    said = words(language)
    assert not page.all("script")
    for key in ("pair.title", "pair.match", "pair.without", "pair.openings"):
        assert said(key) in page.text, key
    assert {"en": "Without this sentence", "sv": "Utan den här meningen"}[language] in page.text
    assert {"en": "If at most 50 %", "sv": "Om högst 50 %"}[language] in page.text
    assert {"en": "this condition is met", "sv": "är villkoret uppfyllt"}[language] in page.text
    assert len(page.all("article")) == 1


def test_a_call_that_is_left_out_says_why_in_the_readers_language(client: FlaskClient) -> None:
    english, swedish = (client.get(f"{CLOSED}?lang={code}").text for code in ("en", "sv"))
    assert words("en")("pair.why_not") in outline(english).text
    assert "The filters leave the call out: it is closed." in outline(english).text
    assert "Filtren utelämnar utlysningen: den är stängd." in outline(swedish).text
    shown = outline(client.get(f"{CLOSED}?status=all").text)
    assert "The filters leave" not in shown.text


def test_what_cannot_be_ranked_has_a_page(own_client: FlaskClient, own_context: Context) -> None:
    pilot = some_pilots()[0]
    own_context.pilots.put(pilot.model_copy(update={"text": "Vi söker pengar."}))
    page = outline(own_client.get(f"/pilots/heart/calls/{HEMMA}?lang=sv").text)
    assert words("sv")("pair.place.none") in page.text
    assert "För lite att gå på" in page.text
    assert "Pilotens text säger för lite" in page.text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/pilots/nobody/calls/vinnova:1?lang=sv", 404, "Det finns ingen pilot nobody."),
        ("/pilots/heart/calls/vinnova:9?lang=sv", 404, "Det finns ingen utlysning vinnova:9."),
        ("/pilots/heart/calls/vinnova:9", 404, "There is no call vinnova:9"),
        (f"/pilots/heart/calls/{HEMMA}?top=1000", 200, ""),
    ],
)
def test_what_is_not_there_is_said(
    client: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in outline(answer.text).text


def test_without_an_index_the_page_says_what_to_do(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get(f"/pilots/heart/calls/{HEMMA}")
    assert answer.status_code == 503
    assert "fundscout reindex" in outline(answer.text).text
