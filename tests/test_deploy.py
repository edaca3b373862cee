"""The files that schedule mails name commands and settings that there are."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from service.cli.main import cli
from service.settings import ALL_SETTINGS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMMANDS = set(cli.list_commands(None))  # type: ignore[arg-type]  # not needed
FILES = sorted([*DEPLOY.iterdir(), ROOT / "compose.yaml"])


def unit(name: str) -> ConfigParser:
    found = ConfigParser(interpolation=None, strict=False)  # an ExecStart may stand twice
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells capitals apart
    found.read_string((DEPLOY / name).read_text("utf-8"))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_they_start_and_set_is_there(path: Path) -> None:
    lines = [line.split("#")[0] for line in path.read_text("utf-8").splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("Description="))
    started = set(re.findall(r"(?:^|[\s/\"])fundscout (\w[\w-]*)", text))
    assert started <= COMMANDS
    assert started or path.suffix in {".timer", ".conf"} or path.name == "Caddyfile"
    assert set(re.findall(r"FUNDSCOUT_[A-Z_]+", text)) <= {setting.name for setting in ALL_SETTINGS}


def test_the_proxy_lets_the_links_in_mails_through_and_reads_whole_requests() -> None:
    conf = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert conf.count("{") == conf.count("}")
    (links,) = re.findall(r"location ~ \^/\(([\w|]+)\)/", conf)
    documented = (ROOT / "docs" / "using" / "deploying.md").read_text("utf-8")
    assert all(f"`/{path}/`" in documented for path in links.split("|"))
    for line in ("proxy_request_buffering on;", "client_body_timeout ", "client_max_body_size 1m;"):
        assert line in conf


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("nginx.conf", ["X-Forwarded-For $remote_addr;", "client_max_body_size 1m;"]),
        ("Caddyfile", ["header_up X-Forwarded-For {remote_host}", "max_size 1MB"]),
    ],
)
def test_a_proxy_says_itself_whom_it_asks_for_and_keeps_links_out_of_its_log(
    name: str, lines: list[str]
) -> None:
    conf = (DEPLOY / name).read_text("utf-8")
    code = re.sub(r"(?m)^\s*#.*$", "", conf)
    assert code.count("{") == code.count("}")
    assert all(line in code for line in lines)
    assert "proxy_add_x_forwarded_for" not in code, "what a client claims would be kept"
    assert "(confirm|u|f|m)" in code
    assert "127.0.0.1:8000" in code
    settings = set(re.findall(r"FUNDSCOUT_[A-Z_]+[A-Z]", conf))
    assert settings == {"FUNDSCOUT_PUBLIC_URL", "FUNDSCOUT_PROXIES"}


@pytest.mark.parametrize("name", ["digest", "outbox"])
def test_each_timer_starts_its_service_once_at_a_time(name: str) -> None:
    timer, service = unit(f"fundscout-{name}.timer"), unit(f"fundscout-{name}.service")
    assert timer["Timer"]["Unit"] == f"fundscout-{name}.service"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert service["Service"]["Type"] == "oneshot"
    assert started(name)[-1] == f"fundscout {name}"


def started(name: str) -> list[str]:
    text = (DEPLOY / f"fundscout-{name}.service").read_text("utf-8")
    return [f"fundscout {one}" for one in re.findall(r"(?m)^ExecStart=-?\S+/fundscout (.+)$", text)]


TICK = ["fundscout bounces --remove", "fundscout digest --catch-up", "fundscout outbox"]


def test_a_monday_that_was_missed_or_broken_is_made_good_once() -> None:
    timer = unit("fundscout-digest.timer")["Timer"]
    assert timer["OnCalendar"] == "Mon 06:00 Europe/Stockholm"
    assert timer["Persistent"] == "true"
    assert unit("fundscout-digest.service")["Service"]["Restart"] == "on-failure"
    assert started("outbox") == TICK
    cron = (DEPLOY / "crontab").read_text("utf-8")
    assert re.search(r"(?m)^0 6 \* \* 1 +\S+/fundscout digest$", cron)
    (tick,) = re.findall(r"(?m)^7-59/15 \* \* \* \* +(.+)$", cron)
    assert [one.rpartition("/")[2] for one in tick.split("; ")] == TICK
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    assert re.findall(r"fundscout (?:bounces|digest|outbox)[^;\n]*(?=;)", compose) == TICK


def test_the_outbox_and_the_digest_do_not_start_in_the_same_minute() -> None:
    assert unit("fundscout-outbox.timer")["Timer"]["OnCalendar"] == "*:07/15"
