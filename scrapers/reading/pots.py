"""The sum of a whole call, told apart from that of a project, in English sentences."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Money
from scrapers.reading.patterns import load
from scrapers.reading.sums import find_sums

_PATTERNS = load("pots.toml", package=__package__)
_TEXT_LIMIT = 50_000


def split_pot(text: str, currency: str) -> tuple[Money | None, str]:
    """Return the sum in ``currency`` for all projects together, and the clauses without it.

    Clauses on what the applicants add themselves are left out too. Of several sums of a whole
    call the first counts, which its parts follow.
    """
    pots: list[Money] = []
    kept: list[str] = []
    for clause in _clauses(text[:_TEXT_LIMIT]):
        sums = find_sums(clause, currency)
        whole = _PATTERNS.pot.search(clause) and not _PATTERNS.each.search(clause)
        if sums and whole:
            pots.append(sums[0])
        elif not _PATTERNS.added.search(clause):
            kept.append(clause)
    return (pots[0] if pots else None), "\n".join(kept)


def _clauses(text: str) -> Iterator[str]:
    return (part.strip() for part in _PATTERNS.clause.split(text) if part.strip())
