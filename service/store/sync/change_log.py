"""Writes the log of changed calls, in the transaction that changes them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import LinkState
from service.store.sync.tables import CallChangeRow
from service.store.tables import CallLinkRow

KEPT = timedelta(days=90)
"""How long a change is kept that a later one of the same call has replaced."""

_BATCH_SIZE = 500


def record_changes(session: Session, call_ids: Iterable[str], at: datetime) -> None:
    """Write that some calls changed at the aware instant ``at``, or were deleted.

    Their copies count as changed too: which of them leads may be another now. A stamp must have
    grown in the transaction before: from there on nobody else writes, so numbers ascend in the
    order in which transactions end, and no reader passes one that is still to come.
    """
    ids = sorted(_with_copies(session, set(call_ids)))
    if not ids:
        return
    mark = secrets.token_hex(4)
    row = CallChangeRow
    for start in range(0, len(ids), _BATCH_SIZE):
        part = ids[start : start + _BATCH_SIZE]
        replaced = update(row).where(row.call_id.in_(part), row.is_latest)
        session.execute(
            replaced.values(is_latest=False).execution_options(synchronize_session=False)
        )
        new = [{"call_id": id_, "changed_at": at, "mark": mark, "is_latest": True} for id_ in part]
        session.execute(insert(row), new)
    old = delete(row).where(not_(row.is_latest), row.changed_at < at - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


def _with_copies(session: Session, ids: set[str]) -> set[str]:
    """Return ``ids`` with every call that links make one with them, over however many links."""
    found, waiting = set(ids), list(ids)
    link = CallLinkRow
    merging = (link.relation == Relation.SAME.value, link.state != LinkState.SPLIT.value)
    while waiting:
        part, waiting = waiting[:_BATCH_SIZE], waiting[_BATCH_SIZE:]
        ends = select(link.a, link.b).where(or_(link.a.in_(part), link.b.in_(part)), *merging)
        near = {end for pair in session.execute(ends) for end in pair} - found
        found |= near
        waiting += near
    return found
