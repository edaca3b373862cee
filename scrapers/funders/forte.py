"""Forte, the Swedish research council for health, working life and welfare: open data, or pages.

Owner: Forte. Terms: open data CC0 with a free key; the pages are a public authority's, asked for
within their robots.txt. Last checked 2026-11 against the text of one page of 2024; not fetched
live from here, and the address of the list is another program's word.

Quirks: a page's text may begin without its title, which is then made from the address. Hours are
written "klockan 14:00". The amount depends on how many years a project runs.
"""

from __future__ import annotations

import re

from scrapers.platforms.councils import Council


class Forte(Council):
    """Calls for research on health, working life and welfare."""

    key = "forte"
    title = "Forte"
    home = "https://forte.se"
    address = "https://forte.se"
    gdp_base = "https://api.forte.se/gdp_forte"
    lists = ("/sok-finansiering/utlysningar/", "/utlysningar/", "/sok-finansiering/")
    call_paths = re.compile(
        r"(?:/[^/]+)*/(?:utlysning|call"
        # lists lie in these folders too
        r"|(?:utlysningar|calls)(?=/[^/]*-)(?!/[^/]*(?:utlysningar|calls)/?$))/([^/]+)/?"
    )
