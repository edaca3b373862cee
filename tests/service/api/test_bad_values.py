"""Values that nobody means: each is refused in a sentence, or answered, at a small cost."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("small_cost")]

MATCH = "/api/v1/match"
LARGEST_ANSWER = 100_000
MOST_MEMORY = 64 * 2**20
"""Bytes that an answer may take while it is made; the body itself may have a megabyte."""

Send = Callable[[FlaskClient], TestResponse]


@pytest.fixture
def small_cost(client: FlaskClient) -> Any:
    client.post(MATCH, json={"text": "heart failure"})  # what is loaded once costs nothing here
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def match(**fields: Any) -> Send:
    return lambda client: client.post(MATCH, json={"text": "heart failure", **fields})


def raw(body: bytes) -> Send:
    return lambda client: client.post(MATCH, data=body, content_type="application/json")


def budget(amount: Any) -> Send:
    return match(profile={"budget": {"amount": amount, "currency": "SEK"}})


def search(**form: Any) -> Send:
    sent = {"text": "heart failure", **form}
    return lambda client: client.post("/", data=sent, follow_redirects=True)


REFUSED: dict[str, Send] = {
    "an amount of a million digits": budget("1e999999"),
    "an amount of a million decimals": budget("1e-999999"),
    "an amount of nothing with a million digits": budget("0e999999"),
    "an amount beyond floats": raw(b'{"text": "heart", "filters": {"min_amount": 1e999999}}'),
    "a hundred thousand nines": budget("9" * 100_000),
    "a range up to a million digits": match(
        profile={"budget": {"amount": "1", "up_to": "1e999999", "currency": "SEK"}}
    ),
    "a filter of a million digits": match(filters={"min_amount": "1e999999"}),
    "a filter in a link": lambda client: client.get("/api/v1/calls?min_amount=1e999999"),
    "a page's filter": lambda client: client.get("/calls?min_amount=1e999999"),
    "a page's budget": search(budget="1e999999", kind="company_for_profit"),
    "a hundred thousand statuses": match(filters={"statuses": ["open"] * 100_000}),
    "a thousand funders": match(filters={"funders": ["vinnova"] * 1000}),
    "a thousand levels in a link": lambda client: client.get(
        "/api/v1/calls", query_string={"level": ["national"] * 1000}
    ),
    "a hundred thousand organisations": match(profile={"organisations": [{}] * 100_000}),
    "fifty thousand unknown fields": match(**{f"n{n}": 0 for n in range(50_000)}),
    "a form of ten thousand fields": search(**{f"n{n}": "" for n in range(10_000)}),
    "a whole number of a hundred thousand digits": raw(
        b'{"text": "heart", "top": %s}' % (b"9" * 100_000)
    ),
    "a text of a million letters": match(text="a" * 1_000_000),
    "the last week of the calendar": lambda client: client.get(
        "/api/v1/pilots/heart/digest?week=9999-W52"
    ),
    "the first week of the calendar": lambda client: client.get(
        "/api/v1/pilots/heart/digest?week=0001-W01"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_few_words(client: FlaskClient, name: str) -> None:
    answer = REFUSED[name](client)
    assert answer.status_code in {400, 413, 422}
    assert len(answer.data) < LARGEST_ANSWER


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"text": ['])
def test_json_that_is_too_deep_is_no_json(client: FlaskClient, opening: str) -> None:
    answer = raw(opening.encode() * 100_000)(client)
    assert answer.status_code == 400
    assert len(answer.data) < LARGEST_ANSWER


ANSWERED: dict[str, Send] = {
    "a word of 40,000 letters": match(text="a" * 40_000),
    "a word of 100,000 letters": match(text="vårdsamverkan" * 7692),
    "a word of 100,000 Swedish letters in a form": search(text="å" * 100_000),
    "a letter with 100,000 accents": match(text="a" + "\u0301\u0316" * 49_999),
    "5,000 letters that are many each": match(text="a " + "ﷺ" * 5000),
    "4,000 sentences of a letter": match(text="A b.\n" * 4000),
    "10,000 numbers": match(text="heart " + "9 " * 10_000),
    "a number of 90,000 digits": match(text="heart " + "9" * 90_000 + " kronor"),
    "a start at the end of the calendar": match(profile={"start": "9999-12-31", "months": 240}),
    "a window of the whole calendar": match(
        filters={"deadline_from": "0001-01-01", "deadline_to": "9999-12-31"}
    ),
    "the largest amount": budget("999999999999999999.99"),
    "a small share": match(profile={"share_percent": 1e-300}),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_it_is_answered_at_a_small_cost(own_client: FlaskClient, name: str) -> None:
    answer = ANSWERED[name](own_client)
    assert answer.status_code == 200


def test_the_sentence_says_what_to_give(client: FlaskClient) -> None:
    (error,) = budget("1e999999")(client).get_json()["errors"]
    assert error["field"] == "profile.budget.amount"
    assert error["message"].startswith("give a number with at most 18 digits before")


def test_of_many_errors_some_are_named_and_the_others_counted(client: FlaskClient) -> None:
    body = {"text": "heart", **{f"n{n}": 0 for n in range(1000)}}
    errors = client.post(MATCH, data=json.dumps(body), content_type="application/json").get_json()[
        "errors"
    ]
    assert len(errors) == 51
    assert errors[-1] == {"field": "(all)", "message": "950 more errors"}
