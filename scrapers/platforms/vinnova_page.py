"""Vinnova's web pages, as saved files: one application round in one language.

The open API has more and is what a collection uses. A saved page is read for its title, what can
be applied for, by whom, how much, and its dates where they were saved with it. The number of the
round ends the page's address; a page in English and one in Swedish make one call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from scrapers.call import Call, Deadline, DeadlineKind
from scrapers.copies import best_copies
from scrapers.errors import ShapeError
from scrapers.funder import Funder, ItemGroup, SourceItem
from scrapers.http.page import Page
from scrapers.platforms.bilingual import sections_named
from scrapers.platforms.labelled_pages import (
    LabelledPage,
    Vocabulary,
    join_parts,
    read_labelled_page,
)
from scrapers.platforms.pages.title import with_own_title
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.dates import WrittenDate, closing_dates, first_date
from scrapers.reading.fields import Fields
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import Steps, read_steps, stage_deadlines

KIND = "page"

_ROUND_NUMBER = re.compile(r"-(\d{4}-\d{5})/?$")
_CALL_NUMBER = re.compile(r"/utlysning-(\d{4}-\d{5})/")
_PATTERNS = load("vinnova_page.toml", package=__package__)
_VOCABULARY = Vocabulary(_PATTERNS.group("facts"), _PATTERNS.group("sections"))


def round_number(page: Page) -> str:
    """Return the number of the page's round, "" when it is no page of a round."""
    if page.text().lstrip()[:1] in ("", "[", "{"):
        return ""
    return _find_round_number(read_labelled_page(page, page.url))


def page_item(page: Page, source: Funder) -> SourceItem:
    """Return the item of a page of a round."""
    read = with_own_title(read_labelled_page(page, f"{source.key} {page.url}"), source.title)
    where = f"{source.key} page {_find_round_number(read)}"
    if not read.title:
        raise ShapeError(where, "a title", "none")
    lines = tuple(line for line in read.lines if not _PATTERNS.furniture.fullmatch(line))
    facts, sections = _VOCABULARY.read(
        LabelledPage(read.address, read.title, lines, read.headings, read.links, read.soup)
    )
    parts = [[name, text] for name, text in sections.items() if text]
    if not parts:
        raise ShapeError(where, "the text of a round", "a page without one")
    path = urlsplit(read.address).path
    language = "en" if path.startswith("/en/") else "sv"
    own = {"title": read.title, "sections": parts, "path": path, "language": language}
    steps = read_steps(lines, source.zone, read.title, frozenset(read.headings))
    values: dict[str, object] = {**facts, **own, "steps": steps}
    return SourceItem(
        KIND, _find_round_number(read), Fields(values, where), source.provenance(page)
    )


def groups(items: Iterable[SourceItem]) -> Iterator[ItemGroup]:
    """Yield the pages among ``items``, those of one round together, the Swedish one first."""
    rounds: dict[str, dict[bool, SourceItem]] = {}
    pages = (one for one in items if one.kind == KIND)
    for one in best_copies(pages, lambda item: (item.id, item.fields.word("language"))):
        rounds.setdefault(one.id, {})[one.fields.word("language") != "sv"] = one
    for by_language in rounds.values():
        yield tuple(by_language[key] for key in sorted(by_language))


def call(group: ItemGroup, source: Funder) -> Call:
    """Return the call of a round's pages, one a language, the Swedish one first."""
    pages = {one.fields.word("language"): one.fields for one in group}
    joined = {language: join_parts(page.items("sections")) for language, page in pages.items()}
    texts = {language: text for language, (text, _) in joined.items() if text}
    sections = {language: spans for language, (_, spans) in joined.items() if language in texts}
    main = group[0].fields
    language = main.word("language")
    passages = {
        name: "\n".join(sections_named(texts, sections, language, (name,)))
        for name in ("amount", "who")
    }
    opens = next(
        (day for page in pages.values() if (day := _read_date(page, "opens", source))), None
    )
    path = main.word("path")
    read = [steps for page in pages.values() if isinstance(steps := page.raw("steps"), Steps)]
    own = _deadlines(list(pages.values()), source)
    staged = stage_deadlines(own, read[0] if read else Steps(), source.zone)
    parent = _CALL_NUMBER.search(path)
    return Call(
        id=f"{source.key}:{group[0].id}",
        funder=source.title,
        level=source.level,
        titles={language: page.word("title") for language, page in pages.items()},
        texts=texts,
        sections=sections,
        identifiers=(group[0].id, *([parent[1]] if parent else [])),
        opens=start_of_day(opens.moment, opens.zone) if opens else None,
        deadlines=staged.deadlines,
        funding=read_project_funding("", "SEK", amounts=passages["amount"]),
        eligibility=read_eligibility(passages["who"]),
        invited_only=staged.invited_only,
        url=f"{source.home}{path}",
        provenance=group[0].provenance,
    )


def _find_round_number(read: LabelledPage) -> str:
    match = _ROUND_NUMBER.search(urlsplit(read.address).path)
    return match[1] if match else ""


def _read_date(page: Fields, name: str, source: Funder) -> WrittenDate | None:
    return first_date(page.word(name), source.zone)


def _deadlines(pages: Sequence[Fields], source: Funder) -> tuple[Deadline, ...]:
    """Return the last days to apply that the first page with any names."""
    for page in pages:
        days = closing_dates(page.word("closes"), source.zone)
        kind = DeadlineKind.CUT_OFF if len(days) > 1 else DeadlineKind.FIXED
        if days:
            return tuple(
                Deadline(
                    kind=kind,
                    zone=day.zone,
                    at=day.moment.at,
                    date_only=day.moment.date_only,
                    text=day.note,
                )
                for day in days
            )
    return ()
