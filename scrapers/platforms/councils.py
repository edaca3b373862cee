"""A Swedish research council: its open data where the operator has a key, else its web pages.

A call has the same id in both: the last part of its page's address, which the interface names
among the places where the call is published. Only a call without such a page, or one that shares
its page with others, has its number there for an id. The interface's calls keep their number among
the identifiers; the pages rarely say it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from scrapers.call import Call, Level, Link, Section
from scrapers.errors import ShapeError
from scrapers.funder import Expectations, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms import gdp
from scrapers.platforms.council_pages import (
    CouncilPage,
    deadlines,
    open_page,
    opening_date,
    page_text,
    read_page,
)
from scrapers.platforms.labelled_pages import LabelledPage
from scrapers.platforms.web_funder import WebFunder, path_of
from scrapers.reading import parse
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.dates import first_date
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import read_steps, stage_deadlines

_PATTERNS = load("councils.toml", package=__package__)
_FORM_HOST = "prisma.research.se"
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?)(?:$|\?)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4}-\d{5}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=-)")
_ENGLISH_PATHS = ("/en/", "/english/", "/call/")
_MAX_LINKS, _LEAD_LENGTH = 20, 2000
_CURRENCY = "SEK"


class Council(WebFunder):
    """A research council. A subclass gives its addresses: ``lists``, ``call_paths``, ``gdp_base``.

    ``lists`` are paths where its list may be, the likeliest first; the first that links to calls
    is read. ``call_paths`` match the path of a call's page and no other, with the identifier as
    the first group.
    """

    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "GDP 2.0, JSON, with a key; web pages without"
    verified = "page text"
    expects = Expectations(minimum=5, fill=(("deadlines", 0.6), ("texts", 0.8)))
    lists: ClassVar[tuple[str, ...]]
    call_paths: ClassVar[re.Pattern[str]]
    gdp_base: ClassVar[str]

    def __init__(self, base: str | None = None) -> None:
        """Fetch both pages and open data from ``base``, as tests do."""
        super().__init__(base)
        self.interface_base = (base or self.gdp_base).rstrip("/")
        self._listings = {1: self.lists[0]}

    def list_path(self, number: int) -> str:
        """Return the path of the list's page ``number``, known once the page before is read."""
        return self._listings[number]

    def has_next_page(self, page: LabelledPage, number: int) -> bool:
        """Whether the list links to a further page of itself, which is then the next one."""
        stem = self._listings[1].removesuffix(".html").rstrip("/")
        for address, label in page.links:
            path = path_of(urljoin(page.address or self.home, address))
            listed = path in self._listings.values()
            if _PATTERNS.next_page.fullmatch(label) and path.startswith(stem) and not listed:
                self._listings[number + 1] = path
                return True
        return False

    def native_id(self, address: str) -> str:
        """Return the last part of the address of a call's page."""
        match = self.call_paths.fullmatch(urlsplit(address).path)
        return match[1] if match else ""

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the answers of the open interface if there is a key, else lists and pages."""
        if self.secret:
            return gdp.pages(self, fetch, self.interface_base)
        return self._public_pages(fetch)

    def _public_pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the pages of the first list that links to calls; else a failure for each list."""
        missed = []
        for path in self.lists:
            self._listings = {1: path}
            answers = super().pages(fetch)
            beginning = next(answers)
            if not (isinstance(beginning, Failure) and beginning.fatal):
                yield beginning
                yield from answers
                return
            missed.append(beginning)
        yield from missed

    def expected_pages(self, page: Page) -> int | None:
        """Return how many answers the interface will give; web pages do not say."""
        return gdp.expected_answers(page)

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the calls of an answer, the one of a page, or a list's links, which are none."""
        if gdp.is_json(page):
            yield from gdp.items(page, self)
            return
        where = f"{self.key} {page.url}"
        read = open_page(page, where)
        native = self.native_id(read.address)
        links = {} if native else self.linked_calls(read)
        if native:
            yield self._page_item(page, read, native)
        elif not links:
            advice = _advice_on_address(read.address)
            raise ShapeError(where, "a call's page or a list of calls", "another page", advice)
        for linked in links:
            fields = Fields({}, f"{self.key} link {linked}")
            yield SourceItem("link", linked, fields, self.provenance(page), skip="link on a list")

    def _page_item(self, page: Page, read: LabelledPage, native: str) -> SourceItem:
        where = f"{self.key} page {native}"
        content = read_page(read, self.title, where)
        fields = Fields({"page": content}, where)
        if content.made_up:
            fields.note("title", "the page has no title; this one is made from its address")
        # a decided call stays: past calls show when the next is due
        dated = deadlines(content, self.zone) or "decided" in content.facts
        undated = content.closed and not dated
        skip = "closed, without a day" if undated else ""
        return SourceItem("page", native, fields, self.provenance(page), skip=skip)

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each call once: its page before its record, if both came."""
        records = [item for item in items if item.kind == gdp.KIND]
        own = {item.id: self._page_id(item) for item in records}
        shared = Counter(own.values())
        named = (
            replace(item, id=page)
            if item.kind == gdp.KIND and (page := own[item.id]) and shared[page] == 1
            else item
            for item in items
        )
        yield from super().groups(list(named))

    def _page_id(self, item: SourceItem) -> str:
        """Return the identifier that a record's call has through its page, "" without one.

        The page in Swedish is that of the lists; it counts before one in English.
        """
        hosts = {_host_of(address) for address in (self.home, self.base, self.address)}
        try:
            named = gdp.page_addresses(item)
        except ShapeError:
            return ""  # the fault is reported when the record is read as a call
        own = [url for url in named if _host_of(url) in hosts and self.native_id(url)]
        own.sort(key=lambda url: urlsplit(url).path.startswith(_ENGLISH_PATHS))
        return self.native_id(own[0]) if own else ""

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a record of the interface or of a page."""
        item = group[0]
        for other in group[1:]:
            other.fields.ignore(*other.fields.names())
        if item.kind == gdp.KIND:
            return gdp.call(item, self)
        page = item.fields.raw("page")
        if not isinstance(page, CouncilPage):
            raise ShapeError(item.fields.where, "a page", type(page).__name__)
        text, sections = page_text(page)
        who = _section_text(text, sections, ("who",))
        opens = opening_date(page, self.zone)
        decided = first_date(page.facts.get("decided", ""), self.zone)
        day = _DAY.match(item.id)
        published = first_date(day.group(), self.zone) if day else None
        links = _links(page)
        steps = read_steps(page.lines, self.zone, page.title, page.headings)
        staged = stage_deadlines(deadlines(page, self.zone), steps, self.zone)
        language = page.language
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles={language: page.title},
            texts={language: text} if text else {},
            sections={language: sections} if text else {},
            identifiers=distinct([item.id, *_NUMBER.findall(page.facts.get("number", ""))]),
            keywords=distinct(page.facts.get(name, "") for name in ("area", "support", "form")),
            opens=start_of_day(opens.moment, opens.zone) if opens else None,
            published=start_of_day(published.moment, self.zone) if published else None,
            deadlines=staged.deadlines,
            closed_by=decided.moment.at if decided else None,
            funding=read_project_funding(
                _section_text(text, sections, ("what", "description"))[:_LEAD_LENGTH],
                _CURRENCY,
                amounts=_section_text(text, sections, ("amount",)),
            ),
            eligibility=read_eligibility(who),
            invited_only=staged.invited_only,
            url=page.address,
            apply_url=next((link.url for link in links if _FORM_HOST in link.url), None),
            links=tuple(link for link in links if _FORM_HOST not in link.url),
            provenance=item.provenance,
        )


def _advice_on_address(address: str) -> str:
    if address:
        return f"Its address, {address[:300]}, is not known as that of a call."
    return "Put a first line 'URL: https://...' with its address into a saved page."


def _host_of(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _section_text(text: str, sections: Sequence[Section], names: Sequence[str]) -> str:
    return "\n".join(text[s.start : s.end] for name in names for s in sections if s.name == name)


def _links(page: CouncilPage) -> list[Link]:
    """Return the documents a page links to, and where to apply."""
    links: dict[str, Link] = {}
    for target, label in page.links:
        address = parse.web_address(urljoin(page.address, target))
        if address and (_FORM_HOST in address or _DOCUMENT.search(address)):
            links.setdefault(address, Link(url=address, label=label[:500]))
    return list(links.values())[:_MAX_LINKS]
