"""GET /api/v1/calls?changed_since: a copy that follows the cursors ends up like the store."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.call import Call
from service.app import create_app
from service.context import Context
from service.domain.calls.duplicates.links import LinkState
from service.domain.calls.stored.call_changes import (
    BEGINNING,
    LogPosition,
    read_cursor,
    write_cursor,
)
from service.store.sync.change_log import KEPT
from tests.service.sample_calls import FIRST, NOW, SOURCE, delist, open_context, some_calls

URL = "/api/v1/calls"
LATER = NOW + timedelta(hours=1)


def changed(client: FlaskClient, cursor: str, **query: Any) -> dict[str, Any]:
    answer = client.get(URL, query_string={"changed_since": cursor, **query})
    assert answer.status_code == 200, answer.get_json()
    body: dict[str, Any] = answer.get_json()
    return body


class Mirror:
    """What another program knows of the calls: it applies changes, and keeps a cursor."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.cursor = BEGINNING
        self.calls: dict[str, dict[str, Any]] = {}

    def follow(self, page_size: int = 2) -> list[tuple[str, str]]:
        """Ask until nothing is left; return what was told."""
        told = []
        while True:
            body = changed(self._client, self.cursor, page_size=page_size)
            cards = {card["id"]: card for card in body["calls"]}
            for change in body["changes"]:
                told.append((change["id"], change["what"]))
                if change["what"] == "deleted":
                    self.calls.pop(change["id"], None)
                else:
                    self.calls[change["id"]] = cards[change["id"]] | {"what": change["what"]}
            self.cursor = body["cursor"]
            if body["pages"] == 1:
                return told

    def titles(self) -> dict[str, str]:
        return {id_: card["title"] for id_, card in self.calls.items()}


def renamed(call: Call, title: str) -> Call:
    return call.model_copy(update={"titles": {"en": title}})


@pytest.fixture
def mirror(own_client: FlaskClient) -> Mirror:
    return Mirror(own_client)


def test_from_the_start_every_call_is_told_once(mirror: Mirror) -> None:
    told = mirror.follow()
    assert sorted(told) == sorted((call.id, "changed") for call in some_calls())
    assert mirror.follow() == []


def test_only_what_changes_is_told_again(mirror: Mirror, own_context: Context) -> None:
    mirror.follow()
    calls = some_calls()
    own_context.calls.upsert([renamed(calls[1], "Another"), *calls[2:]], LATER)
    assert mirror.follow() == [(calls[1].id, "changed")]
    assert mirror.titles()[calls[1].id] == "Another"
    assert mirror.calls[calls[1].id]["modified_at"] == LATER.isoformat().replace("+00:00", "Z")


def test_the_list_has_the_cursor_to_go_on_from(
    own_client: FlaskClient, own_context: Context
) -> None:
    cursor = own_client.get(URL).get_json()["cursor"]
    assert changed(own_client, cursor)["changes"] == []
    own_context.calls.upsert([renamed(some_calls()[0], "Another")], LATER)
    (change,) = changed(own_client, cursor)["changes"]
    assert change == {
        "id": some_calls()[0].id,
        "what": "changed",
        "modified_at": LATER.isoformat().replace("+00:00", "Z"),
        "into": None,
    }


def test_what_changes_while_somebody_reads_comes_again(
    own_client: FlaskClient, own_context: Context
) -> None:
    first = changed(own_client, BEGINNING, page_size=3)
    again = first["changes"][0]["id"]
    call = own_context.calls.get(again)
    assert call
    own_context.calls.upsert([renamed(call, "Changed meanwhile")], LATER)
    rest = changed(own_client, first["cursor"], page_size=200)
    assert [change["id"] for change in rest["changes"]][-1] == again
    seen = {change["id"] for change in (*first["changes"], *rest["changes"])}
    assert seen == {call.id for call in some_calls()}


