"""The header Idempotency-Key: what is sent twice is done once, and answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import create_app
from service.context import Context
from service.store.sync.idempotency import ABANDONED, KEPT, IdempotencyStore
from tests.service.http.closed_service import close
from tests.service.sample_calls import NOW

URL = "/api/v1/pilots"
BODY = {"title": "Sepsis", "text": "Tidig upptäckt av sepsis."}


def post(
    client: FlaskClient, key: str, body: Any = None, url: str = URL, **headers: str
) -> TestResponse:
    return client.post(url, json=body or BODY, headers={"Idempotency-Key": key, **headers})


def test_the_same_request_has_the_same_answer(
    own_client: FlaskClient, own_context: Context
) -> None:
    first, second = post(own_client, "a"), post(own_client, "a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json() == first.get_json()
    for name in ("Location", "ETag"):
        assert second.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(own_context.pilots.all()) == 3


def test_the_same_key_with_another_body_is_refused(
    own_client: FlaskClient, own_context: Context
) -> None:
    post(own_client, "a")
    answer = post(own_client, "a", BODY | {"title": "Another"})
    assert answer.status_code == 422
    assert "another request" in answer.get_json()["detail"]
    assert len(own_context.pilots.all()) == 3


def test_the_same_key_at_another_address_is_refused(own_client: FlaskClient) -> None:
    post(own_client, "a")
    judgement = {"call": "vinnova:2026-00001", "verdict": "relevant", "by": "Ada"}
    assert post(own_client, "a", judgement, f"{URL}/heart/feedback").status_code == 422
    assert post(own_client, "b", judgement, f"{URL}/heart/feedback").status_code == 201


def test_a_judgement_that_is_sent_twice_is_kept_once(
    own_client: FlaskClient, own_context: Context
) -> None:
    judgement = {"call": "vinnova:2026-00001", "verdict": "relevant", "by": "Ada"}
    answers = [post(own_client, "j", judgement, f"{URL}/heart/feedback") for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(own_context.feedback.history("heart")) == 1


def test_a_question_that_is_sent_twice_is_asked_once(
    own_client: FlaskClient, own_context: Context
) -> None:
    asked = {"address": "team@example.org"}
    for _ in range(2):
        assert post(own_client, "r", asked, f"{URL}/heart/recipients").status_code == 202
    since = NOW - timedelta(days=4000)
    assert own_context.sent_items.count_questions(None, since) == 1


def test_another_caller_with_the_same_key_is_another(own_context: Context) -> None:
    service = close(own_context)
    first = post(service.with_scope("write"), "a")
    other = post(service.with_scope("admin"), "a")
    assert first.status_code == 201
    assert other.status_code == 409, "it is done for this caller, and the id is taken"
    person = post(service.with_role("editor"), "a", BODY | {"title": "U"})
    assert person.status_code == 201
    assert "Idempotency-Replayed" not in person.headers


@pytest.mark.parametrize(("header", "form"), [("X-API-Key", "{}"), ("Authorization", "Bearer {}")])
def test_a_caller_is_the_same_when_it_asks_again(
    own_context: Context, header: str, form: str
) -> None:
    service = close(own_context)
    sent = {header: form.format(service.keys["write"].text)}
    first, second = (post(service.visitor(), "a", **sent) for _ in range(2))
    assert second.get_json() == first.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"


def test_who_is_not_let_in_learns_no_answer(own_context: Context) -> None:
    service = close(own_context)
    post(service.with_scope("write"), "a")
    assert post(service.with_key("one"), "a").status_code == 401
    assert post(service.visitor(), "a", **{"X-API-Key": "two"}).status_code == 401
    assert post(service.with_scope("read"), "a").status_code == 403


def test_what_came_to_nothing_may_be_tried_again(
    own_client: FlaskClient, own_context: Context
) -> None:
    assert post(own_client, "a", BODY | {"id": "heart"}).status_code == 409
    assert post(own_client, "a", BODY | {"text": ""}).status_code == 422
    assert post(own_client, "a").status_code == 201
    assert len(own_context.pilots.all()) == 3


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 256])
def test_a_key_that_cannot_be_one_is_refused(own_client: FlaskClient, key: str) -> None:
    answer = own_client.post(
        URL, json=BODY, headers={"Idempotency-Key": key.encode("utf-8").decode("latin-1")}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.get_json()["detail"]


@pytest.mark.slow
def test_of_the_same_requests_at_once_one_is_done(own_context: Context) -> None:
    app = create_app(own_context)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: post(app.test_client(), "a"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) <= 2, "made, or kept: the same values"
    assert len({str(answer.get_json()) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert len(own_context.pilots.all()) == 3


@pytest.mark.slow
def test_of_different_requests_with_a_key_at_once_one_is_done(own_context: Context) -> None:
    app = create_app(own_context)

    def send(number: int) -> int:
        return post(app.test_client(), "a", BODY | {"title": f"Title {number}"}).status_code

    with ThreadPoolExecutor(6) as clients:
        assert sorted(clients.map(send, range(6))) == [201] + [422] * 5
    assert len(own_context.pilots.all()) == 3


def test_a_key_is_known_for_a_day(own_client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        post(own_client, "a")
        clock.shift(KEPT - timedelta(minutes=1))
        assert post(own_client, "a").status_code == 201
        clock.shift(timedelta(minutes=2))
        assert post(own_client, "a").status_code == 409, "it is done anew, and the id is taken"


def test_a_request_whose_server_died_is_not_waited_for(own_context: Context) -> None:
    store = IdempotencyStore(own_context.calls._engine)
    assert store.claim("key", "body", NOW).is_ours
    assert not store.claim("key", "body", NOW + ABANDONED - timedelta(seconds=1)).is_ours
    assert store.claim("key", "body", NOW + ABANDONED + timedelta(seconds=1)).is_ours


def test_an_answer_goes_with_its_pilot(own_client: FlaskClient, own_context: Context) -> None:
    made = post(own_client, "a").get_json()
    engine = own_context.calls._engine
    count = "SELECT COUNT(*) FROM idempotent_answers"
    with engine.begin() as connection:
        assert connection.exec_driver_sql(count).scalar() == 1
        connection.exec_driver_sql("DELETE FROM pilots WHERE id = ?", (made["id"],))
        assert connection.exec_driver_sql(count).scalar() == 0


def test_neither_key_nor_credentials_are_kept(own_context: Context) -> None:
    service = close(own_context)
    secret = service.keys["write"].text
    assert post(service.visitor(), "my-own-key", **{"X-API-Key": secret}).status_code == 201
    with own_context.calls._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM idempotent_answers").all()
    assert rows
    assert "my-own" not in str(rows)
    assert secret not in str(rows)
