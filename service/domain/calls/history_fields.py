"""Deadlines, days and money: how they differ between two versions of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money
from service.domain.calls.change import (
    Change,
    ChangeKind,
    change_of,
    change_with_sentence,
    describe_addition,
    describe_removal,
    describe_transition,
)
from service.messages.formats import whole
from service.messages.message import ListStyle, Message, join_values, message, quote, verbatim

_AMOUNT_FIELDS = ("total", "maximum", "minimum")
_DATE_FIELDS = ("opens", "published", "closed_by")


def deadline_changes(before: Call, after: Call, at: datetime) -> Iterator[Change]:
    """Yield what became of the deadlines by the aware instant ``at``; a moved one is one change."""
    gone = [d for d in before.deadlines if d not in after.deadlines]
    came = [d for d in after.deadlines if d not in before.deadlines]
    for old in gone:
        new = _successor(old, came, at)
        if new is None:
            yield describe_removal("deadlines", _deadline_name(old), _deadline_words(old))
            continue
        came.remove(new)
        yield _deadline_change(old, new)
    for new in came:
        yield describe_addition("deadlines", _deadline_name(new), _deadline_words(new))


def _successor(old: Deadline, came: Sequence[Deadline], at: datetime) -> Deadline | None:
    """Return what ``old`` became: of the same stage, and no cut-off that simply went by."""
    if old.kind is DeadlineKind.CUT_OFF and old.at is not None and old.at < at:
        return None
    return next((new for new in came if new.stage == old.stage), None)


def _deadline_change(old: Deadline, new: Deadline) -> Change:
    name = _deadline_name(new)
    if old.at is None or new.at is None or old.at == new.at:
        values = (_deadline_words(old, full=True), _deadline_words(new, full=True))
        return describe_transition("deadlines", ChangeKind.CHANGED, name, values)
    days = abs(new.at - old.at).days
    how = ("" if days else ".hours") + (".later" if new.at > old.at else ".earlier")
    values = (_deadline_words(old), _deadline_words(new))
    change = describe_transition(
        "deadlines", ChangeKind.MOVED, name, values, how, count=days, days=str(days)
    )
    return change.model_copy(
        update={"before": old.local().isoformat(), "after": new.local().isoformat()}
    )


def _deadline_name(of: Deadline) -> Message:
    if of.stage is not None:
        return message("field.deadline.stage", stage=of.stage)
    if of.kind is DeadlineKind.CUT_OFF:
        return message("field.deadline.cut-off")
    return message("field.deadline")


def _deadline_words(of: Deadline, *, full: bool = False) -> Message:
    """Return a deadline on the funder's clock; ``full`` says all that a record of it has."""
    if of.at is None:
        rolling = of.kind is DeadlineKind.ROLLING
        due = message("change.deadline.rolling" if rolling else "change.deadline.announced")
    else:
        form = "%Y-%m-%d" if of.date_only else "%Y-%m-%d %H:%M"
        due = verbatim(of.local().strftime(form))
    marks = [of.kind.value, of.zone] if full else [] if of.date_only or of.at is None else [of.zone]
    if marks:
        due = message("change.deadline.marked", due=due, marks=join_values(marks, ListStyle.COMMAS))
    if not of.text or not (full or of.at is None):
        return due
    return message("change.deadline.quoted", due=due, quote=quote(of.text))


def date_changes(before: Call, after: Call) -> Iterator[Change]:
    """Yield changes of the opening, the publication, and the day a call was closed by."""
    for field in _DATE_FIELDS:
        name = message(f"field.{field}")
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        if old is None or new is None:
            change = change_of(field, name, _describe_date(old), _describe_date(new))
        else:
            change = describe_transition(
                field, ChangeKind.MOVED, name, (_describe_date(old), _describe_date(new))
            )
        ends = {"before": old and old.isoformat(), "after": new and new.isoformat()}
        yield change.model_copy(update=ends)


def _describe_date(of: datetime | None) -> Message | None:
    if of is None:
        return None
    midnight = not (of.hour or of.minute)
    return verbatim(of.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M"))


def funding_changes(before: Funding, after: Funding) -> Iterator[Change]:
    """Yield changes of what a call pays: the pot, what one project gets, and how many get it."""
    for part in _AMOUNT_FIELDS:
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            yield _amount_change(part, old, new)
    for part, unit in (("expected_awards", "verbatim"), ("share_percent", "change.percent")):
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            yield _number_change(part, unit, old, new)
    if before.text != after.text:
        yield change_with_sentence("funding.text", before.text, after.text, message("change.money"))


def _amount_change(part: str, old: Money | None, new: Money | None) -> Change:
    field, name = f"funding.{part}", message(f"field.{part}")
    values = (_describe_money(old), _describe_money(new))
    if old is None or new is None or old.currency != new.currency:
        change = change_of(field, name, *values)
    else:
        kind = ChangeKind.RAISED if new.amount > old.amount else ChangeKind.LOWERED
        change = describe_transition(field, kind, name, values)
    ends = {"before": old and _exact_amount(old), "after": new and _exact_amount(new)}
    return change.model_copy(update=ends)


def _exact_amount(of: Money) -> str:
    return f"{of.amount:f} {of.currency}"


def _describe_money(of: Money | None) -> Message | None:
    if of is None:
        return None
    return message("change.amount", figure=whole(of.amount), currency=of.currency)


def _number_change(
    part: str, unit: str, old: Decimal | int | None, new: Decimal | int | None
) -> Change:
    """Tell of a number, said by the text ``unit``."""
    field, name = f"funding.{part}", message(f"field.{part}")
    before, after = (
        None if n is None else message(unit, text=f"{Decimal(n):f}") for n in (old, new)
    )
    if old is None or new is None:
        return change_of(field, name, before, after)
    kind = ChangeKind.RAISED if new > old else ChangeKind.LOWERED
    return describe_transition(field, kind, name, (before, after))
