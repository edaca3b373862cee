"""Tables of sums whose columns have names: which sum of a row is the least, the most, the pot.

A table comes as lines: its cells stand one after the other, with or without a mark between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scrapers.reading.amounts import MoneyMention
from scrapers.reading.patterns import load

_PATTERNS = load("money_columns.toml", package=__package__)
_COLUMNS = _PATTERNS.group("columns")
_LONGEST_HEADER = 200
_OTHER, _PART = "other", "part"


def money_columns(line: str) -> tuple[str, ...]:
    """Return what the columns under ``line`` are of: "least", "most", "pot" or "other".

    Nothing for a line that is no header of two such columns, or in which one has two meanings.
    """
    if len(line) > _LONGEST_HEADER or line.rstrip().endswith((".", "!", "?", ":")):
        return ()
    found = sorted(
        (match.start(), match.end(), name)
        for name, pattern in _COLUMNS.items()
        for match in pattern.finditer(line)
    )
    columns: list[tuple[int, str]] = []
    for start, end, name in found:
        gap = line[columns[-1][0] : start] if columns else ""
        if columns and start < columns[-1][0]:
            return ()
        if name == _PART and columns and not gap.strip():
            columns[-1] = (end, _OTHER)  # "Högst per år" is one column, of a year
        else:
            columns.append((end, _OTHER if name == _PART else name))
    names = tuple(name for _, name in columns)
    return names if len(names) > 1 else ()


def stand_side_by_side(line: str, amounts: Sequence[MoneyMention]) -> bool:
    """Whether ``line`` is the row of a table: a label, and several sums without words of theirs."""
    gaps = (line[one.end : other.start] for one, other in pairwise(amounts))
    after = line[amounts[-1].end :] if amounts else ""
    return len(amounts) > 1 and all(_PATTERNS.gap.fullmatch(gap) for gap in (*gaps, after))
