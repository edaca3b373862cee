"""The command lines of the units, one after another, over the examples in a scratch folder."""

from __future__ import annotations

import socket
import tarfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from scrapers.catalogue import catalogue
from scrapers.http.fetch import Fetcher
from service import ecb_rates
from service.cli.main import run
from service.context import Context
from service.server.http_server import HttpServer
from tests.played.units import accepted, commands, in_folder
from tests.scrapers.conftest import Site, SiteReply, SiteRequest
from tests.service.conftest import NOW

pytestmark = pytest.mark.whole

ORDER = ("rates", "awards", "collect", "reindex", "digest", "outbox", "backup", "serve")


def rates(_: SiteRequest) -> SiteReply:
    day = f"{datetime.now(UTC):%d %B %Y}"
    return SiteReply(f"Date, SEK, USD, GBP, NOK, DKK\n{day}, 11, 1.1, 0.8, 11, 7\n".encode())


@pytest.fixture
def scratch(
    tmp_path: Path, examples: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Path]:
    """The folders that stand for those of the units; no funder or register is asked."""
    site.routes["/rates"] = rates
    for name, value in {
        "DATA": tmp_path / "data",
        "EXAMPLES": examples,
        "CLOCK": NOW.isoformat(),
        "CONTACT": "https://example.org/who",
        "SMTP_URL": f"folder:{tmp_path / 'mails'}",
        "MAIL_FROM": "digest@mail.example.org",
        "PUBLIC_URL": "https://fundscout.example.org",
        "MAIL_PAUSE": "0",
    }.items():
        monkeypatch.setenv(f"FUNDSCOUT_{name}", str(value))
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    monkeypatch.setattr(catalogue(), "funders", {})
    monkeypatch.setattr("service.cli.awards.choose_registers", lambda *_: ([], []))
    monkeypatch.setattr("service.cli.rates.Fetcher", partial(Fetcher, pause=0.0))
    monkeypatch.setattr(ecb_rates, "RATES_URL", f"{site.url}/rates")
    monkeypatch.setattr(HttpServer, "run", HttpServer.close)
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("FUNDSCOUT_PORT", f"{free.getsockname()[1]}")
    backups = tmp_path / "backups"
    backups.mkdir()
    return {"/var/lib/fundscout": tmp_path / "data", "/var/backups/fundscout": backups}


def test_each_does_its_work_and_ends_as_the_unit_expects(
    scratch: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["load-examples"]) == 0
    printed: dict[str, str] = {}
    for job in ORDER:
        capsys.readouterr()
        for arguments in commands(job):
            status = run(in_folder(arguments, scratch))
            assert status in accepted(job), (arguments, capsys.readouterr().err)
        printed[job] = capsys.readouterr().out
    assert "ECB" in printed["rates"]
    assert "2 calls" in printed["reindex"]
    assert "1 mail composed" in printed["digest"]
    assert "Sent 0;" in printed["outbox"], "the digest has sent it"
    assert len(list((tmp_path / "mails").glob("*.eml"))) == 1
    assert "2 calls, 1 pilot, 1 recipient" in printed["backup"]
    assert "fundscout is on http://127.0.0.1:" in printed["serve"]
    (backup,) = scratch["/var/backups/fundscout"].iterdir()
    with tarfile.open(backup) as archive:
        assert "secret.key" in archive.getnames()
    assert run(["restore", str(backup)]) == 0
    said = capsys.readouterr().out
    assert "Restored 2 calls, 1 pilot, 1 recipient" in said
    assert "Run `fundscout reindex`" in said
    assert run(["restore", str(tmp_path / "none.backup")]) == 1
    assert "There is no backup" in capsys.readouterr().err
    assert run(["backup", str(tmp_path / "data" / "fundscout.sqlite")]) == 1
    assert "is no backup: name another" in capsys.readouterr().err
