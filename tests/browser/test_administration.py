"""The pages of administration with long names in them, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from service.app import create_app
from service.context import Context
from service.domain.access.principal import as_principal
from service.domain.access.rights import AccountRole, Scope
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.domain.notifications.webhook import NewMessage, WebhookEvent
from service.use_cases.access import sign_in
from service.use_cases.access.first_password import make_password_link
from service.use_cases.access.keys import add_key, rotate_key
from service.use_cases.access.users import add_user, set_disabled
from service.use_cases.feeds.links import make_feed_link
from tests.browser.conftest import WIDTHS
from tests.browser.test_every_page import AXE
from tests.service import sample_calls

pytestmark = pytest.mark.whole

Site = tuple[str, str, list[str]]
"""Where a service is, the token of its administrator's session, and the pages to look at."""

NAME = "anna-karin.lindstrom-bergqvist@innovationsavdelningen.lanssjukhuset.example.org"


def fill(context: Context) -> list[str]:
    """Add people, keys, feeds and webhooks; return the addresses of the pages that show them."""
    anna = add_user(context, NAME, AccountRole.EDITOR)
    bo = add_user(context, "bo@example.org", AccountRole.READER)
    set_disabled(context, "bo@example.org", disabled=True)
    key = add_key(context, "Caremap, that reads every hour", Scope.WRITE, timedelta(days=90)).key
    rotate_key(context, key.id, timedelta(days=7))
    words = "hjärtsvikt i hemmet med egenmonitorering och fjärruppföljning " * 3
    with as_principal(anna.principal):
        make_feed_link(context, FeedSubject(FeedKind.PILOT, "heart"), "sv", "Teamets kanal " * 7)
        search = SavedSearch(words=words[:190])
        make_feed_link(context, FeedSubject(FeedKind.SEARCH, search.key), "sv")
    now, url = datetime.now(UTC), f"https://tools.example.org/{'long-path-' * 20}"
    events, owner = tuple(WebhookEvent), anna.principal.owner
    hook = context.webhooks.add("heart", url, events, "sv", now, owner=owner).id
    body = '{"title": "' + "x" * 400 + '"}'
    context.webhooks.queue(hook, [NewMessage(WebhookEvent.NEW, body, ("k",))], now)
    return [
        *("/admin", "/admin/keys", "/admin/feeds", "/admin/settings", "/feed-links"),
        f"/admin/webhooks/{hook}",
        f"/admin/people/{anna.id}/remove",
        f"/admin/keys/{key.id}/revoke",
        f"/password/{make_password_link(context, bo)}",
        f"/password/{make_password_link(context, anna)}",
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    context = sample_calls.open_context(tmp_path_factory.mktemp("admin"))
    sample_calls.fill(context)
    admin = add_user(context, "admin@example.org", AccountRole.ADMIN)
    pages = fill(context)
    server = make_server("127.0.0.1", 0, create_app(context), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    token = sign_in._open_session(context, admin).token
    yield f"http://127.0.0.1:{server.server_port}", token, pages
    server.shutdown()
    server.server_close()
    context.calls._engine.dispose()


def signed_in(chromium: Browser, site: Site, width: int, colours: str) -> BrowserContext:
    window = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if colours == "dark" else "light",
        locale="sv-SE",
    )
    window.add_cookies([{"name": "fundscout", "value": site[1], "url": site[0]}])
    return window


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_fits_and_axe_finds_nothing(
    chromium: Browser, site: Site, width: int, colours: str
) -> None:
    window = signed_in(chromium, site, width, colours)
    found: list[Any] = []
    page = window.new_page()
    errors: list[str] = []
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
    for address in site[2]:
        answer = page.goto(site[0] + address)
        assert answer is not None
        assert answer.status in {200, 410}, address
        for closed in page.query_selector_all("details:not([open]) > summary"):
            closed.click()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        found += [(address, "wider", page.evaluate(wide), [])] if page.evaluate(wide) else []
        for violation in Axe().run(page, options=AXE).response["violations"]:
            nodes = [node["html"][:200] for node in violation["nodes"][:3]]
            found.append((address, violation["id"], violation["help"], nodes))
    window.close()
    assert found == []
    assert [one for one in errors if "410" not in one] == []


def test_a_key_is_made_and_a_person_added_by_keyboard(chromium: Browser, site: Site) -> None:
    window = signed_in(chromium, site, WIDTHS["phone"], "light")
    page = window.new_page()
    page.goto(f"{site[0]}/admin/keys?lang=en")
    page.get_by_text("Make a key").first.press("Enter")
    page.get_by_label("Name of the program").fill("Tool")
    page.get_by_label("Name of the program").press("Enter")
    assert page.get_by_label("The key").input_value().startswith("fundscout_")
    page.goto(f"{site[0]}/admin?lang=en")
    page.get_by_text("Add a person").first.press("Enter")
    page.get_by_label("Name to sign in by").fill("new@example.org")
    page.get_by_label("Name to sign in by").press("Enter")
    link = page.get_by_label("Address of the link").input_value()
    page.goto(f"{link}?lang=en")
    page.get_by_label("New password").fill("korrekt häst batteri")
    page.get_by_label("The same password again").fill("korrekt häst batteri")
    page.get_by_label("The same password again").press("Enter")
    page.wait_for_url("**/sign-in*")
    window.close()
