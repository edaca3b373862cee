"""Files on the command line: `match --file` and `pilots add --file`."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from service.cli.main import run
from service.context import Context
from tests.scrapers.reading.files.sample_files import make_pdf, protect
from tests.service.api.test_files import PDF, TITLE, word
from tests.service.conftest import NOW

pytestmark = pytest.mark.whole


@pytest.fixture
def stored(own_context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The command line, pointed at a copy of the sample data."""
    monkeypatch.setenv("FUNDSCOUT_DATA", str(own_context.settings.data))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return own_context


def test_a_file_is_matched_and_what_was_read_is_said_first(
    stored: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pilot.pdf"
    path.write_bytes(PDF)
    assert run(["match", "--file", str(path), "--json"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("Read 2 of 2 pages of the PDF")
    assert "2 lines of headers and footers were left out." in said.err
    assert '"matches"' in said.out


def test_a_pilot_is_added_from_a_file(
    stored: Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(word())
    assert run(["pilots", "add", "--file", str(path), "--id", "plan", "--language", "en"]) == 0
    pilot = stored.pilots.get("plan")
    assert pilot is not None
    assert (pilot.title, pilot.language) == (TITLE, "en")
    assert run(["pilots", "add", "--file", str(path), "--id", "Not An Id"]) == 1
    assert "makes no pilot: id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["match", "--file", "{pdf}", "--text", "-"], 2, "--file"),
        (["match", "--file", "{pdf}"], 1, "protected by a password"),
        (["match", "--file", "nowhere.pdf"], 1, "cannot be read"),
        (["pilots", "add"], 2, "--file"),
        (["pilots", "add", "a.json", "--title", "x"], 2, "go with --file"),
        (["pilots", "add", "--file", "{scan}"], 1, "text recognition"),
    ],
)
def test_what_cannot_be_read_is_a_line(
    stored: Context,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    arguments: list[str],
    status: int,
    words: str,
) -> None:
    pdf, scan = tmp_path / "locked.pdf", tmp_path / "scan.pdf"
    pdf.write_bytes(protect(PDF, "secret"))
    scan.write_bytes(make_pdf([], picture=True))
    assert run([one.format(pdf=pdf, scan=scan) for one in arguments]) == status
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
