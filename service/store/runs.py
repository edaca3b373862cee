"""Runs of jobs: a row for each, with its report or the reason that it failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.store.database import open_session
from service.store.tables import RunRow

RUNNING, DONE, FAILED = "running", "done", "failed"

_LATEST = 200
"""Runs among which those that have not ended are looked for."""

RESTORE_JOB = "restore"
"""Name of the job that put a backup in the place of the store."""


@dataclass
class Run:
    """A run; whoever does the work fills ``report`` and may set ``state`` to failed."""

    id: int
    job: str
    subject: str
    started_at: datetime
    state: str = RUNNING
    finished_at: datetime | None = None
    report: dict[str, Any] = field(default_factory=dict)


class RunStore:
    """The history of jobs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def record(self, job: str, subject: str = "") -> Iterator[Run]:
        """Store a row for the work within: done, or failed with the reason."""
        run = self._begin(job, subject)
        try:
            yield run
        except BaseException as error:
            run.state = FAILED
            run.report.setdefault("error", str(error) or type(error).__name__)
            raise
        else:
            run.state = FAILED if run.state == FAILED else DONE
        finally:
            self._end(run)

    def latest(self, limit: int = 50) -> list[Run]:
        """Return the newest runs, newest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(RunRow).order_by(RunRow.id.desc()).limit(limit))
            return [_run(row) for row in rows]

    def last_good(self, job: str, subject: str) -> Run | None:
        """Return the newest run of ``job`` on ``subject`` that was done."""
        wanted = select(RunRow).where(
            RunRow.job == job, RunRow.subject == subject, RunRow.state == DONE
        )
        with Session(self._engine) as session:
            row = session.scalars(wanted.order_by(RunRow.id.desc()).limit(1)).first()
            return None if row is None else _run(row)

    def runs_of(self, job: str, subject: str) -> list[Run]:
        """Return every run of ``job`` on ``subject``, newest first."""
        wanted = select(RunRow).where(RunRow.job == job, RunRow.subject == subject)
        with Session(self._engine) as session:
            return [_run(row) for row in session.scalars(wanted.order_by(RunRow.id.desc()))]

    def newest(self, job: str, *, state: str | None = None) -> dict[str, Run]:
        """Return the newest run of ``job`` on each subject; of those in ``state``, if given."""
        newest = select(func.max(RunRow.id)).where(RunRow.job == job).group_by(RunRow.subject)
        if state is not None:
            newest = newest.where(RunRow.state == state)
        with Session(self._engine) as session:
            rows = session.scalars(select(RunRow).where(RunRow.id.in_(newest)))
            return {row.subject: _run(row) for row in rows}

    def last_good_ends(self) -> dict[str, datetime]:
        """Return when each job last ended well, on whatever subject."""
        newest = select(func.max(RunRow.id)).where(RunRow.state == DONE).group_by(RunRow.job)
        with open_session(self._engine) as session:
            rows = session.scalars(select(RunRow).where(RunRow.id.in_(newest)))
            return {row.job: row.finished_at or row.started_at for row in rows}

    def stamp(self) -> tuple[int, int]:
        """Return numbers that change when a run begins or ends.

        Only the latest runs are asked how they stand: there are tens of thousands a year.
        """
        with Session(self._engine) as session:
            newest = session.scalar(select(func.max(RunRow.id))) or 0
            under_way = select(func.count()).where(
                RunRow.id > newest - _LATEST, RunRow.state == RUNNING
            )
            return newest, session.scalar(under_way) or 0

    def _begin(self, job: str, subject: str) -> Run:
        started = datetime.now(UTC)
        with open_session(self._engine) as session:
            row = RunRow(job=job, subject=subject, state=RUNNING, started_at=started, report={})
            session.add(row)
            session.commit()
            return Run(row.id, job, subject, started)

    def _end(self, run: Run) -> None:
        run.finished_at = datetime.now(UTC)
        with open_session(self._engine) as session:
            row = session.get(RunRow, run.id)
            if row is not None:
                row.state, row.finished_at = run.state, run.finished_at
                row.report = dict(run.report)
                session.commit()


def _run(row: RunRow) -> Run:
    return Run(
        row.id,
        row.job,
        row.subject,
        row.started_at,
        row.state,
        row.finished_at,
        dict(row.report),
    )
