"""Pilots made, changed, put away: what was typed stays, and two editors are told of each other."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.messages.words import words
from service.use_cases.access.users import set_disabled
from tests.service.http.closed_service import close
from tests.service.sample_awards import an_award
from tests.service.web.html_outline import Outline, outline

pytestmark = pytest.mark.whole

OWN = {"Sec-Fetch-Site": "same-origin"}
EDIT = "/pilots/heart/edit"
TYPED: dict[str, Any] = {
    "title": "Fallolyckor hemma",
    "text": "Rörelsesensorer ska varna innan någon faller hemma.",
    "exclude": "försvar, animal testing",
    "areas": ["home_care", "older_people"],
    "country": "se",
    "trl": "5",
    "stage": "pilot",
    "budget": "1,5 miljoner",
    "budget_up_to": "3 000 000",
    "currency": "SEK",
    "share": "50",
    "start": "2027-01-15",
    "months": "18",
    "any_subject": "true",
    "partners": "some",
    "organisation_name": ["Region Exempel", ""],
    "organisation_kind": ["government_county", ""],
    "organisation_country": ["SE", ""],
    "partner_name": ["Example AB", ""],
    "partner_kind": ["for_profit_small_business", ""],
    "partner_country": ["", ""],
}


def fields(page: Outline) -> dict[str, str]:
    """Return the values of the text fields, the first of each name."""
    found: dict[str, str] = {}
    for one in page.all("input"):
        if one.get("type") in {"text", "hidden", "date"}:
            found.setdefault(one["name"], one.get("value", ""))
    return found


def text_of(html: str) -> str:
    match = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    assert match is not None
    return match[1]


def test_a_pilot_is_made_from_what_was_typed(own_client: FlaskClient, own_context: Context) -> None:
    sent = own_client.post("/new-pilot?lang=sv", data=TYPED, headers=OWN)
    assert sent.status_code == 303
    (made,) = [one for one in own_context.pilots.all() if one.title == "Fallolyckor hemma"]
    assert sent.headers["Location"].startswith(f"/pilots/{made.id}?")
    assert made.text == TYPED["text"]
    assert made.exclude == ("försvar", "animal testing")
    assert made.areas == ("home_care", "older_people")
    profile = made.profile
    assert profile is not None
    assert profile.budget is not None
    assert profile.budget.amount == 1_500_000
    assert profile.budget.up_to == 3_000_000
    assert (profile.country, profile.trl, profile.stage) == ("SE", 5, ProjectStage.PILOT)
    assert (profile.months, profile.share_percent, str(profile.start)) == (18, 50, "2027-01-15")
    assert [one.kind for one in profile.organisations] == [ApplicantKind.REGION]
    assert [one.name for one in profile.partners or ()] == ["Example AB"]
    page = own_client.get(sent.headers["Location"])
    assert page.status_code == 200
    assert words("sv")("pilot.saved.new") in outline(page.text).text
    assert words("sv")("area.home_care") in outline(page.text).text


def test_the_form_shows_a_stored_pilot_and_saving_it_unchanged_changes_nothing(
    own_client: FlaskClient, own_context: Context
) -> None:
    own_client.post("/new-pilot", data=TYPED, headers=OWN)
    (made,) = [one for one in own_context.pilots.all() if one.title == "Fallolyckor hemma"]
    html = own_client.get(f"/pilots/{made.id}/edit").text
    shown = fields(outline(html))
    assert (shown["budget"], shown["months"], shown["country"]) == ("1 500 000", "18", "SE")
    assert text_of(html) == made.text
    again = TYPED | {"version": shown["version"]}
    assert own_client.post(f"/pilots/{made.id}/edit", data=again, headers=OWN).status_code == 303
    kept = own_context.pilots.get(made.id)
    assert kept is not None
    assert kept.etag == made.etag


@pytest.mark.parametrize(
    ("name", "typed", "key"),
    [
        ("title", "   ", "pilot.wrong.title"),
        ("text", " -- 12 -- ", "pilot.wrong.text"),
        ("country", "Sverige", "pilot.wrong.country"),
        ("trl", "10", "pilot.wrong.whole"),
        ("months", "ett år", "pilot.wrong.whole"),
        ("budget", "mycket", "pilot.wrong.amount"),
        ("budget", "", "pilot.wrong.budget.least"),
        ("budget_up_to", "1000", "pilot.wrong.budget.most"),
        ("share", "120", "pilot.wrong.share"),
        ("start", "15/1 2027", "pilot.wrong.day"),
        ("stage", "dream", "pilot.wrong.choice"),
        ("partners", "none", "pilot.wrong.partners"),
        ("exclude", ", ".join(f"ord {n}" for n in range(60)), "problem.exclude"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    own_client: FlaskClient, own_context: Context, name: str, typed: str, key: str
) -> None:
    before = len(own_context.pilots.all())
    answer = own_client.post("/new-pilot?lang=sv", data=TYPED | {name: typed}, headers=OWN)
    page = outline(answer.text)
    assert answer.status_code == 422
    assert len(own_context.pilots.all()) == before
    said = (
        words("sv")(key, least=1, most=9 if name == "trl" else 240)
        if key.endswith("whole")
        else words("sv")(key)
    )
    assert said in page.text
    assert words("sv")("pilot.wrong", count=1) in page.text
    invalid = [
        one
        for one in (*page.all("input"), *page.all("select"), *page.all("textarea"))
        if one.get("aria-invalid")
    ]
    assert [one["name"] for one in invalid] == [name]
    assert all(one["aria-describedby"].split()[-1] == f"{name}-wrong" for one in invalid)
    kept = fields(page) | {"text": text_of(answer.text)}
    for field, value in (TYPED | {name: typed}).items():
        if isinstance(value, str) and field in kept:
            assert kept[field] == value, field
    assert [o.get("value") for o in page.all("option") if "selected" in o].count(
        "government_county"
    ) == 1
    assert len([i for i in page.all("input") if i.get("name") == "areas" and "checked" in i]) == 2


def test_two_editors_are_told_of_each_other_and_lose_nothing(
    own_client: FlaskClient, own_context: Context
) -> None:
    seen = fields(outline(own_client.get(EDIT).text))["version"]
    first = {
        "title": "Hjärtsvikt hemma",
        "text": "Anna skrev detta. Båda har detta.",
        "any_subject": "true",
        "language": "sv",
        "version": seen,
    }
    second = first | {"text": "Bo skrev något annat. Båda har detta.", "trl": "7"}
    assert own_client.post(EDIT, data=first, headers=OWN).status_code == 303
    answer = own_client.post(f"{EDIT}?lang=sv", data=second, headers=OWN)
    page = outline(answer.text)
    assert answer.status_code == 409
    stored = own_context.pilots.get("heart")
    assert stored is not None
    assert stored.text == first["text"], "the first one's change stands"
    assert "Anna skrev detta. " in answer.text
    assert text_of(answer.text) == second["text"]
    assert answer.text.count("<mark>") == 2
    assert fields(page)["trl"] == "7"
    assert fields(page)["version"] == stored.content_etag != seen
    again = own_client.post(EDIT, data=second | {"version": fields(page)["version"]}, headers=OWN)
    assert again.status_code == 303
    kept = own_context.pilots.get("heart")
    assert kept is not None
    assert kept.text == second["text"]


def test_hiding_a_pilot_meanwhile_is_no_change_of_what_it_says(
    own_client: FlaskClient, own_context: Context
) -> None:
    seen = fields(outline(own_client.get(EDIT).text))["version"]
    own_client.post("/pilots/heart/archive", data={"archived": "true"}, headers=OWN)
    changed = {"title": "Ny", "text": "En annan text.", "version": seen, "any_subject": "true"}
    assert own_client.post(EDIT, data=changed, headers=OWN).status_code == 303
    kept = own_context.pilots.get("heart")
    assert kept is not None
    assert (kept.title, kept.archived_at is not None) == ("Ny", True)


def test_exclusions_typed_on_an_old_page_do_not_replace_anothers(
    own_client: FlaskClient, own_context: Context
) -> None:
    html = own_client.get("/pilots/heart").text
    seen = fields(outline(html))["version"]
    form = "/pilots/heart/exclude"
    assert own_client.post(form, data={"exclude": "försvar", "version": seen}, headers=OWN)
    late = own_client.post(
        f"{form}?lang=sv", data={"exclude": "djurförsök", "version": seen}, headers=OWN
    )
    assert late.status_code == 409
    page = outline(late.text)
    assert "försvar" in page.text
    assert fields(page)["exclude"] == "djurförsök"
    kept = own_context.pilots.get("heart")
    assert kept is not None
    assert kept.exclude == ("försvar",)
    renewed = {"exclude": "djurförsök", "version": fields(page)["version"]}
    assert own_client.post(form, data=renewed, headers=OWN).status_code == 303


def test_a_pilot_is_put_away_and_taken_back(own_client: FlaskClient) -> None:
    def put(archived: str) -> Outline:
        form = {"archived": archived}
        sent = own_client.post("/pilots/heart/archive?lang=sv", data=form, headers=OWN)
        assert sent.status_code == 303
        return outline(own_client.get(sent.headers["Location"]).text)

    assert words("sv")("pilot.saved.archived") in put("true").text
    listed = outline(own_client.get("/pilots?lang=sv").text)
    assert words("sv")("pilots.archived", count=1) in listed.text
    assert "/pilots/heart/archive?lang=sv" in [f["action"] for f in listed.all("form")]
    assert words("sv")("pilot.saved.back") in put("false").text
    assert words("sv")("pilots.archived", count=1) not in own_client.get("/pilots?lang=sv").text


def test_a_file_fills_the_form_and_what_was_typed_beside_it_stays(own_client: FlaskClient) -> None:
    body = "# Fall hemma\n\nSensorer varnar innan någon faller."
    sent = {**TYPED, "text": "", "title": "", "read": "file"}
    sent["file"] = (io.BytesIO(body.encode()), "fall.md")
    answer = own_client.post("/new-pilot", data=sent, headers=OWN)
    assert answer.status_code == 200
    assert "Sensorer varnar innan någon faller." in text_of(answer.text)
    shown = fields(outline(answer.text))
    assert (shown["title"], shown["months"]) == ("Fall hemma", "18")
    bad = {**TYPED, "read": "file", "file": (io.BytesIO(b"\x00\x01\x02" * 50), "x.pdf")}
    refused = own_client.post("/new-pilot", data=bad, headers=OWN)
    assert refused.status_code == 422
    assert text_of(refused.text) == TYPED["text"]
    none = own_client.post("/new-pilot", data={**TYPED, "read": "file"}, headers=OWN)
    assert none.status_code == 422
    assert words("en")("file.none") in outline(none.text).text


def test_a_pilot_begins_from_the_diary_number_of_a_paid_project(
    own_client: FlaskClient, own_context: Context
) -> None:
    def fetch(number: str, chosen: str = "") -> Any:
        form = {**TYPED, "number": number, "fetch": chosen}
        return own_client.post("/new-pilot", data=form, headers=OWN)

    empty = fetch("2023-01234")
    assert empty.status_code == 404
    assert "fundscout collect-awards" in outline(empty.text).text
    now = own_context.now()
    paid = an_award("vinnova:2023-01234")
    own_context.awards.upsert([paid, an_award("swecris:2023-01234_Vinnova")], now)
    own_context.awards.upsert([an_award("formas:2023-012345"), an_award("gdp:2024-9_A")], now)
    several = fetch(" Dnr 2023-01234 ")
    assert several.status_code == 200
    choices = [b["value"] for b in outline(several.text).all("button") if b.get("name") == "fetch"]
    assert (choices[0], set(choices[1:])) == (
        "",
        {"vinnova:2023-01234", "swecris:2023-01234_Vinnova"},
    )
    assert text_of(several.text) == TYPED["text"], "nothing is replaced before one is chosen"
    one = fetch("2023-01234", "vinnova:2023-01234")
    assert fields(outline(one.text))["title"] in paid.titles.values()
    assert fetch("2024-9").status_code == 200
    unknown = fetch("2029-99999")
    assert unknown.status_code == 404
    assert text_of(unknown.text) == TYPED["text"]
    assert fetch("inget nummer").status_code == 422


def test_an_expired_session_loses_nothing_of_the_form(own_context: Context) -> None:
    service = close(own_context)
    anna = service.people["editor"]
    browser = service.as_person(anna)
    assert browser.get(EDIT).status_code == 200
    set_disabled(own_context, anna.name, disabled=True)
    answer = browser.post(EDIT, data=TYPED | {"version": "x"}, headers=OWN)
    assert answer.status_code == 401
    kept = outline(answer.text).all("textarea")
    assert {a["name"] for a in kept} >= set(TYPED)
    assert TYPED["text"] in answer.text
    assert f'action="{EDIT}' in answer.text


def test_who_only_reads_is_offered_no_change(own_context: Context) -> None:
    reader = close(own_context).with_role("reader")
    page = outline(reader.get("/pilots/heart").text)
    actions = [form["action"] for form in page.all("form") if form["method"] == "post"]
    assert actions == ["/sign-out"]
    assert "/pilots/heart/edit" not in [a["href"] for a in page.all("a")]
    assert reader.get(EDIT).status_code == 403
    assert "/new-pilot" not in reader.get("/pilots").text


def test_the_same_pilot_twice_is_said(own_client: FlaskClient) -> None:
    assert own_client.post("/new-pilot", data=TYPED, headers=OWN).status_code == 303
    again = own_client.post("/new-pilot?lang=sv", data=TYPED, headers=OWN)
    assert again.status_code == 409
    assert words("sv")("pilot.wrong.same") in outline(again.text).text
    assert text_of(again.text) == TYPED["text"]


def test_markup_in_a_field_stays_text(own_client: FlaskClient) -> None:
    evil = '"><script>alert(1)</script>'
    html = own_client.post("/new-pilot", data={"title": evil, "country": evil}, headers=OWN).text
    assert "<script>" not in html
    assert fields(outline(html))["title"] == evil
