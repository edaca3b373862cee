"""Which kinds of organisations words name: the funders' readers' own list, and more."""

from __future__ import annotations

from scrapers.applicants import kinds
from scrapers.reading.patterns import load
from service.domain.facts.record import Kind

_UNIVERSITY = (Kind.PUBLIC_UNIVERSITY, Kind.PRIVATE_UNIVERSITY)
MEANING: dict[str, tuple[Kind, ...]] = {
    "municipality": (Kind.MUNICIPALITY,),
    "region": (Kind.REGION,),
    "health care provider": (Kind.CARE,),
    "public body": (Kind.STATE, Kind.REGION, Kind.MUNICIPALITY),
    "local body": (Kind.REGION, Kind.MUNICIPALITY),
    "national body": (Kind.STATE,),
    "company": (Kind.SMALL_COMPANY, Kind.LARGE_COMPANY),
    "small or medium-sized company": (Kind.SMALL_COMPANY,),
    "large company": (Kind.LARGE_COMPANY,),
    "university": _UNIVERSITY,
    "research organisation": (Kind.RESEARCH,),
    "civil society": (Kind.CIVIL_SOCIETY,),
    "individual": (Kind.INDIVIDUAL,),
    "organisation": (Kind.ORGANISATION,),
    "anyone": (Kind.UNRESTRICTED,),
}
"""What the names that funders' readers use for kinds mean."""

# what the funders' own readers do not name, and longer wordings that hide a shorter one
_PATTERNS = load("kinds.toml", package=__package__)
_MORE = tuple(_PATTERNS.group("kinds").items())
_NO_KIND = "no kind"
"""The pattern of words that look like a kind and are none."""


def stated(text: str) -> tuple[Kind, ...]:
    """Return the kinds of organisations that ``text`` names, in the order of `Kind`."""
    found = [(m.start(), -m.end(), name) for name, p in _MORE for m in p.finditer(text)]
    found += [(first, -stop, name) for name, first, stop in kinds(text)]
    named: set[str] = set()
    reached = 0
    for first, stop, name in sorted(found, key=lambda one: one[:2]):
        if first >= reached:
            named.add(name)
            reached = -stop
    named.discard(_NO_KIND)
    meant = {kind for name in named for kind in MEANING[name]}
    return tuple(kind for kind in Kind if kind in meant)
