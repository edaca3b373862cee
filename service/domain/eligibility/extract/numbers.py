"""Small numbers as Swedish and English sentences write them."""

from __future__ import annotations

from scrapers.reading.patterns import load

_PATTERNS = load("numbers.toml", package=__package__)
_VALUES = {word: int(value) for word, value in _PATTERNS.meanings("numerals").items()}


def parse_number(text: str) -> int:
    """Return the number that a numeral or word stands for.

    Raises:
        KeyError: it is neither digits nor one of the words in ``numbers.toml``.
    """
    plain = text.lower()
    return int(plain) if plain.isdigit() else _VALUES[plain]
