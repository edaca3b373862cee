"""A browser, and the service with long calls in it: what a person meets.

Chromium is Debian's (``apt-get install chromium``). Without it these tests are skipped; in CI that
is an error.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from service.app import create_app
from service.context import Context
from service.jobs.reindex import reindex
from tests.browser.long_calls import long_calls, long_pilot
from tests.service import sample_calls

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",  # nothing of the browser's own asks the internet
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"desk": 1280, "phone": 390}
HEIGHT = 800


@dataclass
class Site:
    """A service that runs: ``address`` has no slash at its end."""

    address: str
    app: APIFlask
    context: Context


@dataclass
class Seen:
    """A page of the browser, and what went wrong in it: ``errors`` of scripts and the console."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Open an address of the service; return the status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))


OpenPage = Callable[..., Seen]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Yield a browser; its event loop must end before other tests of this process run theirs."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the sample calls and the long ones; every test reads and writes the same store."""
    folder: Path = tmp_path_factory.mktemp("browser")
    context = sample_calls.open_context(folder)
    sample_calls.fill(context)
    for days in (21, 0):
        context.calls.upsert(long_calls(sample_calls.NOW), sample_calls.NOW - timedelta(days=days))
    context.pilots.add(long_pilot())
    reindex(context)
    app = create_app(context)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app, context)
    server.shutdown()
    thread.join()
    server.server_close()
    context.calls._engine.dispose()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[OpenPage]:
    """Return what opens a window: ``width`` in pixels, ``language``, ``javascript`` or not."""
    opened: list[BrowserContext] = []

    def open_window(
        width: int = WIDTHS["desk"], language: str = "sv", *, javascript: bool = True, **more: Any
    ) -> Seen:
        window = chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale=language,
            java_script_enabled=javascript,
            **more,
        )
        window.set_default_timeout(20_000)
        opened.append(window)
        seen = Seen(window.new_page(), site.address)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.on(
            "console",
            lambda said: seen.errors.append(said.text) if "Content Security" in said.text else None,
        )
        return seen

    yield open_window
    for window in opened:
        window.close()
