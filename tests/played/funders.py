"""Every funder that asks the network, with the site that plays it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from scrapers.catalogue import get_funder
from scrapers.funder import Funder
from scrapers.platforms.councils import Council
from scrapers.platforms.curated import CuratedFunder
from tests.played import pages, records
from tests.played.site import PlayedSite, Routes

PLAYED: Mapping[str, Callable[[], Routes]] = {
    "energimyndigheten": pages.energimyndigheten,
    "eu_portal": records.eu_portal,
    "formas": pages.formas,
    "forte": pages.forte,
    "grants_gov": records.grants_gov,
    "nih_guide": records.nih_guide,
    "nordforsk": pages.nordforsk,
    "tillvaxtverket": pages.tillvaxtverket,
    "ukri": pages.ukri,
    "vinnova": records.vinnova,
    "vr": pages.vr,
}
DATED = frozenset({"tillvaxtverket", "nih_guide", "forte"})
"""Sites that tell when a page was changed, and have no ETag."""

DELAYED = {"nordforsk": 2.0}
"""Crawl-delays in seconds."""

BUSY = {"ukri": ("/opportunity/scheme-90003/", 3)}
"""A page that is first refused, and the seconds its Retry-After asks for."""


class NotPlayedError(AssertionError):
    """A funder asks the network, and nothing here answers it."""


def site_of(source: Funder, now: Callable[[], float]) -> PlayedSite | None:
    """Return the site that plays ``source``; None for one that is kept by hand and asks nobody.

    Raises:
        NotPlayedError: the funder is new, and no site was written for it.
    """
    if isinstance(source, CuratedFunder):
        return None
    if source.key not in PLAYED:
        raise NotPlayedError(
            f"no site plays the funder {source.key!r}: write its routes in tests/played/ and name "
            "it in PLAYED of tests/played/funders.py"
        )
    key = source.key
    return PlayedSite(
        PLAYED[key](), now, dated=key in DATED, delay=DELAYED.get(key, 0.0), busy=BUSY.get(key)
    )


def at_site(source: Funder, site: PlayedSite | None, *, with_key: bool = False) -> Funder:
    """Return ``source`` asking ``site``, at the path it has on its own host."""
    if site is None:
        return source
    made = get_funder(source.key, f"{site.url}{urlsplit(source.address).path}")
    made.secret = records.KEY if with_key else ""
    return made


def access_ways(source: Funder) -> tuple[bool, ...]:
    """Return the ways there are to ask ``source``: without a key and, for a council, with one."""
    return (False, True) if isinstance(source, Council) else (False,)
