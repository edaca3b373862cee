"""One run of a funder, from saved answers or live, to a report that names all that failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import ValidationError

from scrapers.attachments import AttachmentReader
from scrapers.call import (
    Call,
    deadline_before_opening,
    impossible_dates,
    without_impossible_dates,
)
from scrapers.catalogue import get_funder
from scrapers.checks import Finding, check_run, repetition_findings
from scrapers.errors import ScrapeError, ShapeError
from scrapers.funder import Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.archive import PageArchive
from scrapers.http.page import Failure, Page

Progress = Callable[[int, int | None], None]
"""Called with the pages read so far, and with their number in all if it is known."""

MAX_FILE_BYTES = 200 * 1024 * 1024
"""Largest saved answer in bytes; no funder's answer is larger."""

_GZIP = b"\x1f\x8b"


@runtime_checkable
class LocalAccess(Protocol):
    """A fetcher that asks this machine only within ``allow_local``."""

    def allow_local(self, base: str) -> AbstractContextManager[None]:
        """Allow requests to this machine meanwhile, if ``base`` is on it."""


@dataclass(frozen=True)
class RunReport:
    """The calls of a run, and everything that went wrong.

    ``complete``: no page and no record was lost, so a call that is missing here is missing at the
    source. ``problems`` are (where, message); ``skipped`` counts records that are
    no calls, by reason; ``unread`` counts fields that the reader does not know, by name.
    """

    funder: str
    started_at: datetime
    finished_at: datetime
    complete: bool
    pages: int
    calls: tuple[Call, ...]
    problems: tuple[tuple[str, str], ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def publishable(self) -> bool:
        """Whether these calls may replace what is stored: no finding blocks it."""
        return not any(finding.blocks for finding in self.findings)


@dataclass
class _RunState:
    """What a run has gathered so far."""

    funder: Funder
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    pages: int = 0
    items: list[SourceItem] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    findings: list[Finding] = field(default_factory=list)

    def read(self, page: Page) -> bool:
        """Add the records of ``page``; return whether it was an answer, else note why not."""
        self.pages += 1
        try:
            records = list(self.funder.items(page))
        except ShapeError as error:
            self.record_loss(error.where, str(error))
            return False
        for item in records:
            if isinstance(item, Failure):
                self.record_loss(item.where, item.message)
            elif item.skip:
                self.skipped[item.skip] += 1
            else:
                self.items.append(item)
        return True

    def record_loss(self, where: str, message: str) -> None:
        """Note something that did not become a call."""
        self.lost += 1
        self.problems.append((where, message))

    def calls(self) -> Iterator[Call]:
        """Yield the calls of all records; a record that cannot be read is noted and left out."""
        for group in self.funder.groups(self.items):
            where = group[0].fields.where
            try:
                call = self.funder.call(group)
            except ShapeError as error:
                self.record_loss(where, str(error))
            except ValidationError as error:
                self.record_loss(where, _validation_message(error))
            else:
                yield self._with_sound_dates(call)
            self._note_unread_fields(group)

    def _with_sound_dates(self, call: Call) -> Call:
        """Return ``call`` without impossible dates, and without deadlines before it opens.

        One of two dates that contradict each other is wrong, and nobody here can say which: a call
        without a deadline sends people to the funder's page, a wrong one keeps them from it.
        """
        for sentence in impossible_dates(call):
            self.problems.append((call.id, f"{sentence}; left out"))
        call = without_impossible_dates(call)
        if not (contradiction := deadline_before_opening(call)):
            return call
        self.problems.append((call.id, f"{contradiction}; left out"))
        return call.model_copy(
            update={"deadlines": tuple(d for d in call.deadlines if d.at is None)}
        )

    def _note_unread_fields(self, group: ItemGroup) -> None:
        unread: dict[str, set[str]] = {}
        for item in group:
            self.problems += [n for n in dict.fromkeys(item.fields.notes) if n not in self.problems]
            rest = set(item.fields.unread_names())
            # a name read on one copy of a record is known on all of them
            unread[item.kind] = unread.get(item.kind, rest) & rest
        self.unread.update(f"{kind}.{name}" for kind, names in unread.items() for name in names)

    def report(self, calls: Sequence[Call]) -> RunReport:
        return RunReport(
            funder=self.funder.key,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            complete=not self.lost,
            pages=self.pages,
            calls=tuple(calls),
            problems=tuple(self.problems),
            skipped=dict(self.skipped),
            findings=tuple(self.findings),
            unread=dict(self.unread),
        )


def parse_files(key: str, paths: Sequence[Path]) -> RunReport:
    """Return the calls in saved answers of the funder ``key``, read as one run, without network.

    A file or a record that cannot be read is a problem in the report; the others are read. The
    number of calls is not checked.

    Raises:
        UnknownFunderError: no funder has the key.
    """
    run = _RunState(get_funder(key))
    for path in paths:
        try:
            page = _read_page(path)
        except (OSError, ScrapeError) as error:
            run.record_loss(str(path), f"{path}: {error}")
            continue
        run.read(page)
    calls = list(run.calls())
    run.findings.extend(repetition_findings(calls))
    return run.report(calls)


def _read_page(path: Path) -> Page:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ScrapeError(
            f"larger than {MAX_FILE_BYTES // 2**20} MiB; split it into single answers"
        )
    if (body := path.read_bytes()).startswith(_GZIP):
        raise ScrapeError("packed with gzip; unpack it first")
    return Page(url=path.name, body=body)


def collect(
    source: Funder,
    fetcher: PageFetcher,
    *,
    last_good: int | None = None,
    progress: Progress | None = None,
    archive: PageArchive | None = None,
) -> RunReport:
    """Fetch everything ``source`` has, read it, and check whether it may be published.

    Faults of the network or the source are in the report; only a mistake in the program or a full
    disk raises.

    Args:
        source: the funder.
        fetcher: fetches its pages.
        last_good: how many calls the last published run had.
        progress: called after each page.
        archive: keeps the answers for ``reread``, if given.
    """
    noted: list[Mapping[str, Any]] = []
    entries = _until_error(source.pages(fetcher))
    if archive is not None:
        entries = _archive_entries(entries, archive, noted)
    with fetcher.allow_local(source.base) if isinstance(fetcher, LocalAccess) else nullcontext():
        report = _run_report(source, entries, last_good, progress)
        report = _with_attachments(report, source, fetcher, archive)
    if archive is not None and report.pages:
        archive.keep_run(source.key, noted, report.finished_at, good=report.publishable)
    return report


def reread(
    source: Funder,
    archive: PageArchive,
    *,
    last_good: int | None = None,
    progress: Progress | None = None,
) -> RunReport | None:
    """Read the archived answers of the last run of ``source`` again, and check them as `collect`.

    When they fail the checks, the last good run is read instead: its calls are those that are
    served. ``finished_at`` is when the run itself ended. None if there was no run.

    Raises:
        ScrapeError: the archive's list of a run is damaged.
    """
    failed: RunReport | None = None
    for good in (False, True):
        if (kept := archive.run(source.key, good=good)) is None:
            continue
        ended, entries = kept
        report = _run_report(source, entries, last_good, progress)
        report = replace(_with_attachments(report, source, None, archive), finished_at=ended)
        if not report.publishable:
            failed = failed or report
        elif failed is None:
            return report
        else:
            message = (
                f"the last answers fail their checks; these are the good ones of {ended:%Y-%m-%d}"
            )
            return replace(report, findings=(*report.findings, Finding(message, blocks=False)))
    return failed


def _run_report(
    source: Funder,
    entries: Iterable[Page | Failure],
    last_good: int | None,
    progress: Progress | None,
) -> RunReport:
    run = _RunState(source)
    lost: list[Failure] = []
    total: int | None = None
    for page in entries:
        if isinstance(page, Failure):
            run.record_loss(page.where, page.message)
            lost.append(page)
            continue
        if run.read(page):
            total = source.expected_pages(page) or total
        if progress is not None:
            progress(run.pages, total)
    thin = {f"{source.key}:{failure.id}" for failure in lost if failure.id}
    calls = [call for call in run.calls() if call.id not in thin]
    run.findings.extend(
        Finding(f"{failure.where} could not be had: {failure.message}", blocks=True)
        for failure in lost
        if failure.fatal or (failure.thins and last_good)
    )
    run.findings.extend(
        check_run(
            calls,
            expects=source.expects,
            lost=run.lost,
            last_good=last_good,
            unread=run.unread,
        )
    )
    return run.report(calls)


def _with_attachments(
    report: RunReport, source: Funder, fetch: PageFetcher | None, archive: PageArchive | None
) -> RunReport:
    """Return ``report`` with the documents of its calls; of a run that is held back none are read.

    A document that cannot be had or read is a problem, but no loss: the call is there.
    """
    if not report.publishable or not source.attachment_hosts:
        return report
    reader = AttachmentReader(source, fetch, archive, datetime.now(UTC))
    calls = reader.with_attachments(report.calls)
    return replace(report, calls=calls, problems=(*report.problems, *reader.problems))


def _archive_entries(
    entries: Iterable[Page | Failure], archive: PageArchive, noted: list[Mapping[str, Any]]
) -> Iterator[Page | Failure]:
    for answer in entries:
        noted.append(archive.entry(answer))
        yield answer


def _until_error(pages: Iterable[Page | Failure]) -> Iterator[Page | Failure]:
    """Yield ``pages``; an error that ends the run comes as a fatal failure."""
    try:
        yield from pages
    except ScrapeError as error:
        yield Failure("listing", str(error), fatal=True)


def _validation_message(error: ValidationError) -> str:
    """Return a validation error on one line: each field and what is wrong with it."""
    parts = []
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in detail["loc"])
        parts.append(f"{place}: {detail['msg']}" if place else str(detail["msg"]))
    return "; ".join(parts)
