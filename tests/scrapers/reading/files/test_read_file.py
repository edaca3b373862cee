"""Any file by its content, and strangers' formats in a process that ends with its limits."""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from scrapers.reading.files import child
from scrapers.reading.files import read_file as door
from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    UnreadableFileError,
)
from scrapers.reading.files.read_file import read_file
from tests.scrapers.reading.files.sample_files import Line, make_pdf, save

pytestmark = pytest.mark.slow

PDF = make_pdf([Line(700, "Ett projekt om fallprevention.")])


def fault_of(body: bytes, limits: FileLimits | None = None) -> FileFault:
    with pytest.raises(UnreadableFileError) as raised:
        read_file(body, limits=limits)
    return raised.value.fault


def test_a_name_says_nothing_about_the_kind() -> None:
    document = docx.Document()
    document.add_paragraph("Ett projekt om fallprevention.")
    for body, kind in ((PDF, FileKind.PDF), (save(document), FileKind.WORD)):
        for name in ("pilot.txt", "pilot.pdf", "", "../../etc/passwd"):
            read = read_file(body, name)
            assert (read.kind, read.text) == (kind, "Ett projekt om fallprevention.")


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], FileFault.SPREADSHEET),
        (["[Content_Types].xml", "ppt/presentation.xml"], FileFault.PRESENTATION),
        (["mimetype", "META-INF/manifest.xml"], FileFault.OPEN_DOCUMENT),
        (["a.docx", "b.docx"], FileFault.ARCHIVE),
    ],
)
def test_other_archives_are_told(names: list[str], fault: FileFault) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert fault_of(out.getvalue()) is fault


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert fault_of(b"a" * 1001, FileLimits(body=1000)) is FileFault.TOO_LARGE


def test_a_process_that_takes_too_long_or_too_much_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child reads with a reader that never ends, and then with one that takes all memory."""
    head = (
        "import scrapers.reading.files.child as child\nimport scrapers.reading.files.pdf as pdf\n"
    )
    for name, body in {
        "endless": "def read_pdf(body, limits):\n while True: pass\n",
        "greedy": "def read_pdf(*_):\n kept = []\n while True: kept += [bytearray(9**7)]\n",
    }.items():
        source = f"{head}{body}pdf.read_pdf = read_pdf\nchild.main()\n"
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
    environment = door._environment()
    paths = os.pathsep.join((environment["PYTHONPATH"], str(tmp_path)))
    monkeypatch.setattr(door, "_environment", lambda: environment | {"PYTHONPATH": paths})
    started = time.monotonic()
    monkeypatch.setattr(door, "_CHILD", "endless")
    assert fault_of(PDF, FileLimits(seconds=1)) is FileFault.TOO_SLOW
    monkeypatch.setattr(door, "_CHILD", "greedy")
    assert fault_of(PDF, FileLimits(memory=2**29)) is FileFault.TOO_MUCH_MEMORY
    assert time.monotonic() - started < 120


def test_the_process_has_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNDSCOUT_KEYS", "formas=secret")
    assert not any("FUNDSCOUT" in name for name in door._environment())


def test_what_breaks_a_library_is_a_damaged_file() -> None:
    assert child._answer(FileKind.WORD, PDF, FileLimits()) == {"fault": "damaged", "limit": 0}
