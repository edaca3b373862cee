"""Countries, groups of countries and Swedish counties, as sentences name them."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.reading.patterns import load

_PATTERNS = load("places.toml", package=__package__)
_PATTERNS_BY_CODE = _PATTERNS.group("places")
_ORDER = {code: place for place, code in enumerate(_PATTERNS_BY_CODE)}

PLACE_CODES = frozenset(_PATTERNS_BY_CODE)
"""Every code that `find_places` can return."""


@dataclass(frozen=True)
class PlaceMention:
    """Words that name a place: ``text[start:end]``, and the place's code."""

    start: int
    end: int
    code: str


def find_place_mentions(text: str) -> list[PlaceMention]:
    """Return the words of ``text`` that name places, in order."""
    mentions = [
        PlaceMention(match.start(), match.end(), code)
        for code, pattern in _PATTERNS_BY_CODE.items()
        for match in pattern.finditer(text)
    ]
    return sorted(mentions, key=lambda mention: mention.start)


def find_places(text: str) -> tuple[str, ...]:
    """Return the codes of the places that ``text`` names, in a fixed order."""
    codes = {code for code, pattern in _PATTERNS_BY_CODE.items() if pattern.search(text)}
    return tuple(sorted(codes, key=_ORDER.__getitem__))
