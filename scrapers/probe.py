"""Probe: one small question to a source, and how its answer differs from what is expected."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from scrapers.call import Call
from scrapers.checks import unknown_field_findings
from scrapers.errors import ScrapeError, ShapeError
from scrapers.funder import Funder, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.plurals import count_noun
from scrapers.reading.fields import Fields
from scrapers.run import LocalAccess

_ENOUGH_TO_JUDGE = 5
_MAX_DIFFERENCES = 8
_DETAIL_FIELDS = frozenset({"texts"})
"""Fields that many sources give on a call's own page only, which a probe does not ask for."""


class ProbeOutcome(StrEnum):
    """What came of the question."""

    AS_EXPECTED = "as expected"
    DIFFERS = "differs"
    UNREACHABLE = "cannot be reached"
    WRONG_SHAPE = "wrong shape"


@dataclass(frozen=True)
class ProbeResult:
    """An answer beside what its reader expects.

    ``records`` and ``calls`` are what the first page held. ``differences`` are sentences, none
    when all is as expected. ``absent`` are fields that the reader asked for and no record of the
    page had; most are optional, so they are told and not counted as wrong.
    """

    outcome: ProbeOutcome
    seconds: float = 0.0
    address: str = ""
    records: int = 0
    calls: int = 0
    differences: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Whether nothing differs."""
        return self.outcome is ProbeOutcome.AS_EXPECTED


class _RecordingFetcher:
    """A fetcher that remembers what came: an answer that is none differs from no answer."""

    def __init__(self, fetcher: PageFetcher) -> None:
        self._fetcher = fetcher
        self.came: list[str] = []

    def get(
        self,
        url: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        return self._record(self._fetcher.get(url, deadline=deadline, headers=headers))

    def post_json(self, url: str, body: Mapping[str, Any]) -> Page:
        return self._record(self._fetcher.post_json(url, body))

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        return self._record(self._fetcher.post_parts(url, parts))

    def _record(self, page: Page) -> Page:
        self.came.append(page.url)
        return page


def probe(source: Funder, fetcher: PageFetcher) -> ProbeResult:
    """Ask ``source`` for the first page of a run and no more, and read it.

    Nothing raises but a mistake in the program: what the network or the source does wrong is in
    the answer.
    """
    begun = time.monotonic()
    watching = _RecordingFetcher(fetcher)
    here = fetcher.allow_local(source.base) if isinstance(fetcher, LocalAccess) else nullcontext()
    try:
        with here:
            found = _first_page_result(source, watching)
    except ScrapeError as error:
        outcome = ProbeOutcome.WRONG_SHAPE if watching.came else ProbeOutcome.UNREACHABLE
        found = ProbeResult(outcome, differences=(str(error),))
    return replace(found, seconds=time.monotonic() - begun, address=next(iter(watching.came), ""))


def _first_page_result(source: Funder, fetcher: PageFetcher) -> ProbeResult:
    pages = source.pages(fetcher)
    try:
        came = next(pages, None)
    finally:
        if isinstance(pages, Generator):
            pages.close()
    if came is None:
        raise ScrapeError("there is no page to ask for")
    if isinstance(came, Failure):
        raise ScrapeError(came.message)
    return _compare(source, list(source.items(came)))


def _compare(source: Funder, found: Sequence[SourceItem | Failure]) -> ProbeResult:
    items = [item for item in found if isinstance(item, SourceItem) and not item.skip]
    said = [lost.message for lost in found if isinstance(lost, Failure)]
    calls = []
    unread: Counter[str] = Counter()
    groups = list(source.groups(items))
    for group in groups:
        try:
            calls.append(source.call(group))
        except (ShapeError, ValidationError) as error:
            said.append(_error_line(group[0].fields.where, error))
        else:
            unread.update(_common_names(group, Fields.unread_names))
    if not found:
        said.append("the answer holds no record")
    elif items and not groups:
        said.append(f"none of the {count_noun(len(items), 'record')} is a call")
    said += [finding.message for finding in unknown_field_findings(unread)]
    empty = _empty_fields(calls, source)
    said += [
        f"none of the {count_noun(len(calls), 'call')} has {name}"
        for name in empty
        if name not in _DETAIL_FIELDS
    ]
    none_read = not any(isinstance(one, SourceItem) for one in found)
    outcome = ProbeOutcome.DIFFERS if said else ProbeOutcome.AS_EXPECTED
    return ProbeResult(
        ProbeOutcome.WRONG_SHAPE if none_read else outcome,
        records=len(found),
        calls=len(calls),
        differences=tuple(_shorten(said)),
        absent=tuple(_common_names([item for group in groups for item in group], Fields.missing)),
    )


def _empty_fields(calls: Sequence[Call], source: Funder) -> list[str]:
    if len(calls) < _ENOUGH_TO_JUDGE:
        return []
    expected = [name for name, least in source.expects.fill if least > 0]
    return [name for name in expected if not any(getattr(call, name) for call in calls)]


def _common_names(
    items: Sequence[SourceItem], names: Callable[[Fields], list[str]]
) -> Iterator[str]:
    """Yield as ``kind.name`` what ``names`` gives for every item of a kind."""
    by_kind: dict[str, set[str]] = {}
    for item in items:
        given = set(names(item.fields))
        by_kind[item.kind] = by_kind.get(item.kind, given) & given
    for kind, shared in by_kind.items():
        yield from (f"{kind}.{name}" for name in sorted(shared))


def _shorten(said: Sequence[str]) -> Sequence[str]:
    if len(said) <= _MAX_DIFFERENCES:
        return said
    return [*said[:_MAX_DIFFERENCES], f"and {len(said) - _MAX_DIFFERENCES} more"]


def _error_line(where: str, error: ShapeError | ValidationError) -> str:
    if isinstance(error, ShapeError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{where} {'.'.join(map(str, first['loc']))}: {first['msg']}"
