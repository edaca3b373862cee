"""Searches by the API: kept, listed, matched, changed, deleted; their feeds, and who sees them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.access.principal import as_principal
from service.store.restoring.merge_access import merge_access
from service.use_cases.access.users import remove_user
from service.use_cases.recipients import parse_address
from service.use_cases.searches import searches as use_cases
from tests.service.http.closed_service import close, open_copy

TEXT = "Heart failure at home. Remote care of elderly patients, every day."


def add(client: FlaskClient, **fields: object) -> dict[str, object]:
    answer = client.post("/api/v1/searches", json={"text": TEXT} | fields)
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def test_a_search_is_kept_listed_matched_renamed_and_deleted(own_client: FlaskClient) -> None:
    unsaved = add(own_client)
    assert unsaved["name"] == ""
    assert unsaved["removed_at"] is not None
    saved = add(own_client, name="Heart", query={"level": ["national"], "sort": ["deadline"]})
    address = f"/api/v1/searches/{saved['id']}"
    listed = own_client.get("/api/v1/searches").get_json()["searches"]
    assert [one["id"] for one in listed] == [saved["id"]]
    assert own_client.get(address).get_json() == saved
    found = own_client.get(f"{address}/matches").get_json()
    levels = {match["call"]["level"] for match in found["matches"]["matches"]}
    assert levels == {"national"}
    assert found["ignored"] == []
    assert sum(one["count"] for one in found["facets"]["level"]) >= 1
    changed = own_client.patch(address, json={"name": "Heart failure"}).get_json()
    assert (changed["name"], changed["query"]) == ("Heart failure", saved["query"])
    assert own_client.get(saved["page"]).status_code == 302
    assert own_client.delete(address).get_json() == {"searches": []}
    assert own_client.get(address).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"text": "  "},
        {"text": TEXT, "name": " "},
        {"text": TEXT, "query": {"level": ["lunar"]}},
        {"text": TEXT, "query": {"colour": ["red"]}},
        {"text": TEXT, "query": {"level": "national"}},
        {"text": TEXT, "more": 1},
    ],
)
def test_what_cannot_be_kept_is_refused(own_client: FlaskClient, body: dict[str, object]) -> None:
    assert own_client.post("/api/v1/searches", json=body).status_code == 422


def test_choices_that_are_gone_are_named(own_client: FlaskClient, own_context: Context) -> None:
    kept = use_cases.keep_search(own_context, TEXT, {"status": ("ajar",)}, name="Old")
    found = own_client.get(f"/api/v1/searches/{kept.id}/matches").get_json()
    assert found["ignored"] == ["status"]
    assert found["matches"]["matches"]


def test_a_saved_search_has_a_feed_and_an_unsaved_one_has_none(own_client: FlaskClient) -> None:
    unsaved, saved = add(own_client), add(own_client, name="Heart")
    page = f"/feed-links?kind=search&subject_of={saved['id']}"
    assert own_client.get(page).status_code == 200
    made = own_client.post(page, data={"language": "sv"})
    address = made.text.partition('value="http')[2].partition('"')[0]
    path = "/feeds/" + address.partition("/feeds/")[2].replace("&amp;", "&")
    assert path.startswith(f"/feeds/searches/{saved['id']}.atom?token=")
    feed = own_client.get(path)
    assert feed.status_code == 200
    assert TEXT[:20] in feed.text or "Heart" in feed.text
    assert own_client.get(f"/feeds/searches/{saved['id']}.atom?token=x").status_code == 403
    other = f"/feed-links?kind=search&subject_of={unsaved['id']}"
    assert own_client.post(other, data={}).status_code == 422
    own_client.delete(f"/api/v1/searches/{saved['id']}")
    assert own_client.get(path).status_code == 403


def test_what_a_person_searched_for_is_theirs_exported_and_erased(
    sample_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "closed"
    shutil.copytree(sample_data, data)
    context = open_copy(data, FUNDSCOUT_RATE="0")
    service = close(context)
    editor = service.people["editor"]
    with as_principal(editor.principal):
        mine = use_cases.keep_search(context, TEXT)
        shared = use_cases.keep_search(context, TEXT, name="Shared", shared=True)
    key, reader = service.with_scope("write"), service.with_role("reader")
    assert key.get(f"/api/v1/searches/{mine.id}").status_code == 404
    assert reader.get(f"/api/v1/searches/{shared.id}").status_code == 200
    assert key.patch(f"/api/v1/searches/{shared.id}", json={"name": "X"}).status_code == 403
    assert key.delete(f"/api/v1/searches/{shared.id}").status_code == 403
    if "@" in editor.name:
        rows = context.persons.export_rows(parse_address(editor.name))["searches"]
        assert {row["id"] for row in rows} == {mine.id, shared.id}
    remove_user(context, editor.name)
    assert context.searches.get(mine.id) is None
    assert context.searches.get(shared.id) is not None
    context.calls._engine.dispose()


def test_a_restored_backup_makes_nothing_public_and_brings_no_text_back(
    own_context: Context, tmp_path: Path
) -> None:
    file = Path(str(own_context.calls._engine.url.database))
    gone = use_cases.keep_search(own_context, TEXT)
    kept = use_cases.keep_search(own_context, TEXT, name="Kept")
    hidden = use_cases.keep_search(own_context, TEXT, name="Hidden")
    backup = tmp_path / "backup.sqlite"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    own_context.searches.change(hidden.id, private=True, owner="person:1")
    own_context.searches.remove(gone.id)
    own_context.searches.remove(kept.id)
    present = tmp_path / "present.sqlite"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(present)) as target:
        source.backup(target)
    merge_access(backup, present)
    with closing(sqlite3.connect(backup)) as restored:
        rows = dict(restored.execute("SELECT id, private FROM searches").fetchall())
    assert rows == {kept.id: 0, hidden.id: 1}
