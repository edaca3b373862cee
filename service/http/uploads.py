"""Files in forms: which routes take them, how large they may be, and what is read of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from scrapers.reading.files.file_text import FileLimits
from service.use_cases.files.read_upload import FileReading, read_upload

MULTIPART: Final = "multipart/form-data"
FILE_FIELD: Final = "file"
"""The name of the part that is the file."""

UPLOAD_ENDPOINTS: Final = frozenset(
    {
        "api.read_file",
        "api.match_file",
        "api.add_pilot_from_file",
        "web.search",
        "web.save_new_pilot",
    }
)
"""Routes that take a file."""

LARGEST_UPLOAD: Final = FileLimits().body + 512 * 1024
"""Bytes that a form with a file may have: the file, and as much again as a text may have."""


def allow_upload() -> None:
    """Let the form of a route that takes files be as large as a file may be."""
    if request.endpoint in UPLOAD_ENDPOINTS and request.mimetype == MULTIPART:
        request.max_content_length = LARGEST_UPLOAD


def upload_reader(app: Flask) -> Callable[[str, str, str], bool]:
    """Return a function that tells by method, path and content type whether a file may come."""
    routes = app.url_map.bind("localhost")

    def takes_file(method: str, path: str, content_type: str) -> bool:
        if method != "POST" or not content_type.lower().startswith(MULTIPART):
            return False
        try:
            endpoint, _ = routes.match(path, method)
        except (HTTPException, RequestRedirect):
            return False
        return endpoint in UPLOAD_ENDPOINTS

    return takes_file


def sent_file(sent: Request) -> FileStorage | None:
    """Return the file of a form; None where none was chosen, as a browser then sends none."""
    file = sent.files.get(FILE_FIELD)
    return file if file is not None and (file.filename or file.stream.read(1)) else None


def read_sent_file(file: FileStorage) -> FileReading:
    """Return what is read of a file.

    Raises:
        InputError: it cannot be read.
    """
    file.stream.seek(0)
    limit = FileLimits().body
    return read_upload(file.stream.read(limit + 1), file.filename or "")
