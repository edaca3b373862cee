"""ETags, 304, gzip and request ids: a private cache works, and nothing secret is compressed."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from service.context import Context
from service.http.caching import CACHED_ENDPOINTS, COMPRESSED_ENDPOINTS
from tests.service.sample_calls import NOW, some_calls

CALL = "/api/v1/calls/eu_portal:HEART/2026/01"
OPPORTUNITIES = "/common-grants/opportunities"
CACHED = (
    "/api/v1/calls",
    "/api/v1/calls?changed_since=start",
    CALL,
    f"{CALL}/history",
    "/api/v1/pilots",
    "/api/v1/pilots/heart",
    "/openapi.json",
    OPPORTUNITIES,
)
GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("address", CACHED)
def test_who_has_an_answer_is_told_that_it_holds(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    for sent in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        again = client.get(address, headers={"If-None-Match": sent})
        assert again.status_code == 304
        assert again.data == b""
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == "private, no-cache"
    other = client.get(address, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize("address", CACHED)
def test_an_etag_is_the_same_however_the_answer_is_sent(client: FlaskClient, address: str) -> None:
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    head = client.head(address)
    assert plain.headers["ETag"] == packed.headers["ETag"] == head.headers["ETag"]
    body = gzip.decompress(packed.data) if "Content-Encoding" in packed.headers else packed.data
    assert body == plain.data


def test_a_change_makes_another_etag(own_client: FlaskClient, own_context: Context) -> None:
    addresses = ("/api/v1/calls", CALL, f"{CALL}/history", OPPORTUNITIES)
    before = {address: own_client.get(address).headers["ETag"] for address in addresses}
    changed = some_calls()[0].model_copy(update={"titles": {"en": "Another"}})
    own_context.calls.upsert([changed], NOW + timedelta(hours=1))
    for address in addresses:
        answer = own_client.get(address, headers={"If-None-Match": before[address]})
        assert answer.status_code == 200, address
        assert answer.headers["ETag"] != before[address]


def test_the_moment_of_an_answer_alone_makes_no_other_etag(
    own_client: FlaskClient, own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_client.get("/api/v1/calls")
    monkeypatch.setattr(own_context, "now", lambda: NOW + timedelta(minutes=5))
    second = own_client.get("/api/v1/calls")
    assert first.get_json()["as_of"] != second.get_json()["as_of"]
    assert first.headers["ETag"] == second.headers["ETag"]
    monkeypatch.setattr(own_context, "now", lambda: NOW + timedelta(days=100))
    assert own_client.get("/api/v1/calls").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    "address",
    ["/", "/calls", "/pilots/heart", "/healthz", "/api/v1/calls/none:1", "/api/v1/nowhere"],
)
def test_everything_else_is_kept_by_nobody(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_large_answers_about_calls_are_compressed(client: FlaskClient) -> None:
    for address in ("/api/v1/calls", OPPORTUNITIES, "/openapi.json"):
        packed = client.get(address, headers=GZIP)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert len(packed.data) < len(client.get(address).data) / 2
        assert json.loads(gzip.decompress(packed.data))


@pytest.mark.parametrize("accepted", [None, "identity", "br", "gzip;q=0", "*;q=0"])
def test_who_takes_no_gzip_gets_none(client: FlaskClient, accepted: str | None) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    answer = client.get("/api/v1/calls", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.get_json()["calls"]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_small_answer_is_not_compressed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/calls?q=nothing-has-this-word", headers=GZIP)
    assert "Content-Encoding" not in answer.headers


SECRETIVE = re.compile(r"pilot|recipient|feedback|digest|bounce|web\.")


def test_nothing_of_pilots_persons_or_pages_is_compressed(
    app: APIFlask, client: FlaskClient
) -> None:
    assert not [name for name in COMPRESSED_ENDPOINTS if SECRETIVE.search(name)]
    assert {*COMPRESSED_ENDPOINTS, *CACHED_ENDPOINTS} <= app.view_functions.keys()
    for address in ("/api/v1/pilots", "/api/v1/pilots/heart/matches", "/calls", "/pilots/heart"):
        answer = client.get(address, headers=GZIP)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers, address


ADDRESSES = (
    "/api/v1/calls",
    "/healthz",
    "/calls",
    "/api/v1/nowhere",
    "/common-grants/x",
    "/static/x",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_a_request_id(client: FlaskClient, address: str) -> None:
    made = [client.get(address).headers["X-Request-Id"] for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in made)
    sent = client.get(address, headers={"X-Request-Id": "trace-1.a:b/c=="})
    assert sent.headers["X-Request-Id"] == "trace-1.a:b/c=="


@pytest.mark.parametrize(
    "sent", ["", " ", "a b", "<script>", "x" * 129, "a,b", "ä", "-a", '"a"', "%0d%0aSet-Cookie: a"]
)
def test_an_id_that_is_not_sane_is_replaced(client: FlaskClient, sent: str) -> None:
    answer = client.get("/api/v1/calls", headers={"X-Request-Id": sent})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_a_problem_names_the_request(client: FlaskClient) -> None:
    answer = client.get("/api/v1/calls/none:1", headers={"X-Request-Id": "mine"})
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"] == "mine"
    other = client.get("/api/v1/nowhere")
    assert other.get_json()["request_id"] == other.headers["X-Request-Id"]


def test_not_modified_answers_have_one_too(client: FlaskClient) -> None:
    tag = client.get("/openapi.json").headers["ETag"]
    headers = {"If-None-Match": tag, "X-Request-Id": "mine"}
    assert client.get("/openapi.json", headers=headers).headers["X-Request-Id"] == "mine"
