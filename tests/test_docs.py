"""The documentation names what there is: settings, commands, routes, make targets, files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scrapers.catalogue import all_funders
from service.cli.main import cli
from service.settings import ALL_SETTINGS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def links(page: Path) -> list[tuple[str, str]]:
    """Return the files and headings that a page links to, without those of other sites."""
    found = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text("utf-8"))
    return [link for link in found if not link[0].startswith(("http:", "https:", "mailto:"))]


def anchors(page: Path) -> set[str]:
    """Return the headings of a page as links name them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("setting", [setting.name for setting in ALL_SETTINGS])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in read("docs/using/settings.md")


@pytest.mark.parametrize("command", cli.list_commands(None))  # type: ignore[arg-type]  # not needed
def test_every_command_is_documented(command: str) -> None:
    assert f"`fundscout {command}" in read("docs/using/commands.md")


def test_the_documentation_names_no_command_or_setting_that_is_not() -> None:
    commands = set(cli.list_commands(None))  # type: ignore[arg-type]  # not needed
    settings = {setting.name for setting in ALL_SETTINGS}
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


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, heading in links(page):
        path = page.parent / target if target else page
        assert path.exists(), f"{page.name} links to {target}"
        if heading:
            assert heading in anchors(path), f"{page.name} links to {target}#{heading}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting.extend((page.parent / target).resolve() for target, _ in links(page) if target)
    assert sorted(set(ROOT.glob("docs/**/*.md")) - reached) == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=page_name)
def test_no_page_is_longer_than_one_reads(page: Path) -> None:
    longest = 1500 if page.name == "api.md" else 500
    assert len(page.read_text("utf-8").splitlines()) <= longest


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/decisions/*.md")), ids=page_name)
def test_every_decision_has_its_four_parts(page: Path) -> None:
    parts = re.findall(r"^\*\*([^*]+)\.\*\*", page.read_text("utf-8"), re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences", "What would change our mind"]


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/figures/*.md")), ids=page_name)
def test_figures_name_their_command_and_day_and_are_linked_both_ways(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.search(r"`(python (-m )?bench[./]\w+|make \w+)", text)
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    explained = [page.parent / target for target, _ in links(page) if target.startswith("../how/")]
    assert explained
    assert page in {
        (other.parent / target).resolve() for other in explained for target, _ in links(other)
    }


PLACEHOLDERS = re.compile(r"/(my_\w+|test_my_\w+|nb|<\w+>|…)(\.\w+)?$|<resource>")
"""Files that a page tells its reader to write; their folders are there."""


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    rooms = "scrapers|index|service|tests|bench|docs|examples"
    for code in re.findall(r"`([^`\n]+)`", page.read_text("utf-8")):
        for name in re.findall(rf"(?<![\w/.-])(?:{rooms})/[\w./…<>*-]*", code):
            path = PLACEHOLDERS.sub("", name.rstrip("/").replace("<resource>", "*"))
            assert list(ROOT.glob(path.rstrip("/."))), f"{page_name(page)} names {name}"


def test_every_test_that_the_documentation_names_is_there() -> None:
    files = [path.read_text("utf-8") for path in ROOT.glob("tests/**/*.py")]
    defined = set(re.findall(r"def (test_\w+)\(", "".join(files)))
    modules = {path.stem for path in ROOT.glob("tests/**/*.py")}
    for page in PAGES:
        named = set(re.findall(r"`(test_\w+)`", page.read_text("utf-8")))
        assert named <= defined | modules, page


def test_every_funder_is_documented_with_how_far_it_is_verified() -> None:
    text = read("docs/using/funders.md")
    for key, source in all_funders().items():
        (row,) = (line for line in text.splitlines() if f"| `{key}` |" in line)
        assert row.endswith(f"| {source.level} | {source.interface} | {source.verified} |")


def test_the_docker_image_is_built_by_the_same_step() -> None:
    assert "make install" in read("Dockerfile")
    assert "make install" in read(".ci/run")


def test_ci_runs_every_check_and_every_test_once() -> None:
    lines = read(".ci/run").splitlines()
    assert lines[-3:] == ["make install", "make check", "make test"]
    assert "set -euo pipefail" in lines, "what fails, fails the whole"
    assert {"export CI=true", "export CONTRACT_EXAMPLES=100"} <= set(lines), "nothing is skipped"
    recipes = dict(re.findall(r"(?m)^([a-z]+):.*##.*\n((?:\t.*\n)+)", read("Makefile")))
    assert "pytest" not in recipes["check"]
    assert "-m" not in recipes["test"].split(), "make test leaves nothing out"
    markers = tomllib.loads(read("pyproject.toml"))["tool"]["pytest"]["ini_options"]["markers"]
    for marker in markers:
        assert f"not {marker.split(':')[0]}" in recipes["quick"]
