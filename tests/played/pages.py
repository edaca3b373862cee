"""Funders with pages for people: a list over several addresses, and a page a call."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from scrapers.catalogue import get_funder
from tests.played.copies import page, with_own_days
from tests.played.records import gdp
from tests.played.site import Route, Routes
from tests.scrapers.conftest import SiteReply, SiteRequest

_HTML = {"Content-Type": "text/html; charset=utf-8"}
_UKRI_CALLS, _ENERGY_CALLS, _COUNCIL_CALLS, _FEW = 24, 30, 9, 7


def _html(text: str) -> Route:
    return lambda _: SiteReply(text.encode(), 200, _HTML)


def _calls(example: str, path: str, count: int) -> dict[str, str]:
    """Return pages like ``example`` by their paths; ``path`` has "{}" where a number goes."""
    whole = page(example)
    made = {}
    for number in range(count):
        own = path.format(90_000 + number)
        marked = f" {number}</h1>\n<p>Sidan har nummer {number}.</p>"
        text = with_own_days(whole, number).replace("</h1>", marked, 1)
        # the page's word on its own address is the example's
        made[own] = re.sub(r"<(?:link|meta)\b[^>]*https://[^>]*>", "", text)
    return made


def _list(paths: list[str], more: str = "") -> str:
    links = "".join(f'<li><a href="{path}">Utlysning</a></li>' for path in paths)
    return f"<html><body><main><h1>Utlysningar</h1><ul>{links}</ul>{more}</main></body></html>"


def _by_page(first: str, *others: str, beginning: int = 2) -> Route:
    """Return a list: ``first`` without a number, the others by theirs, and 404 after them."""

    def answer(request: SiteRequest) -> SiteReply:
        number = parse_qs(urlsplit(request.path).query).get("page", [""])[0]
        if not number:
            return _html(first)(request)
        at = int(number) - beginning
        return _html(others[at])(request) if 0 <= at < len(others) else SiteReply(b"not here", 404)

    return answer


def _site(calls: dict[str, str], **lists: Route) -> Routes:
    return {path: _html(text) for path, text in calls.items()} | lists


def energimyndigheten() -> Routes:
    """Cards by page from 0, where page 0 has two addresses; closed calls are not asked for."""
    calls = _calls("energimyndigheten/call_page.html", "/utlysningar/pilot-{}/", _ENERGY_CALLS)
    cards = [
        f'<li><a href="{path}">Pilot {number} Stänger {1 + number % 28} juni 2099 '
        f"Forskningsstöd Plats {number} för teknik som ska prövas.</a></li>"
        for number, path in enumerate(calls)
    ]
    closed = '<li><a href="/utlysningar/forra-aret/">Förra året Stängd 3 maj 2025 Övrigt</a></li>'
    half = len(cards) // 2
    one, two = (
        f"<html><body><main><ul>{''.join(part)}</ul></main></body></html>"
        for part in ([*cards[:half], closed], cards[half:])
    )
    return _site(calls, **{"/utlysningar/": _by_page(one, one, two, beginning=0)})


def tillvaxtverket() -> Routes:
    """A list whose first page links to the second."""
    folder = "/tillvaxtverket/sokfinansiering"
    path = f"{folder}/utlysningar/utlysningar/beredskap.{{}}.html"
    calls = _calls("tillvaxtverket/call_page.html", path, _FEW)
    first, rest = list(calls)[:4], list(calls)[4:]
    listed = f"{folder}/utlysningar.1139.html"
    more = f'<a href="{listed}?page=2">Nästa</a>'
    return _site(calls, **{listed: _by_page(_list(first, more), _list(rest))})


def nordforsk() -> Routes:
    """A list by page from 0 that ends with a page that is not there."""
    calls = _calls("nordforsk/call_page.html", "/calls/call-{}", 4)
    calls |= _calls("nordforsk/invented_two_stages.html", "/calls/registers-{}", 3)
    paths = list(calls)
    return _site(calls, **{"/calls": _by_page(_list(paths[:4]), _list(paths[4:]), beginning=1)})


def ukri() -> Routes:
    """A finder over two pages, with cards, each linking to its call."""
    calls = _calls("ukri/call_page.html", "/opportunity/scheme-{}/", _UKRI_CALLS)
    listing = page("ukri/listing.html")
    (card,) = re.findall(r'(<div class="opportunity">.*?</dl></div>)\n<div', listing, re.DOTALL)
    linked = re.compile(r'href="[^"]+"')
    cards = [
        linked.sub(f'href="{path}"', with_own_days(card, number), count=1)
        for number, path in enumerate(calls)
    ]
    half = len(cards) // 2
    onward = '<a class="next" href="/opportunity/page/2/?filter_order=publication_date">Next</a>'
    one, two = (
        f"<html><body><main>{''.join(part)}{more}</main></body></html>"
        for part, more in ((cards[:half], onward), (cards[half:], ""))
    )
    return _site(calls, **{"/opportunity/": _html(one), "/opportunity/page/2/": _html(two)})


def _council(key: str, calls: dict[str, str], listed: str) -> Routes:
    """Return a council's list over two pages, its calls, and its open interface beside them."""
    paths = list(calls)
    more = f'<p><a href="{listed}?page=2">Nästa sida</a></p>'
    pages = _by_page(_list(paths[:5], more), _list(paths[5:]))
    addresses = [f"{get_funder(key).home}{path}" for path in paths]
    return _site(calls, **{listed: pages, "/utlysningar": gdp(key, addresses)})


def formas() -> Routes:
    """Calls of which some are decided on."""
    folder = "/soka-finansiering/alla-utlysningar/utlysningar"
    calls = _calls("formas/decided_with_persons.html", f"{folder}/2023-03-21-ort-{{}}.html", 2)
    opened = "<p>Sista ansökningsdatum: 4 maj 2099 14:00</p>"
    calls |= {
        path: with_own_days(
            re.sub("<p>Beslutad:.*?</table>", opened, text, flags=re.DOTALL), number
        )
        for number, (path, text) in enumerate(
            _calls(
                "formas/decided_with_persons.html",
                f"{folder}/2098-01-02-oppen-{{}}.html",
                _COUNCIL_CALLS,
            ).items()
        )
    }
    return _council("formas", calls, "/soka-finansiering/alla-utlysningar.html")


def forte() -> Routes:
    """Calls at the first address where the list may be."""
    calls = _calls("forte/saved_page.html", "/utlysning/projektbidrag-{}/", _COUNCIL_CALLS)
    return _council("forte", calls, "/sok-finansiering/utlysningar/")


def vr() -> Routes:
    """Calls at the second address where the list may be; the first answers 404."""
    path = "/soka-finansiering/utlysningar/2023-11-15-etablering-{}.html"
    calls = _calls("vr/closed_page.html", path, _COUNCIL_CALLS)
    return _council("vr", calls, "/soka-finansiering/utlysningar.html")
