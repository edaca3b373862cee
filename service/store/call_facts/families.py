"""The families of calls: which calls may be rounds of one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select, tuple_
from sqlalchemy.orm import Session

from service.domain.calls.rounds import Family
from service.store.call_facts.tables import CallFamilyRow


def find_relatives(engine: Engine, families: Sequence[Family]) -> Mapping[Family, Sequence[str]]:
    """Return the ids of the calls of ``families``, in order, by family."""
    row = CallFamilyRow
    wanted = select(row.funder, row.family, row.call_id).where(
        tuple_(row.funder, row.family).in_(families)
    )
    members: dict[Family, list[str]] = {}
    with Session(engine) as session:
        for funder, family, call_id in session.execute(wanted.order_by(row.call_id)):
            members.setdefault((funder, family), []).append(call_id)
    return members
