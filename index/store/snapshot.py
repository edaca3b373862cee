"""Snapshots: a built index as a folder, verified before it is read, swapped by one rename.

Below a root lie a folder for each of the last few snapshots and the file ``CURRENT``, which
names the one in use. Everything can be rebuilt from the documents; nothing is ever edited.

To hash a large index takes longer than to open it. So a file that was verified is noted in the
snapshot's file ``CHECKED`` with its size, its time of change and its inode, and is hashed again
only when one of them is another. What changes a file without changing these, such as a failing
disk, is found by a check of everything: `fundscout doctor` makes one. A file that was changed a
moment ago is not noted, because clocks of file systems tick slowly.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.embedding import checksum
from index.errors import SnapshotError
from index.note import note

SNAPSHOT_FORMAT = 6
"""To be raised when the files change shape: then older snapshots are rebuilt, not misread."""

KEPT_SNAPSHOTS = 3
"""Snapshots kept: the current one, and two to fall back on."""

MIN_LINKED_SIZE = 32 * 1024 * 1024
"""Bytes from which on a file that a new snapshot takes over is linked, not copied."""

PRECISIONS = ("float32", "float16")
"""How the numbers of a snapshot's vectors can be kept."""

CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_CHECKED = "CHECKED"
_TICK = 100_000_000
"""Nanoseconds in which a file can change twice and keep its time of change; most need less."""

_Check = list[Any]
"""SHA-256, size, time of change in nanoseconds, and inode of a file that was verified."""

_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}(-\d+)?")


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is: ``content`` is the hash of its documents, ``files`` of every file.

    ``precision`` is that of its vectors' numbers.
    """

    format: int
    created: str
    model: str
    dimension: int
    precision: str
    documents: int
    passages: int
    content: str
    files: dict[str, str]


def current_snapshot(root: Path) -> str | None:
    """Return the name of the snapshot in use, or None when there is none."""
    try:
        name = (root / CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if _NAME.fullmatch(name) else None


def usable_snapshots(root: Path) -> Iterator[str]:
    """Yield the snapshot in use and then the others, newest first."""
    first = current_snapshot(root)
    if first:
        yield first
    yield from (name for name in _snapshot_names(root) if name != first)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a snapshot; raise `SnapshotError` when there is no sound one."""
    unreadable = f"The index snapshot {folder.name} has no readable manifest."
    try:
        fields: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        form, precision = fields["format"], fields.get("precision")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SnapshotError(unreadable) from error
    if form != SNAPSHOT_FORMAT:
        raise SnapshotError(f"The index snapshot {folder.name} has format {form}.")
    if precision not in PRECISIONS:
        raise SnapshotError(
            f"The index snapshot {folder.name} keeps its vectors as {precision}, "
            f"not as {' or '.join(PRECISIONS)}."
        )
    try:
        return Manifest(**fields)
    except TypeError as error:
        raise SnapshotError(unreadable) from error


def verify_snapshot(folder: Path, *, anew: bool = False) -> Manifest:
    """Check the files of a snapshot by their SHA-256.

    Args:
        folder: of the snapshot.
        anew: check also those that are as they were when they were last verified.

    Raises:
        SnapshotError: a file is damaged, and which one.
    """
    manifest = read_manifest(folder)
    known = {} if anew else _read_checks(folder)
    checked = {
        name: check
        for name, expected in manifest.files.items()
        if _is_settled(check := _verify_file(folder, name, expected, known.get(name)))
    }
    if checked != known:
        _write_checks(folder, checked)
    return manifest


def write_snapshot(
    root: Path,
    fill: Callable[[Path], None],
    *,
    model: str,
    dimension: int,
    precision: str,
    documents: int,
    passages: int,
    content: str,
    before: Path | None = None,
) -> str:
    """Let ``fill`` write the files of a new snapshot, verify them, and make it the current one.

    An interruption at any point leaves the current snapshot in use; so does a disk that is full.
    Files that are links to those of the snapshot in the folder ``before``, and verified there, are
    not hashed again.

    Returns:
        The new snapshot's name.

    Raises:
        SnapshotError: a file cannot be written; what was written of it is gone.
    """
    moment = datetime.now(UTC)
    about = Manifest(
        format=SNAPSHOT_FORMAT,
        created=moment.isoformat(),
        model=model,
        dimension=dimension,
        precision=precision,
        documents=documents,
        passages=passages,
        content=content,
        files={},
    )
    try:
        root.mkdir(parents=True, exist_ok=True)
        for leftover in root.glob("tmp-*"):
            shutil.rmtree(leftover)
        name = _free_name(root, f"{moment:%Y%m%dT%H%M%S}-{content[:8]}")
        _write(root, fill, name, about, before)
    except (OSError, RuntimeError) as error:  # faiss raises the latter when it cannot write
        for half in root.glob("tmp-*"):
            shutil.rmtree(half, ignore_errors=True)
        raise SnapshotError(
            f"The index cannot be written to {root} ({_reason(error)}): see to the disk of "
            "FUNDSCOUT_DATA. What was indexed before stays in use.",
            note("unwritten", reason=_reason(error)),
        ) from error
    return name