def test_withdrawn_and_returned_calls_are_told(mirror: Mirror, own_context: Context) -> None:
    mirror.follow()
    gone = some_calls()[0].id
    delist(own_context, gone, LATER)
    assert mirror.follow() == [(gone, "withdrawn")]
    own_context.calls.upsert(some_calls(), LATER + timedelta(days=1), complete_for=SOURCE.source)
    assert mirror.follow() == [(gone, "changed")]


def test_deleted_calls_are_told_and_those_that_come_back(
    mirror: Mirror, own_context: Context
) -> None:
    mirror.follow()
    own_context.calls.remove_source(SOURCE.source, LATER)
    assert set(mirror.follow()) == {(call.id, "deleted") for call in some_calls()}
    assert mirror.calls == {}
    own_context.calls.upsert(some_calls()[:1], LATER)
    assert mirror.follow() == [(some_calls()[0].id, "changed")]


def test_merged_and_split_calls_are_told(mirror: Mirror, own_context: Context) -> None:
    mirror.follow()
    a, b = sorted((some_calls()[0].id, some_calls()[1].id))
    own_context.links.decide((a, b), LinkState.CONFIRMED, (), LATER)
    told = dict(mirror.follow())
    assert sorted(told) == [a, b]
    assert sorted(told.values()) == ["changed", "merged"]
    minor = next(id_ for id_, what in told.items() if what == "merged")
    body = changed(mirror._client, BEGINNING)
    into = {change["id"]: change["into"] for change in body["changes"]}
    assert into[minor] == ({a, b} - {minor}).pop()
    assert mirror.calls[a]["also"][0]["id"] == b
    own_context.links.decide((a, b), LinkState.SPLIT, (), LATER)
    assert dict(mirror.follow()) == {a: "changed", b: "changed"}


def test_a_change_of_one_copy_tells_all_copies(mirror: Mirror, own_context: Context) -> None:
    a, b = sorted((some_calls()[0].id, some_calls()[1].id))
    own_context.links.decide((a, b), LinkState.CONFIRMED, (), LATER)
    mirror.follow()
    call = own_context.calls.get(a)
    assert call
    own_context.calls.upsert([call.model_copy(update={"texts": {"en": "x" * 5000}})], LATER)
    assert {id_ for id_, _ in mirror.follow()} == {a, b}


def test_a_cursor_of_yesterday_works(own_client: FlaskClient, own_context: Context) -> None:
    cursor = changed(own_client, BEGINNING)["cursor"]
    for days in range(1, 4):
        at = NOW + timedelta(days=days)
        own_context.calls.upsert([renamed(some_calls()[0], f"Day {days}")], at)
    assert [change["id"] for change in changed(own_client, cursor)["changes"]] == [
        some_calls()[0].id
    ]


def test_a_cursor_that_was_forgotten_says_to_start_again(
    own_client: FlaskClient, own_context: Context
) -> None:
    own_context.calls.upsert([renamed(some_calls()[0], "Once")], LATER)
    cursor = own_client.get(URL).get_json()["cursor"]
    own_context.calls.upsert([renamed(some_calls()[0], "Twice")], LATER + timedelta(days=1))
    later = LATER + KEPT + timedelta(days=2)
    own_context.calls.upsert([renamed(some_calls()[1], "Long after")], later)
    answer = own_client.get(URL, query_string={"changed_since": cursor})
    assert answer.status_code == 410
    assert "changed_since=start" in answer.get_json()["detail"]


def test_after_a_backup_came_back_old_cursors_say_to_start_again(
    own_client: FlaskClient, own_context: Context
) -> None:
    data = own_context.settings.data
    before = changed(own_client, BEGINNING)["cursor"]
    own_context.calls._engine.dispose()
    backup = shutil.copytree(data, data.parent / "backup")
    own_context.calls.upsert([renamed(some_calls()[0], "Lost again")], LATER)
    lost = own_client.get(URL).get_json()["cursor"]

    restored = open_context(backup)
    restored.calls.upsert([renamed(some_calls()[1], "Another history")], LATER)
    client = create_app(restored).test_client()
    assert client.get(URL, query_string={"changed_since": lost}).status_code == 410
    assert [c["id"] for c in changed(client, before)["changes"]] == [some_calls()[1].id]
    restored.calls._engine.dispose()


