"""Gates: conditions a pilot must meet. Each says pass, fail or unknown, why, and by what words."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from scrapers.call import Call, Deadline, DeadlineKind, Status


class Verdict(StrEnum):
    """What a gate says; unknown is an answer, not an error."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Gate(BaseModel):
    """One condition and its verdict; ``quote`` is the call's own wording, empty without one."""

    model_config = ConfigDict(frozen=True)

    name: str
    verdict: Verdict
    reason: str
    quote: str = ""


def gates(call: Call, now: datetime) -> tuple[Gate, ...]:
    """Return the gates of ``call`` at ``now`` (aware): status, deadline and invitation."""
    found = [_status(call, now), _deadline(call, now)]
    if call.invited_only:
        reason = "Only invited applicants may apply."
        found.append(Gate(name="invitation", verdict=Verdict.FAIL, reason=reason))
    return tuple(found)


def _status(call: Call, now: datetime) -> Gate:
    status = call.status(now)
    if status is Status.OPEN:
        return Gate(name="status", verdict=Verdict.PASS, reason="Open for applications.")
    if status is Status.FORTHCOMING:
        opens = f" Opens {call.opens:%Y-%m-%d}." if call.opens and call.opens > now else ""
        return Gate(name="status", verdict=Verdict.FAIL, reason=f"Not open yet.{opens}")
    if status is Status.CLOSED:
        return Gate(name="status", verdict=Verdict.FAIL, reason="Closed to new applicants.")
    return Gate(
        name="status", verdict=Verdict.UNKNOWN, reason="The source gives no deadline: ask it."
    )


def _deadline(call: Call, now: datetime) -> Gate:
    upcoming = call.next_deadline(now)
    if upcoming is not None:
        left = (upcoming.at or now) - now
        reason = f"{describe(upcoming)}, {_days(left)} left."
        return Gate(name="deadline", verdict=Verdict.PASS, reason=reason, quote=upcoming.text)
    kinds = {d.kind: d for d in call.deadlines if d.at is None}
    if DeadlineKind.ROLLING in kinds:
        deadline = kinds[DeadlineKind.ROLLING]
        reason = "Applications are taken at any time."
        return Gate(name="deadline", verdict=Verdict.PASS, reason=reason, quote=deadline.text)
    if DeadlineKind.ANNOUNCED in kinds:
        deadline = kinds[DeadlineKind.ANNOUNCED]
        reason = "Announced; no date yet."
        return Gate(name="deadline", verdict=Verdict.UNKNOWN, reason=reason, quote=deadline.text)
    past = [d for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    if past:
        last = max(past, key=lambda d: d.at or now)
        reason = f"The last deadline was {describe(last)}."
        return Gate(name="deadline", verdict=Verdict.FAIL, reason=reason, quote=last.text)
    return Gate(name="deadline", verdict=Verdict.UNKNOWN, reason="No deadline is known.")


def describe(deadline: Deadline) -> str:
    """Say a dated deadline in the funder's own time: "2026-10-13 14:00 Europe/Stockholm"."""
    local = deadline.local()
    day = f"{local:%Y-%m-%d}"
    if deadline.date_only:
        moment = f"{day} (end of day, {deadline.zone})"
    else:
        moment = f"{day} {local:%H:%M} {deadline.zone}"
    return f"Stage {deadline.stage}: {moment}" if deadline.stage else moment


def _days(left: timedelta) -> str:
    if left < timedelta(days=1):
        hours = int(left.total_seconds() // 3600)
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{left.days} day{'s' if left.days != 1 else ''}"
