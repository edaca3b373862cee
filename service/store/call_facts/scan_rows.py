"""The facts of some calls that a scan counts, read by the database; no record is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Engine, select

from scrapers.call import Level, Money, Status
from service.domain.calls.stored.call_facts import read_money, to_datetime, to_instant
from service.domain.scan.rows import ScanRow
from service.store.call_facts.conditions_in_sql import FactsAt, is_one_of
from service.store.call_facts.tables import CallEntryRow, CallFactsRow
from service.store.database import open_session


class ScanRowReader:
    """Reads what a scan counts of calls."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, call_ids: Collection[str], now: datetime) -> list[ScanRow]:
        """Return the rows of some calls at ``now`` (aware), those next to apply to first.

        Calls without a date come last; ties are broken by id.
        """
        at, row = FactsAt(now), CallFactsRow
        wanted = select(
            row.id,
            row.funder,
            row.name,
            row.level,
            at.status,
            at.next_instant,
            row.first_entry,
            row.last_entry,
            row.opens,
            row.is_rolling,
            row.total_amount,
            row.maximum,
        )
        with open_session(self._engine) as session:
            rows = session.execute(wanted.where(is_one_of(session, row.id, call_ids))).all()
            later = select(CallEntryRow.call_id, CallEntryRow.instant).where(
                is_one_of(session, CallEntryRow.call_id, call_ids)
            )
            entries: dict[str, set[int]] = {}
            for id_, instant in session.execute(later):
                entries.setdefault(id_, set()).add(instant)
        moment = to_instant(now)
        found = [
            ScanRow(
                id=one.id,
                funder=one.funder,
                name=one.name,
                level=Level(one.level),
                status=Status(one[4]),
                next_deadline=None if one[5] is None else to_datetime(one[5]),
                deadlines=_coming(entries.get(one.id) or {one.first_entry, one.last_entry}, moment),
                opens=None if one.opens is None else to_datetime(one.opens),
                is_rolling=one.is_rolling,
                total=_money(one.total_amount),
                most=_money(one.maximum),
            )
            for one in rows
        ]
        return sorted(
            found, key=lambda one: (one.first_date is None, one.first_date or now, one.id)
        )


def _coming(instants: Iterable[int | None], moment: int) -> tuple[datetime, ...]:
    ahead = {instant for instant in instants if instant is not None and instant >= moment}
    return tuple(map(to_datetime, sorted(ahead)))


def _money(written: str | None) -> Money | None:
    return None if written is None else read_money(written)
