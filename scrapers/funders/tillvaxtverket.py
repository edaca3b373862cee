"""Tillväxtverket, the Swedish Agency for Economic and Regional Growth: a list, pages of calls.

Owner: Tillväxtverket. Terms: a public authority's web pages; keep to their robots.txt. Last
checked 2026-11 against the text of a call's page and the addresses of its list; not fetched live
from here, and the markup is not known.

Quirks: the number before ".html" is what stays when paths change, which they do. Most calls share
out the EU's regional fund within named counties, and say how large a part of a project's costs is
paid rather than a sum. "Kommande" may come without any day. Days have no hour.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from scrapers.call import Call, Deadline, DeadlineKind, Eligibility, Level
from scrapers.funder import Expectations, ItemGroup, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import sections_named
from scrapers.platforms.labelled_pages import (
    LabelledPage,
    Vocabulary,
    join_parts,
    read_labelled_page,
)
from scrapers.platforms.pages.counties import cut_counties
from scrapers.platforms.pages.title import with_own_title
from scrapers.platforms.pages.told_dates import told_dates
from scrapers.platforms.web_funder import WebFunder, not_a_call_error, steps_of
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.dates import WrittenDate, find_dates, opening_date
from scrapers.reading.fields import Fields
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import stage_deadlines
from scrapers.remarks import add_remarks

_PATTERNS = load("tillvaxtverket.toml", package=__package__)
_SECTIONS = _PATTERNS.group("sections")
_CALL = re.compile(r"/(?:[^/]+/)*[^/]*utlysningar/(?:[^/]+/)*[^/]+\.(\d+)\.html")
_STATUS_WORDS = ("Kommande", "Stängd", "Pågående", "Öppen")


class Tillvaxtverket(WebFunder):
    """Calls, most of them of the regional fund, each limited to its counties."""

    key = "tillvaxtverket"
    title = "Tillväxtverket"
    home = "https://tillvaxtverket.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "web pages"
    verified = "page text"
    address = "https://tillvaxtverket.se"
    # Calls to come often have no day yet.
    expects = Expectations(minimum=5, fill=(("deadlines", 0.3), ("texts", 0.8)))
    vocabulary = Vocabulary(_PATTERNS.group("facts"), _SECTIONS)

    def list_path(self, number: int) -> str:
        """Return the list's one address, and the pages it may have."""
        path = "/tillvaxtverket/sokfinansiering/utlysningar.1139.html"
        return path if number == 1 else f"{path}?page={number}"

    def has_next_page(self, page: LabelledPage, number: int) -> bool:
        """Whether the list links to its next page."""
        return any(f"page={number + 1}" in address for address, _ in page.links)

    def native_id(self, address: str) -> str:
        """Return the number of a page below the list."""
        match = _CALL.fullmatch(urlsplit(address).path)
        return match[1] if match else ""

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the one call of its own page; the links of a list are counted as skipped."""
        where = f"{self.key} {page.url}"
        read = read_labelled_page(page, where)
        native = self.native_id(read.address)
        if native:
            yield self._page_item(page, read, native)
            return
        paths = self.linked_calls(read)
        if not paths:
            raise not_a_call_error(where, read.address)
        for native, path in paths.items():
            link = Fields({"path": path}, f"{self.key} link {native}")
            skip = "link to a call's page"
            yield SourceItem("link", native, link, self.provenance(page), skip=skip)

    def _page_item(self, page: Page, read: LabelledPage, native: str) -> SourceItem:
        status = next((line for line in read.lines if line in _STATUS_WORDS), "")
        lines, counties = cut_counties(read.lines, _is_heading)
        lines = tuple(line for line in lines if line not in _STATUS_WORDS)
        bare = with_own_title(dataclasses.replace(read, lines=lines), self.title)
        item = self.item(page, bare, native, counties=list(counties), status=status)
        dated = item.fields.has("closes") or item.fields.has("period")
        dated = dated or bool(told_dates(lines, self.zone).closes)
        if status == "Stängd" and not dated:
            return dataclasses.replace(item, skip="closed, without a date")
        return item

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a page."""
        fields = group[0].fields
        text, sections = join_parts(fields.items("sections"))
        texts, spans = ({"sv": text}, {"sv": sections}) if text else ({}, {})
        budget = f"Budget: {fields.word('budget')}.\n" if fields.has("budget") else ""
        pays = "\n".join(sections_named(texts, spans, "sv", ("amount",)))
        who = "\n".join(sections_named(texts, spans, "sv", ("who",)))
        told = told_dates((text[s.start : s.end] for s in sections), self.zone)
        opens, closes = self._opening_and_closing(fields)
        opens, closes = opens or told.opening, closes or told.closing
        counties = fields.words("counties")
        path = fields.word("path")
        own = self._deadlines(fields.word("status"), opens, closes, told.note(closes))
        staged = stage_deadlines(own, steps_of(fields), self.zone)
        return Call(
            id=f"{self.key}:{group[0].id}",
            funder=self.title,
            level=self.level,
            titles={"sv": fields.word("title")},
            texts=texts,
            sections=spans,
            identifiers=(group[0].id,),
            opens=start_of_day(opens.moment, self.zone) if opens else None,
            deadlines=staged.deadlines,
            funding=read_project_funding("", "SEK", amounts=budget + pays)
            or read_project_funding(text, "SEK"),
            eligibility=(*read_eligibility(who), *_county_eligibility(counties)),
            invited_only=staged.invited_only,
            url=f"{self.home}{path}" if path else None,
            provenance=group[0].provenance,
        )

    def _opening_and_closing(self, fields: Fields) -> tuple[WrittenDate | None, WrittenDate | None]:
        """Return when a call opens and closes, from its own labels or from its period."""
        period = list(find_dates(fields.word("period"), self.zone))
        opens = opening_date(fields.word("opens"), self.zone)
        said = list(find_dates(fields.word("opens"), self.zone))
        closes = [d for d in find_dates(fields.word("closes"), self.zone) if d.place != "first"]
        closes = closes or (said[1:] if opens else said) or period[-1:]
        return opens or next(iter(period[:-1]), None), next(iter(closes), None)

    def _deadlines(
        self, status: str, opens: WrittenDate | None, closes: WrittenDate | None, note: str
    ) -> tuple[Deadline, ...]:
        if closes:
            at, only = closes.moment
            kind = DeadlineKind.FIXED
            notes = add_remarks("", closes.note, note)
            return (Deadline(kind=kind, zone=closes.zone, at=at, date_only=only, text=notes),)
        if status == "Kommande" and opens is None:
            return (Deadline(kind=DeadlineKind.ANNOUNCED, zone=self.zone, text=status),)
        return ()


def _is_heading(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in _SECTIONS.values())


def _county_eligibility(counties: Sequence[str]) -> tuple[Eligibility, ...]:
    """Return the counties that a project must lie in, as one condition."""
    places = ", ".join(counties)
    return (Eligibility(kind="region", value=places),) if places else ()
