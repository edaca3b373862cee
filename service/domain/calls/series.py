"""What the rounds of a call have in common: an offer, a series of identifiers, a bare title."""

from __future__ import annotations

from collections.abc import Sequence

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.awards.organisation_names import fold_name
from service.domain.calls.funders import funder_of_call, traits_of

_MIN_TITLE_LENGTH = 12
"""Characters below which a title, bared of year and round, says too little."""

_GENERIC_WORDS = frozenset(
    "call calls for proposals proposal project projects grant grants open the of and to in on an "
    "competitive funding scheme application applications oppen oppna utlysning utlysningar ansokan "
    "om till och av pa projekt bidrag medel stod".split()
)
"""Words that any call's title may have: one that has no others is nobody's own."""

_PATTERNS = load("series.toml", package=__package__)


def round_families(call: Call) -> list[tuple[str, str]]:
    """Return what a call has in common with its other rounds: (funder, offer, series or title)."""
    funder = funder_of_call(call)
    offer = offer_of(call)
    found = [] if offer is None else [(funder, f"o:{offer.upper()}")]
    series = series_identifier(call.native_id.upper())
    found += [(funder, f"s:{series}")] if series else []
    titles = dict.fromkeys(bare_title(title) for title in call.titles.values())
    return found + [(funder, f"t:{title}") for title in titles if title]


def offer_of(call: Call) -> str | None:
    """Return the offer that ``call`` is a round of, where its funder says so."""
    return offer_in(funder_of_call(call), call.identifiers)


def offer_in(funder: str, identifiers: Sequence[str]) -> str | None:
    """Return the offer among the identifiers of a round: the second, where ``funder`` names it."""
    return identifiers[1] if traits_of(funder).names_offers and len(identifiers) > 1 else None


def bare_title(title: str) -> str:
    """Return a title without year, season and round; nothing when too little is left to tell."""
    plain = fold_name(_PATTERNS.words_in_brackets.sub(r" \1 ", _PATTERNS.year.sub(" ", title)))
    words = _PATTERNS.season_or_round.sub(" ", plain).split()
    bare = " ".join(words)
    tells = len(words) > 1 and any(len(w) > 1 for w in words if w not in _GENERIC_WORDS)
    return bare if tells and len(bare) >= _MIN_TITLE_LENGTH else ""


def series_identifier(identifier: str) -> str | None:
    """Return the identifier of a European scheme that comes every year, without the year.

    Only schemes that are open to every subject have the same topic under the same number again;
    in a work programme's clusters the numbers start anew, and mean something else.
    """
    found = _PATTERNS.european_scheme.fullmatch(identifier)
    if found is None or "CHALLENGE" in found[3]:
        return None
    bare = _PATTERNS.first_part_numbers.sub("", found[3])
    return None if _PATTERNS.number_at_the_end.search(bare) else f"{found[1]}-{bare}"


def find_year(identifier: str) -> int | None:
    """Return the first year that an identifier names."""
    found = _PATTERNS.year_in_an_identifier.search(identifier)
    return int(found[1]) if found else None
