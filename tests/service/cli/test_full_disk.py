"""A full disk under a command: one sentence and status 1, or an answer from the index before."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from index.embedding.encoder import HashEncoder
from index.store import index_data
from service.cli import rates
from service.cli.main import run
from service.context import Context
from service.settings import Settings
from service.store.pilots import PilotStore
from tests.service.conftest import NOW, a_call
from tests.service.new_store import open_new

pytestmark = pytest.mark.whole


@pytest.fixture
def loaded(
    tmp_path: Path,
    examples: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Context:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDSCOUT_EXAMPLES", str(examples))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    context = open_new(Settings.from_env())
    assert run(["load-examples"]) == 0
    context.calls.upsert([a_call("vinnova:new", "En ny utlysning")], NOW)
    capsys.readouterr()
    return context


@pytest.fixture
def full_disk(loaded: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """No index can be written any more."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(index_data, "save", full)


@pytest.mark.usefixtures("full_disk")
def test_reindex_says_it_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["reindex"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "No space left on device" in line
    assert "What was indexed before stays in use." in line


@pytest.mark.usefixtures("full_disk")
def test_a_match_goes_on_with_the_index_before(
    loaded: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", "--pilot", "hemma"]) == 0
    shown = capsys.readouterr()
    assert "No space left on device" in shown.err
    assert "1. Hjärtsvikt i hemmet" in shown.out
    assert "1 call is not indexed yet" in shown.out


def test_a_database_that_is_full_is_one_sentence(
    loaded: Context, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(PilotStore, "all", full)
    assert run(["pilots"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "fundscout: The database cannot be used: database or disk is full."


def test_rates_that_do_not_fit_leave_those_before_and_nothing_else(
    loaded: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "rates").write_bytes(b"before")
    (kept / ".rates-killed").write_bytes(b"half")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Exception, match="No space left on device"):
        rates._write_file(b"after", kept / "rates")
    assert [(path.name, path.read_bytes()) for path in kept.iterdir()] == [("rates", b"before")]
