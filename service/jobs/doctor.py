"""Doctor: checks of this installation, and the state of every source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from scrapers.call import Call, Level
from scrapers.funder import Funder, PageFetcher
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.platforms.curated import CuratedFunder
from scrapers.probe import probe
from scrapers.run import parse_files
from service.context import Context
from service.domain.calls.sources import (
    FunderCounts,
    SourceState,
    SourceStatus,
    make_source_statuses,
)
from service.domain.frozen_model import FrozenModel
from service.errors import InputError
from service.jobs import health_checks
from service.jobs.collect import Progress
from service.jobs.health_checks import CheckResult
from service.settings import Settings

SAMPLE_FOLDERS = {"eu_portal": "eu_sedia", "nih_guide": "nih"}
"""Other names of a funder's folder of saved answers, by its key."""

SHARED_SAMPLES = "other_funders"
"""Folder of saved answers of many funders; the name of a file begins with its funder's key."""

PROBE_LIMITS = Limits(read=30, deadline=60, retries=0)
"""Limits, in seconds, of a probe of a source."""


class FieldCoverage(FrozenModel):
    """Shares of calls, 0 to 1, that have a fact; null when there are no calls."""

    deadline: float | None = None
    amount: float | None = None
    eligibility: float | None = None
    both_languages: float | None = None

    @classmethod
    def from_counts(cls, counts: FunderCounts) -> FieldCoverage:
        """Return the shares of a funder's stored calls."""
        if not counts.calls:
            return cls()
        return cls(
            deadline=round(counts.deadlines / counts.calls, 3),
            amount=round(counts.amounts / counts.calls, 3),
            eligibility=round(counts.applicants / counts.calls, 3),
            both_languages=round(counts.bilingual / counts.calls, 3),
        )

    @classmethod
    def from_calls(cls, calls: Sequence[Call]) -> FieldCoverage:
        """Return the shares of ``calls``."""
        if not calls:
            return cls()
        return cls(
            deadline=_share_of_true(bool(call.deadlines) for call in calls),
            amount=_share_of_true(_names_an_amount(call) for call in calls),
            eligibility=_share_of_true(bool(call.eligibility) for call in calls),
            both_languages=_share_of_true({"sv", "en"} <= set(call.titles) for call in calls),
        )


class SampleReport(FrozenModel):
    """What a funder's reader gets from saved answers."""

    files: int
    calls: int
    left_out: int = Field(description="Records that are no calls, such as news.")
    problems: tuple[str, ...]
    filled: FieldCoverage


class LiveReport(FrozenModel):
    """What a source answered to a probe."""

    outcome: str
    seconds: float
    address: str
    records: int
    calls: int
    differences: tuple[str, ...]
    absent: tuple[str, ...]
    door: str = Field(default="", description="How it was asked, where there are several ways.")


class FunderHealth(FrozenModel):
    """A row of the doctor's table; ``calls`` is null when the database cannot be read."""

    key: str
    name: str
    level: Level
    interface: str
    verified: str
    calls: int | None
    calls_in_samples: int | None
    filled: FieldCoverage
    last_run: datetime | None
    last_good: datetime | None
    state: SourceState
    findings: tuple[str, ...]
    samples: SampleReport | None = None
    live: LiveReport | None = None

    @property
    def is_healthy(self) -> bool:
        """Whether nobody has to do anything about this source."""
        bad = self.state in (SourceState.FAILING, SourceState.STALE)
        return not bad and (self.live is None or not self.live.differences)


class Diagnosis(FrozenModel):
    """The checks of the installation and the rows of the funders."""

    ok: bool
    checks: tuple[CheckResult, ...]
    funders: tuple[FunderHealth, ...]


