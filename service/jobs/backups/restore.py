"""A restore: a backup is checked whole, takes over the mails of the present, and its place."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.data_folder import in_use
from service.data_folder.private_files import (
    OWNER_FILE,
    OWNER_FOLDER,
    database_files,
    make_private_file,
    make_private_folder,
)
from service.errors import InputError, StoreError
from service.jobs.backups.archive import DATABASE, SECRET, SETTINGS, BackupManifest
from service.jobs.backups.backup import check_backup, scratch_folder, settings_text
from service.settings import Settings
from service.store.database import connect
from service.store.restoring.copies import (
    check_copy,
    copy_database,
    database_file,
    fold_journal,
    remove_journal,
)
from service.store.restoring.merge_access import forget_sessions, merge_access
from service.store.restoring.merge_mail import (
    MergeReport,
    apply_suppressions,
    merge_mail,
    take_back_unsent,
)
from service.store.runs import RESTORE_JOB, RunStore


@dataclass(frozen=True)
class RestoreReport:
    """What a restore did.

    ``merged`` is None when nothing was known of what happened since the backup. ``kept`` is the
    folder with what was there before, None when nothing was. ``settings`` are the names of
    settings that had another value when the backup was made.
    """

    manifest: BackupManifest
    merged: MergeReport | None
    kept: Path | None
    settings: tuple[str, ...]


def restore_backup(
    settings: Settings, path: Path, *, ignore_present: bool = False
) -> RestoreReport:
    """Put a backup in the place of the store; what was there stays under a dated name.

    Args:
        settings: which store, and where.
        path: the archive.
        ignore_present: restore also when the present database cannot be read, so that nobody
            knows who stopped mails since the backup.

    Raises:
        BackupError: the file is no backup, is damaged, or a newer version made it.
        JobBusyError: a service or a job uses the data folder.
        InputError: a folder cannot be written, or the present database cannot be read.
        StoreError: the database of the backup cannot be brought up to date.
    """
    target = database_file(settings.database)
    try:
        make_private_folder(settings.data)
        with in_use.hold_alone(settings.data), scratch_folder(target) as folder:
            unpacked = folder / "unpacked"
            unpacked.mkdir()
            manifest = check_backup(path, unpacked)
            new = unpacked / DATABASE
            present = _copy_present(target, folder, ignore=ignore_present)
            merged = _prepare(settings, new, present, manifest, ignore=ignore_present)
            changed = _changed_settings(settings, unpacked / SETTINGS)
            kept = _swap(settings, unpacked, target)
    except OSError as error:
        raise InputError(
            f"{error.filename or settings.data} cannot be written: {error.strerror}."
        ) from error
    return RestoreReport(manifest, merged, kept, changed)


def _copy_present(target: Path, folder: Path, *, ignore: bool) -> Path | None:
    """Return a copy of the present database with today's tables; None when there is none.

    Raises:
        InputError: it cannot be read, and that is not to be ignored.
    """
    if not target.exists() or not target.stat().st_size:
        return None
    copy = folder / "present.sqlite"
    try:
        copy_database(target, copy)
        check_copy(copy)
        connect(f"sqlite:///{copy}").dispose()
    except StoreError as error:
        if ignore:
            return None
        raise InputError(_unread_present(str(error))) from error
    return copy


def _unread_present(why: str) -> str:
    return (
        f"The present database cannot be read, so who stopped mails since the backup is not known. "
        f"{why} `--ignore-present` restores all the same. Nothing was changed."
    )


def _prepare(
    settings: Settings, new: Path, present: Path | None, manifest: BackupManifest, *, ignore: bool
) -> MergeReport | None:
    """Bring the backup's database up to date, with the mails and consents of the present one."""
    now = datetime.now(UTC)
    engine = connect(f"sqlite:///{new}")
    try:
        merged = _merge(settings, new, present, now - manifest.made_at, ignore=ignore)
        forget_sessions(new)
        stopped, erased = apply_suppressions(engine, now)
        if merged is not None:
            merged.stopped += stopped
            merged.erased += erased
        with RunStore(engine).record(RESTORE_JOB) as run:
            run.report = {"made_at": manifest.made_at.isoformat(), "merged": merged is not None}
    finally:
        engine.dispose()
    fold_journal(new)
    return merged


def _merge(
    settings: Settings, new: Path, present: Path | None, age: timedelta, *, ignore: bool
) -> MergeReport | None:
    """Carry over what the present store knows; None when it knows nothing or cannot be read."""
    if present is not None:
        keep = timedelta(days=settings.mail.keep_addresses_days)
        try:
            merge_access(new, present)
            return merge_mail(new, present, is_old=age > keep)
        except sqlite3.Error as error:
            if not ignore:
                raise InputError(_unread_present(f"{error}.")) from error
    take_back_unsent(new)
    return None


def _changed_settings(settings: Settings, stored: Path) -> tuple[str, ...]:
    """Return the names of the settings whose values are others than in the backup."""
    then: Mapping[str, str] = {}
    with suppress(OSError, ValueError):
        then = json.loads(stored.read_text("utf-8"))
    now = json.loads(settings_text(settings))
    return tuple(name for name, value in then.items() if now.get(name, "") != value)


def _swap(settings: Settings, unpacked: Path, target: Path) -> Path | None:
    """Put the files of the backup in their places, each by one rename; keep those before them."""
    kept = target.parent / f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%S.%fZ}"
    secret = settings.mail.secret_file
    new_secret = _new_secret(unpacked / SECRET, secret)
    if target.exists():
        fold_journal(target)
        _keep(target, kept)
        for beside in database_files(target):
            if beside != target:
                _keep(beside, kept)
    if new_secret is not None:
        _keep(secret, kept)
        draft = secret.with_name(f".{secret.name}.restored")
        draft.unlink(missing_ok=True)
        make_private_file(draft)
        draft.write_text(new_secret, "utf-8")
        draft.replace(secret)
    remove_journal(target)
    (unpacked / DATABASE).chmod(OWNER_FILE)
    (unpacked / DATABASE).replace(target)
    return kept if kept.exists() else None


def _new_secret(restored: Path, present: Path) -> str | None:
    """Return the backup's secret when the present one is another, or there is none."""
    if not restored.is_file():
        return None
    wanted = restored.read_text("utf-8")
    same = present.is_file() and present.read_text("utf-8").strip() == wanted.strip()
    return None if same else wanted


def _keep(path: Path, folder: Path) -> None:
    """Give a file a second name in ``folder``; it stays where it is until something replaces it."""
    if not path.exists():
        return
    folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    try:
        os.link(path, folder / path.name)
    except OSError:  # another disk, or one without links
        shutil.copy2(path, folder / path.name)
