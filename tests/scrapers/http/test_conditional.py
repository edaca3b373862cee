"""What is archived is asked for only if it changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.errors import FetchError
from scrapers.http.archive import PageArchive
from tests.scrapers.conftest import FakeClock, FetcherFactory, Site, SiteReply, SiteRequest


class KeptPage:
    """A page with validators, which answers 304 to whoever has it already."""

    def __init__(self, body: bytes, **validators: str) -> None:
        self.body = body
        self.validators = validators
        self.statuses: list[int] = []

    def __call__(self, request: SiteRequest) -> SiteReply:
        has = {"etag": "if-none-match", "last_modified": "if-modified-since"}
        named = {name.replace("_", "-"): value for name, value in self.validators.items()}
        sent = {name: request.headers.get(has[name]) for name in self.validators}
        same = bool(self.validators) and sent == self.validators
        self.statuses.append(304 if same else 200)
        return SiteReply(b"" if same else self.body, self.statuses[-1], named)


@pytest.mark.parametrize(
    "validators",
    [
        {"etag": '"one"'},
        {"etag": 'W/"weak"', "last_modified": "Mon, 02 Nov 2026 08:00:00 GMT"},
        {"last_modified": "Mon, 02 Nov 2026 08:00:00 GMT"},
    ],
)
def test_a_page_that_did_not_change_comes_from_the_archive(
    site: Site, make: FetcherFactory, tmp_path: Path, clock: FakeClock, validators: dict[str, str]
) -> None:
    kept = KeptPage("Hälsa".encode(), **validators)
    site.routes["/a"] = kept
    first = make(archive=PageArchive(tmp_path)).get(f"{site.url}/a")
    before = everything(tmp_path)
    clock.sleep(3600)
    again = make(archive=PageArchive(tmp_path)).get(f"{site.url}/a")
    assert kept.statuses == [200, 304]
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again == first
    assert everything(tmp_path) == before


def everything(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_page_that_changed_comes_whole_and_is_the_latest(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    site.routes["/a"] = KeptPage(b"one", etag='"1"')
    fetcher = make(archive=PageArchive(tmp_path))
    fetcher.get(f"{site.url}/a")
    site.routes["/a"] = second = KeptPage(b"two", etag='"2"')
    assert [fetcher.get(f"{site.url}/a").body for _ in range(2)] == [b"two", b"two"]
    assert second.statuses == [200, 304]


def test_a_damaged_body_is_asked_for_whole(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    archive = PageArchive(tmp_path)
    site.routes["/a"] = kept = KeptPage(b"body", etag='"1"')
    fetcher = make(archive=archive)
    page = fetcher.get(f"{site.url}/a")
    archive.path(page.sha256).write_bytes(b"bodX")
    assert fetcher.get(f"{site.url}/a").body == b"body"
    assert kept.statuses == [200, 200]
    assert archive.read(page.sha256) == b"body"
    assert fetcher.get(f"{site.url}/a").unchanged


def test_a_page_behind_a_redirect_is_known_by_its_own_address(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    site.serve("/old", SiteReply(b"", 302, {"Location": "/new"}))
    site.routes["/new"] = kept = KeptPage(b"body", etag='"1"')
    fetcher = make(archive=PageArchive(tmp_path))
    pages = [fetcher.get(f"{site.url}/old") for _ in range(2)]
    assert [page.url for page in pages] == [f"{site.url}/new"] * 2
    assert kept.statuses == [200, 304]


def test_what_was_posted_is_not_asked_for_conditionally(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    site.routes["/a"] = kept = KeptPage(b"body", etag='"1"')
    archive = PageArchive(tmp_path)
    fetcher = make(archive=archive)
    fetcher.post_json(f"{site.url}/a", {"page": 1})
    fetcher.get(f"{site.url}/a")
    fetcher.post_json(f"{site.url}/a", {"page": 1})
    assert kept.statuses == [200, 200, 200]
    assert len(list(archive.pages())) == 2, "the same answer to a form is noted once"
    kept.body = b"another"
    fetcher.post_json(f"{site.url}/a", {"page": 1})
    assert [page.body for page in archive.pages()] == [b"body", b"body", b"another"]


def test_a_304_nobody_asked_for_is_no_page(
    site: Site, make: FetcherFactory, tmp_path: Path
) -> None:
    site.serve("/a", SiteReply(b"", 304))
    with pytest.raises(FetchError, match="answered 304"):
        make(archive=PageArchive(tmp_path)).get(f"{site.url}/a")


@pytest.mark.parametrize("etag", ["", '"å"', '"' + "x" * 600 + '"'])
def test_a_validator_unfit_to_be_sent_back_is_left_out(
    site: Site, make: FetcherFactory, tmp_path: Path, etag: str
) -> None:
    site.serve("/a", SiteReply(b"1", headers={"ETag": etag}))
    fetcher = make(archive=PageArchive(tmp_path))
    assert [fetcher.get(f"{site.url}/a").body for _ in range(2)] == [b"1", b"1"]
    assert all("if-none-match" not in asked.headers for asked in site.requests)
