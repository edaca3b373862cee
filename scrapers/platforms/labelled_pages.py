"""Web pages, as HTML or as plain text, read as lines under labels and headings.

Each funder names the labels and headings of its pages; everything else stays text. Sections about
contact persons are left out here, for every funder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.call import Section, join_sections
from scrapers.errors import ShapeError
from scrapers.http.page import Page
from scrapers.platforms.pages.badge import is_badge
from scrapers.reading import parse
from scrapers.reading.patterns import load
from scrapers.reading.time_tags import show_hours

_PATTERNS = load("labelled_pages.toml", package=__package__)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|main|div|article)\b", re.IGNORECASE)
_URL_LINE = re.compile(r"\s*URL:\s*(\S+)\s*\n?", re.IGNORECASE)
_MAX_LABELLED_LENGTH = 1000
_NO_HEADING = 7
_BULLET = re.compile(r"^\s*[•·▪◦*]\s+")
_FURNITURE_TAGS = ("nav", "footer", "aside", "form", "script", "style", "noscript", "template")


@dataclass(frozen=True)
class LabelledPage:
    """A page without navigation and forms. ``address`` is "" if a saved page does not name it.

    ``headings`` maps each to its level, 1 to 6; ``links`` are (address as written, text); ``soup``
    is None for plain text, where headings are not known.
    """

    address: str
    title: str
    lines: tuple[str, ...]
    headings: Mapping[str, int] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    soup: BeautifulSoup | None = field(default=None, repr=False, compare=False)


def read_labelled_page(page: Page, where: str) -> LabelledPage:
    """Return ``page`` as lines; raise ``ShapeError`` for JSON, XML and an empty answer.

    Plain text may begin with a line "URL: https://...".
    """
    source = page.text().lstrip()
    if not source.strip():
        raise ShapeError(where, "a web page", "an empty answer", "Ask again later.")
    if source[0] in "[{":
        advice = "This may be another program's output: save the funder's own page instead."
        raise ShapeError(where, "a web page", "JSON", advice)
    address = page.url if page.url.startswith(("https://", "http://")) else ""
    if _HTML.search(source[:20_000]):
        return _from_html(source, address)
    if source.startswith("<"):
        raise ShapeError(where, "a web page", "XML")
    if named := _URL_LINE.match(source):
        address = address or parse.web_address(named[1]) or ""
        source = source[named.end() :]
    lines = tuple(_BULLET.sub("", line) for line in parse.clean_text(source).splitlines())
    return LabelledPage(address, next((line for line in lines if line), ""), lines)


def _from_html(source: str, address: str) -> LabelledPage:
    soup = BeautifulSoup(source.removeprefix('<?xml version="1.0" encoding="UTF-8"?>'), "lxml")
    named = {"link[rel=canonical]": "href", "meta[property='og:url']": "content"}
    for selector, name in named.items():
        if not address and (tag := _select_tag(soup, selector)):
            address = parse.web_address(str(tag.get(name, ""))) or ""
    root = _select_tag(soup, "main") or _select_tag(soup, "[role=main]") or soup.body or soup
    links = tuple(
        (str(tag["href"]), parse.clean_line(tag.get_text(" ")))
        for tag in soup.find_all("a", href=True)
    )
    for tag in root.find_all(_FURNITURE_TAGS):
        tag.decompose()
    show_hours(root)
    titled = _select_tag(root, "h1") or _select_tag(soup, "h1") or _select_tag(soup, "title")
    heads = root.find_all(re.compile("^h[1-6]$"))
    return LabelledPage(
        address=address,
        title=parse.clean_line(titled.get_text(" ")) if titled else "",
        lines=tuple(parse.clean_text(str(root)).splitlines()),
        headings={parse.clean_line(tag.get_text(" ")): int(tag.name[1]) for tag in heads},
        links=links,
        soup=soup,
    )


def _select_tag(within: Tag, selector: str) -> Tag | None:
    return within.select_one(selector)


class Vocabulary:
    """The labels and headings of a funder's pages, each a name and the pattern of its line.

    Each pattern ends with the part ``value`` of ``labelled_pages.toml``, which finds the value
    behind a label. A fact has one line: after a colon, from its first figure on, or the next
    line. A section goes on until the next label or heading.
    """

    def __init__(
        self, facts: Mapping[str, re.Pattern[str]], sections: Mapping[str, re.Pattern[str]]
    ) -> None:
        self._facts = facts
        self._sections = sections

    def read(self, page: LabelledPage) -> tuple[dict[str, str], dict[str, str]]:
        """Return facts and sections of ``page`` by name; section "" is the text under no label.

        Of a fact that stands twice the first counts.
        """
        facts: dict[str, str] = {}
        sections: dict[str, list[str]] = {"": []}
        current, waiting, level = "", "", 0
        for line in page.lines:
            name, rest = self._match(self._facts, line)
            if name:
                waiting = "" if rest else name
                facts.setdefault(name, rest)
            elif line and line == page.title:
                continue
            elif persons := _PATTERNS.contact.fullmatch(line[:_MAX_LABELLED_LENGTH]):
                waiting = ""
                if not persons["rest"]:
                    current, level = "contact", page.headings.get(line, _NO_HEADING)
            elif waiting and line:
                facts[waiting] = facts[waiting] or line
                waiting = ""
            else:
                name, rest = self._match(self._sections, line)
                if name:
                    current, level = name, page.headings.get(line, _NO_HEADING)
                elif 0 < page.headings.get(line, 0) <= level:
                    current, level = "", 0
                elif not current and is_badge(line):
                    continue  # whether the call is open is no description of it
                sections.setdefault(current, []).append(rest if name else line)
        sections.pop("contact", None)
        return facts, {name: parse.clean_text("\n".join(kept)) for name, kept in sections.items()}

    def _match(self, patterns: Mapping[str, re.Pattern[str]], line: str) -> tuple[str, str]:
        for name, pattern in patterns.items():
            if 0 < len(line) <= _MAX_LABELLED_LENGTH and (match := pattern.fullmatch(line)):
                return name, (match["rest"] or match["figure"] or "").strip()
        return "", ""


def join_parts(parts: Sequence[object]) -> tuple[str, tuple[Section, ...]]:
    """Return [name, text] parts, as ``WebFunder.item`` stores them, as one text with sections."""
    pairs = [(str(part[0]), str(part[1])) for part in parts if isinstance(part, list)]
    return join_sections((name or "description", text) for name, text in pairs)