def diagnose(
    settings: Settings,
    funders: Sequence[Funder],
    *,
    samples: Path | None = None,
    fetcher: PageFetcher | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Check the parts of this installation and each of ``funders``.

    Args:
        settings: where everything is.
        funders: whose rows are wanted.
        samples: folder of saved answers, with a folder for each funder, to be parsed; without it
            only the files of curated funders are.
        fetcher: what each source is probed with; without it none is.
        progress: called with the number of funders done.

    Raises:
        InputError: there is no folder ``samples``.
    """
    if samples is not None and not samples.is_dir():
        raise InputError(f"There is no folder {samples}: name one that holds saved answers.")
    folder = health_checks.check_data_folder(settings)
    context, database = health_checks.check_database(settings)
    checks = (
        folder,
        database,
        health_checks.check_model(settings),
        health_checks.check_index(settings, context),
        *health_checks.check_left_out(context),
        health_checks.check_rates(settings, context.now() if context else datetime.now(UTC)),
        health_checks.check_mail(settings),
        *health_checks.unusable_funders(),
    )
    counts = None if context is None else context.calls.listing.count_by_funder(context.now())
    statuses = _source_statuses(context, funders, counts or {})
    rows = []
    for done, source in enumerate(funders, 1):
        row = _funder_health(source, counts, statuses.get(source.key))
        rows.append(_with_probes(row, source, samples, fetcher))
        if progress is not None:
            progress(done, len(funders))
    well = all(check.ok for check in checks) and all(row.is_healthy for row in rows)
    return Diagnosis(ok=well, checks=checks, funders=tuple(rows))


def probe_fetcher(contact: str) -> Fetcher:
    """Return a fetcher for probes of live sources; answers are not kept."""
    return Fetcher(contact, limits=PROBE_LIMITS)


def samples_folder() -> Path | None:
    """Return the folder of the readers' examples, which a checkout has and a package has not."""
    folder = Path(__file__).resolve().parents[2] / "tests" / "examples"
    return folder if folder.is_dir() else None


def find_samples(samples: Path | None, source: Funder) -> list[Path]:
    """Return the saved answers of a funder; of a curated funder, its own file."""
    if isinstance(source, CuratedFunder):
        return [Path(str(source.file))]
    if samples is None:
        return []
    named = (samples / name for name in (source.key, SAMPLE_FOLDERS.get(source.key, source.key)))
    folder = next((folder for folder in named if folder.is_dir()), None)
    own = [path for path in folder.iterdir() if _is_answer(path)] if folder else []
    return sorted([*own, *(samples / SHARED_SAMPLES).glob(f"{source.key}_*")])


def _source_statuses(
    context: Context | None, funders: Sequence[Funder], counts: Mapping[str, FunderCounts]
) -> Mapping[str, SourceStatus]:
    if context is None:
        return {}
    statuses = make_source_statuses(funders, counts, context.runs, datetime.now(UTC))
    return {status.key: status for status in statuses}


def _funder_health(
    source: Funder, counts: Mapping[str, FunderCounts] | None, status: SourceStatus | None
) -> FunderHealth:
    own = FunderCounts() if counts is None else counts.get(source.key, FunderCounts())
    last, good = (status.last_run, status.last_good) if status else (None, None)
    return FunderHealth(
        key=source.key,
        name=source.title,
        level=source.level,
        interface=source.interface,
        verified=source.verified,
        calls=None if counts is None else own.calls,
        calls_in_samples=None,
        filled=FieldCoverage.from_counts(own),
        last_run=last.finished_at or last.started_at if last else None,
        last_good=good.finished_at or good.started_at if good else None,
        state=status.state if status else SourceState.NEVER,
        findings=status.findings if status else (),
    )


def _with_probes(
    row: FunderHealth, source: Funder, samples: Path | None, fetcher: PageFetcher | None
) -> FunderHealth:
    """Return ``row`` with the results of saved answers and of a live probe."""
    read = _parse_samples(source, samples)
    if read is not None:
        row = row.model_copy(update={"samples": read, "calls_in_samples": read.calls})
    if fetcher is not None:
        row = row.model_copy(update={"live": _probe_source(source, fetcher)})
    return row


def _parse_samples(source: Funder, samples: Path | None) -> SampleReport | None:
    paths = find_samples(samples, source)
    if not paths:
        return None
    report = parse_files(source.key, paths)
    return SampleReport(
        files=len(paths),
        calls=len(report.calls),
        left_out=sum(report.skipped.values()),
        problems=tuple(message for _, message in report.problems),
        filled=FieldCoverage.from_calls(report.calls),
    )


def _is_answer(path: Path) -> bool:
    name = path.name
    ours = name.startswith((".", "README")) or ".expected." in name
    return path.is_file() and not ours


def _probe_source(source: Funder, fetcher: PageFetcher) -> LiveReport:
    answer = probe(source, fetcher)
    return LiveReport(
        outcome=answer.outcome.value,
        seconds=round(answer.seconds, 2),
        address=answer.address,
        records=answer.records,
        calls=answer.calls,
        differences=answer.differences,
        absent=answer.absent,
        door=answer.door,
    )


def _share_of_true(values: Iterable[bool]) -> float:
    counted = list(values)
    return round(sum(counted) / len(counted), 3)


def _names_an_amount(call: Call) -> bool:
    pays = call.funding
    return pays is not None and any((pays.total, pays.minimum, pays.maximum))
