"""What became different about a call, from one stored version to the next."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from scrapers.call import Call, Funding, Section, Status
from service.domain.calls.change import (
    CallVersion,
    Change,
    ChangeKind,
    change_of,
    change_with_sentence,
    shorten,
)
from service.domain.calls.history_fields import date_changes, deadline_changes, funding_changes
from service.messages.message import ListStyle, Message, join_values, message, quote, verbatim
from service.messages.sentence import Sentence

_PLAIN_FIELDS = ("funder", "level", "programme", "url", "apply_url")
_LIST_FIELDS = ("identifiers", "keywords")


def list_versions(versions: Sequence[tuple[datetime, Call]]) -> tuple[CallVersion, ...]:
    """Return the versions of a call, oldest first, each with what it changed.

    Args:
        versions: the call as it was, oldest first, with the aware instant each was first seen.
    """
    if not versions:
        return ()
    found = [CallVersion(number=1, seen_at=versions[0][0], changes=())]
    pairs = itertools.pairwise(versions)
    for number, ((_, before), (seen_at, after)) in enumerate(pairs, 2):
        changes = compare_versions(before, after, seen_at)
        found.append(CallVersion(number=number, seen_at=seen_at, changes=changes))
    return tuple(found)


def compare_versions(before: Call, after: Call, at: datetime) -> tuple[Change, ...]:
    """Return what differs between two versions of a call, what matters most first.

    Args:
        before: the call as it was.
        after: the call as it became.
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
            sentence=Sentence.of(_text_changed(kind, code, names)),
        )


def _text_changed(kind: ChangeKind, code: str, names: Sequence[str]) -> Message:
    if kind is ChangeKind.ADDED:
        return message("change.text.added", code=code)
    if kind is ChangeKind.REMOVED:
        return message("change.text.removed", code=code)
    if not names:
        return message("change.text.order", code=code)
    return message("change.text.changed", code=code, sections=join_values(names, ListStyle.COMMAS))


def _split_sections(text: str, sections: Sequence[Section]) -> dict[str, str]:
    """Return a text by section; what lies in none is called "text"."""
    found: dict[str, list[str]] = {}
    position = 0
    for section in sorted(sections, key=lambda s: s.start):
        found.setdefault("text", []).append(text[position : section.start].strip())
        found.setdefault(section.name, []).append(text[section.start : section.end].strip())
        position = max(position, section.end)
    found.setdefault("text", []).append(text[position:].strip())
    joined = {name: "\n".join(part for part in parts if part) for name, parts in found.items()}
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
