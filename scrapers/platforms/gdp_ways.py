"""The ways to ask the councils' open data: where the key stands, and whether a limit does.

The specification wants the key in a header, with limit and offset. Clients of it say otherwise:
the key as a parameter of the address, and no limit, since with one the dates of all rows come
empty. Each way is tried until one is answered as it should be; the source then knows which it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, NamedTuple, Protocol
from urllib.parse import urlencode

from scrapers.errors import FetchError, ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Page
from scrapers.http.secrets import KEY_PARAMETER, address_without_key
from scrapers.reading.parse import is_placeholder

EXPECTED_SHAPE = "a list of calls with diarienummer"
_STATUS = re.compile(r"answered (\d{3})\b")
_REFUSED, _NOT_UNDERSTOOD = {401, 403}, {400, 404, 405, 422}
_CALL_DAYS = ("oppningsdatum", "stangningsdatum")
_PAGING = ("limit", "offset")
_SECONDS = 120.0


class KeyedSource(Protocol):
    """A funder or register that uses the interface, with the operator's key in ``secret``.

    ``door`` takes how it was asked in the end, in words.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    secret: str
    door: str


class Way(NamedTuple):
    """How the interface is asked: the key in the header or the address, page by page or at once."""

    key_in_header: bool = True
    paged: bool = True

    @property
    def words(self) -> str:
        """What the way is, for people."""
        key = "the key in the header" if self.key_in_header else "the key as a parameter"
        return f"{key}, {'with' if self.paged else 'without'} a limit"


FIRST_WAY = Way()
"""The way of the specification."""


def is_refusal(error: FetchError) -> bool:
    """Whether the interface did not take the key."""
    return _status(error) in _REFUSED


def _status(error: FetchError) -> int | None:
    """Return the HTTP status that an error names."""
    match = _STATUS.search(str(error))
    return int(match[1]) if match else None


def ask(
    source: KeyedSource, fetch: PageFetcher, address: str, way: Way, query: Mapping[str, str]
) -> Page:
    """Return the answer to ``query``, asked in one way; its address does not have the key.

    Raises:
        FetchError: it was refused, or did not come.
    """
    sent = {name: value for name, value in query.items() if way.paged or name not in _PAGING}
    headers = {"Authorization": source.secret} if way.key_in_header else None
    if not way.key_in_header:
        sent[KEY_PARAMETER] = source.secret
    whole = f"{address}?{urlencode(sent)}" if sent else address
    page = fetch.get(whole, deadline=_SECONDS, headers=headers)
    return replace(page, url=address_without_key(page.url))


def ask_any_way(
    source: KeyedSource, fetch: PageFetcher, address: str, query: Mapping[str, str]
) -> tuple[Page, Way]:
    """Return the first answer and the way that gave it; ``source.door`` says which it was.

    A way that is refused leads to the next. So does an answer all of whose calls lack their days;
    when they lack them without a limit too, the first answer counts.

    Raises:
        FetchError: the first way's error, when no way is answered.
    """
    page, way = _first_answer(source, fetch, address, query)
    source.door = way.words
    if not (way.paged and _lacks_all_days(page)):
        return page, way
    whole = way._replace(paged=False)
    try:
        again = ask(source, fetch, address, whole, query)
        rows = answer_rows(again, address)
    except (FetchError, ShapeError):
        rows = []
    if not rows or _lacks_all_days(again):
        source.door = f"{way.words}; the days are missing, also without a limit"
        return page, way
    source.door = f"{whole.words}: with one all days were missing"
    return again, whole


def _first_answer(
    source: KeyedSource, fetch: PageFetcher, address: str, query: Mapping[str, str]
) -> tuple[Page, Way]:
    refused: FetchError | None = None
    way = FIRST_WAY
    tried: set[Way] = set()
    while way not in tried:
        tried.add(way)
        try:
            return ask(source, fetch, address, way, query), way
        except FetchError as error:
            refused = refused or error
            way = next(iter(_next_ways(way, error, tried)), way)
    raise refused or FetchError(f"{address} was not asked")


def _next_ways(way: Way, error: FetchError, tried: set[Way]) -> Iterator[Way]:
    """Yield the ways that may do better after ``error``, those not tried yet."""
    other_key = way._replace(key_in_header=not way.key_in_header)
    whole = way._replace(paged=False)
    ways = (other_key, whole) if is_refusal(error) else ()
    ways = (whole, other_key) if _status(error) in _NOT_UNDERSTOOD else ways
    yield from (one for one in ways if one not in tried)


def _lacks_all_days(page: Page) -> bool:
    """Whether the answer has calls with fields for their days, and not one has a day."""
    try:
        rows = [row for row in answer_rows(page, page.url) if isinstance(row, dict)]
    except ShapeError:
        return False
    calls = [row for row in rows if any(name in row for name in _CALL_DAYS)]
    return bool(calls) and all(
        is_placeholder(row.get(name)) for row in calls for name in _CALL_DAYS
    )


def answer_rows(page: Page, where: str) -> list[object]:
    """Return the rows of an answer; raise ``ShapeError`` when it is none of the interface."""
    answer = page.json(where)
    if isinstance(answer, dict):
        message = answer.get("message") or answer.get("title") or ", ".join(sorted(answer)[:5])
        raise ShapeError(where, EXPECTED_SHAPE, f"an object ({str(message)[:80]})")
    if not isinstance(answer, list):
        raise ShapeError(where, EXPECTED_SHAPE, type(answer).__name__)
    return answer
