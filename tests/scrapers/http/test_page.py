"""Pages: which bytes mean which text, what is no JSON, and an archive that keeps its word."""

from __future__ import annotations

import codecs
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.errors import ScrapeError, ShapeError
from scrapers.http.archive import PageArchive
from scrapers.http.page import Failure, Page


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
        (codecs.BOM_UTF32_LE + "Hälsa".encode("utf-32-le"), "", "Hälsa"),
        ("[1]".encode("utf-16-le"), "application/json; charset=utf-8", "[1]"),
        ("<a/>".encode("utf-16-be"), "", "<a/>"),
        ("H\x96lsa".encode("latin-1"), "text/plain; charset=iso-8859-1", "H–lsa"),
        (b"H\xe4lsa", "text/plain; charset=utf-8", "Hälsa"),
        (b"4869", "text/plain; charset=hex", "4869"),
        (b"H-", "text/plain; charset=punycode", "H-"),
        (b"+AGg-", "text/plain; charset=utf-7", "+AGg-"),
    ],
)
def test_bytes_to_text(body: bytes, content_type: str, expected: str) -> None:
    assert page(body, content_type).text() == expected


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        ("<meta charset=iso-8859-7>", "iso-8859-7"),
        ("<META Charset = 'windows-1253'>", "cp1253"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-7">',
            "iso-8859-7",
        ),
        ('<?xml version="1.0" encoding="iso-8859-7"?>', "iso-8859-7"),
        ("<?xml version='1.0' encoding='ISO-8859-7' standalone='yes'?>", "iso-8859-7"),
        ("<meta charset=utf-16>", "utf-8"),
        ("<meta charset=iso-8859-7>", "utf-8"),
        ("<meta charset=nonsense><meta charset=iso-8859-7>", "utf-8"),
        ("<!-- " + "x" * 5000 + " --><meta charset=shift_jis>", "utf-8"),
    ],
)
def test_a_page_says_its_own_charset(head: str, charset: str) -> None:
    source = f"{head}<p>Ψυχή</p>"
    assert page(source.encode(charset)).text() == source


def test_the_header_goes_before_what_the_page_says() -> None:
    body = "<meta charset=iso-8859-7>Привет".encode("cp1251")
    assert page(body, "text/html; charset=windows-1251").text().endswith("Привет")


def test_a_head_made_to_be_slow_costs_little() -> None:
    body = b"<meta " * 700 + b"<?xml " * 700 + b"charset= " * 500
    assert page(body).text().startswith("<meta")


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

    monkeypatch.setattr("scrapers.http.archive.os.fsync", full)
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


def test_a_line_after_a_half_written_one_is_not_lost(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.keep(page(b"one"))
    with (tmp_path / "pages.jsonl").open("a", encoding="utf-8") as history:
        history.write('{"sha256": "ab')
    odd = Page("https://example.org/a", b"two", headers={"x": "\x85\u2028"})
    archive.keep(odd)
    assert [kept.body for kept in archive.pages()] == [b"one", b"two"]
    assert list(archive.pages())[1] == odd


def test_looking_up_an_address_does_not_read_the_history(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    kept = Page("https://example.org/a", b"body", headers={"etag": "1"})
    archive.keep(kept)
    history = tmp_path / "pages.jsonl"
    history.unlink()
    history.mkdir()  # whoever reads it fails
    assert PageArchive(tmp_path).latest(kept.url) == kept
    assert PageArchive(tmp_path).latest("https://example.org/b") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"url": 1}', b'{"url": "x"}'])
def test_a_damaged_note_of_the_latest_is_no_answer(tmp_path: Path, damage: bytes) -> None:
    archive = PageArchive(tmp_path)
    kept = page(b"body")
    archive.keep(kept)
    (note,) = [path for path in (tmp_path / "latest").rglob("*") if path.is_file()]
    note.write_bytes(damage)
    assert archive.latest(kept.url) is None


def test_a_run_is_kept_in_order_with_its_losses_and_once(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    came: list[Page | Failure] = [
        page(b"one"),
        Failure("list", "gone", fatal=True, id="7"),
        page(b"two", "text/html"),
    ]
    entries = [archive.entry(one) for one in came]
    archive.keep_run("vinnova", entries, at, good=False)
    kept = archive.run("vinnova")
    assert kept is not None
    assert (kept[0], list(kept[1])) == (at, came)
    assert archive.run("vinnova", good=True) is None
    assert archive.run("formas") is None
    note = tmp_path / "runs" / "vinnova.json"
    before = note.stat().st_mtime_ns
    archive.keep_run("vinnova", entries, datetime.now(UTC), good=True)
    assert note.stat().st_mtime_ns == before
    assert archive.run("vinnova", good=True) is not None
    archive.keep_run("vinnova", entries[:1], datetime.now(UTC), good=False)
    for good, count in ((False, 1), (True, 3)):
        again = archive.run("vinnova", good=good)
        assert again is not None
        assert len(list(again[1])) == count


def test_a_run_whose_page_is_damaged_says_so(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    one = page(b"one")
    archive.keep_run("vinnova", [archive.entry(one)], datetime.now(UTC), good=True)
    archive.path(one.sha256).write_bytes(b"onX")
    kept = archive.run("vinnova")
    assert kept is not None
    (lost,) = kept[1]
    assert isinstance(lost, Failure)
    assert lost.fatal
    assert "damaged" in lost.message
    (tmp_path / "runs" / "vinnova.json").write_text("{}", "utf-8")
    with pytest.raises(ScrapeError, match="collect again"):
        archive.run("vinnova")


def test_what_killed_writers_left_is_cleared_after_an_hour(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    kept = archive.keep(Page(url="https://example.org/", body=b"whole"))
    old, young = kept.parent / ".tmp-old", kept.parent / ".tmp-young"
    for half in (old, young):
        half.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert archive.clear_leftovers() == 1
    assert sorted(path.name for path in kept.parent.iterdir()) == sorted([kept.name, young.name])
