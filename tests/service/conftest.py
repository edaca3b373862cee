"""Fixtures of the service: stores, contexts and clients that need no model.

The sample data are stored and indexed once a session. `shared_context`, `app` and `client` read
them and cannot write; `own_context` and `own_client` work on a copy that is the test's own.
`context` is over a new, empty store, with a folder of two example calls.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Funding,
    Level,
    Money,
    Provenance,
    join_sections,
)
from service.app import create_app
from service.context import Context
from service.settings import Settings
from service.store.awards import AwardStore
from service.telemetry import CommandLog
from tests.made_once import made_once
from tests.scrapers.conftest import Site
from tests.service import generated_calls, sample_calls
from tests.service.new_store import open_new

NOW = sample_calls.NOW


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for the session: each app would compile all of them again."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


APIFlask.jinja_options = {**APIFlask.jinja_options, "bytecode_cache": CompiledTemplates()}


def a_call(
    id_: str = "vinnova:2026-001",
    title: str = "Hjärtsvikt i hemmet",
    *,
    day: int = 20,
    source: str = "vinnova",
    text: str = "Utlysningen gäller vård av personer med hjärtsvikt i hemmet.",
) -> Call:
    body, sections = join_sections([("purpose", text), ("budget", "Högst tre miljoner kronor.")])
    return Call(
        id=id_,
        funder="Vinnova",
        level=Level.NATIONAL,
        titles={"sv": title},
        texts={"sv": body},
        sections={"sv": sections},
        deadlines=(
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Stockholm",
                at=datetime(2026, 4, day, 12, tzinfo=UTC),
            ),
        ),
        funding=Funding(maximum=Money(amount=Decimal(3_000_000), currency="SEK")),
        url="https://www.vinnova.se/e/exempel",
        provenance=Provenance(source=source),
    )


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """Take back the log that a command set up: in other tests it would print every local value."""
    yield
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, CommandLog):
            root.removeHandler(handler)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    folder = tmp_path / "examples"
    (folder / "calls").mkdir(parents=True)
    (folder / "pilots").mkdir()
    calls = [
        a_call("vinnova:ex-1", source="somewhere"),
        a_call("vinnova:ex-2", "Fall i hemtjänsten", text="Att förebygga fall hos äldre."),
    ]
    lines = "".join(call.model_dump_json() + "\n" for call in calls)
    (folder / "calls" / "vinnova.jsonl").write_text(lines, "utf-8")
    pilot = {
        "id": "hemma",
        "title": "Hjärtsvikt hemma",
        "language": "sv",
        "text": "Hjärtsvikt hemma\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet.",
        "recipient": {"email": "team@example.org", "language": "sv"},
    }
    (folder / "pilots" / "hemma.json").write_text(json.dumps(pilot), "utf-8")
    facts = 'clock = "2026-03-02T10:00:00+01:00"\nfeatured_pilot = "hemma"\n'
    (folder / "examples.toml").write_text(facts, "utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, examples: Path) -> Settings:
    return Settings.from_env(
        {
            "FUNDSCOUT_DATA": str(tmp_path / "data"),
            "FUNDSCOUT_EXAMPLES": str(examples),
            "FUNDSCOUT_CLOCK": NOW.isoformat(),
        }
    )


@pytest.fixture
def context(settings: Settings) -> Iterator[Context]:
    opened = open_new(settings)
    yield opened
    opened.calls._engine.dispose()


@pytest.fixture
def here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The command line, pointed at the settings of the test."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(settings.data))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "https://example.org/who")
    return settings


@pytest.fixture
def store(context: Context) -> AwardStore:
    """The awards of the context's database."""
    return context.awards


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample calls and pilots, indexed; read it or copy it."""
    data = tmp_path_factory.mktemp("sample") / "data"
    context = sample_calls.open_context(data)
    sample_calls.fill(context)
    context.calls._engine.dispose()
    return data


@pytest.fixture(scope="session")
def shared_context(sample_data: Path) -> Iterator[Context]:
    """The sample data for tests that only read; the database refuses to be written."""
    context = sample_calls.open_context(sample_data)
    engine = context.calls._engine
    event.listen(
        engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON")
    )
    engine.dispose()  # the connections made so far may write
    yield context
    engine.dispose()


@pytest.fixture(scope="session")
def app(shared_context: Context) -> APIFlask:
    return create_app(shared_context)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def own_context(sample_data: Path, tmp_path: Path) -> Iterator[Context]:
    """A copy of the sample data that the test may write to."""
    data = tmp_path / "sample"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(data)
    yield context
    context.calls._engine.dispose()


@pytest.fixture
def own_client(own_context: Context) -> FlaskClient:
    return create_app(own_context).test_client()


@pytest.fixture(scope="session")
def real_calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """Real calls, none where the evaluation data are not there: read once a run by one worker."""

    def write(path: Path) -> None:
        lines = (call.model_dump_json() + "\n" for call in generated_calls.read_real_calls())
        path.write_text("".join(lines), "utf-8")

    path = made_once(tmp_path_factory, "real_calls.jsonl", write)
    with path.open(encoding="utf-8") as file:
        return [Call.model_validate_json(line) for line in file]


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a web server of this machine that answers as a test tells it."""
    served = Site()
    yield served
    served.close()
