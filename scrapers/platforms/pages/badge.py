"""Lines of a page that say only whether its call is open."""

from __future__ import annotations

from scrapers.reading.patterns import load

_PATTERNS = load("title.toml", package=__package__)
_LONGEST = 160


def is_badge(line: str) -> bool:
    """Whether ``line`` says only whether a call is open."""
    return len(line) <= _LONGEST and bool(_PATTERNS.badge.fullmatch(line))


def says_closed(badge: str) -> bool:
    """Whether a badge says that nobody can apply any more."""
    return bool(_PATTERNS.closed.search(badge))
