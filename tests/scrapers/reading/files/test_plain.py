"""Plain text and Markdown, in whatever bytes they come."""

from __future__ import annotations

import codecs

import pytest

from scrapers.reading.files.file_text import FileFault, FileLimits, LeftOut, UnreadableFileError
from scrapers.reading.files.read_file import read_file

TEXT = "Åldrande i hemmet – ett försök\r\n\r\nVi söker 2 miljoner “kronor”.\r\n"
PLAIN = "Åldrande i hemmet – ett försök\n\nVi söker 2 miljoner “kronor”."


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.replace("\r\n", "\r").encode(),
    ],
    ids="utf8 bom utf16le utf16be utf16le-bare utf16be-bare cp1252 utf32 mac".split(),
)
def test_the_same_text_is_read_from_any_bytes(body: bytes) -> None:
    assert read_file(body, "plan.txt").text == PLAIN


def test_a_wrong_byte_in_utf8_does_not_make_it_another_charset() -> None:
    body = (
        "Åtgärder för äldre på särskilt boende så att ".encode()
        + b"\xff"
        + "självständigheten ökar".encode()
    )
    assert "självständigheten" in read_file(body).text


def test_markdown_keeps_its_text_and_loses_what_is_not_shown() -> None:
    body = b"---\nauthor: x\n---\n# Home care\n<!-- draft -->\nWe try it.\n\n## Goals\n- one\n"
    read = read_file(body, "plan.md")
    assert (read.kind, read.title) == ("markdown", "Home care")
    assert "author" not in read.text
    assert "draft" not in read.text
    assert read.text.endswith("## Goals\n- one")


def test_a_long_text_is_cut_at_a_paragraph_and_told() -> None:
    body = ("En mening i ett stycke.\n\n" * 100).encode()
    read = read_file(body, limits=FileLimits(characters=1000))
    assert read.text.endswith("stycke.")
    assert read.left_out[LeftOut.CHARACTERS] == 100 * 25 - 2 - len(read.text)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b" \n\n", FileFault.EMPTY),
        (bytes(range(256)) * 20, FileFault.OTHER),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, FileFault.PICTURE),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, FileFault.PICTURE),
        (b"{\\rtf1 hello}", FileFault.RICH_TEXT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileFault.OLD_WORD),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileFault.PROTECTED,
        ),
        (b"\x1f\x8b\x08" + b"x" * 50, FileFault.ARCHIVE),
        (b"<!DOCTYPE html><html><body>Hej</body></html>", FileFault.WEB_PAGE),
        (b"MZ\x90\x00\x03" + b"\0" * 60, FileFault.OTHER),
        (b"PK\x03\x04 and no more", FileFault.DAMAGED),
    ],
)
def test_other_files_are_told_by_their_content(body: bytes, fault: FileFault) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        read_file(body, "pilot.txt")
    assert raised.value.fault is fault


@pytest.mark.parametrize("text", ["BM is short for biomarkers.", "MZ twins are compared.", "RIFF"])
def test_a_text_may_begin_like_another_file(text: str) -> None:
    assert read_file(text.encode()).text == text


def test_a_text_that_speaks_of_pdf_is_text() -> None:
    text = "A file begins with the mark %PDF-1.7, says the manual."
    assert read_file(text.encode()).text == text


def test_comments_that_never_end_and_long_headings_are_read_in_one_pass() -> None:
    for body in ("# Titel\n\n" + "<!--" * 200_000, "# a" + "#" * 400_000 + "x\n\n# Titel\n"):
        read = read_file(body.encode(), "a.md")
        assert read.title == "Titel"


def test_a_comment_is_left_out_however_long() -> None:
    read = read_file(b"a <!--" + b"x" * 6000 + b"--> b", "a.md")
    assert read.text == "a  b"
