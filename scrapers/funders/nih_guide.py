"""NIH Guide for Grants and Contracts: announcements of the US National Institutes of Health.

Owner: National Institutes of Health. Terms: US government work, public domain, no key. Last
checked 2026-11 against the text of one announcement; what the search answers is known from two
public clients only, and it was not fetched live from here.

Quirks: notices (NOT-...) share the search with announcements one can apply to; they are skipped.
An announcement has several receipt dates over some years and then expires; some only refer to the
standard dates. The hour of a page is the applicant's own; a hit has none and its days are kept on
the clock of New York. ``lard`` is the last receipt date. Sister agencies (CDC, AHRQ) announce here
too. Names come as text or in lists. Contact persons are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

from scrapers.call import Call, Level, Link, end_of_day, join_sections
from scrapers.copies import best_copies
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.platforms.bilingual import sections_named
from scrapers.platforms.labelled_pages import Vocabulary, join_parts, read_labelled_page
from scrapers.platforms.us import simpler_grants
from scrapers.platforms.us.awards import funding_in_words
from scrapers.platforms.us.key_dates import KeyDates, read_key_dates
from scrapers.platforms.us.nih_dates import NihDates, day_that_holds, receipt_schedule
from scrapers.platforms.us.schedule import Schedule
from scrapers.plurals import count_noun
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.dates import WrittenDate, find_dates
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_funding
from scrapers.reading.parse import Moment, clean_line, is_placeholder
from scrapers.reading.patterns import load

_PAGE_SIZE, _SMALL_PAGE = 100, 25
_AGENCY = "HHS-NIH11"
_MAX_RESULTS = 10_000
_HOME = "https://grants.nih.gov/grants/guide"
_PATTERNS = load("nih_guide.toml", package=__package__)
_NUMBER = re.compile(r"\b[A-Z]{2,4}-(?:[A-Z]{2,3}-)?\d{2}-\d{3}\b")
_LISTING_NUMBER = re.compile(r"\b\d{2}\.\d{3}\b")
_BOOKKEEPING = "intentdate parentFOA filename sponsors relatedDocs clinicaltrials rowid".split()
_KEPT = ("agency", "institutes", "receipt", "aids", "dates", "funds", "budget")
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))


class NihGuide(Funder):
    """Active announcements (RFA, PA, PAR and their like), not notices."""

    key = "nih_guide"
    title = "National Institutes of Health (NIH)"
    home = _HOME
    level = Level.INTERNATIONAL
    zone = "America/New_York"
    interface = "search, JSON; web pages"
    # the page reader was checked against a real text, the search was not
    verified = "not yet"
    address = "https://search.grants.nih.gov/guide/api/data"
    expects = Expectations(minimum=200)

    def __init__(self, base: str | None = None, until: date | None = None) -> None:
        """Fetch what was released up to that day, today by default."""
        super().__init__(base)
        self.until = until or datetime.now(ZoneInfo(self.zone)).date()

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the answers of the Guide's search; when it is refused, of the next that answers."""
        refused: list[Failure] = []
        for door, answers in (
            ("the search of the NIH Guide", self._guide_pages(fetch)),
            ("Simpler.Grants.gov", simpler_grants.pages(self, fetch, _AGENCY)),
            ("the search of grants.gov", simpler_grants.search_pages(self, fetch, _AGENCY)),
        ):
            first = next(answers, None)
            if isinstance(first, Failure) and first.fatal:
                refused.append(first)
                continue
            if first is not None:
                self.door = door
                yield first
            yield from answers
            return
        yield replace(refused[0], message="; ".join(one.message for one in refused))

    def _guide_pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the search's answers, a hundred active announcements at a time.

        Some servers cut such a page short and then have nothing more. So a page that comes short
        is asked for again, and all later ones, with 25 at a time.
        """
        start, total, size = 0, 1, _PAGE_SIZE
        count = RowCount()
        while start < min(total, _MAX_RESULTS):
            where = f"{self.key} from {start}"
            try:
                page = fetch.get(f"{self.base}?{self._search_query(start, size)}")
                hits = _outer_hits(page, where)
                rows, total = len(hits.items("hits")), _hit_count(hits)
            except (FetchError, ShapeError) as error:
                yield Failure(where, str(error), fatal=True)
                return
            if size > _SMALL_PAGE and rows < size and start + rows < total:
                size = _SMALL_PAGE
                continue
            count.add(map(_row_name, hits.items("hits")), total)
            if rows == 0:
                yield Failure(
                    where,
                    f"{where}: no hits, though {count_noun(total, 'was', 'were')} announced",
                    fatal=True,
                )
                return
            yield page
            start += rows
        if lost := count.shortfall(self.key, "hit", thins=True):
            yield lost

    def _search_query(self, start: int, size: int) -> str:
        everything = "parentic primaryic activitycodes doctype parentfoa clinicaltrials fields"
        parameters = {"query": "", "type": "active", "spons": "true", "sort": "reldate:desc"}
        parameters |= dict.fromkeys(everything.split(), "all")
        parameters |= {"daterange": f"01011991-{self.until:%m%d%Y}", "from": f"{start}"}
        return urlencode({**parameters, "perpage": size})

    def expected_pages(self, page: Page) -> int | None:
        """Return how many answers the search has in all."""
        size = parse_qs(urlsplit(page.url).query).get("perpage", [""])[0]
        return -(-_hit_count(_outer_hits(page, self.key)) // int(size)) if size.isdigit() else None

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the hits of a search answer, or the one announcement of a page of the Guide."""
        where = f"{self.key} {page.url}"
        if page.text().lstrip()[:1] not in ("{", "["):
            yield self._page_item(page, where)
            return
        others = simpler_grants.rows_of(page.json(where))
        if others is not None:
            yield from self._register_items(others, page)
            return
        for position, row in enumerate(_outer_hits(page, where).items("hits")):
            at = f"{self.key} hit {position}"
            try:
                source = Fields(Fields(row, at).raw("_source"), f"{at}._source")
                native = _announcement_number(source.word("docnum"), at)
                source.where = f"{self.key} hit {native}"
                kind = f"{native[:4]} {source.word('doctype')} {source.word('type')}".lower()
                skip = "notice" if "not-" in kind or "notice" in kind else ""
                yield SourceItem("hit", native, source, self.provenance(page), skip=skip)
            except ShapeError as error:
                yield Failure(error.where, str(error))

    def _register_items(
        self, rows: Iterable[Mapping[str, Any]], page: Page
    ) -> Iterator[SourceItem | Failure]:
        for position, row in enumerate(rows):
            try:
                yield simpler_grants.item(row, f"{self.key} row {position}", page, self)
            except ShapeError as error:
                yield Failure(error.where, str(error))

    def _page_item(self, page: Page, where: str) -> SourceItem:
        read = read_labelled_page(page, where)
        facts, sections = _VOCABULARY.read(read)
        native = _announcement_number(facts.get("number", ""), where)
        pays = "\n\n".join(filter(None, (sections.get(name, "") for name in ("funds", "budget"))))
        parts = [[name, sections.get(name, "")] for name in ("purpose", "who")]
        kept = {name: sections.get(name, "") for name in _KEPT}
        values: dict[str, object] = {"path": read.address, **facts, **kept, "number": native}
        values |= {"sections": [*parts, ["amount", pays]], "table": read_key_dates(read)}
        skip = "notice" if native.startswith("NOT-") else ""
        fields = Fields(values, f"{self.key} page {native}")
        return SourceItem("page", native, fields, self.provenance(page), skip=skip)

    def groups(self, items: Iterable[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each announcement once: its page where it came, else its hit."""
        for item in best_copies(items, lambda item: item.id, lambda item: (item.kind == "page",)):
            yield (item,)

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a hit or of a page."""
        item = group[0]
        if item.kind == simpler_grants.KIND:
            return simpler_grants.call(item, self)
        return self._call_from_page(item) if item.kind == "page" else self._call_from_hit(item)

    def _call_from_hit(self, item: SourceItem) -> Call:
        fields = item.fields
        fields.ignore(*_BOOKKEEPING, "docnum", "doctype", "type")
        text, sections = join_sections([("purpose", fields.text("purpose"))])
        return Call(
            id=f"{self.key}:{item.id}",
            funder=_hit_owner(fields) or self.title,
            level=self.level,
            titles={"en": fields.word("title")},
            texts={"en": text} if text else {},
            sections={"en": sections} if text else {},
            programme=", ".join(_collect_names(fields.raw("organization")))[:300],
            identifiers=(item.id,),
            keywords=distinct(_collect_names(fields.raw("ac"))),
            opens=self._opening_time(_read_days(fields, "opendate")),
            published=self._opening_time(_read_days(fields, "reldate")),
            deadlines=self._hit_dates(fields).deadlines(),
            funding=read_funding(text),
            url=_page_address(item.id),
            provenance=item.provenance,
        )

    def _call_from_page(self, item: SourceItem) -> Call:
        fields = item.fields
        fields.ignore("path", "kind", "intent", "number", "review", "council", "start", "order")
        text, sections = join_parts(fields.items("sections"))
        texts, spans = ({"en": text}, {"en": sections}) if text else ({}, {})
        companions = _NUMBER.findall(fields.word("companion"))
        agencies = fields.text("agency")
        places = f"{fields.text('institutes')}\n{agencies}".split("\n")
        return Call(
            id=f"{self.key}:{item.id}",
            funder=_page_owner(agencies) or self.title,
            level=self.level,
            titles={"en": fields.word("title")},
            texts=texts,
            sections=spans,
            programme=", ".join(place for place in places if place)[:300],
            identifiers=distinct([item.id, *_LISTING_NUMBER.findall(fields.word("listings"))]),
            keywords=distinct([fields.word("activity")]),
            opens=self._opening_time(_read_days(fields, "opens")),
            published=self._opening_time(_read_days(fields, "published")),
            deadlines=self._page_dates(fields).deadlines(),
            funding=funding_in_words(fields.text("funds"), fields.text("budget")),
            eligibility=read_eligibility("\n".join(sections_named(texts, spans, "en", ("who",)))),
            url=_page_address(item.id),
            links=tuple(Link(url=_page_address(n), label=n) for n in companions),
            provenance=item.provenance,
        )

    def _opening_time(self, days: list[date]) -> datetime | None:
        return datetime.combine(days[0], time(0), tzinfo=ZoneInfo(self.zone)) if days else None

    def _hit_dates(self, fields: Fields) -> NihDates:
        """Return the days of a hit, which have no hour."""
        receipts = _read_days(fields, "appreceiptdate")
        expires, last = _read_days(fields, "expdate"), _read_days(fields, "lard")
        due = (self._whole_day(day) for day in sorted(set(receipts)))
        return NihDates(
            Schedule(due=tuple(due)),
            last=max(last, default=None),
            expires=expires[0] if expires else None,
            standard=bool(_PATTERNS.standard_dates.search(str(fields.raw("appreceiptdate")))),
        )

    def _whole_day(self, day: date) -> WrittenDate:
        return WrittenDate(Moment(end_of_day(day, self.zone), date_only=True), self.zone, 0, 0)

    def _page_dates(self, fields: Fields) -> NihDates:
        """Return the days of a page: of its due dates, its table of key dates and its expiry."""
        receipt, aids = fields.text("receipt"), fields.text("aids")
        schedule = receipt_schedule(receipt, fields.text("dates"))
        other = receipt_schedule(aids, "")
        table = fields.raw("table")
        opens = [*_read_days(fields, "opens"), *_read_days(fields, "published")]
        return NihDates(
            replace(schedule, aids=(*schedule.aids, *other.due, *other.aids)),
            table=table if isinstance(table, KeyDates) else None,
            opens=opens[0] if opens else None,
            expires=day_that_holds(fields.word("expires")),
            standard=bool(_PATTERNS.standard_dates.search(receipt)) and not schedule.yearly,
        )


def _outer_hits(page: Page, where: str) -> Fields:
    """Return the outer ``hits`` of a search answer; raise ``ShapeError`` for anything else."""
    answer = page.json(where)
    data = Fields(answer, where).record("data")
    hits = data.record("hits") if data else None
    if hits is None or not isinstance(hits.raw("hits"), list):
        raise ShapeError(where, "data.hits.hits", "an answer without it")
    return hits


def _row_name(row: object) -> object:
    """Return what a hit is known by, the number of its announcement, or all of it."""
    source = row.get("_source") if isinstance(row, Mapping) else None
    number = source.get("docnum") if isinstance(source, Mapping) else None
    return number if isinstance(number, str) and number else row


def _hit_count(hits: Fields) -> int:
    """Return how many hits there are in all: a number, or an object with ``value``."""
    counted = hits.record("total") if isinstance(hits.raw("total"), dict) else None
    return int((counted.number("value") if counted else hits.number("total")) or 0)


def _announcement_number(text: str, where: str) -> str:
    """Return an announcement's number, such as PAR-22-126."""
    match = _NUMBER.search(text.upper())
    if match is None:
        raise ShapeError(where, "the number of an announcement, as PAR-22-126", repr(text[:60]))
    return match.group()


def _page_address(number: str) -> str:
    """Return the address of an announcement's page."""
    folder = "rfa-files" if number.startswith("RFA") else "pa-files"
    return f"{_HOME}/{folder}/{number}.html"


def _hit_owner(fields: Fields) -> str:
    """Return the agency of a hit, such as "CDC / NIOSH", "" for the NIH itself."""
    outer = [fields.word(name) for name in ("parentIC", "primaryIC")]
    inner = _collect_names(fields.raw("organization"))
    if "NIH" in (*outer, *inner) or not any(inner):
        return ""
    owners = [name for name in distinct([*inner, outer[1]]) if name != outer[0]]
    return " / ".join(owners[:2]) or outer[0]


def _page_owner(agencies: str) -> str:
    """Return the first agency that a page names, "" where the NIH is among them."""
    lines = [line for line in agencies.split("\n") if line.strip()]
    if any(_PATTERNS.nih.search(line) for line in lines):
        return ""
    return lines[0] if lines else ""


def _collect_names(value: object) -> list[str]:
    """Return the names in a text or in lists and objects of texts, however they are nested."""
    if isinstance(value, str):
        return [] if is_placeholder(value) else [clean_line(value)]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return list(distinct(name for part in parts for name in _collect_names(part)))


def _read_days(fields: Fields, name: str) -> list[date]:
    """Return the days of a field, a text or a list of texts; what cannot be read is noted."""
    value = fields.raw(name)
    parts = value if isinstance(value, list) else [value]
    days = [day for part in parts if isinstance(part, str) for day in _days_in(part)]
    if (
        not days
        and not is_placeholder(value)
        and value != []
        and not _PATTERNS.standard_dates.search(str(value))
    ):
        fields.note(name, f"left out an unreadable date: {str(value)[:80]!r}")
    return days


def _days_in(text: str) -> list[date]:
    """Return the days in ``text``; an instant is the day it falls on in New York."""
    text = _PATTERNS.instant.sub(_day_of, text)
    text = _PATTERNS.american_day.sub(lambda m: f"{m[3]}-{int(m[1]):02}-{int(m[2]):02}", text)
    return [day.moment.at.date() for day in find_dates(text, NihGuide.zone)]


def _day_of(match: re.Match[str]) -> str:
    """Return the day of an ISO instant; midnight means that very day, whatever its offset."""
    day, clock, offset = match.groups()
    if offset is None or not clock.strip("0:."):
        return day
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{offset}")
    except ValueError:
        return day
    return at.astimezone(ZoneInfo(NihGuide.zone)).date().isoformat()
