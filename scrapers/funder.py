"""Funder: how one source is fetched and read; `scrapers.catalogue` finds them all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from scrapers.call import Call, Level, Link, Provenance
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields

_DOCUMENT_SUFFIXES = frozenset({".pdf", ".docx", ".docm"})


class PageFetcher(Protocol):
    """What a funder needs of a fetcher. Each method returns a page or raises ``FetchError``."""

    def get(
        self,
        url: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fetch ``url``; ``deadline`` is how many seconds it may take in all."""

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        """Post ``body`` as JSON."""

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        """Post ``parts`` as a multipart form, each part a JSON document."""


@dataclass(frozen=True)
class SourceItem:
    """One record of an answer, before it is a call.

    ``kind`` is the funder's own kind of record, ``id`` its identifier there. ``skip`` is why a
    record is no call, such as "news"; such records are counted.
    """

    kind: str
    id: str
    fields: Fields
    provenance: Provenance
    skip: str = ""


ItemGroup = Sequence[SourceItem]
"""The items that make one call: its copies in several languages, or it and its parents."""


@dataclass(frozen=True)
class Expectations:
    """What a healthy run looks like; ``fill`` maps a field to the least share of calls with it."""

    minimum: int
    fill: tuple[tuple[str, float], ...] = (("deadlines", 0.8), ("texts", 0.8))


class Funder(ABC):
    """A source of calls. A subclass in ``scrapers/funders`` or in a package that names it is found.

    ``verified`` says how far the reader was checked: "real answer", "page text" or "not yet".
    """

    key: ClassVar[str]
    title: ClassVar[str]
    home: ClassVar[str]
    level: ClassVar[Level]
    zone: ClassVar[str]
    interface: ClassVar[str]
    verified: ClassVar[str]
    expects: ClassVar[Expectations]
    address: ClassVar[str]

    attachment_hosts: ClassVar[frozenset[str]] = frozenset()
    """Hosts from which the documents that calls link to are read; none unless its terms allow."""

    secret: str = ""
    """The operator's key for this funder, where its interface needs one."""

    door: str = ""
    """How the source was asked in the end, in words, where there are several ways."""

    def __init__(self, base: str | None = None) -> None:
        """Fetch from ``base`` instead of the funder's own address, as tests do."""
        self.base = (base or self.address).rstrip("/")

    @abstractmethod
    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield every answer of a run, in order."""

    @abstractmethod
    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the records of one answer; raise ``ShapeError`` when it is not an answer."""

    @abstractmethod
    def call(self, group: ItemGroup) -> Call:
        """Return the call that ``group`` describes; raise ``ShapeError`` when it cannot be read."""

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield the items of a whole run as the groups that make one call each."""
        for item in items:
            yield (item,)

    def is_document(self, link: Link) -> bool:
        """Return whether ``link`` leads to a document, by its address: .pdf, .docx or .docm."""
        return PurePosixPath(urlsplit(link.url).path.lower()).suffix in _DOCUMENT_SUFFIXES

    def expected_pages(self, page: Page) -> int | None:
        """Return how many answers the run will have, if ``page`` says so; for progress."""
        del page
        return None

    def provenance(self, page: Page) -> Provenance:
        """Return where ``page`` was read; a saved file has no address."""
        url = page.url if page.url.startswith(("https://", "http://")) else None
        return Provenance(source=self.key, url=url, sha256=page.sha256, fetched_at=page.fetched_at)
