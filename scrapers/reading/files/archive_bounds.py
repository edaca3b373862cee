"""Bounds of archives that strangers send: looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO

from scrapers.reading.files.file_text import FileFault, FileLimits, UnreadableFileError

_SMALL = 1024 * 1024
"""Unpacked bytes of an entry up to which its ratio says nothing: blank pages pack well."""

_ENCRYPTED = 0x1


def check_archive(body: bytes, limits: FileLimits) -> None:
    """Check that the archive ``body`` unpacks to what a document may have.

    The sizes are those that the archive states; Python unpacks no more of an entry than that.

    Raises:
        UnreadableFileError: it has too many entries, unpacks to too much, is locked or damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(FileFault.DAMAGED) from error
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFileError(FileFault.PROTECTED)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.entries or unpacked > limits.unpacked:
        raise UnreadableFileError(FileFault.BOMB)
    for entry in entries:
        packed = max(1, entry.compress_size)
        if entry.file_size > _SMALL and entry.file_size / packed > limits.ratio:
            raise UnreadableFileError(FileFault.BOMB)
    # entries that share their packed bytes unpack to more than there is
    if sum(entry.compress_size for entry in entries) > len(body):
        raise UnreadableFileError(FileFault.BOMB)
