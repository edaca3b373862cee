from __future__ import annotations

import gzip
import io
import json
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from service.context import Context
from service.errors import InputError, JobBusyError
from service.jobs.backups.archive import BackupError
from service.jobs.backups.backup import check_backup, make_backup
from tests.service.conftest import NOW, a_call
from tests.service.jobs.backups.weeks import (
    Post,
    backed_up,
    filled,
    open_to_others,
    opened,
    restored,
    send,
)

pytestmark = pytest.mark.whole


def unpacked(path: Path) -> dict[str, bytes]:
    with tarfile.open(path, "r:gz") as archive:
        contents = ((entry.name, archive.extractfile(entry)) for entry in archive)
        return {name: content.read() for name, content in contents if content}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    filled(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    send(data, Post())
    return backed_up(data, tmp_path / "one.backup")


def test_it_holds_database_key_and_settings_and_nothing_secret_of_them(
    data: Path, tmp_path: Path
) -> None:
    others = {
        "FUNDSCOUT_KEYS": "formas=geheim1",
        "FUNDSCOUT_SMTP_URL": "smtp://user:geheim2@mail.example.org:587",
    }
    with opened(data, **others) as context:
        report = make_backup(context, tmp_path / "one.backup")
    files = unpacked(report.path)
    assert set(files) == {"manifest.json", "fundscout.sqlite", "secret.key", "settings.json"}
    assert files["secret.key"] == b"s" * 40
    shown = json.loads(files["settings.json"])
    assert shown["FUNDSCOUT_PUBLIC_URL"] == "https://fundscout.example.org"
    assert shown["FUNDSCOUT_KEYS"] == "formas=(set)"
    assert b"geheim" not in b"".join(files.values())
    manifest = json.loads(files["manifest.json"])
    assert manifest["format"] == 1
    assert manifest["counts"]["recipients"] == 4
    assert manifest["files"]["secret.key"]["size"] == 40


def test_only_its_owner_reads_it_and_nothing_else_is_left(backup: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"data", "one.backup"}


def test_what_still_lies_in_the_journal_is_in_it(data: Path, tmp_path: Path) -> None:
    with opened(data) as context:
        context.calls.upsert([a_call()], NOW)
        journal = data / "fundscout.sqlite-wal"
        assert journal.stat().st_size > 0
        report = make_backup(context, tmp_path / "one.backup")
    assert report.manifest.counts["calls"] == 1


def test_it_is_made_while_others_write(data: Path, tmp_path: Path) -> None:
    stop, began = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(data / "fundscout.sqlite", timeout=30)) as opened_:
            number = 0
            while not stop.is_set():
                number += 1
                with opened_:  # both rows or none
                    for name in ("left", "right"):
                        opened_.execute(
                            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, str(number))
                        )
                began.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert began.wait(10)
        for number in range(3):
            path = backed_up(data, tmp_path / f"{number}.backup")
            copy = tmp_path / f"{number}.sqlite"
            copy.write_bytes(unpacked(path)["fundscout.sqlite"])
            with closing(sqlite3.connect(copy)) as opened_:
                values = dict(opened_.execute("SELECT name, value FROM meta"))
            assert values["left"] == values["right"]
    finally:
        stop.set()
        writer.join()


def test_a_folder_keeps_the_newest_and_what_is_not_ours(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        (folder / f"fundscout-{day}T020000Z.backup").write_bytes(b"old")
    (folder / "fundscout-my-own.backup").write_bytes(b"mine")
    with opened(data) as context:
        report = make_backup(context, folder, keep=2)
    names = {one.name for one in folder.iterdir()}
    assert names == {
        report.path.name,
        "fundscout-2026-01-03T020000Z.backup",
        "fundscout-my-own.backup",
    }
    assert len(report.removed) == 2


@pytest.mark.parametrize("name", ["fundscout.sqlite", "notes.txt", "empty", "secret.key"])
def test_it_never_takes_the_place_of_something_else(data: Path, name: str) -> None:
    path = data / name
    path.touch()
    before = path.read_bytes()
    with opened(data) as context, pytest.raises(InputError, match="is no backup: name another"):
        make_backup(context, path)
    assert path.read_bytes() == before


def test_a_backup_that_was_there_stays_until_the_new_one_is_sound(
    data: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()

    def broken(path: Path, *_: object) -> None:
        path.write_bytes(b"half")

    with monkeypatch.context() as patch:
        patch.setattr("service.jobs.backups.backup.write_archive", broken)
        with opened(data) as context, pytest.raises(BackupError):
            make_backup(context, backup)
    assert backup.read_bytes() == before
    assert backed_up(data, backup) == backup


def test_the_run_is_in_the_history(data: Path, backup: Path) -> None:
    with opened(data) as context:
        run = context.runs.last_good("backup", "")
    assert run is not None
    assert run.report["bytes"] == backup.stat().st_size


def test_another_database_is_sent_to_its_own_tools(data: Path, tmp_path: Path) -> None:
    with opened(data) as context:
        object.__setattr__(context.settings, "database", "postgresql://someone@host/db")
        with pytest.raises(InputError, match="pg_dump"):
            make_backup(context, tmp_path / "one.backup")


def changed_byte(at: float) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        place = min(int(len(content) * at), len(content) - 1)
        return content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :]

    return change


def cut(at: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * at)]


