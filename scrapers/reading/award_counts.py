"""How many projects a call says that it will pay for."""

from __future__ import annotations

from scrapers.reading.patterns import load

_PATTERNS = load("award_counts.toml", package=__package__)
_COUNTS = _PATTERNS.group("counts")
_NUMBERS = _PATTERNS.meanings("numbers")
_TEXT_LIMIT = 20_000


def expected_awards(text: str) -> int | None:
    """Return how many projects ``text`` says will be paid for; None if none or several numbers.

    A range such as "five or six" is no number.
    """
    found = set()
    for pattern in _COUNTS.values():
        for match in pattern.finditer(text[:_TEXT_LIMIT]):
            group = "number" if match["number"] else "antal"
            if not _PATTERNS.several.match(text, match.end(group)):
                word = match[group]
                found.add(int(_NUMBERS.get(word.lower(), word)))
    return found.pop() if len(found) == 1 else None
