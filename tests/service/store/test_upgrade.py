"""Data of every earlier revision of the tables open with this version; nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from index.embedding.encoder import HashEncoder
from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent, MailState
from service.settings import Settings
from service.store import database
from service.store.restoring.copies import COUNTED, count_rows
from service.use_cases.calls import get_call, list_calls
from tests.service import sample_calls
from tests.service.store.installation_rows import CALLS, PILOT, store_rows

REVISIONS = sorted(
    path.name.partition("_")[0] for path in database._MIGRATIONS.glob("versions/[0-9]*.py")
)


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
    if "api_keys" in counts:
        assert [key.name for key in context.keys.all()] == ["a program"]
        assert [user.name for user in context.users.all()] == ["Anna"]
    if "feed_links" in counts:
        assert [link.label for link in context.feed_links.all()] == ["for Bo"]
        assert [hook.url for hook in context.webhooks.all("heart")] == ["https://a.example/hook"]
    if "focus_areas" in counts:
        assert [area.name for area in context.focus_areas.all()] == ["Sårvård"]
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
    assert (mail.sent_with, anna.paused_until) == (None, None)
    assert [one.reason for one in context.recipients.suppressions()] == ["said never"]


def test_every_revision_has_a_number_that_follows() -> None:
    assert sorted(set(REVISIONS)) == REVISIONS
    assert database.newest_revision() == REVISIONS[-1]
