"""A new funder starts from a file that runs, passes every rule, and overwrites nothing."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scrapers.call import Call
from scrapers.errors import ScrapeError
from scrapers.funder import Funder, SourceItem
from scrapers.http.page import Page
from scrapers.new_funder import new_curated, new_funder
from scrapers.platforms.curated import curated_funder
from service.cli.main import run

ROOT = Path(__file__).parents[2]
TITLE = 'Stiftelsen "Nytta"\n\\o/'


def written(folder: Path) -> type[Funder]:
    path = new_funder("my_funder", TITLE, folder)
    spec = importlib.util.spec_from_file_location("my_funder", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[Funder] = module.MyFunder
    return found


def call_of(source: Funder, row: dict[str, str]) -> Call:
    (item,) = source.items(Page("calls.json", json.dumps([row]).encode()))
    assert isinstance(item, SourceItem)
    return source.call([item])


def test_what_is_written_reads_calls_at_once(tmp_path: Path) -> None:
    row = {"id": "7", "title": "Resebidrag", "text": "För resor.", "deadline": "2027-03-01"}
    source = written(tmp_path)()
    call = call_of(source, row)
    assert call.id == "my_funder:7"
    assert call.deadlines[0].date_only
    assert call.deadlines[0].local().isoformat() == "2027-03-01T23:59:59+01:00"
    assert not call_of(source, row | {"deadline": ""}).deadlines


def test_a_funder_kept_by_hand_starts_from_a_sound_entry(tmp_path: Path) -> None:
    source = curated_funder(new_curated("my_funder", TITLE, tmp_path))()
    assert (source.key, source.title) == ("my_funder", "Stiftelsen 'Nytta' o/")
    (page,) = source.pages(None)  # type: ignore[arg-type]  # nothing is fetched
    assert isinstance(page, Page)
    (item,) = source.items(page)
    assert isinstance(item, SourceItem)
    call = source.call([item])
    assert (call.id, call.funder) == ("my_funder:first", source.title)
    assert call.eligibility == ()


@pytest.mark.parametrize("curated", [True, False])
def test_the_command_writes_either_and_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, curated: bool
) -> None:
    option = ["--curated"] if curated else []
    assert run(["new-funder", "my_funder", "--folder", str(tmp_path), *option]) == 0
    (path,) = tmp_path.iterdir()
    output = capsys.readouterr().out
    assert path.name == ("my_funder.toml" if curated else "my_funder.py")
    assert f"Written: {path}" in output
    assert "make test" in output
    assert ("tests/examples/" in output) is not curated


def test_what_is_written_passes_the_linters(tmp_path: Path) -> None:
    written(tmp_path)
    target = tmp_path / "scrapers" / "funders"
    target.mkdir(parents=True)
    (tmp_path / "my_funder.py").rename(target / "my_funder.py")
    ruff = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*ruff, "--ignore", "INP001", str(target)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = new_funder("my_funder", "One", tmp_path)
    before = path.read_text("utf-8")
    with pytest.raises(ScrapeError, match="there already"):
        new_funder("my_funder", "Two", tmp_path)
    assert path.read_text("utf-8") == before


@pytest.mark.parametrize("key", ["", "Kebab-Case", "../up", "1st", "class", "å", "a" * 60])
def test_a_key_that_cannot_name_a_file_is_refused(tmp_path: Path, key: str) -> None:
    for write in (new_funder, new_curated):
        with pytest.raises(ScrapeError, match="cannot be a funder's key"):
            write(key, "One", tmp_path)
    assert not list(tmp_path.iterdir())
