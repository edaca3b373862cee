"""The calls that changed since somebody last asked, in the order of their changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scrapers.call import Call
from service.context import Context
from service.domain.calls.copies import LeadPriority, find_minor_copies, lead_priority
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.stored.call_changes import (
    CallChange,
    CallFate,
    read_cursor,
    write_cursor,
)
from service.domain.calls.stored.call_facts import count_filled
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.matching.call_card import make_card
from service.errors import GoneError
from service.use_cases.calls import CallPage

_START_AGAIN = (
    "This cursor is not known here any more: it is too old, or a backup has replaced the calls. "
    "Fetch all of them again with changed_since=start."
)


def list_changed_calls(context: Context, cursor: str, limit: int) -> CallPage:
    """Return up to ``limit`` calls that changed after ``cursor``, each once, as it is now.

    Whoever goes on from the cursor of each answer, until no more are left, misses no change that
    was made meanwhile: a call that changes again comes again.

    Raises:
        GoneError: the cursor is of another store, or was forgotten; the reader must start again.
    """
    position = read_cursor(cursor)
    if position is None or not context.call_changes.knows(position):
        raise GoneError(_START_AGAIN)
    found = context.call_changes.after(position, limit)
    stored, ids = context.stored_calls(), [change.call_id for change in found.changes]
    read_ahead(stored.calls, {copy for id_ in ids for copy in stored.links.group(id_)})
    stored.modified.fetch(ids)
    calls = {id_: stored.calls[id_] for id_ in ids if id_ in stored.calls}
    missing = context.calls.missing_of(ids)
    end = found.changes[-1].position if found.changes else position
    return CallPage(
        calls=tuple(make_card(stored, call, "en") for call in calls.values()),
        page=1,
        page_size=limit,
        pages=max(1, -(-found.total // limit)),
        total=found.total,
        as_of=stored.now,
        cursor=write_cursor(end),
        changes=tuple(
            CallChange(
                id=change.call_id,
                what=_kind(change.call_id, calls, missing, lead),
                modified_at=change.changed_at,
                into=lead if change.call_id in calls and lead != change.call_id else None,
            )
            for change in found.changes
            for lead in (_find_lead(change.call_id, stored.calls, stored.links),)
        ),
    )


def _kind(call_id: str, calls: Collection[str], missing: Collection[str], lead: str) -> CallFate:
    """Return what became of a call; one that is merged is so also when it is withdrawn."""
    if call_id not in calls:
        return CallFate.DELETED
    if lead != call_id:
        return CallFate.MERGED
    return CallFate.WITHDRAWN if call_id in missing else CallFate.CHANGED


def _find_lead(call_id: str, calls: Mapping[str, Call], groups: CallGroups) -> str:
    """Return the copy that stands for all copies of a call.

    Only what is stored decides, no clock: who leads changes only with a copy, and is told then.
    """
    group = [id_ for id_ in groups.group(call_id) if id_ in calls]

    def priority(id_: str) -> LeadPriority:
        call = calls[id_]
        return lead_priority(
            has_deadline=bool(call.deadlines),
            filled=count_filled(call),
            has_language=False,
            text_length=max(map(len, call.texts.values()), default=0),
        )

    minor = find_minor_copies([group], priority)
    return next((id_ for id_ in group if id_ not in minor), call_id)
