"""Two people and two keys try every route on each other's pilots: a private one is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.access.rights import AccountRole, Scope
from service.use_cases.access.keys import add_key
from service.use_cases.access.users import add_user
from tests.service.http.closed_service import ClosedService, close
from tests.service.http.test_route_rights import OF_THEIR_OWN, routes

pytestmark = pytest.mark.whole

TITLE = "Ubåtsspaning i insjöar"


@pytest.fixture
def service(own_context: Context) -> ClosedService:
    return close(own_context)


def two_people(service: ClosedService) -> tuple[FlaskClient, FlaskClient]:
    anna, bo = (add_user(service.context, name, AccountRole.EDITOR) for name in ("Anna", "Bo"))
    return service.as_person(anna), service.as_person(bo)


def two_keys(service: ClosedService) -> tuple[FlaskClient, FlaskClient]:
    first, second = (add_key(service.context, name, Scope.WRITE, None) for name in ("one", "two"))
    return service.with_key(first.text), service.with_key(second.text)


def store(client: FlaskClient, name: str, *, private: bool) -> None:
    body = {"id": name, "title": TITLE, "text": f"{TITLE} med hydrofoner.", "private": private}
    answer = client.post("/api/v1/pilots", json=body)
    assert answer.status_code == 201
    assert answer.get_json()["private"] is private
    assert answer.get_json()["owner"]


PAIRS: tuple[Callable[[ClosedService], tuple[FlaskClient, FlaskClient]], ...] = (
    two_people,
    two_keys,
)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_private_pilot_is_not_there_for_others_on_any_route(
    service: ClosedService, pair: Callable[[ClosedService], tuple[FlaskClient, FlaskClient]]
) -> None:
    owner, other = pair(service)
    store(owner, "mine", private=True)
    tried = 0
    for endpoint, method, address in routes(service.app):
        if "/nobody" not in address or endpoint in OF_THEIR_OWN:
            continue
        answer = other.open(address.replace("/nobody", "/mine"), method=method, json={})
        assert answer.status_code in {404, 415, 422, 428}, (endpoint, method, answer.status_code)
        assert TITLE not in answer.text
        tried += method == "GET" or answer.status_code == 404
    assert tried > 12
    assert service.context.pilots.get("mine") is not None
    assert owner.get("/api/v1/pilots/mine").status_code == 200


@pytest.mark.parametrize("pair", PAIRS)
def test_no_list_or_search_names_it_to_others(
    service: ClosedService, pair: Callable[[ClosedService], tuple[FlaskClient, FlaskClient]]
) -> None:
    owner, other = pair(service)
    store(owner, "mine", private=True)
    lists = ("/api/v1/pilots", "/pilots", "/", "/actors", "/api/v1/calls/hostile:1/pilots")
    for address in lists:
        seen = other.get(address)
        assert seen.status_code == 200
        assert TITLE not in seen.text
        assert "mine" not in seen.text.replace("determine", "")
    assert TITLE in owner.get("/pilots").text
    assert TITLE in owner.get("/").text
    for address in ("/?pilot=mine", "/actors?pilot=mine", "/api/v1/actors?pilot=mine"):
        assert other.get(address).status_code == 404, address
        assert TITLE not in other.get(address).text
    assert TITLE in service.with_role("admin").get("/pilots").text
    assert TITLE not in service.with_role("editor").get("/pilots").text


@pytest.mark.parametrize("pair", PAIRS)
def test_what_changes_a_private_pilot_is_not_let_through(
    service: ClosedService, pair: Callable[[ClosedService], tuple[FlaskClient, FlaskClient]]
) -> None:
    owner, other = pair(service)
    store(owner, "mine", private=True)
    owner.post("/api/v1/pilots/mine/recipients", json={"address": "a@example.org"})
    (kept,) = service.context.recipients.all(pilot_id="mine")
    call = {"call": "hostile:1", "verdict": "relevant", "by": "Eve"}
    mine = "/api/v1/pilots/mine"
    answers = [
        other.delete(mine),
        other.put(f"{mine}/private", json={"private": False}),
        other.put(f"{mine}/exclude", json={"exclude": []}),
        other.post(f"{mine}/feedback", json=call),
        other.delete(f"{mine}/feedback?call=hostile:1&by=Eve"),
        other.post(f"{mine}/recipients", json={"address": "eve@example.org"}),
        other.delete(f"{mine}/recipients/{kept.id}"),
        other.post("/pilots/mine/feedback", data={"judge": "relevant hostile:1", "by": "Eve"}),
        other.post("/pilots/mine/exclude", data={"exclude": "x"}),
        other.post("/pilots/mine/private", data={"private": "false"}),
        other.post("/pilots/mine/delete"),
        other.post("/pilots/mine/recipients", data={"address": "eve@example.org"}),
        other.post(f"/pilots/mine/recipients/{kept.id}/remove"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert service.context.recipients.get(kept.id) == kept
    assert service.context.feedback.history("mine") == []


@pytest.mark.parametrize("pair", PAIRS)
def test_a_shared_pilot_is_read_and_judged_by_all_and_deleted_by_its_owner(
    service: ClosedService, pair: Callable[[ClosedService], tuple[FlaskClient, FlaskClient]]
) -> None:
    owner, other = pair(service)
    store(owner, "ours", private=False)
    assert other.get("/api/v1/pilots/ours").status_code == 200
    call = {"call": "hostile:1", "verdict": "relevant", "by": "Bo"}
    assert other.post("/api/v1/pilots/ours/feedback", json=call).status_code == 201
    for answer in (
        other.delete("/api/v1/pilots/ours"),
        other.put("/api/v1/pilots/ours/private", json={"private": True}),
        other.get("/pilots/ours/delete"),
        other.post("/pilots/ours/delete"),
        other.post("/pilots/ours/private", data={"private": "true"}),
    ):
        assert answer.status_code == 403
    assert owner.delete("/api/v1/pilots/ours").status_code == 200
    assert other.get("/api/v1/pilots/ours").status_code == 404


def test_pilots_of_the_operator_are_shared_and_administrators_delete_them(
    service: ClosedService,
) -> None:
    editor, admin = service.with_role("editor"), service.with_role("admin")
    assert editor.get("/api/v1/pilots/heart").status_code == 200
    assert editor.delete("/api/v1/pilots/heart").status_code == 403
    assert admin.put("/api/v1/pilots/heart/private", json={"private": True}).status_code == 200
    assert editor.get("/api/v1/pilots/heart").status_code == 404
    assert admin.delete("/api/v1/pilots/heart").status_code == 200


def test_storing_again_takes_no_pilot_away_from_its_owner(service: ClosedService) -> None:
    owner, _ = two_people(service)
    store(owner, "mine", private=True)
    kept = service.context.pilots.get("mine")
    assert kept is not None
    service.context.pilots.put(kept.model_copy(update={"title": "x", "owner": "person:eve"}))
    changed = service.context.pilots.get("mine")
    assert changed is not None
    assert (changed.title, changed.owner) == ("x", kept.owner)


def test_whoever_signed_in_judges_by_no_other_name(service: ClosedService) -> None:
    anna, _ = two_people(service)
    call = {"call": "hostile:1", "verdict": "relevant", "by": "Bo"}
    assert anna.post("/api/v1/pilots/heart/feedback", json=call).get_json()["by"] == "Anna"
    form = {"judge": "not-relevant hostile:2", "by": "Bo"}
    assert anna.post("/pilots/heart/feedback", data=form).status_code == 303
    assert {one.by for one in service.context.feedback.history("heart")} == {"Anna"}
    page = anna.get("/pilots/heart?lang=en").text
    assert "You judge as Anna." in page
    assert 'name="by"' not in page
    reader = service.with_role("reader").get("/pilots/heart").text
    assert '/feedback"' not in reader
    assert "/delete" not in reader
