"""What pages are made of goes with the program when it is installed from a wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import service.web

FOLDER = Path(service.web.__file__).parent
PROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_every_template_catalogue_and_static_file_is_packaged() -> None:
    setuptools = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["setuptools"]
    patterns = setuptools["package-data"]["service.web"]
    packaged = {path for pattern in patterns for path in FOLDER.glob(pattern)}
    needed = {
        path
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert len(needed) > 10
    assert needed == packaged
