"""Doctor: is everything here that a match needs, and how do the sources fare?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from scrapers.call import Call, Level
from scrapers.fetch import Fetcher, Limits
from scrapers.funder import Fetch, Funder
from scrapers.platforms.curated import CuratedFunder
from scrapers.probe import probe
from scrapers.run import parse_files
from service.context import Context
from service.domain.call_ids import source_of
from service.domain.frozen_model import FrozenModel
from service.domain.sources import SourceState, SourceStatus, sources
from service.errors import InputError
from service.jobs import examination
from service.jobs.collect import Progress
from service.jobs.examination import Examined
from service.settings import Settings

FOLDERS = {"eu_portal": "eu_sedia", "nih_guide": "nih"}
"""Names that folders of saved answers have besides the funder's key."""

OTHERS = "other_funders"
"""Folder of saved answers of many funders; a file there begins with the key of its own."""

LIMITS = Limits(read=30, deadline=60, retries=0)
"""Seconds that a source has for a small question."""


class Filled(FrozenModel):
    """Shares of calls, 0 to 1, that say a thing; null of no calls at all."""

    deadline: float | None = None
    amount: float | None = None
    eligibility: float | None = None
    both_languages: float | None = None

    @classmethod
    def from_calls(cls, calls: Sequence[Call]) -> Filled:
        """Return the shares of ``calls``."""
        if not calls:
            return cls()
        return cls(
            deadline=_share(bool(call.deadlines) for call in calls),
            amount=_share(_names_an_amount(call) for call in calls),
            eligibility=_share(bool(call.eligibility) for call in calls),
            both_languages=_share({"sv", "en"} <= set(call.titles) for call in calls),
        )


class Samples(FrozenModel):
    """What the reader makes of saved answers."""

    files: int
    calls: int
    left_out: int = Field(description="Records that are no calls, such as news.")
    problems: tuple[str, ...]
    filled: Filled


class Live(FrozenModel):
    """What a source answered to a small question."""

    outcome: str
    seconds: float
    address: str
    records: int
    calls: int
    differences: tuple[str, ...]
    absent: tuple[str, ...]


class FunderHealth(FrozenModel):
    """A row of the doctor's table; ``calls`` is null when the database cannot be read."""

    key: str
    name: str
    level: Level
    interface: str
    verified: str
    calls: int | None
    calls_in_samples: int | None
    filled: Filled
    last_run: datetime | None
    last_good: datetime | None
    state: SourceState
    findings: tuple[str, ...]
    samples: Samples | None = None
    live: Live | None = None

    @property
    def is_healthy(self) -> bool:
        """Whether nothing must be done about this source."""
        bad = self.state in (SourceState.FAILING, SourceState.STALE)
        return not bad and (self.live is None or not self.live.differences)


class Diagnosis(FrozenModel):
    """All that was looked at."""

    ok: bool
    checks: tuple[Examined, ...]
    funders: tuple[FunderHealth, ...]


