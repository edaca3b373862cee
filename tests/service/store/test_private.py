"""The data folder and the database are their owner's alone; what was open is closed again."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from service.context import Context
from service.data_folder.private_files import make_private_folder
from service.settings import Settings
from service.store.database import connect
from tests.service.conftest import NOW, a_call
from tests.service.jobs.backups.weeks import open_to_others


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Let new files be as open as on most machines, or the tests would see nothing."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def opened(data: Path, **others: str) -> Context:
    return Context.open(Settings.from_env({"FUNDSCOUT_DATA": str(data)} | others), HashEncoder)


def test_a_new_folder_and_all_of_the_database(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    context = opened(data)
    context.calls.upsert([a_call()], NOW)
    assert mode(data) == "0o700"
    names = {"fundscout.sqlite", "fundscout.sqlite-wal", "fundscout.sqlite-shm"}
    assert {name: mode(data / name) for name in names} == dict.fromkeys(names, "0o600")
    context.calls._engine.dispose()


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = opened(data)
    before.calls.upsert([a_call()], NOW)
    for path in (data, *data.glob("fundscout.sqlite*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    after = opened(data)
    assert not [path for path in (data, *data.glob("fundscout.sqlite*")) if open_to_others(path)]
    assert after.calls.count() == 1
    for context in (before, after):
        context.calls._engine.dispose()


def test_a_database_elsewhere_is_closed_and_its_folder_left_as_it_is(tmp_path: Path) -> None:
    other = tmp_path / "shared"
    other.mkdir(mode=0o755)
    context = opened(
        tmp_path / "data", FUNDSCOUT_DATABASE=f"sqlite:///{other / 'fundscout.sqlite'}"
    )
    assert mode(other) == "0o755"
    assert mode(other / "fundscout.sqlite") == "0o600"
    context.calls._engine.dispose()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_has_no_file(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    connect(address).dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_all_share_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    make_private_folder(shared)
    assert mode(shared) == "0o1777"


@pytest.mark.whole
def test_whatever_a_command_writes_is_its_owners(tmp_path: Path) -> None:
    data = tmp_path / "data"
    rates = tmp_path / "rates.csv"
    rates.write_text(
        "Date, SEK, USD, GBP, NOK, DKK\n30 November 2026, 11.0, 1.1, 0.8, 11.5, 7.4\n", "utf-8"
    )
    code = "import sys; from service.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "rates", str(rates)],
        env={**os.environ, "FUNDSCOUT_DATA": str(data)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert mode(data / "rates") == "0o600"
