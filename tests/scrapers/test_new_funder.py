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
from scrapers.funder import Funder, Item
from scrapers.new_funder import new_funder
from scrapers.page import Page

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
    assert isinstance(item, Item)
    return source.call([item])


def test_what_is_written_reads_calls_at_once(tmp_path: Path) -> None:
    row = {"id": "7", "title": "Resebidrag", "text": "För resor.", "deadline": "2027-03-01"}
    source = written(tmp_path)()
    call = call_of(source, row)
    assert call.id == "my_funder:7"
    assert call.deadlines[0].date_only
    assert call.deadlines[0].local().isoformat() == "2027-03-01T23:59:59+01:00"
    assert not call_of(source, row | {"deadline": ""}).deadlines


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
    with pytest.raises(ScrapeError, match="cannot be a funder's key"):
        new_funder(key, "One", tmp_path)
    assert not list(tmp_path.iterdir())