def diagnose(
    settings: Settings,
    funders: Sequence[Funder],
    *,
    samples: Path | None = None,
    fetcher: Fetch | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Look at the parts of this installation and at each of ``funders``.

    Args:
        settings: where everything is.
        funders: whose rows are wanted.
        samples: folder of saved answers, one folder a funder inside, to be parsed; without it
            only what is kept by hand is.
        fetcher: what each source is asked a small question with; none is asked without.
        progress: told the funders done.

    Raises:
        InputError: there is no folder ``samples``.
    """
    if samples is not None and not samples.is_dir():
        raise InputError(f"There is no folder {samples}: name one that holds saved answers.")
    folder = examination.data_folder(settings)
    context, database = examination.database(settings)
    checks = (
        folder,
        database,
        examination.model(settings),
        examination.index(settings, context),
        examination.rates(settings, context.now() if context else datetime.now(UTC)),
        examination.mail(settings),
        *examination.unusable_funders(),
    )
    fares = _fares(context, funders)
    stored = _by_funder(context)
    rows = []
    for done, source in enumerate(funders, 1):
        row = _row(source, stored, fares.get(source.key))
        rows.append(_looked_into(row, source, samples, fetcher))
        if progress is not None:
            progress(done, len(funders))
    well = all(check.ok for check in checks) and all(row.is_healthy for row in rows)
    return Diagnosis(ok=well, checks=checks, funders=tuple(rows))


def small_questions(contact: str) -> Fetcher:
    """Return a fetcher for questions to live sources; what comes is not kept."""
    return Fetcher(contact, limits=LIMITS)


def examples() -> Path | None:
    """Return the folder of the readers' examples, which a checkout has and a package has not."""
    folder = Path(__file__).resolve().parents[2] / "tests" / "examples"
    return folder if folder.is_dir() else None


def answers_in(samples: Path | None, source: Funder) -> list[Path]:
    """Return the saved answers of a funder; of calls kept by hand it is the file they are in."""
    if isinstance(source, CuratedFunder):
        return [Path(str(source.file))]
    if samples is None:
        return []
    named = (samples / name for name in (source.key, FOLDERS.get(source.key, source.key)))
    folder = next((folder for folder in named if folder.is_dir()), None)
    found = [path for path in folder.iterdir() if _is_answer(path)] if folder else []
    return sorted([*found, *(samples / OTHERS).glob(f"{source.key}_*")])


def _fares(context: Context | None, funders: Sequence[Funder]) -> Mapping[str, SourceStatus]:
    if context is None:
        return {}
    stored = context.calls.all().values()
    now = datetime.now(UTC)
    found = sources(funders, stored, context.runs, now=now, clock=context.now())
    return {one.key: one for one in found}


def _by_funder(context: Context | None) -> Mapping[str, Sequence[Call]] | None:
    if context is None:
        return None
    found: dict[str, list[Call]] = {}
    for call in context.calls.all().values():
        found.setdefault(source_of(call.id), []).append(call)
    return found


def _row(
    source: Funder, stored: Mapping[str, Sequence[Call]] | None, fares: SourceStatus | None
) -> FunderHealth:
    calls = [] if stored is None else stored.get(source.key, [])
    last, good = (fares.last_run, fares.last_good) if fares else (None, None)
    return FunderHealth(
        key=source.key,
        name=source.title,
        level=source.level,
        interface=source.interface,
        verified=source.verified,
        calls=None if stored is None else len(calls),
        calls_in_samples=None,
        filled=Filled.from_calls(calls),
        last_run=last.finished_at or last.started_at if last else None,
        last_good=good.finished_at or good.started_at if good else None,
        state=fares.state if fares else SourceState.NEVER,
        findings=fares.findings if fares else (),
    )


def _looked_into(
    row: FunderHealth, source: Funder, samples: Path | None, fetcher: Fetch | None
) -> FunderHealth:
    """Return ``row`` with what saved answers and the source itself say."""
    read = _samples(source, samples)
    if read is not None:
        row = row.model_copy(update={"samples": read, "calls_in_samples": read.calls})
    if fetcher is not None:
        row = row.model_copy(update={"live": _live(source, fetcher)})
    return row


def _samples(source: Funder, samples: Path | None) -> Samples | None:
    paths = answers_in(samples, source)
    if not paths:
        return None
    report = parse_files(source.key, paths)
    return Samples(
        files=len(paths),
        calls=len(report.calls),
        left_out=sum(report.skipped.values()),
        problems=tuple(message for _, message in report.problems),
        filled=Filled.from_calls(report.calls),
    )


def _is_answer(path: Path) -> bool:
    name = path.name
    ours = name.startswith((".", "README")) or ".expected." in name
    return path.is_file() and not ours


def _live(source: Funder, fetcher: Fetch) -> Live:
    found = probe(source, fetcher)
    return Live(
        outcome=found.outcome.value,
        seconds=round(found.seconds, 2),
        address=found.address,
        records=found.records,
        calls=found.calls,
        differences=found.differences,
        absent=found.absent,
    )


def _share(values: Iterable[bool]) -> float:
    counted = list(values)
    return round(sum(counted) / len(counted), 3)


def _names_an_amount(call: Call) -> bool:
    pays = call.funding
    return pays is not None and any((pays.total, pays.minimum, pays.maximum))
