"""Vinnova's pages for people, as somebody saved them: one application round in one language.

The open API has more and is what a collection asks. A saved page is read for its title, what can
be applied for, by whom, how much, and its dates where they were saved with it. The number of the
round ends the page's address; a page in English and one in Swedish make one call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from scrapers.applicants import eligibility
from scrapers.call import Call, Deadline, DeadlineKind
from scrapers.dates import Written, first
from scrapers.errors import ShapeError
from scrapers.fields import Fields
from scrapers.funder import Funder, Group, Item
from scrapers.page import Page
from scrapers.parse import start_of_day
from scrapers.platforms.bilingual import named
from scrapers.platforms.labelled_pages import Document, Vocabulary, document, texts_of
from scrapers.reading.money import funding_of_projects
from scrapers.reading.patterns import load

KIND = "page"

_ROUND = re.compile(r"-(\d{4}-\d{5})/?$")
_CALL = re.compile(r"/utlysning-(\d{4}-\d{5})/")
_PATTERNS = load("vinnova_page.toml", package=__package__)
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))


def native(page: Page) -> str:
    """Return the number of the round that ``page`` is about, "" when it is no such page."""
    if page.text().lstrip()[:1] in ("", "[", "{"):
        return ""
    return _number(document(page, page.url))


def item(page: Page, source: Funder) -> Item:
    """Return the item of a page that has a ``native`` number."""
    read = document(page, f"{source.key} {page.url}")
    where = f"{source.key} page {_number(read)}"
    if not read.title:
        raise ShapeError(where, "a title", "none")
    lines = tuple(said for said in read.lines if not _PATTERNS.furniture.fullmatch(said))
    facts, sections = _VOCABULARY.read(
        Document(read.address, read.title, lines, read.headings, read.links, read.soup)
    )
    parts = [[name, text] for name, text in sections.items() if text]
    if not parts:
        raise ShapeError(where, "the text of a round", "a page without one")
    path = urlsplit(read.address).path
    language = "en" if path.startswith("/en/") else "sv"
    values = {**facts, "title": read.title, "sections": parts, "path": path, "language": language}
    return Item(KIND, _number(read), Fields(values, where), source.provenance(page))


def groups(items: Iterable[Item]) -> Iterator[Group]:
    """Yield the pages among ``items``, those of one round together, the Swedish one first."""
    found: dict[str, dict[bool, Item]] = {}
    for one in items:
        if one.kind == KIND:
            found.setdefault(one.id, {})[one.fields.word("language") != "sv"] = one
    for pages in found.values():
        yield tuple(pages[key] for key in sorted(pages))


def call(group: Group, source: Funder) -> Call:
    """Return the call of a round's pages, one a language, the Swedish one first."""
    pages = {one.fields.word("language"): one.fields for one in group}
    spoken = {language: texts_of(page.items("sections")) for language, page in pages.items()}
    texts = {language: text for language, (text, _) in spoken.items() if text}
    sections = {language: found for language, (_, found) in spoken.items() if language in texts}
    main = group[0].fields
    language = main.word("language")
    said = {
        name: "\n".join(named(texts, sections, language, (name,))) for name in ("amount", "who")
    }
    opens = next((day for page in pages.values() if (day := _day(page, "opens", source))), None)
    path = main.word("path")
    parent = _CALL.search(path)
    return Call(
        id=f"{source.key}:{group[0].id}",
        funder=source.title,
        level=source.level,
        titles={language: page.word("title") for language, page in pages.items()},
        texts=texts,
        sections=sections,
        identifiers=(group[0].id, *([parent[1]] if parent else [])),
        opens=start_of_day(opens.moment, opens.zone) if opens else None,
        deadlines=_deadlines(list(pages.values()), source),
        funding=funding_of_projects(said["amount"]),
        eligibility=eligibility(said["who"]),
        url=f"{source.home}{path}",
        provenance=group[0].provenance,
    )


def _number(read: Document) -> str:
    found = _ROUND.search(urlsplit(read.address).path)
    return found[1] if found else ""


def _day(page: Fields, name: str, source: Funder) -> Written | None:
    return first(page.word(name), source.zone)


def _deadlines(pages: Sequence[Fields], source: Funder) -> tuple[Deadline, ...]:
    """Return the last day to apply that the first page with one names."""
    for page in pages:
        if day := _day(page, "closes", source):
            at, only = day.moment
            kind = DeadlineKind.FIXED
            return (Deadline(kind=kind, zone=day.zone, at=at, date_only=only),)
    return ()
