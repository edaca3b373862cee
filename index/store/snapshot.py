"""Snapshots: a built index as a folder, verified before it is read, swapped by one rename.

Below a root lie a folder for each of the last few snapshots and the file ``CURRENT``, which
names the one in use. Everything can be rebuilt from the documents; nothing is ever edited.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.embedding import checksum
from index.errors import SnapshotError
from index.note import note

SNAPSHOT_FORMAT = 4
"""To be raised when the files change shape: then older snapshots are rebuilt, not misread."""

KEPT_SNAPSHOTS = 3
"""Snapshots kept: the current one, and two to fall back on."""

CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}(-\d+)?")


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is: ``content`` is the hash of its documents, ``files`` of every file."""

    format: int
    created: str
    model: str
    dimension: int
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
    try:
        fields: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        manifest = Manifest(**fields)
    except (OSError, ValueError, TypeError) as error:
        raise SnapshotError(
            f"The index snapshot {folder.name} has no readable manifest."
        ) from error
    if manifest.format != SNAPSHOT_FORMAT:
        raise SnapshotError(f"The index snapshot {folder.name} has format {manifest.format}.")
    return manifest


def verify_snapshot(folder: Path) -> Manifest:
    """Check every file of a snapshot by its SHA-256; raise `SnapshotError` naming a bad one."""
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or checksum.sha256_of_file(path) != expected:
            raise SnapshotError(
                f"The index snapshot {folder.name} is damaged: {name}.",
                note("damaged", name=folder.name, file=name),
            )
    return manifest


def write_snapshot(
    root: Path,
    fill: Callable[[Path], None],
    *,
    model: str,
    dimension: int,
    documents: int,
    passages: int,
    content: str,
) -> str:
    """Let ``fill`` write the files of a new snapshot, verify them, and make it the current one.

    An interruption at any point leaves the current snapshot in use; so does a disk that is full.

    Returns:
        The new snapshot's name.

    Raises:
        SnapshotError: a file cannot be written; what was written of it is gone.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        for leftover in root.glob("tmp-*"):
            shutil.rmtree(leftover)
        moment = datetime.now(UTC)
        about = Manifest(
            SNAPSHOT_FORMAT, moment.isoformat(), model, dimension, documents, passages, content, {}
        )
        return _write(root, fill, _free_name(root, f"{moment:%Y%m%dT%H%M%S}-{content[:8]}"), about)
    except (OSError, RuntimeError) as error:  # faiss raises the latter when it cannot write
        for half in root.glob("tmp-*"):
            shutil.rmtree(half, ignore_errors=True)
        raise SnapshotError(
            f"The index cannot be written to {root} ({_reason(error)}): see to the disk of "
            "FUNDSCOUT_DATA. What was indexed before stays in use.",
            note("unwritten", reason=_reason(error)),
        ) from error


def _reason(error: Exception) -> str:
    """Return in a few words why a file cannot be written."""
    known = isinstance(error, OSError) and error.strerror
    return str(known or error).splitlines()[0][:200]


def _write(root: Path, fill: Callable[[Path], None], name: str, about: Manifest) -> str:
    folder = root / f"tmp-{name}"
    folder.mkdir()
    fill(folder)
    files = {
        path.relative_to(folder).as_posix(): checksum.sha256_of_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = asdict(replace(about, files=files))
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    verify_snapshot(folder)
    folder.rename(root / name)
    make_current(root, name)
    _delete_old(root)
    return name


def make_current(root: Path, name: str) -> None:
    """Point ``CURRENT`` at the snapshot ``name`` in one rename: also the way to roll back."""
    verify_snapshot(root / name)
    pointer = root / f"{CURRENT}.tmp"
    pointer.write_text(name + "\n", "utf-8")
    pointer.replace(root / CURRENT)


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
