"""A store of the version before can be followed from the start, and loses nothing of its pilots."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from service.domain.calls.ids import uid_of
from service.domain.calls.stored.call_changes import START
from service.store.calls import CallStore
from service.store.database import connect
from service.store.feedback import FeedbackStore
from service.store.pilots import PilotStore
from service.store.sync.call_changes import CallChangeStore
from tests.service.old_databases import older
from tests.service.sample_calls import NOW, some_calls, some_pilots

CALL = """
    INSERT INTO calls (id, funder, source, content_hash, record, first_seen, last_seen,
                       not_seen_since)
    VALUES (:id, 'f', 'test', 'h', :record, :first, :last, :missing)
"""
VERSION = """
    INSERT INTO call_versions (call_id, number, content_hash, record, seen_at)
    VALUES (:id, :number, 'h', :record, :at)
"""


def day(number: int) -> datetime:
    return datetime(2026, 2, number, 4, tzinfo=UTC)


def written(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S}.000000"


def test_a_store_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    older(address, "0011")
    calls = sorted(some_calls()[:3], key=lambda call: call.id)
    changed = {calls[0].id: day(9), calls[1].id: day(5), calls[2].id: day(2)}
    engine = create_engine(address)
    with engine.begin() as connection:
        for place, call in enumerate(calls):
            row = {"id": call.id, "record": call.model_dump_json(), "last": written(day(20))}
            missing = written(day(9)) if place == 0 else None
            connection.execute(text(CALL), row | {"first": written(day(1)), "missing": missing})
            seen = {"number": 1, "at": written(day(5) if place == 1 else day(2))}
            connection.execute(text(VERSION), row | seen)
        for pilot in some_pilots():
            record = pilot.model_dump_json(exclude={"modified_at", "archived_at"})
            connection.execute(
                text("INSERT INTO pilots VALUES (:id, '', :record, :at)"),
                {"id": pilot.id, "record": record, "at": written(NOW)},
            )
        connection.execute(
            text(
                "INSERT INTO feedback (pilot_id, call_id, verdict, given_by, given_at) "
                "VALUES ('heart', 'a:1', 'relevant', 'Ada', '2026-02-03 04:00:00.000000')"
            )
        )
    engine.dispose()

    engine = connect(address)
    changes = CallChangeStore(engine)
    told = changes.after(START, 10).changes
    assert [change.call_id for change in told] == [calls[2].id, calls[1].id, calls[0].id]
    assert changes.changed_at(changed) == changed
    assert changes.knows(changes.end())
    assert changes.end() == told[-1].position

    store = CallStore(engine)
    assert store.offers.id_of(str(uid_of(calls[0].id))) == calls[0].id
    assert store.offers.times([calls[0].id])[calls[0].id].missing_since == day(9)

    pilots = PilotStore(engine)
    assert [pilot.id for pilot in pilots.all()] == ["heart", "hostile"]
    heart = pilots.get("heart")
    assert heart
    assert (heart.modified_at, heart.archived_at) == (NOW, None)
    assert [one.by for one in FeedbackStore(engine).history("heart")] == ["Ada"]
    engine.dispose()
