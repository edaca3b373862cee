"""Formas, the Swedish research council for sustainable development: open data, or its pages.

Owner: Formas. Terms: open data CC0 with a free key; the pages are a public authority's, asked for
within their robots.txt. Last checked 2026-11 against the text of two pages of 2023 and 2024 and
the addresses of a list of 2026; not fetched live from here.

Quirks: the days of a call disappear from its page once grants are decided, and only "Beslutad"
with that day is left, above a list of the persons who got them. A call may have a page in each
language at unlike addresses; the Swedish list is asked for. Questions and answers about a call lie
below its address and are no calls.
"""

from __future__ import annotations

import re

from scrapers.platforms.councils import Council


class Formas(Council):
    """Calls for research on environment, agricultural sciences and spatial planning."""

    key = "formas"
    title = "Formas"
    home = "https://formas.se"
    address = "https://formas.se"
    gdp_base = "https://api.formas.se/gdp_formas"
    lists = ("/soka-finansiering/alla-utlysningar.html", "/soka-finansiering.html")
    call_paths = re.compile(
        r"/(?:soka-finansiering/alla-utlysningar/utlysningar"
        r"|en/start-page/apply(?:ing)?-for-funding/all-calls/calls"
        # elsewhere, as in an archive, only a day before the name tells a call from other pages
        r"|(?:[^/]+/)*(?:[^/]*utlysningar|[^/]*calls)(?=/\d{4}-\d{2}-\d{2}-))/([^/]+)\.html"
    )
