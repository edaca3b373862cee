"""Calls from a file that somebody has: records, plain rows, or a page saved as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.text.language import detect_language
from index.text.limits import LONGEST_FIELD
from scrapers.call import Call, Level, Provenance
from service.errors import InputError
from service.jobs.imports.files import RefusedLine
from service.jobs.imports.rows import RowDefaults, call_from_row

_SOURCE = "file"
_MAX_TITLE_LENGTH = 300
_MARKUP = re.compile(r"\s{0,1000}<(?:!doctype|html|\?xml)", re.IGNORECASE)


def read_call_file(path: Path) -> tuple[list[Call], list[RefusedLine]]:
    """Return the calls in a file, and the lines that are none.

    Args:
        path: of JSON lines or one JSON value, each a Call record or a plain row as `import calls`
            takes them, or of plain text in UTF-8, which is the text of one call.

    Raises:
        InputError: the file cannot be read, or holds no call.
    """
    text = _read_text(path)
    if not any(character.isalpha() for character in text):
        raise InputError(f"{path} holds no call: there is not a word in it.")
    if _MARKUP.match(text):
        raise InputError(
            f"{path} is a page of HTML: `fundscout parse FUNDER {path}` reads those of a funder, "
            "and `fundscout conditions` what that prints."
        )
    values = list(_json_values(text))
    if not values:
        return [_call_of_text(path, text)], []
    calls: list[Call] = []
    refused: list[RefusedLine] = []
    for line, value in values:
        try:
            calls.append(_call(value))
        except (ValueError, TypeError, RecursionError) as error:
            refused.append(RefusedLine(line, _reason(error)))
    if not calls:
        raise InputError(f"{path} holds no call. Line {refused[0].line}: {refused[0].reason}")
    return calls, refused


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}.") from error


def _json_values(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each JSON value with its line, or number in a list; nothing for plain text."""
    if not text.lstrip().startswith(("{", "[")):
        return
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        if text.lstrip().startswith("{"):
            yield from ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
        return
    yield from enumerate(whole if isinstance(whole, list) else [whole], 1)


def _call(value: Any) -> Call:
    row = json.loads(value) if isinstance(value, str) else value
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  the line is wrong, not our code
    if "titles" in row:
        return Call.model_validate(row)
    return call_from_row(row, RowDefaults("Imported", Level.NATIONAL))


def _call_of_text(path: Path, text: str) -> Call:
    """Return the call that a plain text is: its first line is the title, too."""
    body = text.strip()[:LONGEST_FIELD]
    language = detect_language(body).language
    name = re.sub(r"[^!-~]+", "-", path.stem)[:200] or "text"
    return Call(
        id=f"{_SOURCE}:{name}",
        funder=_SOURCE,
        level=Level.NATIONAL,
        titles={language: body.split("\n", 1)[0].strip()[:_MAX_TITLE_LENGTH]},
        texts={language: body},
        provenance=Provenance(source=_SOURCE),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON ({error})"
    return str(error)
