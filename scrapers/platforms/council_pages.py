"""Pages of the Swedish research councils, one for each call, read by labels and headings.

The councils word their pages alike ("Sista ansökningsdatum", "Söks av", "Vem kan söka?"), so one
vocabulary serves them all, in Swedish and in English. A page that has been decided on lists the
persons who got the grant; everything from there to the next heading is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from scrapers.call import Deadline, DeadlineKind, Section, join_sections
from scrapers.errors import ShapeError
from scrapers.http.page import Page
from scrapers.platforms.labelled_pages import LabelledPage, Vocabulary, read_labelled_page
from scrapers.reading.dates import WrittenDate, find_dates, first_date
from scrapers.reading.language import looks_swedish
from scrapers.reading.patterns import load

_PATTERNS = load("council_pages.toml", package=__package__)
_INLINE_DATES = _PATTERNS.group("inline")
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))
_ADDRESS = re.compile(
    r"\A\s*URL\b[^\n]*?(?P<line>https?://\S+)[^\n]*\n|saved from url=\(\d+\)(?P<saved>https?://\S+)"
)
_STRUCK_OUT = re.compile(r"<(?P<tag>s|del|strike)\b[^<>]*>[^<]{0,500}</(?P=tag)\s*>", re.IGNORECASE)
_LEADING_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=-)")
_SLUG = re.compile(r"[^/]+?(?=(?:\.html)?/?$)")
_LONGEST_TITLE, _HEAD_LINES, _MIN_ENGLISH_WORDS = 250, 12, 4
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
    badges = [line for line in read.lines if _PATTERNS.badge.fullmatch(line)]
    furniture = {*badges, site}
    lines = tuple(line for line in read.lines if line not in furniture)
    title, before = _find_title(read, lines, site)
    made_up = not title
    title = title or _title_from_address(read.address)
    if not title:
        raise ShapeError(where, "a title", "a page without one")
    plain = replace(read, title=title, lines=lines[before:])
    facts, sections = _VOCABULARY.read(plain)
    sections.pop("persons", None)
    for name, text in _inline_dates(plain.lines).items():
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
        closed="decided" in facts or any(_PATTERNS.closed.search(badge) for badge in badges),
        made_up=made_up,
    )


def _inline_dates(lines: tuple[str, ...]) -> dict[str, str]:
    """Return the dates that follow their label in the middle of a line, the first of each."""
    dates: dict[str, str] = {}
    for line in lines:
        for name, pattern in _INLINE_DATES.items():
            for match in pattern.finditer(line):
                if first_date(match["rest"], "UTC"):
                    dates.setdefault(name, match["rest"])
    return dates


def _find_title(read: LabelledPage, lines: tuple[str, ...], site: str) -> tuple[str, int]:
    """Return the title and how many lines stand before it, which are badges and periods."""
    if read.soup is not None:
        bare = re.sub(rf"\s*[|–-]\s*{re.escape(site)}\s*$", "", read.title, flags=re.IGNORECASE)
        top = lines[:_HEAD_LINES]
        before = top.index(read.title) if read.title in top else 0
        return ("" if _PATTERNS.badge.fullmatch(bare) else bare), before
    for position, line in enumerate(lines):
        if not line or _PATTERNS.period.match(line) or first_date(line, "UTC"):
            continue
        # a page saved without its heading begins with its text
        fits = len(line) <= _LONGEST_TITLE and not line.endswith((".", ":", "?"))
        return (line, position) if fits else ("", 0)
    return "", 0


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
    """Return when the call opens, by its own line or the period; the more exact one counts."""
    own = first_date(page.facts.get("opens", ""), zone)
    period = _period_dates(page, zone)
    return _more_exact(own, period[0] if len(period) > 1 else None)


def deadlines(page: CouncilPage, zone: str) -> tuple[Deadline, ...]:
    """Return the last day to apply, none when the page names no day.

    A page that is decided on no longer has it, and the day of the decision is another day.
    """
    period = _period_dates(page, zone)
    closes = _more_exact(
        first_date(page.facts.get("closes", ""), zone), period[-1] if period else None
    )
    note = ""
    if any(_PATTERNS.preliminary.search(text) for text in page.sections.values()):
        note = "The page calls its dates preliminary."
    if closes is None:
        return ()
    at, only = closes.moment
    kind = DeadlineKind.FIXED
    return (Deadline(kind=kind, zone=closes.zone, at=at, date_only=only, text=note),)


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