def _reason(error: Exception) -> str:
    """Return in a few words why a file cannot be written."""
    known = isinstance(error, OSError) and error.strerror
    return str(known or error).splitlines()[0][:200]


def _write(
    root: Path, fill: Callable[[Path], None], name: str, about: Manifest, before: Path | None
) -> None:
    folder = root / f"tmp-{name}"
    folder.mkdir()
    fill(folder)
    known = _read_checks(before) if before else {}
    linked = {path: check for path, check in known.items() if _identity(folder / path) == check[1:]}
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in found]
    files = {
        one: linked[one][0] if one in linked else checksum.sha256_of_file(folder / one)
        for one in names
    }
    manifest = asdict(replace(about, files=files))
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    _write_checks(folder, linked)
    verify_snapshot(folder)
    folder.rename(root / name)
    make_current(root, name)
    _delete_old(root)


def share_folder(source: Path, target: Path) -> None:
    """Make the folder ``target`` of the files in ``source``.

    Large ones are links, where the disk knows any. Small ones are copied: so damage to one
    snapshot leaves those before it sound.
    """
    target.mkdir(parents=True)
    for path in source.iterdir():
        if path.stat().st_size < MIN_LINKED_SIZE or not _link(path, target / path.name):
            shutil.copyfile(path, target / path.name)


def _link(path: Path, target: Path) -> bool:
    """Link ``target`` to the file ``path``; return whether the disk can."""
    try:
        os.link(path, target)
    except OSError:
        return False
    return True


def make_current(root: Path, name: str) -> None:
    """Point ``CURRENT`` at the snapshot ``name`` in one rename: also the way to roll back."""
    verify_snapshot(root / name)
    pointer = root / f"{CURRENT}.tmp"
    pointer.write_text(name + "\n", "utf-8")
    pointer.replace(root / CURRENT)


def _verify_file(folder: Path, name: str, expected: str, known: _Check | None) -> _Check:
    """Check a file by its SHA-256 unless it is as it was when it was ``known`` to be sound."""
    path = folder / name
    identity = _identity(path)
    if known is not None and known == [expected, *identity]:
        return known
    if not identity or checksum.sha256_of_file(path) != expected:
        raise SnapshotError(
            f"The index snapshot {folder.name} is damaged: {name}.",
            note("damaged", name=folder.name, file=name),
        )
    return [expected, *identity]


def _is_settled(check: _Check) -> bool:
    """Return whether a later change of the file would show in its time of change."""
    return time.time_ns() - int(check[2]) > _TICK


def _identity(path: Path) -> list[int]:
    """Return what is another when somebody writes to a file; nothing when there is no file."""
    try:
        status = path.stat()
    except OSError:
        return []
    regular = stat.S_ISREG(status.st_mode)
    return [status.st_size, status.st_mtime_ns, status.st_ino] if regular else []


def _read_checks(folder: Path) -> dict[str, _Check]:
    """Return of each verified file its SHA-256 and its identity; nothing when none was noted."""
    try:
        checks = json.loads((folder / _CHECKED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return checks if isinstance(checks, dict) else {}


def _write_checks(folder: Path, checks: dict[str, _Check]) -> None:
    """Note what was verified; where nothing can be written it is verified again next time."""
    noted = folder / f"{_CHECKED}.{os.getpid()}"
    try:
        noted.write_text(json.dumps(checks), "utf-8")
        noted.replace(folder / _CHECKED)
    except OSError:
        with contextlib.suppress(OSError):
            noted.unlink()


def _snapshot_names(root: Path) -> list[str]:
    """Return the names of all snapshots, newest first."""
    if not root.is_dir():
        return []
    names = (path.name for path in root.iterdir() if path.is_dir())
    return sorted((name for name in names if _NAME.fullmatch(name)), reverse=True)


def _free_name(root: Path, name: str) -> str:
    """Return ``name``, numbered when a snapshot of the same second has it already."""
    count = 2
    free = name
    while (root / free).exists():
        free = f"{name}-{count}"
        count += 1
    return free


def _delete_old(root: Path) -> None:
    in_use = current_snapshot(root)
    for name in [n for n in _snapshot_names(root) if n != in_use][KEPT_SNAPSHOTS - 1 :]:
        shutil.rmtree(root / name, ignore_errors=True)
