"""List the conditions of a stored call, or of calls in a file; bring those of all up to date."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path

from service import telemetry
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Applicants
from service.domain.eligibility.stated_conditions import StatedCondition, list_conditions
from service.domain.eligibility.subject.any_subject import AnySubject, read_any_subject
from service.domain.frozen_model import FrozenModel
from service.errors import UnknownCallError
from service.jobs.imports.call_files import read_call_file
from service.jobs.imports.files import RefusedLine


class CallConditions(FrozenModel):
    """A call and what it asks for; ``any_subject`` where it is open to any subject."""

    id: str
    conditions: tuple[StatedCondition, ...]
    any_subject: AnySubject | None = None


def get_conditions(context: Context, call_id: str) -> CallConditions:
    """Return the conditions of a stored call, as they were read when it was stored.

    Raises:
        UnknownCallError: there is no such call.
    """
    call = context.calls.get(call_id)
    if call is None:
        raise UnknownCallError(call_id)
    facts = context.calls.condition_reader().facts(call)
    return CallConditions(
        id=call.id, conditions=list_conditions(facts), any_subject=read_any_subject(call)
    )


def list_applicants(
    context: Context, call_ids: Collection[str]
) -> dict[str, tuple[ApplicantKind, ...]]:
    """Return the kinds of organisations that calls name as applicants, by id; the surest first.

    Args:
        context: the stores.
        call_ids: of stored calls; one that is gone, or that names no kind, is left out.
    """
    calls = list(context.calls.get_many(call_ids).values())
    reader = context.calls.condition_reader()
    reader.fetch(calls)
    named: dict[str, tuple[ApplicantKind, ...]] = {}
    for call in calls:
        facts = [one for one in reader.facts(call) if isinstance(one.value, Applicants)]
        ordered = sorted(facts, key=lambda fact: -fact.confidence)
        kinds = [k for one in ordered if isinstance(one.value, Applicants) for k in one.value.kinds]
        if kinds:
            named[call.id] = tuple(dict.fromkeys(kinds))
    return named


def read_file_conditions(path: Path) -> tuple[list[CallConditions], list[RefusedLine]]:
    """Return the conditions of the calls in a file, and the lines that are no call.

    Args:
        path: see `read_call_file`; nothing of it is stored.

    Raises:
        InputError: the file cannot be read, or holds no call.
    """
    calls, refused = read_call_file(path)
    found = [
        CallConditions(
            id=call.id,
            conditions=list_conditions(extract_facts(call)),
            any_subject=read_any_subject(call),
        )
        for call in calls
    ]
    return found, refused


def read_conditions_aside(context: Context) -> threading.Thread:
    """Read the conditions that no rules of today have read, while others are served.

    Until then a call that is shown is read when it is shown. What is read is kept in steps, so an
    interruption loses little. The thread that reads ends with the process.
    """

    def read() -> None:
        try:
            context.calls.conditions()
        except Exception as error:  # noqa: BLE001  the server goes on, and reads when it is asked
            telemetry.warn("conditions not read", reason=str(error))

    thread = threading.Thread(target=read, name="conditions", daemon=True)
    thread.start()
    return thread
