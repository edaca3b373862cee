"""NordForsk, research funding of the Nordic Council of Ministers: a list, a page for each call.

Owner: NordForsk. Terms: web pages of an intergovernmental body; keep to their robots.txt. Last
checked 2026-11 against the text of one page of the application portal; its site's list and pages
were not seen, only their addresses.

Quirks: the portal writes "04.09.2018 13:00", day first, on the clock of Oslo. A call has a short
title and, further down, its full one. A call may have a first stage with a day of its own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from scrapers.call import Call, Deadline, DeadlineKind, Level, Link
from scrapers.funder import Expectations, ItemGroup, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import sections_named
from scrapers.platforms.labelled_pages import Vocabulary, join_parts, read_labelled_page
from scrapers.platforms.web_funder import WebFunder, name_below, not_a_call_error, steps_of
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.dates import closing_date, opening_date
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_funding
from scrapers.reading.parse import start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import stage_deadlines

_PATTERNS = load("nordforsk.toml", package=__package__)
_FOLDERS = frozenset({"calls", "call"})
_PORTAL = "funding.nordforsk.org"
_PORTAL_CALL = re.compile(r"(?:/\w+)?/call/call\.jsp")
_PORTAL_NUMBER = re.compile(r"\d{1,9}")


class NordForsk(WebFunder):
    """Calls on the site and, for saved pages, in the application portal."""

    key = "nordforsk"
    title = "NordForsk"
    home = "https://www.nordforsk.org"
    level = Level.NORDIC
    zone = "Europe/Oslo"
    interface = "web pages"
    verified = "page text"
    address = "https://www.nordforsk.org"
    expects = Expectations(minimum=1, fill=(("deadlines", 0.5), ("texts", 0.8)))
    other_hosts = frozenset({_PORTAL})
    vocabulary = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))

    def list_path(self, number: int) -> str:
        """Return the list's page, numbered from 0 as the site's software does."""
        return "/calls" if number == 1 else f"/calls?page={number - 1}"

    def native_id(self, address: str) -> str:
        """Return the portal's number of a call, or the last part of its address on the site."""
        parts = urlsplit(address)
        if _PORTAL_CALL.fullmatch(parts.path):
            number = parse_qs(parts.query).get("cid", [""])[0]
            return number if _PORTAL_NUMBER.fullmatch(number) else ""
        return name_below(address, _FOLDERS)

    def linked_id(self, address: str) -> str:
        """Return the identifier of a portal's page, or of one right below the list."""
        if name_below(address, _FOLDERS) and not name_below(address, _FOLDERS, directly=True):
            return ""
        return self.native_id(address)

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the one call of its own page; the links of a list are counted as skipped."""
        where = f"{self.key} {page.url}"
        read = read_labelled_page(page, where)
        native = self.native_id(read.address)
        if native:
            item = self.item(page, read, native, address=read.address)
            passed = any(_PATTERNS.passed.search(line) for line in read.lines)
            if passed and not item.fields.has("closes"):
                item = dataclasses.replace(item, skip="closed, without a date")
            yield item
            return
        paths = self.linked_calls(read)
        if not paths:
            raise not_a_call_error(where, read.address)
        for native, path in paths.items():
            link = Fields({"path": path}, f"{self.key} link {native}")
            skip = "link to a call's page"
            yield SourceItem("link", native, link, self.provenance(page), skip=skip)

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a page."""
        fields = group[0].fields
        short = fields.word("title").removeprefix("Call:").strip()
        text, sections = join_parts(fields.items("sections"))
        texts, spans = ({"en": text}, {"en": sections}) if text else ({}, {})
        who = "\n".join(sections_named(texts, spans, "en", ("who",)))
        address = fields.link("address")
        fields.ignore("path")
        steps = steps_of(fields)
        staged = stage_deadlines(self._deadlines(fields), steps, self.zone, in_prose=True)
        opens = opening_date(fields.word("opens"), self.zone) or next(iter(steps.opens), None)
        portal = [] if address is None or _PORTAL not in address else [address]
        return Call(
            id=f"{self.key}:{group[0].id}",
            funder=self.title,
            level=self.level,
            titles={"en": fields.word("full_title") or short},
            texts=texts,
            sections=spans,
            identifiers=(group[0].id,) if group[0].id.isdigit() else (),
            keywords=distinct([short] if fields.has("full_title") else []),
            opens=start_of_day(opens.moment, self.zone) if opens else None,
            deadlines=staged.deadlines,
            funding=read_funding(text, "NOK", labels={"Budget": fields.word("budget")}),
            eligibility=read_eligibility(who, whole=text),
            invited_only=staged.invited_only,
            url=address,
            apply_url=portal[0] if portal else None,
            links=tuple(Link(url=url, label="application portal") for url in portal),
            provenance=group[0].provenance,
        )

    def _deadlines(self, fields: Fields) -> tuple[Deadline, ...]:
        """Return the closing time by its own label; a first stage is among the page's steps."""
        fields.ignore("first")
        day = closing_date(fields.word("closes"), self.zone)
        if day is None:
            return ()
        at, only = day.moment
        kind = DeadlineKind.FIXED
        return (Deadline(kind=kind, zone=self.zone, at=at, date_only=only, text=day.note),)
