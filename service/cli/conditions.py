"""`fundscout conditions`: what calls ask for, as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from service.cli.common import open_context
from service.errors import InputError, UnknownCallError
from service.jobs.imports.files import RefusedLine
from service.use_cases.conditions import CallConditions, get_conditions, read_file_conditions

_PRINTED = {"name", "terms", "quote", "confidence"}


@click.command("conditions")
@click.argument("target", metavar="FILE|ID")
@click.option("--general", is_flag=True, help="Also what only a programme's general rules say.")
def conditions_command(target: str, *, general: bool) -> int:
    """Print the conditions of the calls in FILE, or of the stored call ID, a JSON object a call.

    FILE has calls as `fundscout parse` prints them, plain rows as `fundscout import calls` takes
    them, or the plain text of one call; nothing is stored. Each condition has its name, short
    terms, the words that state it, and how sure it is that the call says so. A call that is open to
    any subject has the words that say so as any_subject. Exit status 1 when a
    line of FILE was refused; the others are read.
    """
    path = Path(target)
    refused: list[RefusedLine] = []
    if path.exists():
        calls, refused = read_file_conditions(path)
    else:
        calls = [_stored(target)]
    for call in calls:
        click.echo(_line(call, general=general))
    for line in refused:
        click.echo(f"{path}, line {line.line}, refused: {line.reason}", err=True)
    return 1 if refused else 0


def _stored(call_id: str) -> CallConditions:
    try:
        return get_conditions(open_context(), call_id)
    except UnknownCallError as error:
        raise InputError(
            f"{call_id} is neither a file nor the id of a stored call: `fundscout match` shows ids."
        ) from error


def _line(call: CallConditions, *, general: bool) -> str:
    conditions = [
        one.model_dump(mode="json", include=_PRINTED)
        for one in call.conditions
        if general or not one.general
    ]
    line: dict[str, Any] = {"id": call.id, "conditions": conditions}
    if call.any_subject:
        words = call.any_subject.quote.text
        line["any_subject"] = {"quote": words, "by_name": call.any_subject.by_name}
    return json.dumps(line, ensure_ascii=False)


COMMANDS = {"conditions": conditions_command}
