"""The families of calls: which calls may be rounds of one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.calls.rounds import Family
from service.store.call_facts.tables import CallFamilyRow


def find_relatives(engine: Engine, families: Sequence[Family]) -> Mapping[Family, Sequence[str]]:
    """Return the ids of the calls of ``families``, in order, by family."""
    row = CallFamilyRow
    wanted = select(row.funder, row.family, row.call_id).where(
        # apart, each finds its rows by the index; as pairs SQLite would look at every row
        row.funder.in_({funder for funder, _ in families}),
        row.family.in_({family for _, family in families}),
    )
    asked = set(families)
    members: dict[Family, list[str]] = {}
    with Session(engine) as session:
        for funder, family, call_id in session.execute(wanted.order_by(row.call_id)):
            if (funder, family) in asked:
                members.setdefault((funder, family), []).append(call_id)
    return members
