"""Gates of time: whether the call is open, its deadline, and whether the start is after that."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from scrapers.call import Call, Deadline, DeadlineKind, Status
from service.domain.eligibility.gate_messages import Values
from service.domain.eligibility.verdict import Gate, Verdict, make_gate


def status_gate(call: Call, now: datetime) -> Gate:
    """Return the gate that says whether the call is open at ``now`` (aware)."""
    status = call.status(now)
    if status is Status.OPEN:
        return make_gate("status", Verdict.PASS, "open")
    if status is Status.FORTHCOMING:
        if call.opens and call.opens > now:
            opens: Values = {"opens": (f"{call.opens:%Y-%m-%d}",)}
            return make_gate("status", Verdict.FAIL, "opens", opens)
        return make_gate("status", Verdict.FAIL, "forthcoming")
    if status is Status.CLOSED:
        return make_gate("status", Verdict.FAIL, "closed")
    return make_gate("status", Verdict.UNKNOWN, "unknown")


def deadline_gate(call: Call, now: datetime) -> Gate:
    """Return the gate of the deadline for new applicants at ``now`` (aware)."""
    upcoming = call.next_deadline(now)
    if upcoming is not None:
        code, left = _count_time_left((upcoming.at or now) - now)
        values = {**_deadline_values(upcoming), "left": (str(left),)}
        return make_gate("deadline", Verdict.PASS, code, values, quote=upcoming.text)
    kinds = {d.kind: d for d in call.deadlines if d.at is None and d.is_entry}
    if DeadlineKind.ROLLING in kinds:
        quote = kinds[DeadlineKind.ROLLING].text
        return make_gate("deadline", Verdict.PASS, "rolling", quote=quote)
    if DeadlineKind.ANNOUNCED in kinds:
        quote = kinds[DeadlineKind.ANNOUNCED].text
        return make_gate("deadline", Verdict.UNKNOWN, "announced", quote=quote)
    past = [d for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    if past:
        last = max(past, key=lambda d: d.at or now)
        return make_gate("deadline", Verdict.FAIL, "past", _deadline_values(last), quote=last.text)
    return make_gate("deadline", Verdict.UNKNOWN, "unknown")


def start_gate(call: Call, wanted: date | None, now: datetime) -> Gate | None:
    """Return the gate that says whether work begins after the deadline; None without a date."""
    upcoming = call.next_deadline(now)
    if wanted is None or upcoming is None:
        return None
    values: Values = {"start": (wanted.isoformat(),), **_deadline_values(upcoming)}
    if wanted <= upcoming.local().date():
        return make_gate("start", Verdict.FAIL, "fail", values)
    return make_gate("start", Verdict.PASS, "pass", values)


def _deadline_values(deadline: Deadline) -> Values:
    local = deadline.local()
    values: Values = {"day": (f"{local:%Y-%m-%d}",), "zone": (deadline.zone,)}
    if not deadline.date_only:
        values["time"] = (f"{local:%H:%M}",)
    if deadline.stage:
        values["stage"] = (str(deadline.stage),)
    return values


def _count_time_left(left: timedelta) -> tuple[str, int]:
    if left < timedelta(days=1):
        hours = int(left.total_seconds() // 3600)
        return ("hour" if hours == 1 else "hours"), hours
    return ("day" if left.days == 1 else "days"), left.days
