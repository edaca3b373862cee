"""Vetenskapsrådet, the Swedish Research Council: open data, or its pages.

Owner: Vetenskapsrådet. Terms: open data CC0 with a free key; the pages are a public authority's,
asked for within their robots.txt. Last checked 2026-11 against the text of two pages of 2021 and
2024; not fetched live from here, and the addresses of the lists follow from those of the pages.

Quirks: a closed call's page begins with "Stängd utlysning" and the period without its year, above
the title. Opening and closing stand on one line, "Ansökningsperiod". Sums are mostly a year's.
"""

from __future__ import annotations

import re

from scrapers.platforms.councils import Council


class Vr(Council):
    """Calls for basic research in every field, medicine and health among them."""

    key = "vr"
    title = "Vetenskapsrådet"
    home = "https://www.vr.se"
    address = "https://www.vr.se"
    gdp_base = "https://api.vr.se/gdp_vr"
    lists = (
        "/soka-finansiering/utlysningar-och-beslut.html",
        "/soka-finansiering/utlysningar.html",
        "/soka-finansiering.html",
    )
    call_paths = re.compile(
        r"/(?:[^/]+/)*(?:[^/]*utlysningar|[^/]*calls)/(\d{4}-\d{2}-\d{2}-[^/]+)\.html"
    )
