"""Pages of the Swedish research councils, one a call, read by their labels and headings.

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
from scrapers.dates import Written, first, written
from scrapers.errors import ShapeError
from scrapers.language import looks_swedish
from scrapers.page import Page
from scrapers.platforms.labelled_pages import Document, Vocabulary, document
from scrapers.reading.patterns import load

_PATTERNS = load("swedish_pages.toml", package=__package__)
_INLINE = _PATTERNS.group("inline")
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))
_ADDRESS = re.compile(
    r"\A\s*URL\b[^\n]*?(?P<line>https?://\S+)[^\n]*\n|saved from url=\(\d+\)(?P<saved>https?://\S+)"
)
_STRUCK = re.compile(r"<(?P<tag>s|del|strike)\b[^<>]*>[^<]{0,500}</(?P=tag)\s*>", re.IGNORECASE)
_LED_BY_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=-)")
_SLUG = re.compile(r"[^/]+?(?=(?:\.html)?/?$)")
_LONGEST_TITLE, _HEAD, _ENOUGH = 250, 12, 4
_LABELS = {
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
_PLACED = {
    "what": ("direction",),
    "": (),
    "who": ("applicant", "participants"),
    "amount": ("sum", "budget", "length", "starts"),
}


@dataclass(frozen=True)
class CallPage:
    """What a call's page says: facts and sections by name, the text that no heading claims as "".

    ``closed`` is the page's own word that nobody can apply any more; ``made_up`` says that the
    title is made from the address, since the page has none.
    """

    title: str
    address: str
    facts: Mapping[str, str]
    sections: Mapping[str, str]
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    closed: bool = False
    made_up: bool = False

    @property
    def language(self) -> str:
        """The page's language, "sv" or "en"; too short a page is in the site's own, Swedish."""
        if urlsplit(self.address).path.startswith(("/en/", "/english/")):
            return "en"
        text = "\n".join([*self.sections.values(), *self.facts.values()])
        english = len(_PATTERNS.english.findall(text)) >= _ENOUGH and not looks_swedish(text)
        return "en" if english else "sv"


def open_page(page: Page, where: str) -> Document:
    """Return ``page`` as a document; a saved one may name its address as "URL: https://..."."""
    source = page.text()
    address = page.url
    found = _ADDRESS.search(source[:4000])
    if found and not address.startswith(("https://", "http://")):
        source = source[found.end() :] if found["line"] else source
        address = found["line"] or found["saved"]
    # a date that was struck out stands beside the one that holds
    body = _STRUCK.sub("", source).encode()
    headers = {"content-type": "text/html; charset=utf-8"}
    return document(Page(url=address, body=body, headers=headers), where)


def read_page(read: Document, site: str, where: str) -> CallPage:
    """Return what ``read`` says; ``site`` is the name a site adds to its pages' titles.

    Raises ``ShapeError`` when there is neither a fact nor a text.
    """
    badges = [line for line in read.lines if _PATTERNS.badge.fullmatch(line)]
    furniture = {*badges, site}
    lines = tuple(line for line in read.lines if line not in furniture)
    title, before = _title(read, lines, site)
    made_up = not title
    title = title or _from_address(read.address)
    if not title:
        raise ShapeError(where, "a title", "a page without one")
    plain = replace(read, title=title, lines=lines[before:])
    facts, sections = _VOCABULARY.read(plain)
    sections.pop("persons", None)
    for name, text in _within(plain.lines).items():
        if not first(facts.get(name, ""), "UTC"):
            facts[name] = text
    if not facts and not any(sections.values()):
        raise ShapeError(where, "the text of a call", "a page without one")
    return CallPage(
        title=title,
        address=read.address,
        facts=facts,
        sections={name: text for name, text in sections.items() if text},
        links=read.links,
        closed="decided" in facts or any(_PATTERNS.closed.search(badge) for badge in badges),
        made_up=made_up,
    )


def _within(lines: tuple[str, ...]) -> dict[str, str]:
    """Return the dates that follow their label in the middle of a line, the first of each."""
    found: dict[str, str] = {}
    for line in lines:
        for name, pattern in _INLINE.items():
            for match in pattern.finditer(line):
                if first(match["rest"], "UTC"):
                    found.setdefault(name, match["rest"])
    return found


def _title(read: Document, lines: tuple[str, ...], site: str) -> tuple[str, int]:
    """Return the title and how many lines stand before it, which are badges and periods."""
    if read.soup is not None:
        bare = re.sub(rf"\s*[|–-]\s*{re.escape(site)}\s*$", "", read.title, flags=re.IGNORECASE)
        top = lines[:_HEAD]
        before = top.index(read.title) if read.title in top else 0
        return ("" if _PATTERNS.badge.fullmatch(bare) else bare), before
    for position, line in enumerate(lines):
        if not line or _PATTERNS.period.match(line) or first(line, "UTC"):
            continue
        # a page saved without its heading begins with its text
        fits = len(line) <= _LONGEST_TITLE and not line.endswith((".", ":", "?"))
        return (line, position) if fits else ("", 0)
    return "", 0


def _from_address(address: str) -> str:
    """Return the last part of ``address`` as words, "" if it has none."""
    found = _SLUG.search(urlsplit(address).path)
    words = _LED_BY_DAY.sub("", unquote(found.group())) if found else ""
    return " ".join(re.split(r"-+", words.strip("-"))).capitalize()


def text_of(page: CallPage) -> tuple[str, tuple[Section, ...]]:
    """Return the page's text with its sections; one-line facts stand first in the one they fit."""
    labels = _LABELS[page.language]
    parts = []
    for name in [*_PLACED, *(name for name in page.sections if name not in _PLACED)]:
        facts = [
            f"{labels[at]}: {page.facts[at]}" for at in _PLACED.get(name, ()) if page.facts.get(at)
        ]
        parts.append((name or "description", "\n".join([*facts, page.sections.get(name, "")])))
    return join_sections(parts)


def opening(page: CallPage, zone: str) -> Written | None:
    """Return when the call opens, by its own line or by the period; the more exact one counts."""
    own = first(page.facts.get("opens", ""), zone)
    period = _period(page, zone)
    return _exacter(own, period[0] if len(period) > 1 else None)


def deadlines(page: CallPage, zone: str) -> tuple[Deadline, ...]:
    """Return the last day to apply, none when the page names no day.

    A page that is decided on no longer has it, and the day of the decision is another day.
    """
    period = _period(page, zone)
    closes = _exacter(first(page.facts.get("closes", ""), zone), period[-1] if period else None)
    note = ""
    if any(_PATTERNS.preliminary.search(text) for text in page.sections.values()):
        note = "The page calls its dates preliminary."
    if closes is None:
        return ()
    at, only = closes.moment
    kind = DeadlineKind.FIXED
    return (Deadline(kind=kind, zone=closes.zone, at=at, date_only=only, text=note),)


def _exacter(one: Written | None, other: Written | None) -> Written | None:
    """Return the date that has an hour, or else the first there is."""
    found = [date for date in (one, other) if date is not None]
    return min(found, key=lambda date: date.moment.date_only, default=None)


def _period(page: CallPage, zone: str) -> list[Written]:
    """Return the dates of the period of application; a start without its year has the end's."""
    text = page.facts.get("period", "")
    found = list(written(text, zone))
    bare = _PATTERNS.without_year.match(text)
    if len(found) == 1 and bare:
        local = found[0].moment.at
        hour = bare["hour"] or ""
        for year in (local.year, local.year - 1):
            start = first(f"{bare['start']} {year} {hour}", zone)
            if start and start.moment.at <= local:
                return [start, *found]
    return found
