"""The example calls and pilots, loaded or taken away; calls of real sources are left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scrapers.call import Call
from service.context import EXAMPLES, Context
from service.domain.pilot import Pilot
from service.errors import InputError
from service.jobs.lock import held
from service.store.calls import UpsertReport


@dataclass(frozen=True)
class ExamplesReport:
    """What loading did."""

    calls: int
    pilots: int
    stored: UpsertReport


def load_examples(context: Context) -> ExamplesReport:
    """Store the calls and pilots of the examples' folder.

    Raises:
        InputError: the folder is missing, or one of its files is wrong.
    """
    folder = context.settings.examples
    with held(context.settings.data, "collect"), context.runs.record("examples") as run:
        calls = [call for path in _files(folder / "calls", "*.jsonl") for call in _calls(path)]
        pilots = [_pilot(path) for path in _files(folder / "pilots", "*.json")]
        stored = context.calls.upsert(calls, context.now(), complete_for=EXAMPLES, yielding=True)
        for pilot in pilots:
            context.pilots.put(pilot, source=EXAMPLES)
        run.report = {"calls": len(calls), "pilots": len(pilots), "new": stored.new}
    return ExamplesReport(len(calls), len(pilots), stored)


def remove_examples(context: Context) -> tuple[int, int]:
    """Delete what `load_examples` stored; return how many calls and pilots went."""
    with held(context.settings.data, "collect"), context.runs.record("examples-removed") as run:
        calls = context.calls.remove_source(EXAMPLES)
        pilots = context.pilots.remove_source(EXAMPLES)
        run.report = {"calls": calls, "pilots": pilots}
    return calls, pilots


def _files(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern))
    if not found:
        raise InputError(
            f"{folder} holds no examples: set FUNDSCOUT_EXAMPLES to the folder that has them."
        )
    return found


def _calls(path: Path) -> Iterator[Call]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            call = Call.model_validate_json(line)
        except ValidationError as error:
            raise InputError(
                f"{path}, line {number}, is no call: {error.errors()[0]['msg']}."
            ) from error
        provenance = call.provenance.model_copy(update={"source": EXAMPLES})
        yield call.model_copy(update={"provenance": provenance})


def _pilot(path: Path) -> Pilot:
    try:
        fields: dict[str, Any] = json.loads(path.read_text("utf-8"))
        fields.pop("recipient", None)
        return Pilot.model_validate(fields)
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path} is no pilot: {error}.") from error
