"""Where a page leads to, and which addresses may be asked at all."""

from __future__ import annotations

import pytest

from scrapers.errors import PolicyError
from scrapers.http.netguard import check_address
from tests.scrapers.conftest import FetcherFactory, Site, SiteReply


def test_redirects_are_followed_and_the_last_address_kept(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"", 302, {"Location": "/b"}))
    site.serve("/b", b"here")
    page = make().get(f"{site.url}/a")
    assert (page.url, page.body) == (f"{site.url}/b", b"here")


def test_a_redirect_loop_ends_after_five(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"", 301, {"Location": "/a"}))
    with pytest.raises(PolicyError, match="redirects more than 5 times"):
        make().get(f"{site.url}/a")
    assert site.paths() == ["/a"] * 6


@pytest.mark.parametrize(
    "target", ["http://example.org/", "https://user:secret@example.org/", "file:///etc/passwd"]
)
def test_a_redirect_to_an_unfit_address_is_refused(
    site: Site, make: FetcherFactory, target: str
) -> None:
    site.serve("/a", SiteReply(b"", 302, {"Location": target}))
    with pytest.raises(PolicyError):
        make().get(f"{site.url}/a")


def test_a_redirect_is_checked_against_robots_txt(site: Site, make: FetcherFactory) -> None:
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    site.serve("/a", SiteReply(b"", 302, {"Location": "/private"}))
    with pytest.raises(PolicyError, match="/private is not for us"):
        make().get(f"{site.url}/a")


def test_a_moved_form_is_not_turned_into_a_get(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"", 301, {"Location": "/b"}))
    with pytest.raises(PolicyError, match="has moved"):
        make().post_json(f"{site.url}/a", {})


def test_a_form_that_keeps_its_method_is_posted_again(site: Site, make: FetcherFactory) -> None:
    site.serve("/a", SiteReply(b"", 307, {"Location": "/b"}))
    site.serve("/b", b"1")
    make().post_json(f"{site.url}/a", {"rows": 5})
    assert [(asked.method, asked.body) for asked in site.requests if asked.path == "/b"] == [
        ("POST", b'{"rows": 5}')
    ]


@pytest.mark.parametrize(
    ("url", "origin", "fits"),
    [
        ("https://example.org/a", "https://example.org/", True),
        ("http://example.org/a", "https://example.org/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/", True),
        ("http://[::1]:8000/", "http://localhost/", True),
        ("http://127.0.0.1/", "https://example.org/", False),
        ("https://127.0.0.1/", "https://example.org/", False),
        ("https://169.254.169.254/latest", "https://example.org/", False),
        ("https://[::ffff:169.254.169.254]/", "https://example.org/", False),
        ("https://10.0.0.1/", "https://10.0.0.1/", False),
        ("ftp://example.org/", "https://example.org/", False),
        ("https:///path", "https://example.org/", False),
        ("https://a:b@example.org/", "https://example.org/", False),
    ],
)
def test_addresses_that_may_be_asked(url: str, origin: str, fits: bool) -> None:
    if fits:
        check_address(url, origin, local=True)
    else:
        with pytest.raises(PolicyError):
            check_address(url, origin, local=True)
