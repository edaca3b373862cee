"""Awards fetched and stored, and written out as evaluation data: project, and call that paid it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scrapers.award import Award
from scrapers.awards.register_run import RegisterRun, read_live
from scrapers.call import Call
from scrapers.errors import ScrapeError
from scrapers.http.archive import PageArchive
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.plurals import count_noun
from scrapers.register import Register, get_register, register_keys
from service.context import Context
from service.domain.calls.ids import native_id, source_of
from service.errors import InputError
from service.jobs.lock import hold_lock
from service.store.awards import AwardStore, AwardUpsertReport

JOB = "collect-awards"

_BATCH_SIZE = 500
_OVERLAP = timedelta(days=7)
_LIMITS = Limits(read=600, deadline=1800, body=512 * 2**20)

Progress = Callable[[int, int | None], None]
"""Called with (awards so far, None: nobody knows how many come)."""


@dataclass(frozen=True)
class AwardCollection:
    """What a register gave, and what was stored of it."""

    reading: RegisterRun
    stored: AwardUpsertReport
    since: date | None


def award_store(context: Context) -> AwardStore:
    """Return the awards of the database that the settings name."""
    return context.awards


def award_fetcher(context: Context) -> Fetcher:
    """Return a fetcher that bears registers' large files."""
    settings = context.settings
    return Fetcher(settings.contact, PageArchive(settings.pages), limits=_LIMITS)


def choose_registers(
    keys: Sequence[str], secrets: Mapping[str, str]
) -> tuple[list[Register], list[str]]:
    """Return the registers with these keys, and those left out of "all" for want of a key.

    Raises:
        InputError: there is no such register.
    """
    try:
        found = [get_register(key) for key in keys or register_keys()]
    except ScrapeError as error:
        raise InputError(str(error)) from error
    for one in found:
        one.secret = secrets.get(one.key_name or one.key, "")
    locked = [one for one in found if one.needs_key and not one.secret and not keys]
    return [one for one in found if one not in locked], [one.key for one in locked]


def collect_awards(
    context: Context,
    store: AwardStore,
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
        BusyError: another process is collecting awards.
    """
    with hold_lock(context.settings.data, JOB), context.runs.record(JOB, source.key) as run:
        before = context.runs.last_good(JOB, source.key)
        if source.incremental and before and source.since is None and not everything:
            source.since = before.started_at.date() - _OVERLAP
        reading = read_live(source, fetcher)
        stored = AwardUpsertReport()
        for some in _batches(reading.awards()):
            stored += store.upsert(some, context.now())
            if progress is not None:
                progress(reading.came, None)
        if reading.broken:
            run.state = "failed"
        run.report = _summary(reading, stored)
    return AwardCollection(reading, stored, source.since)


def _batches(awards: Iterator[Award]) -> Iterator[list[Award]]:
    """Yield awards in lists: the database is written between answers, never while one comes."""
    some: list[Award] = []
    for award in awards:
        some.append(award)
        if len(some) == _BATCH_SIZE:
            yield some
            some = []
    if some:
        yield some


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


@dataclass
class GroundTruth:
    """What was written: calls, awards looked at, queries, and why the other awards gave none.

    ``repeated`` are projects that another register of the same funder has given already.
    """

    calls: int = 0
    awards: int = 0
    paired: int = 0
    queries: int = 0
    repeated: int = 0
    nameless: int = 0
    unknown: int = 0
    ambiguous: int = 0


def export_ground_truth(context: Context, store: AwardStore, folder: Path) -> GroundTruth:
    """Write corpus.jsonl (calls), queries.jsonl (projects) and qrels.tsv to ``folder``.

    An award is joined to a call of the same funder by the first of its identifiers that a stored
    call has; where several calls have it and none by that name, nobody knows which paid. A
    project is a query in each language it is told in.

    Raises:
        InputError: no award names a stored call, or the folder cannot be written.
    """
    calls = context.calls.all()
    known = _index_calls(calls.values())
    report = GroundTruth(calls=len(calls))
    queries, answers = [], []
    seen: set[tuple[str, str]] = set()
    for award in store.all():
        report.awards += 1
        project = (award.caller, award.native_id)
        if award.caller and project in seen:
            report.repeated += 1
            continue
        seen.add(project)
        call = _find_paying_call(award, known, report)
        if call is None:
            continue
        report.paired += 1
        for query in _query_rows(award):
            queries.append(query)
            answers.append(f"{query['id']}\t{call}\t1")
    report.queries = len(queries)
    if not queries:
        raise InputError(
            f"None of {count_noun(report.awards, 'award')} names one of "
            f"{count_noun(report.calls, 'stored call')}: run "
            "`fundscout collect` and `fundscout collect-awards` first."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "corpus.jsonl", (_json(_corpus_row(call)) for call in calls.values()))
        _write(folder / "queries.jsonl", map(_json, queries))
        _write(folder / "qrels.tsv", iter(answers))
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror or error}.") from error
    return report


CallIdsByIdentifier = dict[tuple[str, str], list[str]]
"""Ids of calls by their funder's key and one of their identifiers in capitals."""


def _index_calls(calls: Iterable[Call]) -> CallIdsByIdentifier:
    known: CallIdsByIdentifier = {}
    for call in calls:
        funder = source_of(call.id)
        for identifier in {call.native_id.upper(), *(one.upper() for one in call.identifiers)}:
            known.setdefault((funder, identifier), []).append(call.id)
    return known


def _find_paying_call(award: Award, known: CallIdsByIdentifier, report: GroundTruth) -> str | None:
    """Return the id of the call that paid, or count why there is none."""
    if not award.calls:
        report.nameless += 1
        return None
    for identifier in award.calls:
        found = known.get((award.caller, identifier.upper()), [])
        named = [id_ for id_ in found if native_id(id_).upper() == identifier.upper()]
        if len(named or found) == 1:
            return (named or found)[0]
        if found:
            report.ambiguous += 1
            return None
    report.unknown += 1
    return None


def _corpus_row(call: Call) -> dict[str, Any]:
    """Return a call as a row of the corpus, in the language that its funder gives first."""
    language = next(iter(call.titles))
    return {
        "id": call.id,
        "title": call.titles[language],
        "text": call.texts.get(language, ""),
        "lang": language,
        "programme": call.programme,
    }


def _query_rows(award: Award) -> Iterator[dict[str, Any]]:
    """Yield a project once a language, without the identifiers that would give it away."""
    named = sorted(award.calls, key=len, reverse=True)
    giveaway = re.compile("|".join(map(re.escape, named)), re.IGNORECASE)
    for language, title in award.titles.items():
        text = award.texts.get(language, "")
        yield {
            "id": f"{award.id}@{language}",
            "title": giveaway.sub("", title).strip() or "…",
            "text": giveaway.sub("", text),
            "lang": language,
        }


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write(path: Path, lines: Iterator[str]) -> None:
    """Write a file beside its place, then put it there: a reader sees all of it or what was."""
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    temporary.replace(path)
