"""How many projects a call says that it will pay for."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.reading.patterns import load

_PATTERNS = load("award_counts.toml", package=__package__)
_COUNTS = _PATTERNS.group("counts")
_NUMBERS = _PATTERNS.meanings("numbers")


def award_counts(sentence: str) -> Iterator[int]:
    """Yield how many projects ``sentence`` says will be paid for; "five or six" is no number."""
    for pattern in _COUNTS.values():
        for match in pattern.finditer(sentence):
            group = "number" if match["number"] else "antal"
            ranged = _PATTERNS.several.match(sentence, match.end(group))
            if not ranged and not _PATTERNS.range_begins.search(sentence, 0, match.start(group)):
                yield int(_NUMBERS.get(match[group].lower(), match[group]))
