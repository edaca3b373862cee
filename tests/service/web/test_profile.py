"""The short form on who applies: read, kept, checked against conditions, and never needed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.pilots.profile import Party, Profile
from service.messages.catalogue import languages
from service.messages.words import words
from service.web.forms import SearchForm
from tests.service.web.html_outline import Outline, outline

TEXT = "Heart failure at home\n\nRemote care of elderly patients, every day."


def send(client: FlaskClient, **fields: object) -> tuple[int, Outline]:
    answer = client.post(
        "/",
        data={"text": TEXT} | fields,
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return answer.status_code, outline(answer.text)


def test_without_a_profile_it_is_said_once_for_each_call(own_client: FlaskClient) -> None:
    _, page = send(own_client)
    explained = [one for one in page.all("details") if one.get("class") == "row-why"]
    assert page.text.count("The pilot has no profile") == len(explained) >= 1


def test_what_the_reader_says_is_checked_and_kept(own_client: FlaskClient) -> None:
    status, page = send(
        own_client, kind="government_state", country=" se ", trl="4", budget="9000000"
    )
    assert status == 200
    assert "The pilot has no profile" not in page.text
    silent = page.text.count("We found no sentence about:")
    assert 0 < silent <= len(page.all("article"))
    assert "We found no sentence about who" not in page.text
    quoted = [one for one in page.all("div") if one.get("class") == "nearest"]
    assert 0 < len(quoted) <= silent
    assert page.text.count("Nearest in the call:") == len(quoted)
    assert "at most 5,000,000 SEK, but 9,000,000 SEK is wanted" in page.text
    shown = {field["name"]: field.get("value") for field in page.all("input") if "name" in field}
    assert shown["country"] == "SE"
    assert shown["trl"] == "4"
    assert shown["budget"] == "9000000"
    chosen = [o["value"] for o in page.all("option") if "selected" in o and o.get("value")]
    assert "government_state" in chosen


def test_calls_with_a_failed_condition_are_left_out_by_choice_and_come_back(
    own_client: FlaskClient,
) -> None:
    _, whole = send(own_client, budget="9000000")
    _, fewer = send(own_client, budget="9000000", gates="pass")
    assert len(fewer.all("article")) < len(whole.all("article"))
    assert words("en")("left.a condition that fails") in fewer.text
    _, again = send(own_client, budget="9000000", gates="pass", show="a condition that fails")
    assert len(again.all("article")) == len(whole.all("article"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "bank"), ("country", "Sverige"), ("trl", "12"), ("budget", "-3"), ("budget", "much")],
)
def test_what_cannot_be_is_said_and_the_text_kept(
    client: FlaskClient, field: str, value: str
) -> None:
    status, page = send(client, **{field: value})
    assert status == 422
    assert field in page.text
    assert "Remote care of elderly patients" in page.text


def test_a_stored_pilots_profile_is_the_ground_that_the_form_adds_to() -> None:
    known = Profile(organisations=(Party(kind=ApplicantKind.REGION),), country="SE", months=12)
    search = SearchForm.model_validate({"country": "no", "budget": "5", "currency": "EUR"})
    profile = search.profile(known)
    assert profile is not None
    assert (profile.country, profile.months, profile.kinds) == ("NO", 12, (ApplicantKind.REGION,))
    assert profile.budget is not None
    assert (profile.budget.amount, profile.budget.currency) == (Decimal(5), "EUR")
    assert SearchForm().profile(known) is known
    assert SearchForm().profile(None) is None


@pytest.mark.parametrize("language", languages())
def test_every_kind_has_a_word_in_the_form(client: FlaskClient, language: str) -> None:
    page = outline(client.get(f"/?lang={language}").text)
    offered = {option["value"] for option in page.all("option") if option.get("value")}
    assert {kind.value for kind in ApplicantKind} - offered == {ApplicantKind.UNRESTRICTED.value}
    assert len({words(language)(f"kind.{kind}") for kind in ApplicantKind}) == len(ApplicantKind)
