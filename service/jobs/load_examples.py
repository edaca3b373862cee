"""The example calls and pilots, stored or removed; calls of real sources are left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scrapers.call import Call, impossible_dates
from service.context import EXAMPLES_SOURCE, Context
from service.domain.notifications.address import Address
from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.jobs.lock import hold_lock
from service.messages.catalogue import languages
from service.store.calls import CallUpsertReport

ExampleFollower = tuple[Address, str]
"""The address that follows an example pilot, and the language of its mails."""

_RESERVED_DOMAINS = re.compile(r"(^|\.)(example\.(com|net|org)|example|test|invalid)$")
"""Domains that are reserved for examples (RFC 2606): no mail to them arrives anywhere."""


@dataclass(frozen=True)
class ExamplesReport:
    """What loading the examples did."""

    calls: int
    pilots: int
    stored: CallUpsertReport


def load_examples(context: Context) -> ExamplesReport:
    """Store the calls and pilots of the examples' folder.

    Raises:
        InputError: the folder is missing, or one of its files is wrong.
    """
    folder = context.settings.examples
    with hold_lock(context.settings.data, "collect"), context.runs.record("examples") as run:
        calls = [call for path in _files(folder / "calls", "*.jsonl") for call in _read_calls(path)]
        entries = [_read_pilot(path) for path in _files(folder / "pilots", "*.json")]
        pilots = [pilot for pilot, _ in entries]
        stored = context.calls.upsert(
            calls, context.now(), complete_for=EXAMPLES_SOURCE, yielding=True
        )
        for pilot in pilots:
            context.pilots.put(pilot, source=EXAMPLES_SOURCE)
        _confirm_followers(context, entries)
        run.report = {"calls": len(calls), "pilots": len(pilots), "new": stored.new}
    return ExamplesReport(len(calls), len(pilots), stored)


def remove_examples(context: Context) -> tuple[int, int]:
    """Delete what `load_examples` stored; return how many calls and pilots went."""
    with (
        hold_lock(context.settings.data, "collect"),
        context.runs.record("examples-removed") as run,
    ):
        calls = context.calls.remove_source(EXAMPLES_SOURCE, context.now())
        pilots = context.pilots.remove_source(EXAMPLES_SOURCE)
        context.recipients.remove_source(EXAMPLES_SOURCE)
        run.report = {"calls": calls, "pilots": pilots}
    return calls, pilots


def _files(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise InputError(
            f"{folder} holds no examples: set FUNDSCOUT_EXAMPLES to the folder that has them."
        )
    return paths


def _read_calls(path: Path) -> Iterator[Call]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            call = Call.model_validate_json(line)
        except ValidationError as error:
            raise InputError(
                f"{path}, line {number}, is no call: {error.errors()[0]['msg']}."
            ) from error
        if wrong := impossible_dates(call):
            raise InputError(f"{path}, line {number}, is no call: {wrong[0]}.")
        provenance = call.provenance.model_copy(update={"source": EXAMPLES_SOURCE})
        yield call.model_copy(update={"provenance": provenance})


def _read_pilot(path: Path) -> tuple[Pilot, ExampleFollower | None]:
    try:
        fields: dict[str, Any] = json.loads(path.read_text("utf-8"))
        follower = fields.pop("recipient", None)
        pilot = Pilot.model_validate(fields)
        return pilot, None if follower is None else _read_follower(follower)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path} is no pilot: {error}.") from error


def _read_follower(entry: dict[str, str]) -> ExampleFollower:
    """Read a recipient; a real address would get mails without being asked."""
    address = Address.parse(entry["email"])
    if not _RESERVED_DOMAINS.search(address.domain):
        raise ValueError("its recipient must have an address at example.org, which is nobody's")
    if entry["language"] not in languages():
        raise ValueError(f"its recipient's language must be {' or '.join(languages())}")
    return address, entry["language"]


def _confirm_followers(
    context: Context, entries: list[tuple[Pilot, ExampleFollower | None]]
) -> None:
    """Confirm the new recipients of the examples, so that there are mails to show."""
    now = datetime.now(UTC)
    for pilot, follower in entries:
        if follower is None or context.recipients.find(pilot.id, follower[0]) is not None:
            continue
        if not context.recipients.suppression_reason(follower[0]):
            added = context.recipients.add_pending(pilot.id, *follower, now, source=EXAMPLES_SOURCE)
            context.recipients.confirm(added.id, now)
