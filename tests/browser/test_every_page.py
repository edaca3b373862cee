"""Every page, at a desk and on a phone: nothing hangs over, and nobody is shut out.

axe finds what breaks WCAG 2.2 A and AA and can be found by a program.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import WIDTHS, OpenPage, Site
from tests.browser.long_calls import long_calls
from tests.service.sample_calls import NOW

pytestmark = pytest.mark.whole

LARGEST_PAGE = 200_000
"""Bytes of a page's own text, before it is packed."""

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
VALUES = {"pilot_id": "long", "call_id": long_calls(NOW)[9].id, "operation_id": "changePilot"}
"""What stands for the parts of a route; a token that nobody has stands for all others."""

SEARCHES = ("/?pilot=long", "/?q=heart+failure", "/?top=lots", "/calls?page=2", "/calls/no:call")
NO_PAGES = ("static", "/feeds/", "/healthz", "/readyz", "/metrics", "/sign-in/provider")
ROUTES_OF_PAGES = 15
"""How many routes the service has at least that answer with a page."""


def addresses(site: Site) -> list[str]:
    """Return an address of every route that answers with a page."""
    adapter = site.app.url_map.bind("localhost")
    found = list(SEARCHES)
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("web."):
            values = {name: VALUES.get(name, "nobody") for name in rule.arguments}
            address = adapter.build(rule.endpoint, values, method="GET")
            if not address.startswith(NO_PAGES):
                found.append(address)
    return found


def test_there_are_pages_to_look_at(site: Site) -> None:
    assert len(addresses(site)) >= ROUTES_OF_PAGES


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_fits_its_window(
    site: Site, open_page: OpenPage, width: int, language: str
) -> None:
    seen = open_page(width, language)
    over = {}
    for address in addresses(site):
        assert seen.open(address) < 500, address
        if overflow := seen.overflow():
            over[address] = overflow
    assert over == {}
    assert seen.errors == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    site: Site, open_page: OpenPage, width: int, colours: str
) -> None:
    seen = open_page(width, color_scheme=colours)
    found = []
    for address in addresses(site):
        seen.open(address)
        for violation in Axe().run(seen.page, options=AXE).response["violations"]:
            nodes = [node["html"][:200] for node in violation["nodes"][:3]]
            found.append((address, violation["id"], violation["help"], nodes))
    assert found == []


def test_no_page_is_large(site: Site, open_page: OpenPage) -> None:
    seen = open_page()
    sizes = {}
    for address in addresses(site):
        seen.open(address)
        sizes[address] = len(seen.page.content().encode())
    assert {address: size for address, size in sizes.items() if size > LARGEST_PAGE} == {}
