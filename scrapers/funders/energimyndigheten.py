"""Energimyndigheten, the Swedish Energy Agency: a list of cards, and a page for each call.

Owner: Energimyndigheten. Terms: a public authority's web pages; keep to their robots.txt. Last
checked 2026-11 against the text of two hundred cards of April 2026; not fetched live from here,
and the markup around the text is not known, so only links and text are relied on.

Quirks: a card's link holds everything, "title Stänger 28 april 2026 category text", so the title
ends where the date begins. Calls that are over stay on the list with the bare date and come after
those that are open; only the open ones' own pages are asked for. Days have no hour. Whether the
list's pages count from 0 or 1 is not known, so both are asked for.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4.element import Tag

from scrapers.call import Call, Deadline, DeadlineKind, Level
from scrapers.errors import ShapeError
from scrapers.funder import Expectations, ItemGroup, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.labelled_pages import (
    LabelledPage,
    Vocabulary,
    join_parts,
    read_labelled_page,
)
from scrapers.platforms.pages.badge import is_badge, says_closed
from scrapers.platforms.pages.title import with_own_title
from scrapers.platforms.pages.told_dates import told_dates
from scrapers.platforms.web_funder import WebFunder, not_a_call_error, steps_of
from scrapers.reading.applicants import read_eligibility, told_applicants
from scrapers.reading.dates import WrittenDate, closing_date, find_dates, first_date, opening_date
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import clean_line, start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import stage_deadlines
from scrapers.remarks import add_remarks

_PATTERNS = load("energimyndigheten.toml", package=__package__)
_CALL = re.compile(r"(?:/[^/]+)*/utlysningar/([^/]+)/?")
_CATEGORIES = (
    "Strategiska innovationsprogram", "Internationella utlysningar", "Impact Innovation",
    "Affärsutveckling", "Forskningsstöd", "Investeringsstöd", "Övrigt",
)  # fmt: skip
_CARDS = ("li", "article", "section", "div")
_MAX_CATEGORY_LENGTH = 60
_MIN_TEXT_LENGTH = 50
_OPENS = frozenset({"öppnar", "öppnade"})
_CLOSES = frozenset({"stänger"})


class Energimyndigheten(WebFunder):
    """Cards of all calls, and the pages of those that are open."""

    key = "energimyndigheten"
    title = "Energimyndigheten"
    home = "https://www.energimyndigheten.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "web pages"
    verified = "page text"
    address = "https://www.energimyndigheten.se"
    expects = Expectations(minimum=20)
    zero_based = True
    vocabulary = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))

    def list_path(self, number: int) -> str:
        """Return the list's first page as it is linked, the others by their number."""
        return "/utlysningar/" if number == 1 else f"/utlysningar/?page={number - 1}"

    def native_id(self, address: str) -> str:
        """Return the last part of a call's address."""
        match = _CALL.fullmatch(urlsplit(address).path)
        return match[1] if match else ""

    def calls_to_fetch(self, page: LabelledPage) -> dict[str, str]:
        """Return the calls whose cards say that they are or will be open."""
        paths = self.linked_calls(page)
        cards = {native: _Card(texts, self.zone) for native, texts in self._cards(page)}
        return {
            native: path
            for native, path in paths.items()
            if native not in cards or cards[native].word in _OPENS | _CLOSES
        }

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the cards of a list, or the one call of its own page."""
        where = f"{self.key} {page.url}"
        read = read_labelled_page(page, where)
        native = self.native_id(read.address)
        if native:
            yield self._page_item(page, with_own_title(read, self.title), native)
            return
        paths = self.linked_calls(read)
        if not paths:
            raise not_a_call_error(where, read.address)
        cards = dict(self._cards(read))
        for native, path in paths.items():
            at = f"{self.key} card {native}"
            if native not in cards:
                yield Failure(at, f"{at}: the link has no text beside it that holds a date")
                continue
            card = _Card(cards[native], self.zone)
            if not card.title:
                yield Failure(at, f"{at}: no title before the date in {card.whole[:80]!r}")
                continue
            values = {**card.values(), "path": path}
            yield SourceItem("card", native, Fields(values, at), self.provenance(page))

    def _page_item(self, page: Page, read: LabelledPage, native: str) -> SourceItem:
        """Return the item of a call's own page; a closed call without any day is left out."""
        item = self.item(page, read, native)
        closed = any(is_badge(line) and says_closed(line) for line in read.lines)
        told = told_dates(read.lines, self.zone)
        dated = any(first_date(item.fields.word(name), self.zone) for name in ("opens", "closes"))
        undated = closed and not dated and not told.closes
        return dataclasses.replace(item, skip="closed, without a day") if undated else item

    def _cards(self, page: LabelledPage) -> Iterator[tuple[str, list[str]]]:
        """Yield each call of a list with the pieces of text on its card."""
        if page.soup is None:
            return
        for anchor in page.soup.find_all("a", href=_CALL):
            native = self.native_id(str(anchor["href"]))
            holder: Tag | None = anchor
            while holder is not None and native:
                pieces = [clean_line(piece) for piece in holder.stripped_strings]
                if first_date(" ".join(pieces), self.zone):
                    yield native, pieces
                    break
                holder = holder.find_parent(_CARDS)
                others = holder.find_all("a", href=_CALL, limit=_MIN_TEXT_LENGTH) if holder else ()
                if {self.native_id(str(other["href"])) for other in others} - {native, ""}:
                    break

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a page, a card or both; the page knows more, the card the day."""
        by_kind = {item.kind: item.fields for item in group}
        page, card = by_kind.get("page"), by_kind.get("card")
        main = page or card
        if main is None:
            raise ShapeError(group[0].fields.where, "a page or a card", "neither")
        day = {name: _page_or_card_date(by_kind, name, self.zone) for name in ("opens", "closes")}
        text, sections = join_parts(main.items("sections"))
        named = {s.name: text[s.start : s.end] for s in sections}
        told = told_dates(named.values(), self.zone)
        opens, closes = day["opens"] or told.opening, day["closes"] or told.closing
        who = named.get("who") or named.get("target group", "")
        path = main.word("path")
        if card:
            card.ignore("sections", "title", "path")
        own = _deadlines(_with_hour_of_text(closes, text), text, told.note(closes))
        staged = stage_deadlines(own, steps_of(main), self.zone)
        return Call(
            id=f"{self.key}:{group[0].id}",
            funder=self.title,
            level=self.level,
            titles={"sv": main.word("title")},
            texts={"sv": text} if text else {},
            sections={"sv": sections} if text else {},
            keywords=distinct(fields.word("category") for fields in by_kind.values()),
            opens=start_of_day(opens.moment, self.zone) if opens else None,
            deadlines=staged.deadlines,
            funding=read_project_funding(
                text, "SEK", amounts=f"{_budget_line(main)}{named.get('amount', '')}"
            ),
            eligibility=read_eligibility(who) if who else told_applicants(text),
            invited_only=staged.invited_only,
            url=f"{self.home}{path}" if path else None,
            provenance=group[0].provenance,
        )


class _Card:
    """The parts of a card, cut at its date."""

    def __init__(self, pieces: list[str], zone: str) -> None:
        self.whole = " ".join(pieces)
        self.day, self.word, self.title = "", "", ""
        rest = ""
        dates = list(find_dates(self.whole, zone))
        for date, following in zip(dates, [*dates[1:], None], strict=True):
            if date.place == "last":
                continue
            # the start of a period has no year of its own
            end = following.end if following and date.place == "first" else date.end
            badge = _PATTERNS.badge.search(self.whole[: date.start])
            word = (badge["word"] or "").lower() if badge else ""
            # a title may hold a date itself: the one after "Stänger" counts, else the first;
            # "ansökan stänger" in the text has a small letter
            if word or not self.day:
                self.day = self.whole[date.start : end]
                self.title = self.whole[: badge.start() if badge else date.start].strip(" –-")
                self.word, rest = word, self.whole[end:].strip()
            if word:
                break
        self.category = _category(pieces, rest)
        self.text = rest.removeprefix(self.category).strip()

    def values(self) -> dict[str, object]:
        """Return the card as a record with the names that a call's own page has."""
        name = "opens" if self.word in _OPENS else "closes"
        parts = [["description", self.text]] if self.text else []
        return {
            "title": self.title,
            name: self.day,
            "category": self.category,
            "sections": parts,
        }


