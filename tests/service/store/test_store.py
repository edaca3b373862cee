from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from service.context import Context
from service.domain.pilots.pilot import Pilot
from service.errors import ConflictError, StoreError
from service.store.access.keys import KeyStore
from service.store.access.users import UserStore
from service.store.calls import CallStore
from service.store.database import connect
from service.store.pilots import PilotStore
from service.store.tables import TableBase
from tests.service.conftest import NOW, a_call
from tests.service.old_databases import older


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.sqlite"


@pytest.fixture
def calls(address: str) -> CallStore:
    return CallStore(connect(address))


def test_the_migrations_make_exactly_the_tables(address: str) -> None:
    found = inspect(connect(address))
    for name, table in TableBase.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        indexed = {tuple(index["column_names"]) for index in found.get_indexes(name)}
        assert indexed == {tuple(index.columns.keys()) for index in table.indexes}


def test_a_store_from_before_keys_opens_and_its_pilots_belong_to_nobody(address: str) -> None:
    engine = connect(address)
    PilotStore(engine).add(Pilot(id="old", title="Old", text="Old"))
    engine.dispose()
    older(address, "0011")
    engine = connect(address)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE pilots SET record = json_remove(record, '$.owner', '$.private')")
        )
    (pilot,) = PilotStore(engine).all()
    assert (pilot.owner, pilot.private) == ("", False)
    assert not KeyStore(engine).exist()
    assert not UserStore(engine).exist()


def test_sqlite_can_be_read_while_it_is_written(address: str, tmp_path: Path) -> None:
    with connect(address).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_opening_again_changes_nothing(address: str, calls: CallStore) -> None:
    calls.upsert([a_call()], NOW)
    assert CallStore(connect(address)).all() == calls.all()


def test_the_same_calls_again_change_nothing(calls: CallStore) -> None:
    first = calls.upsert([a_call()], NOW)
    stamp, kept = calls.stamp(), calls.all()
    again = calls.upsert([a_call()], NOW + timedelta(days=1))
    assert (first.new, again.new, again.changed, again.unchanged) == (1, 0, 0, 1)
    assert calls.stamp() == stamp
    assert calls.all() is kept
    assert len(calls.versions("vinnova:2026-001")) == 1


def test_a_change_is_a_version_and_the_old_one_stays(calls: CallStore) -> None:
    calls.upsert([a_call()], NOW)
    moved = a_call(day=27)
    report = calls.upsert([moved], NOW + timedelta(days=1))
    assert (report.changed, report.new) == (1, 0)
    assert calls.get(moved.id) == moved
    versions = calls.versions(moved.id)
    assert [call.deadlines[0].at for _, call in versions] == [
        a_call().deadlines[0].at,
        moved.deadlines[0].at,
    ]
    assert [seen for seen, _ in versions] == [NOW, NOW + timedelta(days=1)]


def test_a_call_missing_from_a_complete_run_is_kept_and_marked(calls: CallStore) -> None:
    one, two = a_call("vinnova:1"), a_call("vinnova:2")
    other = a_call("formas:1", source="formas")
    calls.upsert([one, two, other], NOW)
    later = NOW + timedelta(days=7)
    report = calls.upsert([one], later, complete_for="vinnova")
    assert report.not_seen == 1
    assert calls.not_seen_since() == {"vinnova:2": later}
    assert calls.get("vinnova:2") == two
    back = calls.upsert([one, two], later + timedelta(days=7), complete_for="vinnova")
    assert (back.changed, calls.not_seen_since()) == (1, {})


def test_an_incomplete_run_marks_nothing(calls: CallStore) -> None:
    calls.upsert([a_call("vinnova:1"), a_call("vinnova:2")], NOW)
    calls.upsert([a_call("vinnova:1")], NOW)
    assert calls.not_seen_since() == {}


def test_a_yielding_source_leaves_anothers_call_alone(calls: CallStore) -> None:
    calls.upsert([a_call(source="vinnova")], NOW)
    report = calls.upsert([a_call(day=1, source="examples")], NOW, yielding=True)
    assert report.kept == 1
    assert calls.get("vinnova:2026-001") == a_call(source="vinnova")


def test_a_source_can_be_removed(calls: CallStore) -> None:
    calls.upsert([a_call("vinnova:1", source="examples"), a_call("vinnova:2")], NOW)
    assert calls.remove_source("examples") == 1
    assert list(calls.all()) == ["vinnova:2"]
    assert calls.versions("vinnova:1") == []
    assert calls.count_by_source() == {"vinnova": 1}


def test_a_failure_in_the_middle_stores_nothing(calls: CallStore) -> None:
    def some() -> object:
        yield a_call("vinnova:1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        calls.upsert(some(), NOW)  # type: ignore[arg-type]  # a generator that breaks
    assert calls.count() == 0


def test_a_file_that_is_no_database_says_so_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is no database" * 200)
    with pytest.raises(StoreError, match="cannot be opened"):
        connect(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"this is no database")


@pytest.mark.parametrize("address", ["nonsense", "nodialect://x", "sqlite:////proc/no/such"])
def test_an_address_that_leads_nowhere_says_what_to_check(address: str) -> None:
    with pytest.raises(StoreError, match="FUNDSCOUT_DATABASE"):
        connect(address)


def test_a_newer_versions_database_is_refused(address: str, tmp_path: Path) -> None:
    connect(address).dispose()
    with sqlite3.connect(tmp_path / "store.sqlite") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        connect(address)


def test_pilots_are_kept_as_given(context: Context) -> None:
    text = "  Hjärtsvikt \r\n i hemmet 👩‍⚕️ Cafe\u0301 "
    pilot = Pilot(id="hemma", title="Hemma", text=text)
    stored = context.pilots.add(pilot)
    assert stored.created_at is not None
    found = context.pilots.get("hemma")
    assert found is not None
    assert found.text == text
    assert context.pilots.all() == [stored]
    assert context.pilots.get("other") is None


def test_a_taken_id_is_refused_and_the_first_stays(context: Context) -> None:
    context.pilots.add(Pilot(id="hemma", title="One", text="one"))
    with pytest.raises(ConflictError, match="hemma"):
        context.pilots.add(Pilot(id="hemma", title="Two", text="two"))
    assert [pilot.title for pilot in context.pilots.all()] == ["One"]


def test_putting_the_same_pilot_again_changes_nothing(context: Context) -> None:
    pilot = Pilot(id="hemma", title="One", text="one")
    assert context.pilots.put(pilot)
    assert not context.pilots.put(pilot)
    assert context.pilots.put(pilot.model_copy(update={"text": "two"}))


def test_runs_say_how_they_ended(context: Context) -> None:
    with context.runs.record("collect", "vinnova") as run:
        run.report = {"calls": 7}
    with pytest.raises(ValueError, match="no answer"), context.runs.record("collect", "vinnova"):
        raise ValueError("no answer")
    newest, before = context.runs.latest()
    assert (newest.state, newest.report) == ("failed", {"error": "no answer"})
    assert (before.state, before.finished_at is not None) == ("done", True)
    good = context.runs.last_good("collect", "vinnova")
    assert good is not None
    assert good.report == {"calls": 7}
    assert context.runs.last_good("collect", "formas") is None
