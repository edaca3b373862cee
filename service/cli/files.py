"""Files in place of texts: read, and what was read is said on standard error."""

from __future__ import annotations

from pathlib import Path

import click

from service.errors import InputError
from service.messages.render import english
from service.use_cases.files.read_upload import FileReading, read_upload


def read_given_file(name: str) -> FileReading:
    """Return what is read of a file: PDF, Word, Markdown or plain text; say what was read.

    Raises:
        InputError: it cannot be read.
    """
    try:
        body = Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error
    reading = read_upload(body, Path(name).name)
    for note in reading.notes:
        click.echo(english(note), err=True)
    return reading
