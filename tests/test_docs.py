"""The documentation names what there is: settings, commands, routes, make targets, files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scrapers.funder import funders
from service.cli.main import cli
from service.settings import TABLE

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("setting", [setting.name for setting in TABLE])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in read("docs/settings.md")


@pytest.mark.parametrize("command", cli.list_commands(None))  # type: ignore[arg-type]  # not needed
def test_every_command_is_documented(command: str) -> None:
    assert f"`fundscout {command}" in read("docs/commands.md")


def test_the_documentation_names_no_command_or_setting_that_is_not() -> None:
    commands = set(cli.list_commands(None))  # type: ignore[arg-type]  # not needed
    settings = {setting.name for setting in TABLE}
    for page in PAGES:
        text = page.read_text("utf-8")
        assert set(re.findall(r"`fundscout ([a-z-]+)", text)) <= commands, page
        assert set(re.findall(r"FUNDSCOUT_[A-Z_]+[A-Z]", text)) <= settings, page


def test_every_make_target_is_real() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", read("Makefile"), re.MULTILINE))
    assert {"run", "test", "quick", "check", "bench", "install", "help"} <= targets
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z]+)`", page.read_text("utf-8")))
        assert named <= targets, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_funder_is_documented_with_how_far_it_is_verified() -> None:
    text = read("docs/funders.md")
    for key, source in funders().items():
        (row,) = (line for line in text.splitlines() if f"| `{key}` |" in line)
        assert row.endswith(f"| {source.level} | {source.interface} | {source.verified} |")


def test_the_docker_image_is_built_by_the_same_step() -> None:
    assert "make install" in read("Dockerfile")
    assert "make install" in read(".ci/run")


def test_ci_runs_every_check_and_every_test_once() -> None:
    lines = read(".ci/run").splitlines()
    assert lines[-3:] == ["make install", "make check", "make test"]
    assert "set -euo pipefail" in lines, "what fails, fails the whole"
    recipes = dict(re.findall(r"(?m)^([a-z]+):.*##.*\n((?:\t.*\n)+)", read("Makefile")))
    assert "pytest" not in recipes["check"]
    assert "-m" not in recipes["test"].split(), "make test leaves nothing out"
    markers = tomllib.loads(read("pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    for marker in markers:
        assert f"not {marker.split(':')[0]}" in recipes["quick"]
