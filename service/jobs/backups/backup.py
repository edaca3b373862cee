"""A backup, made while the service runs: copied, packed, read back, and only then in its place."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from service.context import Context
from service.data_folder.private_files import make_private_file
from service.errors import InputError, StoreError
from service.jobs.backups.archive import (
    DATABASE,
    FORMAT,
    SECRET,
    SETTINGS,
    BackupError,
    BackupManifest,
    describe_file,
    read_manifest,
    unpack_archive,
    write_archive,
)
from service.jobs.lock import hold_lock
from service.settings import Settings
from service.store.restoring.copies import (
    check_copy,
    copy_database,
    count_rows,
    database_file,
    is_newer,
    revision_of,
)

JOB = "backup"
"""Name of the job in the history of runs."""

ENDING = ".backup"
_UNFINISHED = ".fundscout-unfinished-"
_LEFTOVER_SECONDS = 24 * 3600.0
_NAME = re.compile(r"fundscout-\d{4}-\d\d-\d\dT\d{6}Z\.backup")
"""What a backup in a folder is called; only files of that name are ever deleted."""


@dataclass(frozen=True)
class BackupReport:
    """A backup that was written and read back; ``removed`` are older ones that made room."""

    path: Path
    size: int
    manifest: BackupManifest
    removed: tuple[Path, ...] = ()


def make_backup(context: Context, target: Path, *, keep: int = 0) -> BackupReport:
    """Write a backup to a file, or under its date into a folder; the service may run meanwhile.

    What was at ``target`` stays until the new backup has been read back.

    Args:
        context: the stores.
        target: a file, or a folder that is there.
        keep: how many dated backups the folder keeps; 0: all of them.

    Raises:
        InputError: the target cannot be written, or something else lies there.
        StoreError: the database cannot be copied, or the copy is damaged.
        JobBusyError: another backup is being made.
    """
    settings = context.settings
    now = datetime.now(UTC)
    path = _target_file(target, now)
    with hold_lock(settings.data, JOB), context.runs.record(JOB) as run:
        try:
            manifest = _write(settings, path, now)
            removed = _remove_older(path, keep) if target.is_dir() else ()
        except PermissionError as error:
            raise InputError(f"{error.filename} cannot be used: {error.strerror}.") from error
        size = path.stat().st_size
        run.report = {"bytes": size, "revision": manifest.revision, **dict(manifest.counts)}
    return BackupReport(path, size, manifest, removed)


def check_backup(path: Path, folder: Path) -> BackupManifest:
    """Unpack a backup into an empty folder, read all of it, and return what it says of itself.

    Raises:
        BackupError: it is no backup, is damaged, or a newer version made it.
    """
    manifest = unpack_archive(path, folder)
    database = folder / DATABASE
    if is_newer(manifest.revision) or is_newer(revision_of(database)):
        raise BackupError(
            f"{path} was made by a newer version, {manifest.program}: its tables are of revision "
            f"{manifest.revision}, which this version does not know. Nothing was changed."
        )
    try:
        check_copy(database)
        counts = count_rows(database)
    except StoreError as error:
        raise BackupError(f"{path} cannot be used. {error} Nothing was changed.") from error
    if counts != dict(manifest.counts):
        raise BackupError(
            f"{path} cannot be used: the database in it has other rows than its manifest says. "
            "Nothing was changed."
        )
    return manifest


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """Yield a folder next to a file, on the same disk, for its owner alone; it goes at the end.

    Raises:
        InputError: nothing can be written there.
    """
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(beside.parent)
        folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=beside.parent))
    except OSError as error:
        raise InputError(f"{beside.parent} cannot be written: {error.strerror}.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_leftovers(folder: Path) -> None:
    """Delete what a killed backup or restore has left, once it is too old to be still at work."""
    latest = time.time() - _LEFTOVER_SECONDS
    for one in folder.iterdir():
        if one.name.startswith(_UNFINISHED) and one.stat().st_mtime < latest:
            shutil.rmtree(one, ignore_errors=True)


def settings_text(settings: Settings) -> str:
    """Return every setting with its value as JSON; what is secret is not in it."""
    rows = {name: str(value) for name, value in settings.as_rows().items()}
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _write(settings: Settings, path: Path, now: datetime) -> BackupManifest:
    with scratch_folder(path) as folder:
        content = folder / "content"
        content.mkdir()
        copy_database(database_file(settings.database), content / DATABASE)
        _write_private(content / SETTINGS, settings_text(settings))
        if settings.mail.secret_file.is_file():
            _write_private(content / SECRET, settings.mail.secret_file.read_text("utf-8"))
        manifest = BackupManifest(
            format=FORMAT,
            program=_version(),
            revision=revision_of(content / DATABASE),
            made_at=now,
            counts=count_rows(content / DATABASE),
            files={one.name: describe_file(one) for one in sorted(content.iterdir())},
        )
        draft, again = folder / path.name, folder / "again"
        write_archive(draft, manifest, content)
        again.mkdir()
        check_backup(draft, again)
        draft.replace(path)
        _sync_folder(path.parent)
    return manifest


def _target_file(target: Path, now: datetime) -> Path:
    """Return where the backup goes.

    Raises:
        InputError: a file lies there that is no backup.
    """
    if target.is_dir():
        return target / f"fundscout-{now:%Y-%m-%dT%H%M%SZ}{ENDING}"
    if target.exists():
        try:
            read_manifest(target)
        except BackupError as error:
            raise InputError(
                f"{target} is there and is no backup: name another file, or a folder."
            ) from error
    return target.absolute()


def _remove_older(path: Path, keep: int) -> tuple[Path, ...]:
    dated = sorted(one for one in path.parent.iterdir() if _NAME.fullmatch(one.name))
    old = tuple(dated[:-keep]) if keep else ()
    for one in old:
        one.unlink(missing_ok=True)
    return old


def _write_private(path: Path, text: str) -> None:
    make_private_file(path)
    path.write_text(text, "utf-8")


def _sync_folder(folder: Path) -> None:
    """Let the disk know the new name before anybody relies on it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"
