"""Parties as consortium rules count them: how many, from how many countries, of how many kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.domain.pilots.profile import Party

COUNTED_PARTS = ("parties", "countries", "kinds")
"""What a rule on a consortium counts."""


def party_countries(parties: Iterable[Party]) -> tuple[str, ...]:
    """Return the countries of parties, each once, as ISO 3166 codes."""
    return tuple(dict.fromkeys(party.country[:2] for party in parties if party.country))


def count_parties(parties: Sequence[Party]) -> dict[str, int]:
    """Return the number of each of `COUNTED_PARTS`; an unknown country or kind is not counted."""
    kinds = {party.kind for party in parties if party.kind}
    numbers = (len(parties), len(party_countries(parties)), len(kinds))
    return dict(zip(COUNTED_PARTS, numbers, strict=True))
