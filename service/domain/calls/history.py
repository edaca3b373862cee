"""What became different about a call, from one stored version to the next, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money, Section, Status
from service.domain.frozen_model import FrozenModel
from service.messages.formats import whole
from service.messages.message import (
    ListStyle,
    Message,
    Shortened,
    Value,
    join_values,
    message,
    quote,
    verbatim,
)
from service.messages.notes import has_remark, record_sentences
from service.messages.render import english
from service.messages.sentence import Sentence

_MAX_QUOTE_LENGTH = 160
_PLAIN_FIELDS = ("funder", "level", "programme", "url", "apply_url")
_LIST_FIELDS = ("identifiers", "keywords")
_AMOUNT_FIELDS = ("total", "maximum", "minimum")
_DATE_FIELDS = ("opens", "published", "closed_by")


class ChangeKind(StrEnum):
    """What happened to a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RAISED = "raised"
    LOWERED = "lowered"
    REOPENED = "reopened"
    CLOSED = "closed"


class Change(FrozenModel):
    """One difference between two versions of a call."""

    field: str = Field(
        description="A field of the call, with the language or part after a dot, or `status`."
    )
    kind: ChangeKind
    before: str | None = Field(
        description="As it was: instants in ISO 8601, amounts with currency; null for nothing."
    )
    after: str | None = Field(description="As it is since, in the same form.")
    sections: tuple[str, ...] = Field(
        default=(), description="Of a text: the sections that differ. Texts are not repeated."
    )
    sentence: Sentence


class CallVersion(FrozenModel):
    """What a call was from an instant on."""

    number: int = Field(description="Counted from 1, the call as it was first stored.")
    seen_at: datetime = Field(description="When this version was first seen.")
    changes: tuple[Change, ...] = Field(description="What differs from the version before.")


def change_of(field: str, name: Message, before: Message | None, after: Message | None) -> Change:
    """Return the change from one value to another; None stands for no value."""
    if before is None and after is not None:
        return describe_addition(field, name, after)
    if after is None and before is not None:
        return describe_removal(field, name, before)
    return describe_transition(field, ChangeKind.CHANGED, name, (before, after))


def describe_addition(field: str, name: Message, after: Message) -> Change:
    """Return the change from no value to ``after``."""
    return Change(
        field=field,
        kind=ChangeKind.ADDED,
        before=None,
        after=english(after),
        sentence=Sentence.of(message("change.stated", name=name, after=shorten(after))),
    )


def describe_removal(field: str, name: Message, before: Message) -> Change:
    """Return the change from ``before`` to no value."""
    return Change(
        field=field,
        kind=ChangeKind.REMOVED,
        before=english(before),
        after=None,
        sentence=Sentence.of(message("change.withdrawn", name=name, before=shorten(before))),
    )


def describe_transition(
    field: str,
    kind: ChangeKind,
    name: Message,
    values: tuple[Message | None, Message | None],
    how: str = "",
    **more: Value,
) -> Change:
    """Return the change of one value into another, in the sentence of ``kind``.

    ``how`` names a variant of that sentence, and ``more`` holds the variant's further values.
    """
    before, after = (shorten(value) if value else "" for value in values)
    key = f"change.{kind}{how}"
    return Change(
        field=field,
        kind=kind,
        before=english(values[0]) or None if values[0] else None,
        after=english(values[1]) or None if values[1] else None,
        sentence=Sentence.of(message(key, name=name, before=before, after=after, **more)),
    )


def change_with_sentence(field: str, before: str, after: str, sentence: Message) -> Change:
    """Return a change that has a sentence of its own; an empty text stands for no value."""
    return Change(
        field=field,
        kind=ChangeKind.CHANGED,
        before=before or None,
        after=after or None,
        sentence=Sentence.of(sentence),
    )


def shorten(value: Value) -> Shortened:
    """Return ``value`` for use within a sentence: on one line, and cut where it is long."""
    return Shortened(value, _MAX_QUOTE_LENGTH)


def list_versions(versions: Sequence[tuple[datetime, Call]]) -> tuple[CallVersion, ...]:
    """Return the versions of a call, oldest first, each with its changes.

    Args:
        versions: the call as it was, oldest first, with the aware instant each was first seen.
    """
    if not versions:
        return ()
    numbered = [CallVersion(number=1, seen_at=versions[0][0], changes=())]
    pairs = itertools.pairwise(versions)
    for number, ((_, before), (seen_at, after)) in enumerate(pairs, 2):
        changes = compare_versions(before, after, seen_at)
        numbered.append(CallVersion(number=number, seen_at=seen_at, changes=changes))
    return tuple(numbered)


