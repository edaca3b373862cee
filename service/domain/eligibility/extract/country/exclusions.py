"""Parties that a sentence shuts out by where they are: there, or everywhere else.

"Entities in Norway are not eligible" and "non-UK organisations are not eligible" are alike but for
one word, and mean the opposite of each other.
"""

from __future__ import annotations

from scrapers.reading.patterns import load
from service.domain.eligibility.extract.country.places import find_places
from service.domain.eligibility.facts import Places

_PATTERNS = load("exclusions.toml", package=__package__)


def find_exclusion(text: str) -> Places | None:
    """Return where parties must be, or must not be, by a sentence that shuts some out by place.

    Nowhere, when it shuts out only some of those in a place, such as those that a state owns.

    Args:
        text: of a sentence.

    Returns:
        Places; None when the sentence is not of this kind.
    """
    shut_out = _PATTERNS.shut_out.search(text)
    if shut_out is None:
        return None
    before = text[: shut_out.start()]
    if not _PATTERNS.party.search(before):
        return None
    outside = list(_PATTERNS.outside.finditer(before))
    if not outside:
        places = find_places(before)
        if places and (
            _PATTERNS.only_some.search(before) or _PATTERNS.part_of_country.search(before)
        ):
            return Places()
        return Places(excluded=places) if places else None
    places = find_places(before[outside[-1].end() :])
    return Places(allowed=places) if places else None


def shuts_out_by_place(text: str) -> bool:
    """Return whether a sentence shuts parties out for where they are, not for what they are."""
    return find_exclusion(text) is not None
