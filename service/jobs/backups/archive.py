"""The archive of a backup: a tar of few files, with a manifest that says what each must be.

It is written to a temporary name, read back, and only then renamed. Reading trusts nothing: the
names are ours, sizes are those of the manifest, and every byte counts in a checksum.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import Field, ValidationError

from scrapers.plurals import count_noun
from service.data_folder.private_files import OWNER_FILE
from service.domain.frozen_model import FrozenModel
from service.errors import InputError

FORMAT = 1
"""The form of archives that this version writes; it reads this one and all before it."""

DATABASE, SECRET, SETTINGS, MANIFEST = (
    "fundscout.sqlite",
    "secret.key",
    "settings.json",
    "manifest.json",
)
_MOST_MANIFEST_BYTES = 1024 * 1024
_CHUNK = 1024 * 1024


class BackupError(InputError):
    """A file is no backup that can be used; the words say why and what to do."""


class BackupFile(FrozenModel):
    """A file in a backup: how long it is, and its SHA-256."""

    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class BackupManifest(FrozenModel):
    """What a backup says of itself.

    ``revision`` is that of the database's tables; ``counts`` has the rows of its main tables.
    """

    format: int
    program: str
    revision: str
    made_at: datetime
    counts: Mapping[str, int]
    files: Mapping[str, BackupFile]

    @property
    def summary(self) -> str:
        """The counts that tell a person most, such as ``80 calls, 2 pilots, 3 recipients``."""
        shown = (("calls", "call"), ("pilots", "pilot"), ("recipients", "recipient"))
        return ", ".join(count_noun(self.counts.get(table, 0), noun) for table, noun in shown)


def write_archive(path: Path, manifest: BackupManifest, folder: Path) -> None:
    """Write the files of ``manifest`` from ``folder`` to the new file ``path``.

    Raises:
        OSError: there is no room, or it may not be written.
    """
    with (
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE), "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        told = manifest.model_dump_json(indent=1).encode()
        archive.addfile(_entry(MANIFEST, len(told), manifest.made_at), io.BytesIO(told))
        for name, file in manifest.files.items():
            with (folder / name).open("rb") as content:
                archive.addfile(_entry(name, file.size, manifest.made_at), content)
    with path.open("rb") as written:
        os.fsync(written.fileno())


def unpack_archive(path: Path, folder: Path) -> BackupManifest:
    """Unpack a backup into the empty ``folder``, and check each of its files.

    Raises:
        BackupError: it is no backup, is damaged, or a newer version made it.
        OSError: the folder cannot be written.
    """
    with _opened(path) as archive:
        manifest = _read_manifest(path, archive)
        left = dict(manifest.files)
        while (entry := archive.next()) is not None:
            if entry.name not in left or not entry.isreg():
                raise _damaged(path, f"it holds {entry.name[:100]!r}, which does not belong there")
            _unpack(path, archive, entry, left.pop(entry.name), folder / entry.name)
        if left:
            raise _damaged(path, f"{', '.join(left)} is missing in it")
        _read_to_the_end(archive)
    if DATABASE not in manifest.files:
        raise _damaged(path, "it holds no database")
    return manifest


def read_manifest(path: Path) -> BackupManifest:
    """Return what a backup says of itself; the rest is not read.

    Raises:
        BackupError: as `unpack_archive`.
    """
    with _opened(path) as archive:
        return _read_manifest(path, archive)


def describe_file(path: Path) -> BackupFile:
    """Return the length and the checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while part := content.read(_CHUNK):
            digest.update(part)
    return BackupFile(size=path.stat().st_size, sha256=digest.hexdigest())


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with gzip.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupError(f"There is no backup {path}.") from error
    except IsADirectoryError as error:
        raise BackupError(f"{path} is a folder: name the file of a backup in it.") from error
    except PermissionError as error:
        raise BackupError(f"{path} may not be read by this user.") from error
    except gzip.BadGzipFile as error:
        raise _not_a_backup(path) from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _damaged(path, "it ends too early, or bytes in it were changed") from error


def _read_manifest(path: Path, archive: tarfile.TarFile) -> BackupManifest:
    entry = archive.next()
    if entry is None or entry.name != MANIFEST or not entry.isreg():
        raise _not_a_backup(path)
    content = archive.extractfile(entry)
    if content is None or entry.size > _MOST_MANIFEST_BYTES:
        raise _not_a_backup(path)
    try:
        manifest = BackupManifest.model_validate_json(content.read(_MOST_MANIFEST_BYTES))
    except ValidationError as error:
        raise _damaged(path, "its manifest cannot be read") from error
    if manifest.format > FORMAT:
        raise BackupError(
            f"{path} was made by a newer version, {manifest.program}: restore it with that one. "
            "Nothing was changed."
        )
    return manifest


def _unpack(
    path: Path, archive: tarfile.TarFile, entry: tarfile.TarInfo, expected: BackupFile, to: Path
) -> None:
    content = archive.extractfile(entry)
    if content is None or entry.size != expected.size:
        raise _damaged(path, f"{entry.name} is not as long as it was")
    digest = hashlib.sha256()
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE), "wb") as file:
        while part := content.read(_CHUNK):
            digest.update(part)
            file.write(part)
    if digest.hexdigest() != expected.sha256:
        raise _damaged(path, f"{entry.name} is not what was written")


def _read_to_the_end(archive: tarfile.TarFile) -> None:
    """Read what follows the files: the checksum of the whole stands there."""
    rest: IO[bytes] | None = archive.fileobj  # type: ignore[assignment]  # tarfile's own stream
    while rest is not None and rest.read(_CHUNK):
        pass


def _entry(name: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, OWNER_FILE, int(made_at.timestamp())
    return entry


def _not_a_backup(path: Path) -> BackupError:
    return BackupError(f"{path} is no backup of fundscout. Nothing was changed.")


def _damaged(path: Path, how: str) -> BackupError:
    return BackupError(
        f"The backup {path} is damaged: {how}. Use another one. Nothing was changed."
    )
