"""The counties that a page's bullets name: where a project must lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scrapers.reading.fields import distinct
from scrapers.reading.patterns import load

_PATTERNS = load("counties.toml", package=__package__)
_LONGEST_LINE = 300


def counties_in_line(line: str) -> list[str]:
    """Return the counties of a line that names them and nothing else, by their bare names."""
    if len(line) > _LONGEST_LINE:
        return []
    label = _PATTERNS.label.match(line)
    rest = line[label.end() :] if label else line
    whole = _PATTERNS.county.fullmatch(rest.strip(" ."))
    matches = (
        [whole]
        if whole
        else [
            _PATTERNS.county.fullmatch(part) for part in _PATTERNS.between.split(rest.strip(" ."))
        ]
    )
    names = [match["name"] for match in matches if match]
    return names if len(names) == len(matches) else []


def cut_counties(
    lines: Sequence[str], is_heading: Callable[[str], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ``lines`` without those of counties, and the counties.

    A bare name counts wherever it stands. "Region Skåne" under a heading may be an applicant, so
    it counts above the first heading and under one that asks where.
    """
    kept: list[str] = []
    found: list[str] = []
    headed = where = False
    for line in lines:
        if _PATTERNS.where.fullmatch(line):
            headed = where = True
        elif is_heading(line):
            headed, where = True, False
        counties = counties_in_line(line)
        bare = len(counties) == 1 and line.strip() == counties[0]
        if counties and (bare or where or not headed):
            found += counties
        else:
            kept.append(line)
    return tuple(kept), distinct(found)
