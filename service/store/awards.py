"""Awards in the database, found by id or by the call that paid for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from scrapers.award import Award
from service.store.database import open_session
from service.store.tables import AwardCallRow, AwardRow

_BATCH_SIZE = 500


@dataclass(frozen=True)
class AwardUpsertReport:
    """What an upsert did, in awards."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: AwardUpsertReport) -> AwardUpsertReport:
        return AwardUpsertReport(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )


class AwardStore:
    """Every award by its id, apart from the calls: no search for calls finds one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, award_id: str) -> Award | None:
        """Return the award with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(AwardRow, award_id)
            return None if row is None else Award.model_validate_json(row.record)

    def get_many(self, ids: Collection[str]) -> dict[str, Award]:
        """Return the awards with these ids, by id; those that are not there are left out."""
        wanted = sorted(ids)
        awards: dict[str, Award] = {}
        with open_session(self._engine) as session:
            for start in range(0, len(wanted), _BATCH_SIZE):
                part = wanted[start : start + _BATCH_SIZE]
                rows = session.scalars(select(AwardRow.record).where(AwardRow.id.in_(part)))
                awards |= {a.id: a for a in map(Award.model_validate_json, rows)}
        return awards

    def with_number(self, number: str, most: int = 10) -> list[Award]:
        """Return the awards with a diary number: their register's own number is it, or begins so.

        Args:
            number: as an agency writes it, such as 2023-01234; in any case.
            most: how many at most, those whose number it is exactly first.
        """
        found: dict[str, Award] = {}
        with open_session(self._engine) as session:
            sources = session.scalars(select(AwardRow.source).distinct().order_by(AwardRow.source))
            for source in sources.all():
                for written in dict.fromkeys((number, number.upper())):
                    first = f"{source}:{written}"
                    # a range of the primary key: no row but these is looked at
                    wanted = select(AwardRow.record).where(
                        AwardRow.id >= first, AwardRow.id < f"{first}\uffff"
                    )
                    rows = session.scalars(wanted.order_by(AwardRow.id).limit(most))
                    found |= {one.id: one for one in map(Award.model_validate_json, rows)}
        exact = [one for one in found.values() if one.native_id.upper() == number.upper()]
        begins = [one for one in found.values() if _continues(one.native_id, number)]
        return [*exact, *begins][:most]

    def count(self) -> int:
        """Return how many awards there are."""
        with open_session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(AwardRow)) or 0

    def count_by_source(self) -> dict[str, int]:
        """Return how many awards each register brought."""
        counted = select(AwardRow.source, func.count()).group_by(AwardRow.source)
        with open_session(self._engine) as session:
            return {source: count for source, count in session.execute(counted)}  # noqa: C416  typed

    def all(self) -> Iterator[Award]:
        """Yield every award in order of id, some hundreds in memory at a time."""
        last = ""
        while True:
            wanted = select(AwardRow.id, AwardRow.record).where(AwardRow.id > last)
            with open_session(self._engine) as session:
                rows = session.execute(wanted.order_by(AwardRow.id).limit(_BATCH_SIZE)).all()
                awards = [Award.model_validate_json(record) for _, record in rows]
            if not rows:
                return
            yield from awards
            last = rows[-1][0]

    def paid_by(self, funder: str, identifier: str) -> list[Award]:
        """Return the awards that name this identifier of a funder's call, round or topic.

        Args:
            funder: the funder's key, since two agencies give the same number.
            identifier: in any case.
        """
        wanted = (
            select(AwardRow.record)
            .join(AwardCallRow, AwardCallRow.award_id == AwardRow.id)
            .where(AwardCallRow.funder == funder)
            .where(AwardCallRow.identifier == identifier.upper())
            .order_by(AwardRow.id)
        )
        with open_session(self._engine) as session:
            return [Award.model_validate_json(record) for record in session.scalars(wanted)]

    def upsert(self, awards: Sequence[Award], now: datetime) -> AwardUpsertReport:
        """Store ``awards``, each id once, in one transaction; ``now`` is aware.

        Raises:
            StoreError: the database cannot be written; it is then as it was.
        """
        counts = dict.fromkeys(("new", "changed", "unchanged"), 0)
        with open_session(self._engine) as session:
            for award in awards:
                counts[_store_award(session, award, now)] += 1
            session.commit()
        return AwardUpsertReport(**counts)


def _continues(native_id: str, number: str) -> bool:
    """Whether an id is a number with an addition, such as the agency: 2023-01234_Vinnova."""
    rest = native_id[len(number) :]
    return bool(rest) and not rest[0].isalnum()


def _store_award(session: Session, award: Award, now: datetime) -> str:
    """Store one award; return which of the upsert's counts it belongs to."""
    digest = award.content_hash()
    row = session.get(AwardRow, award.id)
    if row is None:
        row = AwardRow(id=award.id, first_seen=now, last_seen=now)
        session.add(row)
        done = "new"
    else:
        row.last_seen = max(row.last_seen, now)
        if row.content_hash == digest and row.source == award.provenance.source:
            return "unchanged"
        session.execute(delete(AwardCallRow).where(AwardCallRow.award_id == award.id))
        done = "changed"
    row.source = award.provenance.source
    row.content_hash = digest
    row.record = award.model_dump_json()
    session.flush()
    for position, identifier in enumerate(award.calls):
        call = AwardCallRow(
            award_id=award.id,
            position=position,
            funder=award.caller,
            identifier=identifier.upper()[:300],
        )
        session.add(call)
    return done
