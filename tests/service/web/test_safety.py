"""Funders' texts and pilots are strangers' input; pages let nothing of theirs run or mislead."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.untrusted_text import web_url
from service.use_cases.calls import CallDetail
from tests.service.sample_calls import HOSTILE
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

TRIED = "/docs/match"
"""A page that may run a script: the form that tries an operation."""

PAGES = [
    "/?pilot=hostile&status=all",
    "/?pilot=hostile&status=all&lang=sv",
    "/calls",
    "/calls/hostile:1",
    "/pilots",
    "/pilots/hostile?status=all&lang=sv",
    "/pilots/hostile/calls/hostile:1?lang=sv",
    "/docs",
    TRIED,
    "/nothing",
    '/?pilot="><script>alert(3)</script>',
    '/calls?q="><script>alert(3)</script>',
    "/?lang=<script>",
    '/calls/x"><script>alert(3)</script>',
]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_hostile_becomes_markup(client: FlaskClient, address: str) -> None:
    html = client.get(address).text
    page = outline(html)
    assert "alert(1)" not in "".join(str(attrs) for _, attrs in page.tags if "value" not in attrs)
    scripts = [attrs.get("src") for attrs in page.all("script")]
    assert scripts == (["/static/docs.js"] if address == TRIED else [])
    assert not page.all("img")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not [attrs for _, attrs in page.tags if "style" in attrs]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_hostile_turns_the_reading_direction(client: FlaskClient, address: str) -> None:
    shown = re.sub(r"<textarea.*?</textarea>", "", client.get(address).text, flags=re.DOTALL)
    assert "\u202e" not in shown
    assert "\x07" not in shown


def test_the_hostile_text_is_readable_as_text(client: FlaskClient) -> None:
    text = outline(client.get("/calls/hostile:1").text).text
    assert "<script>alert(1)</script>" in text
    assert "gnp.exe" in text


def test_a_hostile_text_sent_comes_back_as_text(client: FlaskClient) -> None:
    html = client.post("/", data={"text": f"</textarea>{HOSTILE} heart"}).text
    assert "</textarea><script>" not in html
    assert "</textarea><script>" in unescape(html)


@pytest.mark.parametrize(
    "address", [*PAGES, "/", "/healthz", "/openapi.json", "/api/v1/calls", "/static/style.css"]
)
def test_every_answer_is_guarded(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert ("script-src" in policy) == (address == TRIED)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


def test_links_outside_tell_nothing_about_where_a_reader_comes_from(client: FlaskClient) -> None:
    outside = [
        attrs
        for attrs in outline(client.get("/?pilot=heart").text).all("a")
        if attrs["href"].startswith("http")
    ]
    assert outside
    assert all(attrs["rel"] == "noopener noreferrer" for attrs in outside)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//elsewhere.example",
        "/calls",
        "http:///nohost",
        "https://[bad",
        "ftp://x.example",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_url(url) == ""


def test_a_web_address_is_kept() -> None:
    assert web_url("https://a.example/?b=1&c=2") == "https://a.example/?b=1&c=2"


def test_an_address_that_slipped_past_the_record_is_shown_but_not_linked(
    client: FlaskClient, shared_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = shared_context.calls.all()
    stored = calls["hostile:1"]
    slipped = stored.model_copy(update={"url": "javascript:alert(1)", "apply_url": "data:,x"})
    monkeypatch.setattr(shared_context.calls, "all", lambda: calls | {slipped.id: slipped})
    monkeypatch.setattr(shared_context.calls, "get", lambda _: slipped)
    assert CallDetail.from_call(slipped, datetime.now(UTC)).url == "javascript:alert(1)"
    for address in ("/calls/hostile:1", "/?pilot=hostile"):
        hrefs = [a["href"] for a in outline(client.get(address).text).all("a")]
        assert not [href for href in hrefs if href.startswith(("javascript:", "data:"))]


def test_an_error_shows_no_inner_workings(
    client: FlaskClient, shared_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("/home/secret/path")

    monkeypatch.setattr(shared_context, "searcher", broken)
    for answer in (
        client.get("/?pilot=heart"),
        client.post("/api/v1/match", json={"text": "heart"}),
    ):
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert "KeyError" not in answer.text
