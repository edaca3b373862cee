"""Calls and awards from files of JSON lines: records, or plain rows as other tools export them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scrapers.award import Award
from scrapers.call import Call, Level, deadline_before_opening, impossible_dates
from service.context import Context
from service.errors import InputError
from service.jobs.imports.copies import (
    ImportedCall,
    are_translations,
    fuller_first,
    join_translations,
)
from service.jobs.imports.rows import RowDefaults, call_from_row
from service.jobs.lock import hold_lock
from service.store.awards import AwardUpsertReport
from service.store.calls import CallUpsertReport


@dataclass(frozen=True)
class RefusedLine:
    """A line that was refused, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did: the good lines are stored although others were refused."""

    read: int
    stored: CallUpsertReport
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True)
class AwardImportReport:
    """What an import of awards did: the good lines are stored although others were refused."""

    read: int
    stored: AwardUpsertReport
    refused: tuple[RefusedLine, ...]


def import_calls(
    context: Context,
    path: Path,
    *,
    funder: str | None = None,
    level: Level | None = None,
) -> ImportReport:
    """Store the calls of a JSON-lines file.

    Args:
        context: where to store them.
        path: a Call record or a plain row {id, title, text, lang, programme, open_date, deadline}
            a line.
        funder: funder of plain rows that do not say it by their address.
        level: level of such a funder.

    Raises:
        InputError: the file cannot be read, or not one line is a call.
    """
    defaults = RowDefaults(funder or "Imported", level or Level.NATIONAL)
    calls: dict[str, ImportedCall] = {}
    refused: list[RefusedLine] = []
    with (
        hold_lock(context.settings.data, "collect"),
        context.runs.record("import", path.name) as run,
    ):
        read = 0
        for number, line in _read_lines(path):
            read += 1
            try:
                call = _read_call(line, defaults)
            except (ValueError, TypeError, ArithmeticError) as error:
                refused.append(RefusedLine(number, _describe_error(error)))
                continue
            refused += _add_call(calls, ImportedCall(number, call))
        refused.sort(key=lambda one: one.line)
        if not calls:
            first = f" Line {refused[0].line}: {refused[0].reason}" if refused else ""
            raise InputError(f"{path} holds no call; nothing was stored.{first}")
        stored = context.calls.upsert((one.call for one in calls.values()), context.now())
        run.report = {
            "read": read,
            "new": stored.new,
            "changed": stored.changed,
            "unchanged": stored.unchanged,
            "refused": [[r.line, r.reason] for r in refused[:100]],
        }
    return ImportReport(read, stored, tuple(refused))


def _add_call(calls: dict[str, ImportedCall], new: ImportedCall) -> Iterator[RefusedLine]:
    """Add a call by its id; yield the line that gives way to another one of the same id."""
    known = calls.setdefault(new.call.id, new)
    if known is new:
        return
    if are_translations(known.call, new.call):
        calls[new.call.id] = ImportedCall(known.line, join_translations(known.call, new.call))
        return
    kept, other = fuller_first(known, new)
    calls[new.call.id] = kept
    place = "an earlier line" if kept.line < other.line else f"line {kept.line}, with more,"
    yield RefusedLine(other.line, f"The id {new.call.id} stands on {place} too.")


def import_awards(context: Context, path: Path) -> AwardImportReport:
    """Store the awards of a JSON-lines file, as `fundscout parse-awards` prints them.

    Raises:
        InputError: the file cannot be read, or not one line is an award.
    """
    awards: dict[str, Award] = {}
    refused: list[RefusedLine] = []
    with (
        hold_lock(context.settings.data, "collect"),
        context.runs.record("import", path.name) as run,
    ):
        for number, line in _read_lines(path):
            try:
                award = Award.model_validate_json(line)
            except ValidationError as error:
                refused.append(RefusedLine(number, _describe_error(error)))
                continue
            if awards.setdefault(award.id, award) is not award:
                reason = f"The id {award.id} stands on an earlier line too."
                refused.append(RefusedLine(number, reason))
        if not awards:
            first = f" Line {refused[0].line}: {refused[0].reason}" if refused else ""
            raise InputError(f"{path} holds no award; nothing was stored.{first}")
        stored = context.awards.upsert(list(awards.values()), context.now())
        report = AwardImportReport(len(awards) + len(refused), stored, tuple(refused))
        run.report = {"read": report.read, "refused": [[r.line, r.reason] for r in refused[:100]]}
        run.report |= asdict(stored)
    return report


def _read_lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}.") from error


def _read_call(line: str, defaults: RowDefaults) -> Call:
    try:
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  the line is wrong, not our code
    call = Call.model_validate(row) if "titles" in row else call_from_row(row, defaults)
    contradiction = deadline_before_opening(call)
    if wrong := [*impossible_dates(call), *([contradiction] if contradiction else [])]:
        raise ValueError(wrong[0])
    return call


def _describe_error(error: Exception) -> str:
    """Say in a line what is wrong with a record."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        return f"{place}: {first['msg']}" if place else str(first["msg"])
    return str(error)
