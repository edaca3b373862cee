"""A store with a pilot, indexed calls and a confirmed recipient, and the links of their mails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import itsdangerous.timed
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, delete, text
from sqlalchemy.orm import Session

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.store.build import build
from service.app import create_app
from service.context import Context
from service.domain.calls.documents import call_document
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Recipient
from service.domain.pilots.pilot import Pilot
from service.mail.mailer import Mailer
from service.mail.signed_links import LinkKeys, LinkPurpose
from service.store.tables import PilotRow
from tests.service.conftest import NOW, a_call
from tests.service.mail.mail_round import settings
from tests.service.new_store import fill_once, open_new

ANNA = Address.parse("anna@example.org")
SENT = datetime(2026, 11, 23, 5, tzinfo=UTC)
WISH = "Hjärtsvikt i hemmet, vård på distans"
CALLS = [
    a_call("vinnova:1", "Hjärtsvikt i hemmet 2025"),
    a_call("vinnova:2", "Vård hemma", text="Vård av personer med hjärtsvikt på distans."),
    a_call("vinnova:4", "Vindkraft", text="Fundament till havs prövas i salt vatten."),
]


@dataclass
class Opened:
    """The store, its application, and what signs its links."""

    context: Context
    client: FlaskClient
    anna: Recipient

    @property
    def keys(self) -> LinkKeys:
        return Mailer.open(self.context.settings.mail).keys

    def sign(self, purpose: LinkPurpose, *parts: str) -> str:
        return self.keys.sign(purpose, *parts)

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of the tables that a link may change."""
        engine = create_engine(self.context.settings.database)
        names = ("recipients", "deliveries", "told", "suppressions", "feedback")
        with engine.connect() as connection:
            found = {
                name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608  names of ours
                for name in names
            }
        engine.dispose()
        return found

    def archive(self, pilot_id: str) -> None:
        """Delete a pilot."""
        with Session(self.context.recipients._engine) as session:
            session.execute(delete(PilotRow).where(PilotRow.id == pilot_id))
            session.commit()

    def again(self) -> Recipient:
        """Return the recipient as stored now."""
        found = self.context.recipients.get(self.anna.id)
        assert found is not None
        return found


def store_calls(context: Context) -> None:
    """Store two pilots and some calls, and index the calls."""
    context.pilots.add(Pilot(id="hemma", title="Hjärtsvikt hemma", text=WISH, language="sv"))
    context.pilots.add(Pilot(id="fall", title="Fall", text="Fall hos äldre", language="sv"))
    context.calls.upsert(CALLS, NOW)
    cache = VectorCache(context.settings.data / "vectors.sqlite")
    build([call_document(call) for call in CALLS], HashEncoder(), context.snapshots, cache)
    cache.close()


def start(data: Path, *, confirmed: bool = True, indexed: bool = True, **others: str) -> Opened:
    """Open a store in ``data``."""
    context = open_new(settings(data, **others))
    fill_once(context, "calls to mail of", store_calls)
    if not indexed:
        shutil.rmtree(context.snapshots)
    anna = context.recipients.add_pending("hemma", ANNA, "sv", SENT)
    if confirmed:
        context.recipients.confirm(anna.id, SENT)
    return Opened(context, create_app(context).test_client(), anna)


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, wait: timedelta) -> Iterator[None]:
    """Let the clock that links are read by stand later."""

    class Later:
        @staticmethod
        def time() -> float:
            return (datetime.now(UTC) + wait).timestamp()

    with monkeypatch.context() as patch:
        patch.setattr(itsdangerous.timed, "time", Later)
        yield
