"""Probe: one request to a source, and how the answer differs from what its reader expects."""

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
"""Fields that many sources give only on a call's own page, which a probe does not fetch."""


class ProbeOutcome(StrEnum):
    """What a probe showed."""

    AS_EXPECTED = "as expected"
    DIFFERS = "differs"
    UNREACHABLE = "cannot be reached"
    WRONG_SHAPE = "wrong shape"


@dataclass(frozen=True)
class ProbeResult:
    """How the first answer of a source differs from what its reader expects.

    ``records`` and ``calls`` are what the first page held. ``differences`` are sentences, none
    when all is as expected. ``absent`` are fields that the reader looked for and no record of the
    page had; most are optional, so they are listed and are no difference. ``door`` says how the
    source was asked in the end, where there are several ways.
    """

    outcome: ProbeOutcome
    seconds: float = 0.0
    address: str = ""
    records: int = 0
    calls: int = 0
    differences: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    door: str = ""

    @property
    def is_healthy(self) -> bool:
        """Whether nothing differs."""
        return self.outcome is ProbeOutcome.AS_EXPECTED


class _RecordingFetcher:
    """A fetcher that remembers its answers, to tell a wrong answer from none at all."""

    def __init__(self, fetcher: PageFetcher) -> None:
        self._fetcher = fetcher
        self.addresses: list[str] = []

    def get(
        self,
        url: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        return self._record(self._fetcher.get(url, deadline=deadline, headers=headers))

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        return self._record(self._fetcher.post_json(url, body, headers=headers))

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        return self._record(self._fetcher.post_parts(url, parts))

    def _record(self, page: Page) -> Page:
        self.addresses.append(page.url)
        return page


def probe(source: Funder, fetcher: PageFetcher) -> ProbeResult:
    """Fetch the first page of a run of ``source``, and no more, and read it.

    Where a source has several ways, those before the one that is answered are tried too.

    Faults of the network or the source are in the result; only a mistake in the program raises.
    """
    started = time.monotonic()
    recorder = _RecordingFetcher(fetcher)
    here = fetcher.allow_local(source.base) if isinstance(fetcher, LocalAccess) else nullcontext()
    try:
        with here:
            result = _first_page_result(source, recorder)
    except ScrapeError as error:
        outcome = ProbeOutcome.WRONG_SHAPE if recorder.addresses else ProbeOutcome.UNREACHABLE
        result = ProbeResult(outcome, differences=(str(error),))
    return replace(
        result,
        seconds=time.monotonic() - started,
        address=next(iter(recorder.addresses), ""),
        door=source.door,
    )


def _first_page_result(source: Funder, fetcher: PageFetcher) -> ProbeResult:
    pages = source.pages(fetcher)
    try:
        first = next(pages, None)
    finally:
        if isinstance(pages, Generator):
            pages.close()
    if first is None:
        raise ScrapeError("there is no page to ask for")
    if isinstance(first, Failure):
        raise ScrapeError(first.message)
    return _compare(source, list(source.items(first)))


def _compare(source: Funder, records: Sequence[SourceItem | Failure]) -> ProbeResult:
    items = [item for item in records if isinstance(item, SourceItem) and not item.skip]
    differences = [lost.message for lost in records if isinstance(lost, Failure)]
    calls = []
    unread: Counter[str] = Counter()
    groups = list(source.groups(items))
    for group in groups:
        try:
            calls.append(source.call(group))
        except (ShapeError, ValidationError) as error:
            differences.append(_error_line(group[0].fields.where, error))
        else:
            unread.update(_common_names(group, Fields.unread_names))
    if not records:
        differences.append("the answer holds no record")
    elif items and not groups:
        differences.append(f"none of the {count_noun(len(items), 'record')} is a call")
    differences += [finding.message for finding in unknown_field_findings(unread)]
    empty = _empty_fields(calls, source)
    differences += [
        f"none of the {count_noun(len(calls), 'call')} has {name}"
        for name in empty
        if name not in _DETAIL_FIELDS
    ]
    none_read = not any(isinstance(one, SourceItem) for one in records)
    outcome = ProbeOutcome.DIFFERS if differences else ProbeOutcome.AS_EXPECTED
    return ProbeResult(
        ProbeOutcome.WRONG_SHAPE if none_read else outcome,
        records=len(records),
        calls=len(calls),
        differences=tuple(_shorten(differences)),
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
    """Yield as ``kind.name`` the names that ``names`` returns for every item of a kind."""
    by_kind: dict[str, set[str]] = {}
    for item in items:
        own = set(names(item.fields))
        by_kind[item.kind] = by_kind.get(item.kind, own) & own
    for kind, shared in by_kind.items():
        yield from (f"{kind}.{name}" for name in sorted(shared))


def _shorten(differences: Sequence[str]) -> Sequence[str]:
    if len(differences) <= _MAX_DIFFERENCES:
        return differences
    return [*differences[:_MAX_DIFFERENCES], f"and {len(differences) - _MAX_DIFFERENCES} more"]


def _error_line(where: str, error: ShapeError | ValidationError) -> str:
    if isinstance(error, ShapeError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{where} {'.'.join(map(str, first['loc']))}: {first['msg']}"
