"""Countries, groups of countries and Swedish counties, as sentences name them."""

from __future__ import annotations

from scrapers.reading.patterns import load

_PATTERNS = load("places.toml", package=__package__)
_PATTERNS_BY_CODE = _PATTERNS.group("places")
_ORDER = {code: place for place, code in enumerate(_PATTERNS_BY_CODE)}

PLACE_CODES = frozenset(_PATTERNS_BY_CODE)
"""Every code that `find_places` can return."""


def find_places(text: str) -> tuple[str, ...]:
    """Return the codes of the places that ``text`` names, in a fixed order."""
    codes = {code for code, pattern in _PATTERNS_BY_CODE.items() if pattern.search(text)}
    return tuple(sorted(codes, key=_ORDER.__getitem__))