def compare_versions(before: Call, after: Call, at: datetime) -> tuple[Change, ...]:
    """Return what differs between two versions of a call, the most important first.

    Args:
        before: the older version.
        after: the newer version.
        at: the aware instant of the change: it decides whether the call was closed.
    """
    return (
        *_status_changes(before.status(at), after.status(at)),
        *deadline_changes(before, after, at),
        *date_changes(before, after),
        *funding_changes(before.funding or Funding(), after.funding or Funding()),
        *_title_changes(before, after),
        *_text_changes(before, after),
        *_other_changes(before, after),
    )


def _status_changes(was: Status, now: Status) -> Iterator[Change]:
    if was is Status.CLOSED and now in (Status.OPEN, Status.FORTHCOMING):
        kind = ChangeKind.REOPENED
        sentence = message("change.reopened" if now is Status.OPEN else "change.reopening")
    elif was is Status.OPEN and now is Status.CLOSED:
        kind, sentence = ChangeKind.CLOSED, message("change.closed")
    else:
        return
    yield Change(field="status", kind=kind, before=was, after=now, sentence=Sentence.of(sentence))


def _title_changes(before: Call, after: Call) -> Iterator[Change]:
    for code in sorted({*before.titles, *after.titles}):
        old, new = before.titles.get(code), after.titles.get(code)
        if old != new:
            name = message("field.title", code=code)
            yield change_of(f"titles.{code}", name, _quote_text(old), _quote_text(new)).model_copy(
                update={"before": old, "after": new}
            )


def _quote_text(text: str | None) -> Message | None:
    return None if text is None else quote(shorten(text))


def _text_changes(before: Call, after: Call) -> Iterator[Change]:
    for code in sorted({*before.texts, *after.texts}):
        old, new = before.texts.get(code), after.texts.get(code)
        parts = (before.sections.get(code, ()), after.sections.get(code, ()))
        if old == new and parts[0] == parts[1]:
            continue
        was, now = _split_sections(old or "", parts[0]), _split_sections(new or "", parts[1])
        names = tuple(name for name in {**now, **was} if was.get(name) != now.get(name))
        kind = ChangeKind.CHANGED
        if old is None or new is None:
            kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED
        yield Change(
            field=f"texts.{code}",
            kind=kind,
            before=None,
            after=None,
            sections=names,
            sentence=Sentence.of(_text_sentence(kind, code, names)),
        )


def _text_sentence(kind: ChangeKind, code: str, names: Sequence[str]) -> Message:
    if kind is ChangeKind.ADDED:
        return message("change.text.added", code=code)
    if kind is ChangeKind.REMOVED:
        return message("change.text.removed", code=code)
    if not names:
        return message("change.text.order", code=code)
    return message("change.text.changed", code=code, sections=join_values(names, ListStyle.COMMAS))


def _split_sections(text: str, sections: Sequence[Section]) -> dict[str, str]:
    """Return a text by section; what lies in no section is under "text"."""
    parts_by_section: dict[str, list[str]] = {}
    position = 0
    for section in sorted(sections, key=lambda s: s.start):
        parts_by_section.setdefault("text", []).append(text[position : section.start].strip())
        parts_by_section.setdefault(section.name, []).append(
            text[section.start : section.end].strip()
        )
        position = max(position, section.end)
    parts_by_section.setdefault("text", []).append(text[position:].strip())
    joined = {
        name: "\n".join(part for part in parts if part) for name, parts in parts_by_section.items()
    }
    return {name: part for name, part in joined.items() if part}


def _other_changes(before: Call, after: Call) -> Iterator[Change]:
    for field in _PLAIN_FIELDS:
        old, new = getattr(before, field) or "", getattr(after, field) or ""
        if old != new:
            values = (verbatim(text) if text else None for text in (old, new))
            yield change_of(field, message(f"field.{field}"), *values)
    for field in _LIST_FIELDS:
        yield from _list_changes(field, getattr(before, field), getattr(after, field))
    who = [tuple(dict.fromkeys(f.value for f in call.eligibility)) for call in (before, after)]
    yield from _list_changes("eligibility", *who)
    if who[0] == who[1] and before.eligibility != after.eligibility:
        yield change_with_sentence(
            "eligibility", "; ".join(who[0]), "; ".join(who[1]), message("change.who")
        )
    if before.invited_only != after.invited_only:
        was, now = ("yes" if call.invited_only else "no" for call in (before, after))
        key = "change.invited" if after.invited_only else "change.not_invited"
        yield change_with_sentence("invited_only", was, now, message(key))
    if before.links != after.links:
        was, now = ("; ".join(link.url for link in call.links) for call in (before, after))
        yield change_with_sentence("links", was, now, message("change.links"))


