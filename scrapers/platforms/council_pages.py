"""Pages of the Swedish research councils, one for each call, read by labels and headings.

The councils word their pages alike ("Sista ansökningsdatum", "Söks av", "Vem kan söka?"), so one
vocabulary serves them all, in Swedish and in English. A page that has been decided on lists the
persons who got the grant; everything from there to the next heading is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from scrapers.call import Deadline, DeadlineKind, Section, join_sections
from scrapers.errors import ShapeError
from scrapers.http.page import Page
from scrapers.platforms.labelled_pages import LabelledPage, Vocabulary, read_labelled_page
from scrapers.platforms.pages.badge import is_badge, says_closed
from scrapers.platforms.pages.title import find_title, is_period
from scrapers.platforms.pages.told_dates import told_dates
from scrapers.reading.dates import (
    WrittenDate,
    closing_date,
    closing_dates,
    find_dates,
    first_date,
)
from scrapers.reading.dates import opening_date as opening_in
from scrapers.reading.language import looks_swedish
from scrapers.reading.patterns import load
from scrapers.remarks import Remark, add_remarks

_PATTERNS = load("council_pages.toml", package=__package__)
_INLINE_DATES = _PATTERNS.group("inline")
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))
_ADDRESS = re.compile(
    r"\A\s*URL\b[^\n]*?(?P<line>https?://\S+)[^\n]*\n|saved from url=\(\d+\)(?P<saved>https?://\S+)"
)
_STRUCK_OUT = re.compile(r"<(?P<tag>s|del|strike)\b[^<>]*>[^<]{0,500}</(?P=tag)\s*>", re.IGNORECASE)
_LEADING_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=-)")
_SLUG = re.compile(r"[^/]+?(?=(?:\.html)?/?$)")
_MIN_ENGLISH_WORDS, _LABEL = 4, 300
_ONE_ROUND = timedelta(days=60)
_FACT_TITLES = {
    "sv": {
        "direction": "Inriktning", "applicant": "Vem kan söka",
        "participants": "Medverkande forskare",
        "sum": "Bidragsbelopp", "budget": "Budgetram", "length": "Bidragstid",
        "starts": "Bidragsperioden startar",
    },
    "en": {
        "direction": "Focus", "applicant": "Who can apply",
        "participants": "Participating researchers",
        "sum": "Grant amount", "budget": "Total budget", "length": "Grant period",
        "starts": "Start of grant period",
    },
}  # fmt: skip
_FACTS_BY_SECTION = {
    "what": ("direction",),
    "": (),
    "who": ("applicant", "participants"),
    "amount": ("sum", "budget", "length", "starts"),
}


@dataclass(frozen=True)
class CouncilPage:
    """A call's page: facts and sections by name, the text under no heading as "".

    ``closed``: the page says that nobody can apply any more. ``made_up``: the title is made from
    the address, since the page has none.
    """

    title: str
    address: str
    facts: Mapping[str, str]
    sections: Mapping[str, str]
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    headings: frozenset[str] = field(default=frozenset(), repr=False)
    closed: bool = False
    made_up: bool = False

    @property
    def language(self) -> str:
        """The page's language, "sv" or "en"; too short a page is in the site's own, Swedish."""
        if urlsplit(self.address).path.startswith(("/en/", "/english/")):
            return "en"
        text = "\n".join([*self.sections.values(), *self.facts.values()])
        english = len(_PATTERNS.english.findall(text)) >= _MIN_ENGLISH_WORDS and not looks_swedish(
            text
        )
        return "en" if english else "sv"


def open_page(page: Page, where: str) -> LabelledPage:
    """Return ``page`` as a document; a saved one may name its address as "URL: https://..."."""
    source = page.text()
    address = page.url
    match = _ADDRESS.search(source[:4000])
    if match and not address.startswith(("https://", "http://")):
        source = source[match.end() :] if match["line"] else source
        address = match["line"] or match["saved"]
    # a date that is struck out stands next to the valid one
    body = _STRUCK_OUT.sub("", source).encode()
    headers = {"content-type": "text/html; charset=utf-8"}
    return read_labelled_page(Page(url=address, body=body, headers=headers), where)


def read_page(read: LabelledPage, site: str, where: str) -> CouncilPage:
    """Return the content of a page; ``site`` is the name that a site adds to its titles.

    Raises ``ShapeError`` when there is neither a fact nor a text.
    """
    badges = [line for line in read.lines if is_badge(line)]
    furniture = {*badges, site}
    lines = tuple(line for line in read.lines if line not in furniture)
    title, before = find_title(read, lines, site)
    made_up = not title
    title = title or _title_from_address(read.address)
    if not title:
        raise ShapeError(where, "a title", "a page without one")
    plain = replace(read, title=title, lines=lines[before:])
    facts, sections = _VOCABULARY.read(plain)
    sections.pop("persons", None)
    more = {**_facts_above(plain, lines[:before]), **_inline_dates(plain.lines)}
    for name, text in more.items():
        if not first_date(facts.get(name, ""), "UTC"):
            facts[name] = text
    if not facts and not any(sections.values()):
        raise ShapeError(where, "the text of a call", "a page without one")
    return CouncilPage(
        title=title,
        address=read.address,
        facts=facts,
        sections={name: text for name, text in sections.items() if text},
        links=read.links,
        lines=plain.lines,
        headings=frozenset(read.headings),
        closed="decided" in facts or any(map(says_closed, badges)),
        made_up=made_up,
    )


def _facts_above(plain: LabelledPage, lines: tuple[str, ...]) -> dict[str, str]:
    """Return the facts that stand above a title, a period without its label among them."""
    facts, _ = _VOCABULARY.read(replace(plain, lines=lines))
    for line in lines:
        if is_period(line) and first_date(line, "UTC"):
            facts.setdefault("period", line)
    return facts


def _inline_dates(lines: tuple[str, ...]) -> dict[str, str]:
    """Return the dates that follow their label in the middle of a line, the first of each."""
    dates: dict[str, str] = {}
    for line in lines:
        for name, pattern in _INLINE_DATES.items():
            for match in pattern.finditer(line):
                if first_date(match["rest"], "UTC"):
                    dates.setdefault(name, match["rest"])
    return dates


def _title_from_address(address: str) -> str:
    """Return the last part of ``address`` as words, "" if it has none."""
    match = _SLUG.search(urlsplit(address).path)
    words = _LEADING_DATE.sub("", unquote(match.group())) if match else ""
    return " ".join(re.split(r"-+", words.strip("-"))).capitalize()


def page_text(page: CouncilPage) -> tuple[str, tuple[Section, ...]]:
    """Return the page's text with its sections; one-line facts stand first in the one they fit."""
    labels = _FACT_TITLES[page.language]
    parts = []
    for name in [
        *_FACTS_BY_SECTION,
        *(name for name in page.sections if name not in _FACTS_BY_SECTION),
    ]:
        facts = [
            f"{labels[at]}: {page.facts[at]}"
            for at in _FACTS_BY_SECTION.get(name, ())
            if page.facts.get(at)
        ]
        parts.append((name or "description", "\n".join([*facts, page.sections.get(name, "")])))
    return join_sections(parts)


