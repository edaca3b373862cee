"""Awards from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from scrapers.award import Award
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.register import get_register
from service.cli.main import run
from service.context import Context
from service.jobs import collect_awards as jobs
from service.settings import Settings
from tests.scrapers.conftest import FakeClock, Site
from tests.scrapers.conftest import site as site  # noqa: PLC0414  a fixture of this file too
from tests.service.conftest import NOW, a_call
from tests.service.sample_awards import EXAMPLES, VINNOVA, a_call_with


@pytest.fixture
def data(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(settings.data))
    monkeypatch.setenv("FUNDSCOUT_EXAMPLES", str(settings.examples))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return settings


def test_parse_awards_prints_records_and_says_what_became_of_every_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["parse-awards", "vinnova", str(VINNOVA)]) == 0
    out, err = capsys.readouterr()
    assert [Award.model_validate_json(line).id for line in out.splitlines()] == [
        "vinnova:2024-09101",
        "vinnova:2023-09102",
    ]
    assert err == "2 rows: 2 awards, 0 lost.\n"
    broken = EXAMPLES / "cordis" / "broken_quotes_project.csv"
    assert run(["parse-awards", "cordis", str(broken)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert "6 rows: 5 awards, 1 lost." in err
    assert "line 9: its 4 pieces do not fit the 21 columns" in err
    assert run(["parse-awards", "nowhere", str(broken)]) == 1
    assert "there are: cordis, formas" in capsys.readouterr().err


def test_collect_export_and_eval_from_the_command_line(
    data: Settings,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "test@example.org")
    local = Fetcher("test@example.org", limits=Limits(retries=0), clock=FakeClock(), local=True)
    monkeypatch.setattr("service.cli.awards.award_fetcher", lambda _: local)
    monkeypatch.setattr(jobs, "get_register", lambda key: get_register(key, site.url))
    site.serve("/projekt/2024-01-01", VINNOVA.read_bytes())
    assert run(["collect-awards", "vinnova", "--since", "2024-01-01"]) == 0
    out = capsys.readouterr().out
    assert out == (
        "Vinnova changed since 2024-01-01: 2 rows: 2 awards, 0 lost. "
        "2 new, 0 changed, 0 unchanged.\n"
    )
    assert run(["collect-awards", "cordis"]) == 1
    assert "answered 404" in capsys.readouterr().err
    folder = str(tmp_path / "truth")
    assert run(["export", "ground-truth", folder]) == 1
    assert "run `fundscout collect`" in capsys.readouterr().err
    call = a_call_with("vinnova:2024-09001", title="Rörelse efter operation")
    Context.open(data, HashEncoder).calls.upsert([call, a_call("vinnova:2024-1")], NOW)
    assert run(["export", "ground-truth", folder]) == 0
    assert capsys.readouterr().out == (
        f"Wrote 2 calls and 3 queries of 2 awards to {folder}. 0 of 2 awards had no known call: "
        "0 name one that is not stored, 0 name none, 0 name what holds several calls.\n"
    )
    assert run(["eval", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["queries"] == 3


def test_collecting_all_names_the_register_that_wants_a_key(
    data: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    local = Fetcher("test@example.org", limits=Limits(retries=0), clock=FakeClock(), local=True)
    monkeypatch.setattr("service.cli.awards.award_fetcher", lambda _: local)
    monkeypatch.setattr(jobs, "get_register", lambda key: get_register(key, site.url))
    assert run(["collect-awards"]) == 1
    out, err = capsys.readouterr()
    assert "swecris is left out: it wants a key, FUNDSCOUT_KEYS=swecris=…" in err
    assert "gdp_vr is left out: it wants a key, FUNDSCOUT_KEYS=vr=…" in err
    assert [line.split(":")[0] for line in out.splitlines()] == ["CORDIS", "Formas", "Vinnova"]
    assert run(["collect-awards", "swecris"]) == 1
    assert "wants a token" in capsys.readouterr().err


@pytest.mark.slow
def test_help_of_awards_loads_no_model() -> None:
    code = (
        "import sys; from service.cli.main import run; run(['collect-awards', '--help'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "never shown as calls" in " ".join(done.stdout.split())
