"""Judgements in the database: a row for each; no row is ever changed."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.matching.feedback import CurrentOpinions, Judgement, Opinion
from service.store.tables import FeedbackRow


class FeedbackStore:
    """Judgements on calls for pilots, with who gave them and when."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, judgement: Judgement) -> Judgement:
        """Store ``judgement``; the caller has checked its pilot and call."""
        with Session(self._engine) as session:
            session.add(
                FeedbackRow(
                    pilot_id=judgement.pilot,
                    call_id=judgement.call,
                    verdict=judgement.verdict.value,
                    given_by=judgement.by,
                    given_at=judgement.at,
                )
            )
            session.commit()
        return judgement

    def history(self, pilot_id: str) -> list[Judgement]:
        """Return every judgement on the pilot's calls, oldest first."""
        wanted = select(FeedbackRow).where(FeedbackRow.pilot_id == pilot_id)
        with Session(self._engine) as session:
            rows = session.scalars(wanted.order_by(FeedbackRow.key))
            return list(map(_judgement, rows))

    def all_opinions(self) -> dict[str, CurrentOpinions]:
        """Return the latest opinions on the calls of each pilot that has any, by its id."""
        histories = self.histories()
        return {pilot_id: CurrentOpinions(history) for pilot_id, history in histories.items()}

    def histories(self) -> dict[str, list[Judgement]]:
        """Return every judgement by the id of its pilot, oldest first."""
        given: dict[str, list[Judgement]] = {}
        with Session(self._engine) as session:
            for row in session.scalars(select(FeedbackRow).order_by(FeedbackRow.key)):
                given.setdefault(row.pilot_id, []).append(_judgement(row))
        return given

    def opinions(self, pilot_id: str) -> CurrentOpinions:
        """Return the latest opinion on each of the pilot's calls."""
        return CurrentOpinions(self.history(pilot_id))


def _judgement(row: FeedbackRow) -> Judgement:
    return Judgement(
        pilot=row.pilot_id,
        call=row.call_id,
        verdict=Opinion(row.verdict),
        by=row.given_by,
        at=row.given_at,
    )