@pytest.mark.parametrize(
    "cursor", ["zzz", "MS4", "NDcxMS44YzJmNjFkMA", write_cursor(LogPosition(10**17, "ab"))]
)
def test_a_cursor_of_nobody_says_to_start_again(client: FlaskClient, cursor: str) -> None:
    answer = client.get(URL, query_string={"changed_since": cursor})
    assert answer.status_code == 410
    assert "changed_since=start" in answer.get_json()["detail"]


@pytest.mark.parametrize("query", [{"status": "open"}, {"q": "heart"}, {"page": 2}])
def test_a_cursor_goes_with_no_filter(client: FlaskClient, query: dict[str, Any]) -> None:
    answer = client.get(URL, query_string={"changed_since": BEGINNING, **query})
    assert answer.status_code == 422
    assert "changed_since" in answer.get_json()["errors"][0]["message"]


def test_a_text_that_is_no_cursor_is_refused(client: FlaskClient) -> None:
    for cursor in ("", " ", "a b", "ä", "x" * 101):
        answer = client.get(URL, query_string={"changed_since": cursor})
        assert answer.status_code == 422


@given(st.integers(0, 10**18 - 1), st.text("0123456789abcdef", max_size=16))
def test_a_cursor_is_read_as_it_was_written(number: int, mark: str) -> None:
    position = LogPosition(number, mark)
    assert read_cursor(write_cursor(position)) == position


@given(st.text(max_size=120))
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    found = read_cursor(text)
    assert found is None or found.number >= 0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("delist"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("relist"), st.just(0), st.just(0)),
        st.tuples(st.just("delete"), st.just(0), st.just(0)),
        st.tuples(st.just("follow"), st.integers(1, 4), st.just(0)),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_the_copy_ends_up_like_the_store(
    sample_data: Any, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    data = tmp_path_factory.mktemp("mirror") / "data"
    shutil.copytree(sample_data, data)
    context = open_context(data)
    mirror = Mirror(create_app(context).test_client())
    for number, (what, one, other) in enumerate(steps):
        at = LATER + timedelta(minutes=number)
        call = some_calls()[one]
        if what == "rename":
            context.calls.upsert([renamed(call, f"Title {other}")], at)
        elif what == "delist":
            context.calls.upsert(
                [each for each in context.calls.all().values() if each.id != call.id],
                at,
                complete_for=SOURCE.source,
            )
        elif what == "relist":
            context.calls.upsert(some_calls(), at, complete_for=SOURCE.source)
        elif what == "delete":
            context.calls.remove_source(SOURCE.source, at)
        else:
            mirror.follow(page_size=one)
    mirror.follow()
    stored = {id_: next(iter(call.titles.values())) for id_, call in context.calls.all().items()}
    assert {id_: card["titles"] for id_, card in mirror.calls.items()} == {
        id_: dict(call.titles) for id_, call in context.calls.all().items()
    }
    assert stored.keys() == mirror.calls.keys()
    gone = {id_ for id_, card in mirror.calls.items() if card["what"] == "withdrawn"}
    assert gone == context.calls.missing_of(list(stored))
    context.calls._engine.dispose()


def test_times_of_change_are_shown_with_calls(client: FlaskClient) -> None:
    for card in client.get(URL).get_json()["calls"]:
        assert card["modified_at"] == FIRST.isoformat().replace("+00:00", "Z")
        detail = client.get(f"{URL}/{card['id']}").get_json()
        assert detail["modified_at"] == card["modified_at"]


def test_the_log_keeps_one_row_a_call_and_what_was_replaced_lately(own_context: Context) -> None:
    engine = own_context.calls._engine
    for day in range(4):
        at = NOW + timedelta(days=60 * day)
        own_context.calls.upsert([renamed(some_calls()[0], f"Day {day}")], at)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT is_latest, COUNT(*) FROM call_changes GROUP BY is_latest ORDER BY is_latest"
        ).all()
    assert [tuple(row) for row in rows] == [(0, 1), (1, 6)]