def _list_changes(field: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if old != new:
        values = (verbatim("; ".join(values)) if values else None for values in (old, new))
        yield change_of(field, message(f"field.{field}"), *values)


def deadline_changes(before: Call, after: Call, at: datetime) -> Iterator[Change]:
    """Yield the changes of the deadlines by the aware instant ``at``; a moved one is one change."""
    removed = [d for d in before.deadlines if d not in after.deadlines]
    added = [d for d in after.deadlines if d not in before.deadlines]
    for old in removed:
        new = _successor(old, added, at)
        if new is None:
            yield describe_removal("deadlines", _deadline_name(old), _describe_deadline(old))
            continue
        added.remove(new)
        yield _deadline_change(old, new)
    for new in added:
        yield describe_addition("deadlines", _deadline_name(new), _describe_deadline(new))


def _successor(old: Deadline, added: Sequence[Deadline], at: datetime) -> Deadline | None:
    """Return the deadline that replaces ``old``; a cut-off that has passed has no successor."""
    if old.kind is DeadlineKind.CUT_OFF and old.at is not None and old.at < at:
        return None
    return next((new for new in added if new.stage == old.stage), None)


def _deadline_change(old: Deadline, new: Deadline) -> Change:
    name = _deadline_name(new)
    if old.at is None or new.at is None or old.at == new.at:
        values = (_describe_deadline(old, full=True), _describe_deadline(new, full=True))
        return describe_transition("deadlines", ChangeKind.CHANGED, name, values)
    days = abs(new.at - old.at).days
    how = ("" if days else ".hours") + (".later" if new.at > old.at else ".earlier")
    values = (_describe_deadline(old), _describe_deadline(new))
    change = describe_transition(
        "deadlines", ChangeKind.MOVED, name, values, how, count=days, days=str(days)
    )
    return change.model_copy(
        update={"before": old.local().isoformat(), "after": new.local().isoformat()}
    )


def _deadline_name(deadline: Deadline) -> Message:
    if deadline.stage is not None:
        return message("field.deadline.stage", stage=deadline.stage)
    if deadline.kind is DeadlineKind.CUT_OFF:
        return message("field.deadline.cut-off")
    return message("field.deadline")


def _describe_deadline(deadline: Deadline, *, full: bool = False) -> Message:
    """Return a deadline in the funder's own time; ``full`` gives all that its record has."""
    if deadline.at is None:
        rolling = deadline.kind is DeadlineKind.ROLLING
        due = message("change.deadline.rolling" if rolling else "change.deadline.announced")
    else:
        form = "%Y-%m-%d" if deadline.date_only else "%Y-%m-%d %H:%M"
        due = verbatim(deadline.local().strftime(form))
    marks = (
        [deadline.kind.value, deadline.zone]
        if full
        else []
        if deadline.date_only or deadline.at is None
        else [deadline.zone]
    )
    if marks:
        due = message("change.deadline.marked", due=due, marks=join_values(marks, ListStyle.COMMAS))
    if not deadline.text or not (full or deadline.at is None):
        return due
    if has_remark(deadline.text):
        sentences = record_sentences(deadline.text)
        return message("change.deadline.marked", due=due, marks=sentences)
    return message("change.deadline.quoted", due=due, quote=quote(deadline.text))


def date_changes(before: Call, after: Call) -> Iterator[Change]:
    """Yield changes of the opening, the publication, and the day by which a call was closed."""
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


def _describe_date(moment: datetime | None) -> Message | None:
    if moment is None:
        return None
    midnight = not (moment.hour or moment.minute)
    return verbatim(moment.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M"))


def funding_changes(before: Funding, after: Funding) -> Iterator[Change]:
    """Yield changes of the funding: the total, a project's amounts, the number of awards."""
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


def _exact_amount(money: Money) -> str:
    return f"{money.amount:f} {money.currency}"


def _describe_money(money: Money | None) -> Message | None:
    if money is None:
        return None
    return message("change.amount", figure=whole(money.amount), currency=money.currency)


def _number_change(
    part: str, unit: str, old: Decimal | int | None, new: Decimal | int | None
) -> Change:
    """Return the change of a number; ``unit`` is the key of the message that shows it."""
    field, name = f"funding.{part}", message(f"field.{part}")
    before, after = (
        None if n is None else message(unit, text=f"{Decimal(n):f}") for n in (old, new)
    )
    if old is None or new is None:
        return change_of(field, name, before, after)
    kind = ChangeKind.RAISED if new > old else ChangeKind.LOWERED
    return describe_transition(field, kind, name, (before, after))