def opening_date(page: CouncilPage, zone: str) -> WrittenDate | None:
    """Return when the call opens, by its own line or the period; the more exact one counts.

    Where no label has it, a sentence may.
    """
    own = opening_in(page.facts.get("opens", ""), zone)
    period = _period_dates(page, zone)
    labelled = _more_exact(own, period[0] if len(period) > 1 else None)
    return labelled or told_dates(page.lines, zone).opening


def deadlines(page: CouncilPage, zone: str) -> tuple[Deadline, ...]:
    """Return the last day to apply, or each where several are listed; none without a day.

    A page that is decided on no longer has it, and the day of the decision is another day.
    """
    period = _period_dates(page, zone)
    told = told_dates(page.lines, zone)
    labelled = _labelled_closing(page, zone)
    closes = _more_exact(labelled, period[-1] if period else None) or told.closing
    note = ""
    if any(_PATTERNS.preliminary.search(text) for text in page.sections.values()):
        note = Remark.PRELIMINARY.write()
    if closes is None:
        return ()
    listed = closing_dates(page.facts.get("closes", ""), zone)
    several = len(listed) > 1
    return tuple(
        Deadline(
            kind=DeadlineKind.CUT_OFF if several else DeadlineKind.FIXED,
            zone=day.zone,
            at=day.moment.at,
            date_only=day.moment.date_only,
            text=add_remarks("", note, day.note, "" if several else told.note(day)),
        )
        for day in (listed if several else [closes])
    )


def _labelled_closing(page: CouncilPage, zone: str) -> WrittenDate | None:
    """Return the last day that a label names; of two that are near each other the earlier one.

    Days far from the first are those of other rounds.
    """
    first = next(iter(closing_dates(page.facts.get("closes", ""), zone)), None)
    if first is None:
        return None
    lines = [line for line in page.lines if _PATTERNS["facts.closes"].fullmatch(line[:_LABEL])]
    named = [day for line in lines if (day := closing_date(line, zone))]
    near = [day for day in named if abs(day.moment.at - first.moment.at) <= _ONE_ROUND]
    return min([first, *near], key=lambda day: day.moment.at)


def _more_exact(one: WrittenDate | None, other: WrittenDate | None) -> WrittenDate | None:
    """Return the date that has an hour, or else the first there is."""
    dates = [date for date in (one, other) if date is not None]
    return min(dates, key=lambda date: date.moment.date_only, default=None)


def _period_dates(page: CouncilPage, zone: str) -> list[WrittenDate]:
    """Return the dates of the period of application; a start without its year has the end's."""
    text = page.facts.get("period", "")
    dates = list(find_dates(text, zone))
    bare = _PATTERNS.without_year.match(text)
    if len(dates) == 1 and bare:
        local = dates[0].moment.at
        hour = bare["hour"] or ""
        for year in (local.year, local.year - 1):
            start = first_date(f"{bare['start']} {year} {hour}", zone)
            if start and start.moment.at <= local:
                return [start, *dates]
    return dates
