"""Awards of a register: fetched, and stored batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.award import Award
from scrapers.awards.register_run import RegisterRun, read_live
from scrapers.errors import ScrapeError
from scrapers.http.archive import PageArchive
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.register import Register, get_register, register_keys
from service.context import Context
from service.errors import InputError
from service.jobs.lock import hold_lock
from service.store.awards import AwardUpsertReport

JOB = "collect-awards"

_BATCH_SIZE = 500
_OVERLAP = timedelta(days=7)
_LIMITS = Limits(read=600, deadline=1800, body=512 * 2**20)

Progress = Callable[[int, int | None], None]
"""Called with (awards so far, None: nobody knows how many come)."""


@dataclass(frozen=True)
class AwardCollection:
    """The run of a register, and what was stored of it."""

    reading: RegisterRun
    stored: AwardUpsertReport
    since: date | None


def award_fetcher(context: Context) -> Fetcher:
    """Return a fetcher with limits that fit the large files of registers."""
    settings = context.settings
    return Fetcher(settings.contact, PageArchive(settings.pages), limits=_LIMITS)


def choose_registers(
    keys: Sequence[str], secrets: Mapping[str, str]
) -> tuple[list[Register], list[str]]:
    """Return the registers with these keys or all, and the keys of those left out.

    Of all, a register that needs a secret is left out when ``secrets`` has none for it.

    Raises:
        InputError: there is no such register.
    """
    try:
        registers = [get_register(key) for key in keys or register_keys()]
    except ScrapeError as error:
        raise InputError(str(error)) from error
    for register in registers:
        register.secret = secrets.get(register.key_name or register.key, "")
    locked = [one for one in registers if one.needs_key and not one.secret and not keys]
    return [one for one in registers if one not in locked], [one.key for one in locked]


def collect_awards(
    context: Context,
    source: Register,
    fetcher: Fetcher,
    progress: Progress | None = None,
    *,
    everything: bool = False,
) -> AwardCollection:
    """Fetch and store the awards of a register; nothing that is stored is ever taken away.

    A register that can say what changed is asked for that only, from a week before its last
    good run on, unless ``everything`` is wanted.

    Raises:
        JobBusyError: another process is collecting awards.
    """
    with hold_lock(context.settings.data, JOB), context.runs.record(JOB, source.key) as run:
        before = context.runs.last_good(JOB, source.key)
        if source.incremental and before and source.since is None and not everything:
            source.since = before.started_at.date() - _OVERLAP
        reading = read_live(source, fetcher)
        stored = AwardUpsertReport()
        for batch in _batches(reading.awards()):
            stored += context.awards.upsert(batch, context.now())
            if progress is not None:
                progress(reading.came, None)
        if reading.broken:
            run.state = "failed"
        run.report = _summary(reading, stored)
    return AwardCollection(reading, stored, source.since)


def _batches(awards: Iterator[Award]) -> Iterator[list[Award]]:
    """Yield awards in lists: the database is written between answers, never while one comes."""
    batch: list[Award] = []
    for award in awards:
        batch.append(award)
        if len(batch) == _BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


def _summary(reading: RegisterRun, stored: AwardUpsertReport) -> dict[str, object]:
    return {
        "rows": reading.rows,
        "awards": reading.came,
        "lost": reading.lost,
        "broken": reading.broken,
        "problems": [list(problem) for problem in reading.problems[:100]],
        "new": stored.new,
        "changed": stored.changed,
    }
