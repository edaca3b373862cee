"""Data of every earlier revision of the tables open with this version; nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from index.embedding.encoder import HashEncoder
from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, MailState
from service.domain.pilots.pilot import Pilot
from service.settings import Settings
from service.store import database
from service.store.restoring.copies import COUNTED, count_rows
from service.use_cases.calls import get_call, list_calls
from tests.service import sample_calls
from tests.service.sample_awards import an_award

REVISIONS = sorted(
    path.name.partition("_")[0] for path in database._MIGRATIONS.glob("versions/[0-9]*.py")
)
THEN = "2026-02-01 04:00:00.000000"
CALLS = sample_calls.some_calls()
PILOT = Pilot(id="heart", title="Heart", text="Heart failure at home.", language="en")


def store_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of an installation in use, by table; later tables and columns are left out.

    Values that later revisions compute, such as the facts of calls, are not among them.
    """
    calls = [
        {
            "id": call.id,
            "funder": call.id.partition(":")[0],
            "source": "test",
            "content_hash": f"{number:064}",
            "record": call.model_dump_json(),
            "first_seen": THEN,
            "last_seen": THEN,
        }
        for number, call in enumerate(CALLS)
    ]
    versions = [
        {
            "call_id": row["id"],
            "number": 1,
            "content_hash": row["content_hash"],
            "record": row["record"],
            "seen_at": THEN,
        }
        for row in calls
    ]
    recipient = {
        "id": "a" * 32,
        "pilot_id": "heart",
        "address": "anna@example.org",
        "address_key": "anna@example.org",
        "language": "sv",
        "state": "confirmed",
        "reason": "",
        "source": "",
        "soft_bounces": 0,
        "asked_at": THEN,
        "confirmed_at": THEN,
    }
    mail = {
        "id": "b" * 32,
        "recipient_id": "a" * 32,
        "kind": "digest",
        "occasion": "2026-W05",
        "state": "sent",
        "message_id": "<b@example.org>",
        "subject": "Calls",
        "message": b"Subject: Calls\r\n\r\nText",
        "keys": json.dumps(["new|vinnova:2026-00001|"]),
        "attempts": 1,
        "claimed_by": "",
        "reason": "",
        "as_of": THEN,
        "created_at": THEN,
        "next_try": THEN,
        "sent_at": THEN,
        "bounce": "",
    }
    paid = an_award("vinnova:a1")
    link = {
        "a": "hostile:1",
        "b": "hostile:2",
        "relation": "related",
        "state": "confirmed",
        "evidence": "[]",
        "decided_by": "person",
        "decided_at": THEN,
    }
    judgement = {
        "pilot_id": "heart",
        "call_id": "vinnova:2026-00001",
        "verdict": "relevant",
        "given_by": "Anna",
        "given_at": THEN,
    }
    run = {
        "job": "collect",
        "subject": "vinnova",
        "state": "done",
        "started_at": THEN,
        "finished_at": THEN,
        "report": json.dumps({"calls": 3}),
    }
    return {
        "calls": calls,
        "call_versions": versions,
        "pilots": [
            {"id": "heart", "source": "", "record": PILOT.model_dump_json(), "created_at": THEN}
        ],
        "runs": [run],
        "meta": [{"name": "calls_stamp", "value": "7"}, {"name": "address_salt", "value": "salt"}],
        "awards": [
            {
                "id": paid.id,
                "source": "test",
                "content_hash": "c" * 64,
                "record": paid.model_dump_json(),
                "first_seen": THEN,
                "last_seen": THEN,
            }
        ],
        "call_links": [link],
        "feedback": [judgement],
        "recipients": [recipient],
        "deliveries": [mail],
        "told": [
            {
                "recipient_id": "a" * 32,
                "key": "new|vinnova:2026-00001|",
                "delivery_id": "b" * 32,
            }
        ],
        "suppressions": [{"hash": "d" * 64, "reason": "said never", "at": THEN}],
    }


def made_by(revision: str, path: Path) -> dict[str, int]:
    """Make the database of an older version and fill it; return the rows of each table."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    counts = {}
    with closing(sqlite3.connect(path)) as opened, opened:
        for table, rows in store_rows().items():
            columns = {row[1] for row in opened.execute(f"PRAGMA table_info({table})")}
            if not columns:
                continue
            for row in rows:
                kept = {name: value for name, value in row.items() if name in columns}
                marks = ", ".join("?" * len(kept))
                opened.execute(
                    f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})",  # noqa: S608  names of ours
                    list(kept.values()),
                )
            counts[table] = len(rows)
    return counts


@pytest.mark.parametrize("revision", REVISIONS)
def test_data_of_each_revision_open_and_nothing_is_lost(revision: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    counts = made_by(revision, data / "fundscout.sqlite")
    assert counts["calls"] == len(CALLS)
    settings = Settings.from_env(
        {"FUNDSCOUT_DATA": str(data), "FUNDSCOUT_CLOCK": sample_calls.NOW.isoformat()}
    )
    context = Context.open(settings, HashEncoder)
    now = count_rows(data / "fundscout.sqlite")
    assert {table: now[table] for table in COUNTED if table in counts} == {
        table: counts[table] for table in COUNTED if table in counts
    }
    assert context.calls.all() == {call.id: call for call in CALLS}
    assert list_calls(context).total == len(CALLS)
    assert get_call(context, "vinnova:2026-00001").titles["en"] == "Heart failure in the home"
    pilot = context.pilots.get("heart")
    assert pilot is not None
    assert (pilot.title, pilot.text, pilot.language) == (PILOT.title, PILOT.text, PILOT.language)
    assert context.runs.last_good("collect", "vinnova") is not None
    if "recipients" in counts:
        check_mails(context)
    if "awards" in counts:
        assert context.awards.count() == 1
    if "feedback" in counts:
        assert set(context.feedback.opinions("heart").relevant) == {"vinnova:2026-00001"}
    assert database.find_damage(context.calls._engine) == ""
    context.calls._engine.dispose()


def check_mails(context: Context) -> None:
    """Check that who is mailed, what was sent and who is not are what they were."""
    (anna,) = context.recipients.with_address(Address.parse("anna@example.org"))
    assert anna.consent is Consent.CONFIRMED
    assert context.sent_items.sent_keys([anna.id]) == {anna.id: {"new|vinnova:2026-00001|"}}
    (mail,) = context.sent_items.mails_of(anna.id)
    assert (mail.state, mail.occasion) == (MailState.SENT, "2026-W05")
    assert [one.reason for one in context.recipients.suppressions()] == ["said never"]


def test_every_revision_has_a_number_that_follows() -> None:
    assert sorted(set(REVISIONS)) == REVISIONS
    assert database.newest_revision() == REVISIONS[-1]
