"""UKRI, UK Research and Innovation: its funding finder or its feed, and a page for each call.

Owner: UK Research and Innovation. Terms: web pages under the Open Government Licence; keep to
their robots.txt. Last checked 2026-11 against the text of two calls and what public clients say
about the markup; not fetched live from here.

Quirks: the feed has the newest twenty calls only, so it is asked when the list fails, and such a
run does not replace what is stored. Hours are "UK time". A call with rounds is "ongoing" and names
months instead of days. A pre-announcement has no days yet. Second stages are calls of their own
that one "must be invited" to.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Level, Section
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Expectations, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import sections_named
from scrapers.platforms.labelled_pages import (
    LabelledPage,
    Vocabulary,
    join_parts,
    read_labelled_page,
)
from scrapers.platforms.web_funder import WebFunder, name_below, not_a_call_error, steps_of
from scrapers.reading.applicants import read_eligibility, split_sentences
from scrapers.reading.dates import closing_dates, first_date, opening_date
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_funding
from scrapers.reading.parse import clean_line, clean_text, start_of_day, web_address
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import stage_deadlines
from scrapers.remarks import add_remarks

_PATTERNS = load("ukri.toml", package=__package__)
_FOLDERS = frozenset({"opportunity", "opportunities"})
_SUMMARY_CLASS = "opportunity__summary"
_MIN_TEXT_LENGTH = 50
_MONEY_LABELS = {
    "total": "Total fund",
    "minimum": "Minimum award",
    "maximum": "Maximum award",
    "range": "Award range",
}
_LEAD_LENGTH = 4000
_FORM_HOST = "funding-service.ukri.org"
_LIST_QUERY = (
    "filter_status%5B0%5D=open&filter_status%5B1%5D=upcoming"
    "&filter_order=publication_date&filter_submitted=true"
)


class Ukri(WebFunder):
    """Open and coming opportunities of the UK's research councils and Innovate UK."""

    key = "ukri"
    title = "UK Research and Innovation"
    home = "https://www.ukri.org"
    level = Level.INTERNATIONAL
    zone = "Europe/London"
    interface = "web pages, RSS"
    verified = "page text"
    address = "https://www.ukri.org"
    expects = Expectations(minimum=15, fill=(("deadlines", 0.7), ("texts", 0.8)))
    vocabulary = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))

    def list_path(self, number: int) -> str:
        """Return a page of the finder, narrowed to open and upcoming calls."""
        page = "" if number == 1 else f"page/{number}/"
        return f"/opportunity/{page}?{_LIST_QUERY}"

    def has_next_page(self, page: LabelledPage, number: int) -> bool:
        """Whether the finder links to its next page."""
        return any(f"/page/{number + 1}/" in address for address, _ in page.links)

    def native_id(self, address: str) -> str:
        """Return the last part of a call's address."""
        return name_below(address, _FOLDERS)

    def linked_id(self, address: str) -> str:
        """Return the last part of an address right below the finder's."""
        return name_below(address, _FOLDERS, directly=True)

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the finder's pages and each call's own; without a finder, the feed's newest."""
        for answer in super().pages(fetch):
            if isinstance(answer, Failure) and answer.fatal:
                yield from self._feed_pages(fetch, answer)
            else:
                yield answer

    def _feed_pages(self, fetch: PageFetcher, lost: Failure) -> Iterator[Page | Failure]:
        try:
            page = fetch.get(f"{self.base}/opportunity/feed/")
            items = list(self.items(page))
        except (FetchError, ShapeError):
            yield lost
            return
        message = f"{lost.message}; only the newest calls of the feed were read"
        yield dataclasses.replace(lost, message=message, fatal=False, thins=True)
        yield page
        for item in items:
            if isinstance(item, SourceItem):
                yield self._fetch_call(fetch, item.id, f"/opportunity/{item.id}/")

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the entries of a feed, the cards of a list, or the one call of its own page."""
        where = f"{self.key} {page.url}"
        if page.text().lstrip()[:200].lower().startswith(("<?xml", "<rss")) and (
            "<rss" in page.text()[:2000].lower()
        ):
            yield from self._feed_items(page, where)
            return
        read = read_labelled_page(page, where)
        if native := self.native_id(read.address):
            yield self._page_item(page, read, native, "page")
            return
        paths = self.linked_calls(read)
        if not paths:
            raise not_a_call_error(where, read.address)
        cards = dict(self._cards(read))
        for native, path in paths.items():
            if native in cards:
                yield self._page_item(page, cards[native], native, "card")
                continue
            link = Fields({"path": path}, f"{self.key} link {native}")
            skip = "link to a call's page"
            yield SourceItem("link", native, link, self.provenance(page), skip=skip)

    def _feed_items(self, page: Page, where: str) -> Iterator[SourceItem | Failure]:
        source = page.text()
        if re.search(r"<!(?:doctype|entity)", source, re.IGNORECASE):
            raise ShapeError(where, "a feed without a document type", "one that defines entities")
        entries = BeautifulSoup(source, "xml").find_all("item")
        if not entries:
            raise ShapeError(where, "entries of a feed", "a feed without any")
        for position, entry in enumerate(entries):
            values = {tag.name: tag.get_text() for tag in entry.find_all(recursive=False)}
            address = web_address(values.get("link", "")) or ""
            native = self.native_id(address)
            at = f"{self.key} entry {position}"
            if not native:
                yield Failure(at, f"{at}: no address of a call in {values.get('link', '')[:80]!r}")
                continue
            lines = tuple(clean_text(values.get("description", "")).splitlines())
            read = LabelledPage(
                address.split("?", maxsplit=1)[0], clean_line(values.get("title", "")), lines
            )
            yield self._page_item(page, read, native, "entry", values.get("pubDate", ""))

    def _cards(self, page: LabelledPage) -> Iterator[tuple[str, LabelledPage]]:
        """Yield each call of a list as a document of its own, where its card has the summary."""
        for summary in page.soup.find_all("dl", class_=_SUMMARY_CLASS) if page.soup else ():
            holder: Tag | None = summary
            while holder is not None:
                if len(holder.find_all(class_=_SUMMARY_CLASS, limit=2)) > 1:
                    break
                near = holder.find_all("a", href=True, limit=_MIN_TEXT_LENGTH)
                links = [anchor for anchor in near if self._linked_call(anchor)]
                if links:
                    address = f"{self.home}/opportunity/{self._linked_call(links[0])}/"
                    if len({self._linked_call(link) for link in links}) == 1:
                        lines = tuple(clean_text(str(holder)).splitlines())
                        title = clean_line(links[0].get_text(" "))
                        yield self._linked_call(links[0]), LabelledPage(address, title, lines)
                    break
                holder = holder.parent

    def _linked_call(self, anchor: Tag) -> str:
        return self.native_id(str(anchor["href"]))

    def _page_item(
        self, page: Page, read: LabelledPage, native: str, kind: str, released: str = ""
    ) -> SourceItem:
        titled = [line for line in read.lines if _PATTERNS.title_prefix.match(line)]
        title = _PATTERNS.title_prefix.sub("", titled[0] if titled else read.title)
        lines = tuple(
            line
            for line in read.lines
            if line not in titled and not _PATTERNS.crumb.fullmatch(line)
        )
        forms = [address for address, _ in read.links if _FORM_HOST in address]
        clean = dataclasses.replace(read, title=title, lines=lines)
        form = forms[0] if forms else ""
        item = self.item(page, clean, native, form=form, released=released)
        item = dataclasses.replace(item, kind=kind)
        status, closes = item.fields.word("status"), item.fields.word("closes")
        if status.lower() == "closed" and not closes:
            return dataclasses.replace(item, skip="closed, without a date")
        return item

    def call(self, group: ItemGroup) -> Call:
        """Return the call of the fullest of its records."""
        fields = group[0].fields
        for other in group[1:]:
            other.fields.ignore(*other.fields.names())
        body, sections = join_parts(fields.items("sections"))
        texts, spans = ({"en": body}, {"en": sections}) if body else ({}, {})
        opens = opening_date(fields.word("opens"), self.zone)
        who = "\n".join(sections_named(texts, spans, "en", ("who",)))
        who += "".join(
            f"\n{sentence}"
            for sentence in split_sentences(body)
            if _PATTERNS.you_must.match(sentence)
        )
        path = fields.word("path")
        own = self._deadlines(fields, body)
        staged = stage_deadlines(own, steps_of(fields), self.zone, in_prose=True)
        return Call(
            id=f"{self.key}:{group[0].id}",
            funder=self.title,
            level=self.level,
            titles={"en": fields.word("title")},
            texts=texts,
            sections=spans,
            programme=fields.word("funders"),
            keywords=distinct([fields.word("type")]),
            opens=start_of_day(opens.moment, self.zone) if opens else None,
            published=self._publication_time(fields),
            deadlines=staged.deadlines,
            funding=_funding(fields, _lead(body, sections)),
            eligibility=read_eligibility(who, whole=body),
            invited_only=staged.invited_only,
            url=f"{self.home}{path}" if path else None,
            apply_url=fields.link("form"),
            provenance=group[0].provenance,
        )

    def _publication_time(self, fields: Fields) -> datetime | None:
        """Return the day of a page, or the moment at which the feed got an entry."""
        day = first_date(fields.word("published"), self.zone)
        released = fields.word("released")
        if day or not released:
            return start_of_day(day.moment, self.zone) if day else None
        try:
            at = parsedate_to_datetime(released)
        except ValueError:
            fields.note("released", f"left out an unreadable date: {released[:80]!r}")
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def _deadlines(self, fields: Fields, body: str) -> tuple[Deadline, ...]:
        """Return the closing time, a rolling deadline for rounds, or that a call is announced."""
        label, status = fields.word("closes"), fields.word("status").lower()
        days = closing_dates(label, self.zone)
        rounds = " ".join(
            sentence for sentence in split_sentences(body) if _PATTERNS.ongoing.search(sentence)
        )[:500]
        if days:
            kind = DeadlineKind.CUT_OFF if rounds or len(days) > 1 else DeadlineKind.FIXED
            return tuple(
                Deadline(
                    kind=kind,
                    zone=day.zone,
                    at=day.moment.at,
                    date_only=day.moment.date_only,
                    text=add_remarks(rounds, day.note),
                )
                for day in days
            )
        soon = next(
            (
                sentence
                for sentence in split_sentences(body)
                if _PATTERNS.pre_announced.search(sentence)
            ),
            "",
        )
        # nobody can apply to what is pre-announced, also where rounds come every year
        ahead = bool(soon) and status != "open"
        if not ahead and (rounds or _PATTERNS.endless.search(label)):
            return (Deadline(kind=DeadlineKind.ROLLING, zone=self.zone, text=rounds or label),)
        early = label or rounds or soon
        if early or (status == "upcoming" and not fields.has("opens")):
            text = (early or "upcoming")[:500]
            return (Deadline(kind=DeadlineKind.ANNOUNCED, zone=self.zone, text=text),)
        return (Deadline(kind=DeadlineKind.ROLLING, zone=self.zone),) if status == "open" else ()


def _lead(body: str, sections: Sequence[Section]) -> str:
    """Return the parts that say what is paid: what stands before the headings, and the scope."""
    parts = [body[one.start : one.end] for one in sections if one.name in ("description", "what")]
    return "\n".join(parts)[:_LEAD_LENGTH]


def _funding(fields: Fields, lead: str) -> Funding | None:
    """Return the funding by the summary, in pounds; what it leaves out by the ``lead``.

    The councils limit a project by its full economic cost, of which they pay a share.
    """
    labels = {label: fields.word(name) for name, label in _MONEY_LABELS.items()}
    return read_funding(lead, "GBP", labels=labels, by_cost=True)
