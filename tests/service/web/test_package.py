"""The templates, styles and scripts of the pages are in a wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import service.mail
import service.messages
import service.web

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


@pytest.mark.parametrize(
    ("package", "least"), [(service.web, 10), (service.mail, 2), (service.messages, 2)]
)
def test_every_template_catalogue_and_static_file_is_packaged(
    package: ModuleType, least: int
) -> None:
    folder = Path(str(package.__file__)).parent
    setuptools = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["setuptools"]
    patterns = setuptools["package-data"][package.__name__]
    packaged = {path for pattern in patterns for path in folder.glob(pattern)}
    needed = {
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert len(needed) >= least
    assert needed == packaged
