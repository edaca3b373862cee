"""Pages: which bytes mean which text, what is no JSON, and an archive that keeps its word."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.archive import PageArchive
from scrapers.errors import ScrapeError, ShapeError
from scrapers.page import Page


def page(body: bytes, content_type: str = "") -> Page:
    headers = {"content-type": content_type} if content_type else {}
    return Page(url="https://example.org/a", body=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Hälsa".encode(), "", "Hälsa"),
        (codecs.BOM_UTF8 + "Hälsa".encode(), "text/plain; charset=latin-1", "Hälsa"),
        (codecs.BOM_UTF16_LE + "Hälsa".encode("utf-16-le"), "", "Hälsa"),
        ("Hälsa".encode("cp1252"), "", "Hälsa"),
        ("Hälsa – nu".encode("cp1252"), "text/plain", "Hälsa – nu"),
        ("Hälsa".encode("latin-1"), 'text/plain; charset="ISO-8859-1"', "Hälsa"),
        ("Hälsa".encode(), "text/plain; charset=iso-8859-1", "Hälsa"),
        ("Hälsa".encode("utf-16-be"), "text/plain; charset=utf-16-be", "Hälsa"),
        ("Ψ".encode("iso-8859-7"), "text/plain; charset=iso-8859-7", "Ψ"),
        (b"H\x8flsa", "text/plain; charset=nonsense", "H\ufffdlsa"),
    ],
)
def test_bytes_to_text(body: bytes, content_type: str, expected: str) -> None:
    assert page(body, content_type).text() == expected


def test_json_after_a_byte_order_mark() -> None:
    assert page(codecs.BOM_UTF8 + b'{"a": 1}').json("x") == {"a": 1}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty answer came"),
        (b" \n ", "an empty answer came"),
        (b"<!DOCTYPE html><title>Docs</title>", "a page of HTML"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b'[{"a": 1}, {"a"', "cut off after 15 characters"),
        (b'{"a": "half a word', "cut off after 18 characters"),
        (b"not json", "no JSON at character 0"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b"[" * 100_000, "JSON that cannot be read"),
    ],
)
def test_what_is_no_json_is_said(body: bytes, said: str) -> None:
    with pytest.raises(ShapeError) as caught:
        page(body).json("vinnova rounds")
    assert said in str(caught.value)
    assert str(caught.value).startswith("vinnova rounds: expected")
    assert "\n" not in str(caught.value)


def test_the_archive_keeps_pages_by_hash_and_every_fetch(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path / "pages")
    first = Page("https://example.org/å", b"body", 200, {"etag": "1"}, datetime.now(UTC))
    path = archive.keep(first)
    again = Page("https://example.org/b", b"body")
    assert archive.keep(again) == path
    assert list(archive.pages()) == [first, again]
    assert path.read_bytes() == b"body"
    assert [file.name for file in path.parent.iterdir()] == [first.sha256]


def test_the_archive_never_overwrites(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    kept = page(b"body")
    path = archive.keep(kept)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    archive.keep(kept)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_damaged_or_missing_body_is_said(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    kept = page(b"body")
    archive.keep(kept).write_bytes(b"bodX")
    with pytest.raises(ScrapeError, match="damaged"):
        archive.read(kept.sha256)
    with pytest.raises(ScrapeError, match="no page"):
        archive.read("0" * 64)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scrapers.archive.os.fsync", full)
    archive = PageArchive(tmp_path)
    with pytest.raises(OSError, match="No space"):
        archive.keep(page(b"body"))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_half_written_last_line_is_passed_over(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.keep(page(b"body"))
    with (tmp_path / "pages.jsonl").open("a", encoding="utf-8") as index:
        index.write('{"sha256": "ab')
    assert [kept.body for kept in archive.pages()] == [b"body"]


def test_an_empty_archive_has_no_pages(tmp_path: Path) -> None:
    assert list(PageArchive(tmp_path / "none").pages()) == []