def _category(pieces: list[str], rest: str) -> str:
    """Return the category: the piece that ``rest`` begins with, or a known one."""
    for piece in pieces:
        if piece != rest and rest.startswith(f"{piece} ") and len(piece) <= _MAX_CATEGORY_LENGTH:
            return piece
    return next((category for category in _CATEGORIES if rest.startswith(category)), "")


def _page_or_card_date(by_kind: dict[str, Fields], name: str, zone: str) -> WrittenDate | None:
    """Return the day of a page or else of a card; a line on the opening may name the last day."""
    read = closing_date if name == "closes" else opening_date
    dates = [read(fields.word(name), zone) for fields in by_kind.values()]
    if name == "closes":
        said = [fields.word("opens") for fields in by_kind.values()]
        dates += [closing_date(one, zone) for one in said if _names_closing(one, zone)]
    return next((day for day in dates if day), None)


def _names_closing(said: str, zone: str) -> bool:
    """Whether a line on the opening names the last day too, or alone."""
    return len(list(find_dates(said, zone))) > 1 or not opening_date(said, zone)


def _with_hour_of_text(day: WrittenDate | None, text: str) -> WrittenDate | None:
    """Return ``day`` with the hour that the text names for the very same day, if it does."""
    if day is None or not day.moment.date_only:
        return day
    same = (
        date
        for date in find_dates(text, day.zone)
        if not date.moment.date_only and date.moment.at.date() == day.moment.at.date()
    )
    return min(same, key=lambda date: date.moment.at, default=day)


def _budget_line(fields: Fields) -> str:
    """Return the pot that a page's label names as a line, "" without one."""
    return f"Budget: {fields.word('budget')}.\n" if fields.has("budget") else ""


def _deadlines(day: WrittenDate | None, text: str, note: str) -> tuple[Deadline, ...]:
    """Return the one deadline; a cut-off where applications are taken all the time."""
    if day is None:
        return ()
    at, only = day.moment
    kind = DeadlineKind.CUT_OFF if _PATTERNS.always.search(text) else DeadlineKind.FIXED
    notes = add_remarks("", day.note, note)
    return (Deadline(kind=kind, zone=day.zone, at=at, date_only=only, text=notes),)
