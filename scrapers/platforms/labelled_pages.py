"""Pages for people, saved as HTML or as plain text: read as lines under labels and headings.

A funder says which labels and headings its pages have; everything else stays text. Sections about
contact persons are left out here, so no funder can forget them.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.call import Money, Section, join_sections
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Failure, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Page
from scrapers.reading import parse
from scrapers.reading.fields import Fields
from scrapers.reading.patterns import load

_PATTERNS = load("labelled_pages.toml", package=__package__)
_SUMS = _PATTERNS.group("sums")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|main|div|article)\b", re.IGNORECASE)
_URL_LINE = re.compile(r"\s*URL:\s*(\S+)\s*\n?", re.IGNORECASE)
_MAX_LABELLED_LENGTH = 1000
_NO_HEADING = 7
_BULLET = re.compile(r"^\s*[•·▪◦*]\s+")
_SCALES = {"b": 10**9, "m": 10**6, "t": 10**3, "k": 10**3}
_NO_MORE_PAGES = "answered 404"
_FURNITURE_TAGS = ("nav", "footer", "aside", "form", "script", "style", "noscript", "template")


@dataclass(frozen=True)
class LabelledPage:
    """A page without its furniture. ``address`` is "" when a saved page does not say its own.

    ``headings`` maps each to its level, 1 to 6; ``links`` are (address as written, text); ``soup``
    is None for plain text, where headings are not known.
    """

    address: str
    title: str
    lines: tuple[str, ...]
    headings: Mapping[str, int] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    soup: BeautifulSoup | None = field(default=None, repr=False, compare=False)


def read_labelled_page(page: Page, where: str) -> LabelledPage:
    """Return ``page`` as a document; raise ``ShapeError`` for JSON, XML and an empty answer.

    Plain text may begin with a line "URL: https://...".
    """
    source = page.text().lstrip()
    if not source.strip():
        raise ShapeError(where, "a web page", "an empty answer", "Ask again later.")
    if source[0] in "[{":
        advice = "This may be another program's output: save the funder's own page instead."
        raise ShapeError(where, "a web page", "JSON", advice)
    address = page.url if page.url.startswith(("https://", "http://")) else ""
    if _HTML.search(source[:20_000]):
        return _from_html(source, address)
    if source.startswith("<"):
        raise ShapeError(where, "a web page", "XML")
    if named := _URL_LINE.match(source):
        address = address or parse.web_address(named[1]) or ""
        source = source[named.end() :]
    lines = tuple(_BULLET.sub("", line) for line in parse.clean_text(source).splitlines())
    return LabelledPage(address, next((line for line in lines if line), ""), lines)


def _from_html(source: str, address: str) -> LabelledPage:
    soup = BeautifulSoup(source.removeprefix('<?xml version="1.0" encoding="UTF-8"?>'), "lxml")
    named = {"link[rel=canonical]": "href", "meta[property='og:url']": "content"}
    for selector, name in named.items():
        if not address and (tag := _select_tag(soup, selector)):
            address = parse.web_address(str(tag.get(name, ""))) or ""
    root = _select_tag(soup, "main") or _select_tag(soup, "[role=main]") or soup.body or soup
    links = tuple(
        (str(tag["href"]), parse.clean_line(tag.get_text(" ")))
        for tag in soup.find_all("a", href=True)
    )
    for tag in root.find_all(_FURNITURE_TAGS):
        tag.decompose()
    titled = _select_tag(root, "h1") or _select_tag(soup, "h1") or _select_tag(soup, "title")
    heads = root.find_all(re.compile("^h[1-6]$"))
    return LabelledPage(
        address=address,
        title=parse.clean_line(titled.get_text(" ")) if titled else "",
        lines=tuple(parse.clean_text(str(root)).splitlines()),
        headings={parse.clean_line(tag.get_text(" ")): int(tag.name[1]) for tag in heads},
        links=links,
        soup=soup,
    )


def _select_tag(within: Tag, selector: str) -> Tag | None:
    return within.select_one(selector)


def not_a_call_error(where: str) -> ShapeError:
    """Return the error for a page that is neither a list of calls nor says which call it is."""
    advice = "Save the page whole, or begin a text file with a line 'URL: https://...'."
    return ShapeError(where, "links to calls or a call's address", "a page without them", advice)


class Vocabulary:
    """The labels and headings of a funder's pages, each a name and the pattern of its line.

    Each pattern ends with the part ``value`` of ``labelled_pages.toml``, which finds what stands
    behind a label.
    A ``fact`` has one line: after a colon, before its first figure, or on the next line. A
    ``section`` goes on until the next label or heading.
    """

    def __init__(
        self, facts: Mapping[str, re.Pattern[str]], sections: Mapping[str, re.Pattern[str]]
    ) -> None:
        self._facts = facts
        self._sections = sections

    def read(self, page: LabelledPage) -> tuple[dict[str, str], dict[str, str]]:
        """Return facts and sections of ``page`` by name; section "" is what no label claims.

        Of a fact given twice the first counts.
        """
        facts: dict[str, str] = {}
        sections: dict[str, list[str]] = {"": []}
        current, waiting, level = "", "", 0
        for line in page.lines:
            name, rest = self._match(self._facts, line)
            if name:
                waiting = "" if rest else name
                facts.setdefault(name, rest)
            elif line and line == page.title:
                continue
            elif persons := _PATTERNS.contact.fullmatch(line[:_MAX_LABELLED_LENGTH]):
                waiting = ""
                if not persons["rest"]:
                    current, level = "contact", page.headings.get(line, _NO_HEADING)
            elif waiting and line:
                facts[waiting] = facts[waiting] or line
                waiting = ""
            else:
                name, rest = self._match(self._sections, line)
                if name:
                    current, level = name, page.headings.get(line, _NO_HEADING)
                elif 0 < page.headings.get(line, 0) <= level:
                    current, level = "", 0
                sections.setdefault(current, []).append(rest if name else line)
        sections.pop("contact", None)
        return facts, {name: parse.clean_text("\n".join(found)) for name, found in sections.items()}

    def _match(self, patterns: Mapping[str, re.Pattern[str]], line: str) -> tuple[str, str]:
        for name, pattern in patterns.items():
            if 0 < len(line) <= _MAX_LABELLED_LENGTH and (found := pattern.fullmatch(line)):
                return name, (found["rest"] or found["figure"] or "").strip()
        return "", ""


def join_parts(parts: Sequence[object]) -> tuple[str, tuple[Section, ...]]:
    """Return [name, text] parts, as ``WebFunder.item`` keeps them, as one text with sections."""
    pairs = [(str(part[0]), str(part[1])) for part in parts if isinstance(part, list)]
    return join_sections((name or "description", text) for name, text in pairs)


class WebFunder(Funder):
    """A funder with a list of links to calls, on one or more pages, and a page a call."""

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

    def linked_calls(self, page: LabelledPage) -> dict[str, str]:
        """Return the calls linked from a list: path, or address on another host, by identifier."""
        found: dict[str, str] = {}
        own = {urlsplit(address).hostname for address in (self.home, self.base, self.address)}
        for written, _ in page.links:
            address = urljoin(page.address or self.home, written)
            native, host = self.native_id(address), urlsplit(address).hostname
            if native and host in own:
                found.setdefault(native, path_of(address))
            elif native and host in self.other_hosts:
                found.setdefault(native, address)
        return found

    def has_next_page(self, page: LabelledPage, number: int) -> bool:
        """Whether the list has a page after ``number``; one without new calls ends it anyway."""
        del page, number
        return True

    def calls_to_fetch(self, page: LabelledPage) -> dict[str, str]:
        """Return those of ``calls_on`` whose own pages are worth asking for."""
        return self.linked_calls(page)

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the list's pages, then the page of each call found on them."""
        known: set[str] = set()
        wanted: dict[str, str] = {}
        for number in range(1, self.most_pages + 1):
            where = f"{self.key} {self.list_path(number)}"
            try:
                page = fetch.get(f"{self.base}{self.list_path(number)}")
                listed = read_labelled_page(page, where)
            except (FetchError, ShapeError) as error:
                if number == 1 or not str(error).endswith(_NO_MORE_PAGES):
                    yield Failure(where, str(error), fatal=number == 1, thins=True)
                break
            found = self.linked_calls(listed)
            if not found and number == 1:
                message = f"no link to a call on {page.url}; the site may have moved its list"
                yield Failure(where, message, fatal=True)
                return
            fresh = found.keys() - known
            if fresh:
                known |= fresh
                wanted = self.calls_to_fetch(listed) | wanted
                yield page
            elif number > 2 or not self.zero_based:  # noqa: PLR2004  page 1 may repeat page 0
                break
            if not self.has_next_page(listed, number):
                break
        for native, path in wanted.items():
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
        values = {**facts, "title": read.title, "sections": parts, "path": path_of(read.address)}
        return SourceItem("page", native, Fields({**values, **more}, where), self.provenance(page))

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each call's own page, followed by its card on the list where both came."""
        found: dict[str, dict[str, SourceItem]] = {}
        for item in items:
            found.setdefault(item.id, {})[item.kind] = item
        for kinds in found.values():
            yield tuple(sorted(kinds.values(), key=lambda item: item.kind != "page"))


def find_sums(text: str, currency: str) -> list[Money]:
    """Return the sums in ``text`` that stand beside the mark of ``currency``, GBP or NOK."""
    found = []
    for match in _SUMS[currency].finditer(text):
        figure = re.sub(r"[,\s]", "", match["figure"] or match["figure2"])
        scale = (match["scale"] or match["scale2"] or "").lower()[:1]
        amount = Decimal(figure) * _SCALES.get(scale, 1)
        whole = amount.to_integral_value()
        found.append(Money(amount=whole if whole == amount else amount, currency=currency))
    return found


def path_of(address: str) -> str:
    """Return path and query of ``address``: what remains when a site moves to another host."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
