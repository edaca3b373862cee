"""What is installed from a wheel runs outside of a checkout: every file that is read is in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("scrapers", "index", "service", "examples")
LOAD = """
from service.context import Context
from service.jobs.load_examples import load_examples
from service.settings import Settings
import service
context = Context.open(Settings.from_env())
report = load_examples(context)
print(report.calls, report.pilots, service.__file__)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel of a copy of the sources, and unpack it as an installation does."""
    source = tmp_path_factory.mktemp("source")
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, source / room, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run(
        [sys.executable, "-c", command], cwd=source, check=True, capture_output=True, timeout=300
    )
    folder = tmp_path_factory.mktemp("site-packages")
    (wheel,) = (source / "dist").glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def contents(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for room in ROOMS
        for path in (folder / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.slow
def test_a_wheel_has_every_file_of_the_program_and_the_examples(unpacked: Path) -> None:
    needed = contents(ROOT) - {"examples/README.md"}
    assert len(needed) > 300
    assert needed - contents(unpacked) == set()


@pytest.mark.slow
def test_an_installed_program_finds_its_examples(unpacked: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FUNDSCOUT_")}
    environment |= {"PYTHONPATH": str(unpacked), "FUNDSCOUT_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    calls, pilots, where = done.stdout.split()
    assert Path(where).is_relative_to(unpacked)
    files = sorted((ROOT / "examples" / "calls").glob("*.jsonl"))
    lines = "\n".join(path.read_text("utf-8") for path in files).splitlines()
    assert int(calls) == len([line for line in lines if line.strip()]) > 0
    assert int(pilots) == len(list((ROOT / "examples" / "pilots").glob("*.json"))) > 0
