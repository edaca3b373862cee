"""The page of a scan and the pages of own focus areas."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.messages.words import words
from tests.service.web.html_outline import outline

SUBJECT = "/scan?q=hjärtsvikt+i+hemmet"


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_scan_tells_calls_money_dates_actors_and_pilots(
    client: FlaskClient, language: str
) -> None:
    answer = client.get(f"{SUBJECT}&lang={language}")
    page, said = outline(answer.text), words(language)
    assert answer.status_code == 200
    assert len(answer.data) < 200_000
    assert len(page.all("h1")) == 1
    for key in ("scan.levels", "scan.deadlines", "scan.months", "scan.funders", "scan.pilots"):
        assert said(key) in page.text, key
    assert "Vinnova" in page.text
    assert "Hjärtsvikt hemma" in page.text, "the pilot on the subject"
    assert {"en": "14 March 2026, 14:00 Swedish time", "sv": "14 mars 2026 kl. 14:00 svensk tid"}[
        language
    ] in page.text


def test_the_timeline_is_drawn_and_told_as_a_table(client: FlaskClient) -> None:
    page = outline(client.get(f"{SUBJECT}&lang=sv").text)
    (drawing,) = [one for one in page.all("svg") if one.get("role") == "img"]
    assert drawing["aria-labelledby"] == "months-title months-desc"
    assert "Flest sista ansökningsdagar har mar 2026" in page.text
    assert "feb 2027" in page.text
    links = [one["href"] for one in page.all("a") if "/scan/months.csv" in one.get("href", "")]
    assert len(links) == 1
    sheet = client.get(links[0])
    assert sheet.text.splitlines()[0].endswith("Månad,Nivå,Sista ansökningsdagar,Öppnar")
    assert "2026-03,Nationell,1,0" in sheet.text


def test_filters_stand_in_the_address_and_can_be_taken_off(client: FlaskClient) -> None:
    page = outline(client.get(f"{SUBJECT}&level=national&status=open&lang=en").text)
    off = [one for one in page.all("a") if "Take off the filter" in one.get("aria-label", "")]
    assert {one["aria-label"] for one in off} == {
        "Take off the filter National",
        "Take off the filter Open",
    }
    level = next(one["href"] for one in off if "National" in one["aria-label"])
    assert "level=" not in level
    assert "status=open" in level
    assert "q=hj" in level
    assert client.get(level).status_code == 200


def test_without_a_subject_the_areas_are_offered(client: FlaskClient) -> None:
    page = outline(client.get("/scan?lang=sv").text)
    links = [one["href"] for one in page.all("a") if "area=" in one.get("href", "")]
    assert len(links) >= 15
    assert "Vård hemma och på distans" in page.text


@pytest.mark.parametrize(
    ("address", "status", "key"),
    [
        ("/scan?area=nothing", 422, "problem.scan.area"),
        ("/scan?q=heart&level=lunar", 422, "problem.scan.filter"),
        ("/scan?q=heart&status=closed", 422, "problem.scan.filter"),
        ("/scan?q=" + "a" * 2001, 422, "problem.scan.long"),
        ("/scan?q=%21%21", 422, "problem.text.empty"),
    ],
)
def test_what_cannot_be_scanned_is_said_plainly(
    client: FlaskClient, address: str, status: int, key: str
) -> None:
    answer = client.get(f"{address}&lang=sv")
    assert answer.status_code == status
    assert words("sv")(key) in outline(answer.text).text


def test_a_subject_that_nothing_is_on_says_what_to_do(client: FlaskClient) -> None:
    page = outline(client.get("/scan?q=zzqqxx&lang=sv").text)
    assert words("sv")("scan.none") in page.text
    assert words("sv")("scan.none.do") in page.text


def test_an_area_is_made_scanned_changed_and_removed(
    own_client: FlaskClient, own_context: Context
) -> None:
    made = own_client.post(
        "/areas?lang=sv", data={"name": " Hjärta hemma ", "words": "Hjärtsvikt i hemmet."}
    )
    assert made.status_code == 303
    (area,) = own_context.focus_areas.all()
    assert (area.name, area.words) == ("Hjärta hemma", "Hjärtsvikt i hemmet.")
    scanned = outline(own_client.get(made.headers["Location"]).text)
    assert "Hjärta hemma" in scanned.text
    assert "Hjärtsvikt i hemmet" in scanned.text
    assert own_client.get(f"/actors?area={area.key}").status_code == 200
    form = own_client.get(f"/areas/{area.key}").text
    seen = re.search(r'name="seen" value="(\w+)"', form)
    assert seen
    sent = {"name": "Hjärtat", "words": area.words, "seen": seen[1]}
    assert own_client.post(f"/areas/{area.key}", data=sent).status_code == 303
    assert own_context.focus_areas.all()[0].name == "Hjärtat"
    assert own_client.post(f"/areas/{area.key}/remove").status_code == 303
    assert own_context.focus_areas.all() == []
    gone = own_client.get(f"/scan?area={area.key}&lang=sv")
    assert gone.status_code == 404
    assert "Det finns inget fokusområde" in outline(gone.text).text


def test_two_who_change_an_area_are_told_of_each_other(
    own_client: FlaskClient, own_context: Context
) -> None:
    own_client.post("/areas", data={"name": "Sår", "words": "Sårvård."})
    (area,) = own_context.focus_areas.all()
    first = {"name": "Sår", "words": "Sårvård i hemmet.", "seen": area.etag}
    assert own_client.post(f"/areas/{area.key}", data=first).status_code == 303
    late = {"name": "Sår", "words": "Sårvård på sjukhus.", "seen": area.etag}
    told = own_client.post(f"/areas/{area.key}?lang=sv", data=late)
    assert told.status_code == 409
    page = outline(told.text)
    assert "Någon annan har ändrat Sår" in page.text
    assert "Sårvård på sjukhus." in told.text, "what was typed is kept"
    assert "Sårvård i hemmet." in told.text, "and theirs is shown"
    assert own_context.focus_areas.all()[0].words == "Sårvård i hemmet."


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("", "Något", "problem.area.name.none"),
        ("123", "Något", "problem.area.name.none"),
        ("Namn", "  ", "problem.area.words.none"),
        ("Cancer", "Något", "problem.area.name"),
        ("n" * 81, "Något", "problem.area.name.long"),
        ("Namn", "n" * 2001, "problem.area.words.long"),
    ],
)
def test_a_form_keeps_what_was_typed(
    own_client: FlaskClient, own_context: Context, name: str, text: str, key: str
) -> None:
    answer = own_client.post("/areas?lang=sv", data={"name": name, "words": text})
    assert answer.status_code in {409, 422}
    said = words("sv")(key, name=name, count=81 if "name" in key else 2000)
    assert said.split("81")[0].split(" 2")[0][:30] in outline(answer.text).text
    assert f'value="{name}"' in answer.text
    assert own_context.focus_areas.all() == []


def test_the_shipped_areas_stay(own_client: FlaskClient) -> None:
    assert own_client.post("/areas/cancer", data={"name": "X", "words": "Y"}).status_code == 403
    assert own_client.post("/areas/cancer/remove").status_code == 403
