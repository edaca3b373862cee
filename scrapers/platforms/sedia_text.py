"""The texts of the Commission's topics: a description cut at its headings, without footnotes.

The portal marks a heading by a class, on a span or a paragraph; texts from elsewhere have the
heading's words alone, on a line or before a colon. Where a topic has no heading the portal writes
"null". Footnotes stand in the text in double square brackets.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup

from scrapers.reading import parse
from scrapers.reading.patterns import load

_PATTERNS = load("sedia_text.toml", package=__package__)
_HEADINGS = _PATTERNS.group("headings")
_UNNAMED = "description"
_MARK = "\ue000"
"""Stands before and after a marked heading while its text is cleaned: a code for private use."""
_MARKED = re.compile(
    r"<(?P<tag>[a-z][a-z0-9]{0,15})\b[^<>]{0,300}topicdescriptionkind[^<>]{0,300}>"
    r"(?P<heading>(?:(?!</(?P=tag)\b)[^\ue000]){0,400})</(?P=tag)\s{0,9}>",
    re.IGNORECASE,
)
_CELL = re.compile(
    r"<(?P<tag>t[hd])\b[^<>]{0,300}>(?:<[a-z]{1,6}>)?(?P<words>[^<>]{3,60})"
    r"(?:</[a-z]{1,6}>)?</(?P=tag)\s{0,9}>",
    re.IGNORECASE,
)
_RUN_IN = re.compile(r"(?P<heading>[^\W\d_][^:.\n]{2,28}):\s*(?P<text>\S.*)")
_BARE_LINK = re.compile(r"<p>(?:\s|&nbsp;)*<a\s[^<>]*>[^<>]*</a>(?:\s|&nbsp;)*</p>", re.IGNORECASE)
_LONGEST_FOOTNOTE, _LONGEST_HEADING = 3000, 60


class DescriptionPart(NamedTuple):
    """A part of a description; ``heading`` is in lower case, "" for what has none."""

    heading: str
    text: str


def description_parts(html: str) -> list[DescriptionPart]:
    """Return the parts of a description in order; one may have no text."""
    html = without_footnotes(html.replace(_MARK, ""))
    if "&lt;" in html and "<" not in html:
        html = entities.unescape(html)
    html = _CELL.sub(_to_heading, _MARKED.sub(_to_marked_line, html))
    text = parse.clean_text(html)
    is_marked = _MARK in text
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        heading, rest = _read_line(line, marked=is_marked)
        if heading is not None:
            parts.append((heading, []))
        # the colon of a heading may stand behind its tag
        body = rest.lstrip(": ") if heading is not None or not any(parts[-1][1]) else rest
        if not _is_nothing(body):
            parts[-1][1].append(body)
    read = [DescriptionPart(heading, "\n".join(lines).strip()) for heading, lines in parts]
    return read if read[0].text else read[1:]


def _to_marked_line(heading: re.Match[str] | str) -> str:
    words = heading if isinstance(heading, str) else parse.clean_line(heading["heading"])
    return f"<p>{_MARK}{entities.escape(words)}{_MARK}</p>"


def _to_heading(match: re.Match[str]) -> str:
    """Return a cell that holds a heading's words as a heading, any other as it is."""
    words = parse.clean_line(match["words"])
    return _to_marked_line(words) if section_name(words) else match.group()


def _read_line(line: str, *, marked: bool) -> tuple[str | None, str]:
    """Return the heading that a line is or begins with, None for no heading, and what follows."""
    if line.startswith(_MARK):
        heading, _, rest = line[1:].partition(_MARK)
        return _plain_heading(heading), rest
    if section_name(line):
        return _plain_heading(line), ""
    run_in = None if marked else _RUN_IN.fullmatch(line)
    if run_in and section_name(run_in["heading"]):
        return _plain_heading(run_in["heading"]), run_in["text"]
    return None, line.replace(_MARK, "")


def _plain_heading(words: str) -> str:
    heading = words.strip().rstrip(": ").lower()
    return "" if parse.is_placeholder(heading) else heading


def _is_nothing(line: str) -> bool:
    """Whether a line is what the portal writes for a part that is not there."""
    return line.strip() in ("null", "undefined")


def section_name(heading: str) -> str:
    """Return the plain English name of a heading that is known, "" for any other."""
    words = heading.strip()
    if not words or len(words) > _LONGEST_HEADING:
        return ""
    return next((name for name, pattern in _HEADINGS.items() if pattern.fullmatch(words)), "")


def named_sections(
    parts: list[DescriptionPart], english: list[DescriptionPart] | None = None
) -> list[tuple[str, str]]:
    """Return the parts that have text as (section, text), under plain English names.

    Headings that nobody knows, as those of a translation, take the names of the ``english`` copy
    when it has as many parts, else their own words.
    """
    alike = english is not None and _shape(english) == _shape(parts)
    names = [part.heading for part in english] if alike and english else None
    sections = []
    for position, part in enumerate(parts):
        heading = names[position] if names else part.heading
        name = section_name(heading) or section_name(part.heading) or heading or _UNNAMED
        sections.append((name, part.text))
    return [(name, text) for name, text in sections if text]


def _shape(parts: list[DescriptionPart]) -> tuple[int, bool]:
    """Return how many parts there are, and whether the first has no heading."""
    return len(parts), bool(parts) and not parts[0].heading


def without_footnotes(text: str) -> str:
    """Return ``text`` without the footnotes in double square brackets."""
    kept: list[str] = []
    position = 0
    while (start := text.find("[[", position)) >= 0:
        end = text.find("]]", start, start + _LONGEST_FOOTNOTE)
        kept.append(text[position:start])
        if end < 0:
            position = start + 2  # brackets that nothing closes: what follows is text
            continue
        while text.startswith("]", end + 2):
            end += 1
        position = end + 2
    kept.append(text[position:])
    return "".join(kept)


def without_bare_links(html: str) -> str:
    """Return ``html`` without the paragraphs that are only a link; `find_links` yields those."""
    return _BARE_LINK.sub("", html)


def find_links(html: str) -> Iterator[tuple[str, str]]:
    """Yield (address, label) of the documents that a text links to."""
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        label = parse.clean_line(anchor.get_text())
        if label and (address := parse.web_address(str(anchor["href"]))):
            yield address, label[:500]
