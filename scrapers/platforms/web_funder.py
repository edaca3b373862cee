"""WebFunder: a funder whose site has a list of links to calls, and a page for each call."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from scrapers.copies import best_copies
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.platforms.labelled_pages import LabelledPage, Vocabulary, read_labelled_page
from scrapers.reading.fields import Fields
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import Steps, read_steps

_PATTERNS = load("web_funder.toml", package=__package__)
_NO_MORE_PAGES = "answered 404"
_LIST_NAMES = frozenset("archive archived closed open upcoming feed page".split())
_LIST_PAGES = frozenset({"page"})
_NAME = re.compile(r"[\w-]+")


class WebFunder(Funder):
    """A funder with a list of links to calls, on one or more pages, and a page for each call."""

    other_hosts: ClassVar[frozenset[str]] = frozenset()
    most_pages: ClassVar[int] = 60
    zero_based: ClassVar[bool] = False
    vocabulary: ClassVar[Vocabulary]

    @abstractmethod
    def list_path(self, number: int) -> str:
        """Return the path and query of the list's page ``number``, from 1."""

    @abstractmethod
    def native_id(self, address: str) -> str:
        """Return a call's identifier from the address of its page, "" for any other page."""

    def linked_id(self, address: str) -> str:
        """Return a call's identifier from a link of a list, "" for any other link."""
        return self.native_id(address)

    def linked_calls(self, page: LabelledPage) -> dict[str, str]:
        """Return the calls linked from a list: path, or address on another host, by identifier."""
        calls: dict[str, str] = {}
        own = {urlsplit(address).hostname for address in (self.home, self.base, self.address)}
        for target, _ in page.links:
            address = urljoin(page.address or self.home, target)
            native, host = self.linked_id(address), urlsplit(address).hostname
            if native and host in own:
                calls.setdefault(native, path_of(address))
            elif native and host in self.other_hosts:
                calls.setdefault(native, address)
        return calls

    def has_next_page(self, page: LabelledPage, number: int) -> bool:
        """Whether the list has a page after ``number``; one without new calls ends it anyway."""
        del page, number
        return True

    def calls_to_fetch(self, page: LabelledPage) -> dict[str, str]:
        """Return those of ``linked_calls`` whose own pages are to be fetched."""
        return self.linked_calls(page)

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the list's pages, then the page of each call that they link to."""
        seen, announced = RowCount(), 0
        to_fetch: dict[str, str] = {}
        for number in range(1, self.most_pages + 1):
            where = f"{self.key} {self.list_path(number)}"
            try:
                page = fetch.get(f"{self.base}{self.list_path(number)}")
                listed = read_labelled_page(page, where)
            except (FetchError, ShapeError) as error:
                if number == 1 or not str(error).endswith(_NO_MORE_PAGES):
                    yield Failure(where, str(error), fatal=number == 1, thins=True)
                break
            linked = self.linked_calls(listed)
            if not linked and number == 1:
                message = f"no link to a call on {page.url}; the site may have moved its list"
                yield Failure(where, message, fatal=True)
                return
            announced = max(announced, _announced_total(listed))
            if seen.add(linked, announced):
                to_fetch = self.calls_to_fetch(listed) | to_fetch
                yield page
            elif number > 2 or not self.zero_based:  # noqa: PLR2004  page 1 may repeat page 0
                break
            if not self.has_next_page(listed, number):
                break
        if lost := seen.shortfall(f"{self.key} {self.list_path(1)}", "link"):
            yield lost
        for native, path in to_fetch.items():
            yield self._fetch_call(fetch, native, path)

    def _fetch_call(self, fetch: PageFetcher, native: str, path: str) -> Page | Failure:
        try:
            return fetch.get(urljoin(f"{self.base}/", path))
        except FetchError as error:
            return Failure(f"{self.key} {native}", str(error), id=native)

    def item(self, page: Page, read: LabelledPage, native: str, **more: object) -> SourceItem:
        """Return the item of a call's own page: its facts, its sections and ``more``."""
        where = f"{self.key} page {native}"
        if not read.title:
            raise ShapeError(where, "a title", "none")
        facts, sections = self.vocabulary.read(read)
        parts = [[name, text] for name, text in sections.items() if text]
        if not facts and not parts:
            raise ShapeError(where, "the text of a call", "a page without one")
        steps = read_steps(read.lines, self.zone, read.title, frozenset(read.headings))
        own = {"title": read.title, "sections": parts, "path": path_of(read.address)}
        values: dict[str, object] = {**facts, **own, "steps": steps}
        return SourceItem("page", native, Fields({**values, **more}, where), self.provenance(page))

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each call's own page, followed by its card on the list where both came.

        Of a page or a card that came twice the fullest counts.
        """
        by_call: dict[str, dict[str, SourceItem]] = {}
        for item in best_copies(items, lambda item: (item.id, item.kind)):
            by_call.setdefault(item.id, {})[item.kind] = item
        for kinds in by_call.values():
            yield tuple(sorted(kinds.values(), key=lambda item: item.kind != "page"))


def _announced_total(page: LabelledPage) -> int:
    """Return how many entries a list says that it has, 0 where it does not say."""
    totals = (_PATTERNS.announced.search(line) for line in page.lines)
    return max((int(match["total"]) for match in totals if match), default=0)


def steps_of(fields: Fields) -> Steps:
    """Return the steps of a page that ``WebFunder.item`` has read; a card has none."""
    steps = fields.raw("steps")
    return steps if isinstance(steps, Steps) else Steps()


def not_a_call_error(where: str, address: str = "") -> ShapeError:
    """Return the error for a page that is neither a list of calls nor says which call it is.

    A page that names its ``address`` is told that it is not the address of a call.
    """
    if address:
        advice = "Check the address in the page's line 'URL: https://...' or its canonical link."
        return ShapeError(where, "the address of a call", address[:200], advice)
    advice = "Save the page whole, or begin a text file with a line 'URL: https://...'."
    return ShapeError(where, "links to calls or a call's address", "a page without them", advice)


def name_below(address: str, folders: Collection[str], *, directly: bool = False) -> str:
    """Return the last part of an ``address`` that leads through one of ``folders``.

    Sites keep a call in other folders once it is over, or in another language: ``/sv/calls/quiet``
    and ``/calls/archive/quiet`` are the call "quiet". "" for a list's own address and any other.
    ``directly``: right below the folder, as a list links to its calls; deeper lie other lists.
    """
    *above, name = [part for part in urlsplit(address).path.split("/") if part] or [""]
    is_list = name in _LIST_NAMES or (above and above[-1] in _LIST_PAGES)
    near = above[-1:] if directly else above
    if is_list or not _NAME.fullmatch(name) or not set(folders).intersection(near):
        return ""
    return name


def path_of(address: str) -> str:
    """Return path and query of ``address``, which stay when a site moves to another host."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
