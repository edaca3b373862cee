"""One funder to one RunReport, from saved answers or live. Nothing is lost without being said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import ValidationError

from scrapers.archive import PageArchive
from scrapers.call import Call
from scrapers.checks import Finding, alike, check
from scrapers.errors import ScrapeError, ShapeError
from scrapers.funder import Fetch, Funder, Group, Item, Lost, funder
from scrapers.page import Page

Progress = Callable[[int, int | None], None]
"""Told the pages read so far, and how many there will be when that is known."""

FILE_LIMIT = 200 * 1024 * 1024
"""Bytes of a saved answer at most: more is no answer of these funders."""

_GZIP = b"\x1f\x8b"


@runtime_checkable
class Guarded(Protocol):
    """A fetcher that wants to know which base a person gave before it asks this machine."""

    def allow_local(self, base: str) -> AbstractContextManager[None]:
        """Let the machine of ``base`` be asked within."""


@dataclass(frozen=True)
class RunReport:
    """What a run brought, and everything that went wrong on the way.

    ``complete`` says that no page and no record was lost, so a call that is missing here is
    missing at the source. ``problems`` are (where, message); ``skipped`` counts records that are
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
        """Whether these calls may replace what is stored: no finding stands against it."""
        return not any(finding.blocks for finding in self.findings)


@dataclass
class _Run:
    """What a run gathers while it goes."""

    funder: Funder
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    pages: int = 0
    items: list[Item] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    findings: list[Finding] = field(default_factory=list)

    def read(self, page: Page) -> bool:
        """Add the records of ``page``; say whether it was an answer, else note why not."""
        self.pages += 1
        try:
            found = list(self.funder.items(page))
        except ShapeError as error:
            self.record_loss(error.where, str(error))
            return False
        for item in found:
            if isinstance(item, Lost):
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
        """Yield the calls of all records read; a record that fails is noted and passed over."""
        for group in self.funder.groups(self.items):
            where = group[0].fields.where
            try:
                call = self.funder.call(group)
            except ShapeError as error:
                self.record_loss(where, str(error))
            except ValidationError as error:
                self.record_loss(where, _in_words(error))
            else:
                yield self._without_impossible_deadlines(call)
            self._note_unread_fields(group)

    def _without_impossible_deadlines(self, call: Call) -> Call:
        """Return ``call``; without its deadlines when they all pass before it opens.

        One of the dates is wrong then, and nobody here can say which: a call without a deadline
        sends people to the funder's page, a wrong one keeps them from it.
        """
        dated = [deadline for deadline in call.deadlines if deadline.at is not None]
        if call.opens is None or not dated or any(d.at >= call.opens for d in dated if d.at):
            return call
        shown = ", ".join(f"{deadline.local():%Y-%m-%d %H:%M}" for deadline in dated)
        message = f"the deadline {shown} is before the opening {call.opens:%Y-%m-%d}; left out"
        self.problems.append((call.id, message))
        return call.model_copy(
            update={"deadlines": tuple(d for d in call.deadlines if d.at is None)}
        )

    def _note_unread_fields(self, group: Group) -> None:
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

    A file or a record that cannot be read is a problem in the report; all others still come.
    How many calls there should be is not judged. Raises ``UnknownFunderError``.
    """
    run = _Run(funder(key))
    for path in paths:
        try:
            page = _page_of(path)
        except (OSError, ScrapeError) as error:
            run.record_loss(str(path), f"{path}: {error}")
            continue
        run.read(page)
    calls = list(run.calls())
    run.findings.extend(alike(calls))
    return run.report(calls)


def _page_of(path: Path) -> Page:
    if path.stat().st_size > FILE_LIMIT:
        raise ScrapeError(f"larger than {FILE_LIMIT // 2**20} MiB; split it into single answers")
    if (body := path.read_bytes()).startswith(_GZIP):
        raise ScrapeError("packed with gzip; unpack it first")
    return Page(url=path.name, body=body)


def collect(
    source: Funder,
    fetcher: Fetch,
    *,
    last_good: int | None = None,
    progress: Progress | None = None,
    archive: PageArchive | None = None,
) -> RunReport:
    """Fetch everything ``source`` has, read it, and judge whether it may be published.

    ``last_good`` is how many calls the last published run had. ``archive``, if given, notes what
    was answered, for ``reread``. Nothing raises but a mistake in the program, or a disk that is
    full: what the network or the source does wrong is in the report.
    """
    noted: list[Mapping[str, Any]] = []
    entries = _all(source.pages(fetcher))
    if archive is not None:
        entries = _noting(entries, archive, noted)
    with fetcher.allow_local(source.base) if isinstance(fetcher, Guarded) else nullcontext():
        report = _judged(source, entries, last_good, progress)
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
    """Read again what the last run of ``source`` was answered, and judge it as ``collect`` does.

    When that fails its checks, the last good run is read instead: its calls are those that are
    served. What was lost then is lost still. The report ends when its run did; None if there
    was no run.

    Raises:
        ScrapeError: the archive's note of a run is damaged.
    """
    failed: RunReport | None = None
    for good in (False, True):
        if (kept := archive.run(source.key, good=good)) is None:
            continue
        ended, entries = kept
        report = replace(_judged(source, entries, last_good, progress), finished_at=ended)
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


def _judged(
    source: Funder,
    entries: Iterable[Page | Lost],
    last_good: int | None,
    progress: Progress | None,
) -> RunReport:
    run = _Run(source)
    lost: list[Lost] = []
    total: int | None = None
    for page in entries:
        if isinstance(page, Lost):
            run.record_loss(page.where, page.message)
            lost.append(page)
            continue
        if run.read(page):
            total = source.expected_pages(page) or total
        if progress is not None:
            progress(run.pages, total)
    thin = {f"{source.key}:{gone.id}" for gone in lost if gone.id}
    calls = [call for call in run.calls() if call.id not in thin]
    run.findings.extend(
        Finding(f"{gone.where} could not be had: {gone.message}", blocks=True)
        for gone in lost
        if gone.fatal or (gone.thins and last_good)
    )
    run.findings.extend(
        check(
            calls,
            expects=source.expects,
            lost=run.lost,
            last_good=last_good,
            unread=run.unread,
        )
    )
    return run.report(calls)


def _noting(
    entries: Iterable[Page | Lost], archive: PageArchive, noted: list[Mapping[str, Any]]
) -> Iterator[Page | Lost]:
    for came in entries:
        noted.append(archive.entry(came))
        yield came


def _all(pages: Iterable[Page | Lost]) -> Iterator[Page | Lost]:
    """Yield ``pages``; an answer that breaks the asking itself ends it as a fatal loss."""
    try:
        yield from pages
    except ScrapeError as error:
        yield Lost("listing", str(error), fatal=True)


def _in_words(error: ValidationError) -> str:
    """Return a validation error on one line: each field and what is wrong with it."""
    parts = []
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in detail["loc"])
        parts.append(f"{place}: {detail['msg']}" if place else str(detail["msg"]))
    return "; ".join(parts)
