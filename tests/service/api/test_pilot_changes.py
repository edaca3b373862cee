"""PUT, PATCH and archive of pilots: in the state that the caller has seen, and none is lost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from service.api.pilots.schemas import merge_patch
from service.app import create_app
from service.context import Context
from service.domain.notifications.address import Address
from service.jobs.mail.send_mails import find_followers
from service.store.mail_conditions import is_wanted
from tests.service.sample_calls import NOW, some_pilots

URL = "/api/v1/pilots/heart"
ARCHIVE = f"{URL}/archive"
CONTENT = {"title": "Sepsis", "text": "Tidig upptäckt av sepsis i hemmet.", "language": "sv"}
MERGE_PATCH = "application/merge-patch+json"


def etag(client: FlaskClient) -> str:
    return str(client.get(URL).headers["ETag"])


def patch(client: FlaskClient, changes: Any, state: str | None = None) -> TestResponse:
    headers = {"If-Match": etag(client) if state is None else state}
    return client.patch(URL, data=json.dumps(changes), content_type=MERGE_PATCH, headers=headers)


def test_a_replacement_replaces_all_that_the_pilot_said(own_client: FlaskClient) -> None:
    before = own_client.get(URL).get_json()
    answer = own_client.put(URL, json=CONTENT, headers={"If-Match": etag(own_client)})
    assert answer.status_code == 200
    after = answer.get_json()
    assert after == own_client.get(URL).get_json()
    assert after | CONTENT == after
    assert after["profile"] is None
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert datetime.fromisoformat(after["modified_at"]) > datetime.fromisoformat(
        before["modified_at"]
    )


def test_the_answer_has_the_etag_of_the_new_state(own_client: FlaskClient) -> None:
    answer = own_client.put(URL, json=CONTENT, headers={"If-Match": etag(own_client)})
    assert answer.headers["ETag"] == etag(own_client)
    assert patch(own_client, {"title": "T"}, answer.headers["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("method", "url"), [("PUT", URL), ("PATCH", URL), ("PUT", ARCHIVE), ("DELETE", ARCHIVE)]
)
def test_without_a_state_nothing_is_changed(
    own_client: FlaskClient, own_context: Context, method: str, url: str
) -> None:
    before = own_context.pilots.get("heart")
    kind = MERGE_PATCH if method == "PATCH" else "application/json"
    answer = own_client.open(url, method=method, data=json.dumps(CONTENT), content_type=kind)
    assert answer.status_code == 428
    assert "If-Match" in answer.get_json()["detail"]
    assert own_context.pilots.get("heart") == before


@pytest.mark.parametrize("stale", ['"none"', 'W/"none"', '"a", "b"', "none", "", '"none'])
def test_in_another_state_nothing_is_changed(
    own_client: FlaskClient, own_context: Context, stale: str
) -> None:
    before = own_context.pilots.get("heart")
    for answer in (
        own_client.put(URL, json=CONTENT, headers={"If-Match": stale}),
        patch(own_client, {"title": "T"}, stale),
        own_client.put(ARCHIVE, headers={"If-Match": stale}),
        own_client.put(f"{URL}/exclude", json={"exclude": ["x"]}, headers={"If-Match": stale}),
    ):
        assert answer.status_code == 412
        assert "read it again" in answer.get_json()["detail"]
    assert own_context.pilots.get("heart") == before


@pytest.mark.parametrize("form", ["{}", "W/{}", '"none", {}', "*"])
def test_the_state_may_be_written_in_every_way(own_client: FlaskClient, form: str) -> None:
    state = form.format(etag(own_client))
    assert patch(own_client, {"title": "T"}, state).status_code == 200


def test_a_state_that_was_left_and_came_back_is_another(own_client: FlaskClient) -> None:
    before = etag(own_client)
    title = own_client.get(URL).get_json()["title"]
    patch(own_client, {"title": "Another"})
    patch(own_client, {"title": title})
    assert etag(own_client) != before
    assert patch(own_client, {"title": "T"}, before).status_code == 412


def test_what_changes_nothing_leaves_the_state(own_client: FlaskClient) -> None:
    before = etag(own_client)
    assert patch(own_client, {}).headers["ETag"] == before
    title = own_client.get(URL).get_json()["title"]
    assert patch(own_client, {"title": title}).headers["ETag"] == before


def test_a_patch_changes_what_it_names_and_takes_out_what_is_null(
    own_client: FlaskClient,
) -> None:
    profile = {"country": "SE", "months": 18, "budget": {"amount": "5000000", "currency": "SEK"}}
    told = patch(own_client, {"profile": profile, "exclude": ["läkemedel"]}).get_json()
    assert told["text"] == some_pilots()[0].text
    assert told["profile"]["months"] == 18
    told = patch(own_client, {"profile": {"months": None, "trl": 5}, "language": None}).get_json()
    assert told["profile"]["months"] is None
    assert told["profile"]["trl"] == 5
    assert told["profile"]["budget"] == {"amount": "5000000", "currency": "SEK", "up_to": None}
    assert told["language"] is None
    assert told["exclude"] == ["läkemedel"]
    assert patch(own_client, {"profile": None}).get_json()["profile"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"id": "other"}, "id"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
        ({"archived_at": "2020-01-01T00:00:00Z"}, "archived_at"),
        ({"language": "svenska"}, "language"),
        ({"profile": {"months": 0}}, "profile.months"),
        ({"profile": {"planet": "Mars"}}, "profile.planet"),
        ({"profile": "SE"}, "profile"),
        ({"exclude": [""]}, "exclude.0"),
    ],
)
def test_a_patch_that_makes_no_pilot_is_refused(
    own_client: FlaskClient, own_context: Context, changes: dict[str, Any], field: str
) -> None:
    before = own_context.pilots.get("heart")
    answer = patch(own_client, changes)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]
    assert own_context.pilots.get("heart") == before


def test_a_patch_says_that_it_is_one(own_client: FlaskClient) -> None:
    answer = own_client.patch(URL, json={"title": "T"}, headers={"If-Match": etag(own_client)})
    assert answer.status_code == 415
    assert MERGE_PATCH in answer.get_json()["detail"]


# the cases of RFC 7396, appendix A
MERGES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "change", "result"), MERGES)
def test_merge_patches_are_those_of_the_standard(target: Any, change: Any, result: Any) -> None:
    assert merge_patch(target, change) == result


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(JSON, JSON)
def test_a_merge_patch_done_twice_does_no_more(target: Any, change: Any) -> None:
    once = merge_patch(target, change)
    assert merge_patch(once, change) == once


@pytest.mark.slow
def test_of_two_writers_neither_loses_a_change(own_context: Context) -> None:
    app = create_app(own_context)
    rounds = 12

    def write(name: str) -> None:
        client = app.test_client()
        for number in range(rounds):
            while True:
                read = client.get(URL)
                wanted = [*read.get_json()["exclude"], f"{name} {number}"]
                state = read.headers["ETag"]
                status = patch(client, {"exclude": wanted}, state).status_code
                if status == 200:
                    break
                assert status == 412

    with ThreadPoolExecutor(2) as writers:
        list(writers.map(write, ("left", "right")))
    pilot = own_context.pilots.get("heart")
    assert pilot
    wanted = {f"{name} {number}" for name in ("left", "right") for number in range(rounds)}
    assert set(pilot.exclude) == wanted
    assert len(pilot.exclude) == 2 * rounds


@pytest.mark.slow
def test_of_many_who_change_one_state_one_does(own_context: Context) -> None:
    app = create_app(own_context)
    state = etag(app.test_client())

    def write(number: int) -> int:
        return patch(app.test_client(), {"title": f"Title {number}"}, state).status_code

    with ThreadPoolExecutor(8) as writers:
        statuses = list(writers.map(write, range(8)))
    assert sorted(statuses) == [200] + [412] * 7


def test_exclusions_and_other_changes_at_once_are_both_kept(own_context: Context) -> None:
    app = create_app(own_context)

    def exclude(number: int) -> int:
        body = {"exclude": [f"subject {number}"]}
        return app.test_client().put(f"{URL}/exclude", json=body).status_code

    def rename(_: int) -> int:
        return patch(app.test_client(), {"title": "Renamed"}, "*").status_code

    with ThreadPoolExecutor(2) as writers:
        assert set(writers.map(exclude, range(5))) | set(writers.map(rename, range(5))) == {200}
    pilot = own_context.pilots.get("heart")
    assert pilot
    assert pilot.title == "Renamed"
    assert len(pilot.exclude) == 1


def archive(client: FlaskClient) -> dict[str, Any]:
    answer = client.put(ARCHIVE, headers={"If-Match": etag(client)})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def test_an_archived_pilot_is_listed_only_when_asked_for(own_client: FlaskClient) -> None:
    assert archive(own_client)["archived_at"]
    listed = own_client.get("/api/v1/pilots").get_json()
    assert [pilot["id"] for pilot in listed["pilots"]] == ["hostile"]
    assert listed["total"] == 1
    every = own_client.get("/api/v1/pilots?archived=true").get_json()["pilots"]
    assert [(pilot["id"], bool(pilot["archived_at"])) for pilot in every] == [
        ("heart", True),
        ("hostile", False),
    ]
    assert own_client.get(URL).get_json()["text"] == some_pilots()[0].text
    call = "vinnova:2026-00001"
    fitting = own_client.get(f"/api/v1/calls/{call}/pilots").get_json()
    assert "heart" not in json.dumps([one["pilot"] for one in fitting["pilots"]])


def test_archived_twice_changes_nothing_and_it_comes_back_whole(own_client: FlaskClient) -> None:
    before = own_client.get(URL).get_json()
    first = archive(own_client)
    assert archive(own_client) == first
    back = own_client.delete(ARCHIVE, headers={"If-Match": etag(own_client)})
    assert back.status_code == 200
    times = {"modified_at": None}
    assert back.get_json() | times == before | times
    assert own_client.get("/api/v1/pilots").get_json()["total"] == 2


def test_an_archived_pilot_is_mailed_to_nobody(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = Address.parse("team@example.org")
    one = own_context.recipients.add_pending("heart", address, "sv", NOW, source="api")
    own_context.recipients.confirm(one.id, NOW + timedelta(minutes=1))
    week = "2026-W10"
    assert find_followers(own_context, week).count == 1
    archive(own_client)
    assert find_followers(own_context, week).count == 0
    own_client.delete(ARCHIVE, headers={"If-Match": etag(own_client)})
    assert find_followers(own_context, week).count == 1
    assert "archived_at IS NULL" in str(is_wanted()), "nor is a mail that waits already"


def test_nobody_is_asked_about_an_archived_pilot(own_client: FlaskClient) -> None:
    archive(own_client)
    answer = own_client.post(f"{URL}/recipients", json={"address": "a@example.org"})
    assert answer.status_code == 409
    assert "put away" in answer.get_json()["detail"]


def test_an_unknown_pilot_cannot_be_changed(own_client: FlaskClient) -> None:
    headers = {"If-Match": "*"}
    nobody = "/api/v1/pilots/nobody"
    assert own_client.put(nobody, json=CONTENT, headers=headers).status_code == 404
    assert own_client.put(f"{nobody}/archive", headers=headers).status_code == 404
    assert own_client.delete(f"{nobody}/archive", headers=headers).status_code == 404
