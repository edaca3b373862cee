"""What the tests of awards share: reading examples with an account of every row, and zips."""

from __future__ import annotations

import zipfile
from pathlib import Path

from scrapers.award import Award
from scrapers.awards.register_run import RegisterRun, read_files
from scrapers.register import get_register

EXAMPLES = Path(__file__).parents[2] / "award_examples"
CORDIS = EXAMPLES / "cordis"
PERSONS = ("Exempelsson", "Jane", "exempel@", "0000-0000", "08-000", "19811228", "640823")


def read(key: str, *paths: Path) -> tuple[list[Award], RegisterRun]:
    reading = read_files(get_register(key), paths)
    awards = list(reading.awards())
    assert_accounted(reading)
    return awards, reading


def assert_accounted(reading: RegisterRun) -> None:
    passed = sum(reading.passed.values())
    assert reading.rows == reading.came + reading.lost + reading.repeated + passed


def zipped(path: Path, **files: bytes | str | Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            content = body.read_bytes() if isinstance(body, Path) else body
            archive.writestr(name.replace("__", "."), content)
    return path
