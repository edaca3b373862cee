"""Folders that are made once and verified ever after: a model in another form.

A folder has a manifest with the SHA-256 of each of its files. It is written elsewhere and swapped
in by a rename, so that a crash never leaves half a model; two processes that want the same folder
wait for each other, and what a killed one left behind goes.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from index.embedding import checksum
from index.errors import ModelError

MANIFEST = "manifest.json"

_LEFTOVER = ".tmp"


def prepare_folder(folder: Path, facts: Mapping[str, Any], write: Callable[[Path], None]) -> Path:
    """Make ``folder`` hold what ``write`` writes, verified, and return it.

    A folder whose manifest has ``facts``, and whose files are as the manifest says, is left alone.

    Args:
        folder: where the files shall be.
        facts: what the files are made from; another version of it has other facts. JSON values.
        write: fills an empty folder with files.

    Raises:
        ModelError: the disk is full or may not be written.
    """
    if is_intact(folder, facts):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            if not is_intact(folder, facts):  # another process may have made it meanwhile
                _replace_folder(folder, facts, write)
    except OSError as error:
        raise ModelError(_explain(folder, error)) from error
    return folder


def is_intact(folder: Path, facts: Mapping[str, Any]) -> bool:
    """Return whether ``folder`` was made from ``facts`` and every file is as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = manifest["files"]
        return manifest["facts"] == dict(facts) and all(
            checksum.sha256_of_file(folder / name) == sha for name, sha in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _replace_folder(folder: Path, facts: Mapping[str, Any], write: Callable[[Path], None]) -> None:
    """Write a new folder and swap it in; only one process does so at a time."""
    for leftover in folder.parent.glob(f"{folder.name}.*{_LEFTOVER}"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}{_LEFTOVER}")
    try:
        fresh.mkdir()
        write(fresh)
        _write_manifest(fresh, facts)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    files = {
        path.relative_to(folder).as_posix(): checksum.sha256_of_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"facts": dict(facts), "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")


def _explain(folder: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk is full: the model could not be unpacked into {folder}. Make room."
    return (
        f"The model cannot be unpacked into {folder}: {error.strerror or error}. Set "
        "FUNDSCOUT_DATA to a folder that can be written."
    )
