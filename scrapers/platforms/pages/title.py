"""The title of a call's page, told from the badges and dates that stand above it."""

from __future__ import annotations

import re
from dataclasses import replace

from scrapers.platforms.labelled_pages import LabelledPage
from scrapers.platforms.pages.badge import is_badge
from scrapers.reading.dates import first_date
from scrapers.reading.patterns import load

_PATTERNS = load("title.toml", package=__package__)
_LONGEST_TITLE, _HEAD_LINES = 250, 12


def is_period(line: str) -> bool:
    """Whether ``line`` begins with a period such as "12 januari – 4 mars 2027"."""
    return bool(_PATTERNS.period.match(line))


def find_title(read: LabelledPage, lines: tuple[str, ...], site: str) -> tuple[str, int]:
    """Return the title and how many of ``lines`` stand before it: badges, periods and dates.

    ``site`` is the name that a site adds to its titles. The title is "" for a page without one.
    """
    if read.soup is not None:
        bare = re.sub(rf"\s*[|–-]\s*{re.escape(site)}\s*$", "", read.title, flags=re.IGNORECASE)
        top = lines[:_HEAD_LINES]
        before = top.index(read.title) if read.title in top else 0
        return ("" if is_badge(bare) else bare), before
    for position, line in enumerate(lines):
        if not line or _is_above_titles(line) or is_period(line) or first_date(line, "UTC"):
            continue
        # a page saved without its heading begins with its text
        fits = len(line) <= _LONGEST_TITLE and not line.endswith((".", ":", "?"))
        return (line, position) if fits else ("", 0)
    return "", 0


def _is_above_titles(line: str) -> bool:
    """Whether ``line`` says only how a call stands, or belongs to the site."""
    patterns = (_PATTERNS.badge, _PATTERNS.state_alone, _PATTERNS.furniture)
    return any(pattern.fullmatch(line) for pattern in patterns)


def with_own_title(read: LabelledPage, site: str) -> LabelledPage:
    """Return ``read`` with its own title where a badge or a date stands above it.

    Badges before the title leave the text; dates stay, for labels may stand beside them.
    """
    if read.soup is not None:
        return read
    title, before = find_title(read, read.lines, site)
    if not title or title == read.title:
        return read
    above = [line for line in read.lines[:before] if not _is_above_titles(line)]
    return replace(read, title=title, lines=(*above, *read.lines[before:]))
