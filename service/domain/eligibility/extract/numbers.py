"""Small numbers as Swedish and English sentences write them."""

from __future__ import annotations

from scrapers.reading.patterns import load

_PATTERNS = load("numbers.toml", package=__package__)
_VALUES = {word: int(value) for word, value in _PATTERNS.meanings("numerals").items()}


def parse_number(written: str) -> int:
    """Return the number that ``written`` says; it must be what the pattern ``number`` finds."""
    plain = written.lower()
    return int(plain) if plain.isdigit() else _VALUES[plain]