DAMAGES = {
    **{f"byte at {at}": changed_byte(at) for at in (0.0, 0.02, 0.2, 0.5, 0.8, 0.99, 1.0)},
    **{f"cut at {at}": cut(at) for at in (0.0, 0.01, 0.3, 0.7, 0.97)},
    "no archive": lambda _: b"this is no archive" * 100,
    "gzip of a text": lambda _: gzip.compress(b"this is no archive" * 1000),
    "a database": lambda _: b"SQLite format 3\0" + b"\0" * 4000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_is_refused_and_nothing_changes(
    data: Path, backup: Path, damage: Callable[[bytes], bytes]
) -> None:
    backup.write_bytes(damage(backup.read_bytes()))
    refused(data, backup, "damaged|is no backup")


def changed(content: dict[str, bytes], **values: object) -> dict[str, bytes]:
    manifest = json.loads(content["manifest.json"]) | values
    return content | {"manifest.json": json.dumps(manifest).encode()}


def other_database(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {"fundscout.sqlite": files["fundscout.sqlite"][:-1] + b"x"}


FORGERIES: dict[str, tuple[str, Callable[[dict[str, bytes]], dict[str, bytes]]]] = {
    "a newer form": ("newer version", lambda files: changed(files, format=2)),
    "newer tables": ("newer version", lambda files: changed(files, revision="9999")),
    "another database": ("not what was written", other_database),
    "a shorter key": ("not as long", lambda files: files | {"secret.key": b"short"}),
    "another key": ("not what was written", lambda files: files | {"secret.key": b"t" * 40}),
    "no key": ("missing", lambda f: {n: c for n, c in f.items() if n != "secret.key"}),
    "a file beside it": ("does not belong", lambda files: files | {"extra": b"x"}),
    "a way out": ("does not belong", lambda files: files | {"../../out": b"x"}),
    "an absolute name": ("does not belong", lambda files: files | {"/tmp/out": b"x"}),  # noqa: S108  refused
    "no manifest": ("is no backup", lambda f: {n: c for n, c in f.items() if n[0] != "m"}),
    "a manifest of nothing": ("manifest", lambda files: files | {"manifest.json": b"{}"}),
    "other counts": ("other rows", lambda files: changed(files, counts={"calls": 7})),
    "no database": (
        "no database",
        lambda files: changed({"manifest.json": files["manifest.json"]}, files={}),
    ),
}


@pytest.mark.parametrize(("words", "forge"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_or_newer_one_is_refused_and_nothing_changes(
    data: Path, backup: Path, words: str, forge: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    refused(data, packed(backup, forge(unpacked(backup))), words)


def test_a_link_in_it_is_refused(data: Path, backup: Path) -> None:
    files = unpacked(backup)
    with tarfile.open(backup, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if name == "secret.key":
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(entry)
                continue
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    refused(data, backup, "does not belong")


@pytest.mark.parametrize("name", ["missing.backup", "folder"])
def test_what_is_not_there_or_a_folder_is_named(data: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    refused(data, tmp_path / name, name)


def refused(data: Path, path: Path, words: str) -> None:
    """Check that a restore fails with a sentence and leaves every file as it is."""
    before = contents(data)
    with pytest.raises(BackupError, match=words) as caught:
        restored(data, path)
    assert len(str(caught.value).splitlines()) == 1
    assert contents(data) == before


def contents(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_a_folder_that_a_service_uses_is_left_alone(data: Path, backup: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from service.data_folder import in_use\n"
        "in_use.share(Path(sys.argv[1])); print('there', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline() == "there\n"
        before = contents(data)
        with pytest.raises(JobBusyError, match="stop the service"):
            restored(data, backup)
        assert contents(data) == before
        service.communicate("")
    assert restored(data, backup).merged is not None


def test_a_folder_that_is_being_restored_into_is_not_opened(data: Path, backup: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from service.data_folder import in_use\n"
        "with in_use.hold_alone(Path(sys.argv[1])): print('there', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "there\n"
        with pytest.raises(JobBusyError, match="is being restored"), opened(data):
            pass
        other.communicate("")


def test_what_it_reads_back_is_checked_row_by_row(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    folder.mkdir()
    manifest = check_backup(backup, folder)
    assert manifest.counts["told"] > 0
    assert not open_to_others(folder / "fundscout.sqlite")


def test_a_context_keeps_its_folder_in_use_until_it_goes(data: Path, backup: Path) -> None:
    context: Context | None
    with opened(data) as context:
        pass
    del context
    assert restored(data, backup).manifest.counts["pilots"] == 2, "it is in nobody's use any more"
