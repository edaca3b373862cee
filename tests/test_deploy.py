"""The files that schedule jobs name commands and settings that there are."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from service.cli.main import cli
from service.settings import ALL_SETTINGS
from tests.played.units import JOBS, QUARTERLY, UNITS, commands, service_name, timer, unit

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMMANDS = set(cli.list_commands(None))  # type: ignore[arg-type]  # not needed
FILES = sorted([*(path for path in DEPLOY.rglob("*") if path.is_file()), ROOT / "compose.yaml"])


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
        ("Caddyfile", ["header_up X-Forwarded-For {remote_host}", "max_size 1MiB"]),
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
    assert "(confirm|u|f|m|password)" in code
    assert "127.0.0.1:8000" in code
    settings = set(re.findall(r"FUNDSCOUT_[A-Z_]+[A-Z]", conf))
    assert settings == {"FUNDSCOUT_PUBLIC_URL", "FUNDSCOUT_PROXIES"}


LAST_COMMANDS = {
    "backup": "backup",
    "collect": "collect",
    "reindex": "reindex",
    "awards": "encode-awards",
    "rates": "rates",
    "digest": "digest",
    "outbox": "outbox",
    "webhooks": "webhooks",
}


@pytest.mark.parametrize("name", JOBS)
def test_each_timer_starts_its_service_once_at_a_time(name: str) -> None:
    starts, service = unit(f"fundscout-{name}.timer"), unit(f"fundscout-{name}.service")
    assert starts["Timer"]["Unit"] == f"fundscout-{name}.service"
    assert starts["Install"]["WantedBy"] == "timers.target"
    assert service["Service"]["Type"] == "oneshot"
    assert "TimeoutStartSec" in service["Service"]
    assert commands(name)[-1][0] == LAST_COMMANDS[name]


def test_every_job_has_a_service_and_a_timer_and_the_service_itself_stays() -> None:
    names = {path.name for path in UNITS.iterdir()}
    wanted = {f"fundscout-{job}.{kind}" for job in JOBS for kind in ("service", "timer")}
    assert names == wanted | {"fundscout.service"}
    service = unit("fundscout.service")
    assert service["Service"]["Restart"] == "always"
    assert commands("serve") == [["serve"]]
    assert service["Install"]["WantedBy"] == "multi-user.target"


HARDENED = {
    "User": "fundscout",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "PrivateTmp": "true",
    "PrivateDevices": "true",
    "ProtectKernelTunables": "true",
    "ProtectKernelModules": "true",
    "ProtectKernelLogs": "true",
    "ProtectControlGroups": "true",
    "ProtectClock": "true",
    "ProtectHostname": "true",
    "RestrictNamespaces": "true",
    "RestrictRealtime": "true",
    "RestrictSUIDSGID": "true",
    "LockPersonality": "true",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service",
    "CapabilityBoundingSet": "",
    "NoNewPrivileges": "true",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
}


@pytest.mark.parametrize("job", ["serve", *JOBS])
def test_each_service_writes_its_own_folder_and_nothing_else(job: str) -> None:
    service = unit(service_name(job))["Service"]
    assert {name: service[name] for name in HARDENED} == HARDENED
    assert service["StateDirectory"] == "fundscout"
    assert service["Environment"] in {
        "FUNDSCOUT_DATA=/var/lib/fundscout",
        "FUNDSCOUT_ACCESS_LOG=on",  # of two lines the parser keeps the last
    }
    written = set(service["ReadWritePaths"].split())
    more = {"backup": {"/var/backups/fundscout"}, "outbox": {"-/var/mail"}}
    assert written == {"/var/lib/fundscout"} | more.get(job, set())


def test_a_collection_is_indexed_before_the_weekly_mail_and_after_a_backup() -> None:
    at = {job: timer(job).at for job in JOBS if job not in QUARTERLY}
    assert at["backup"] < at["collect"] < at["reindex"] < at["digest"]
    assert timer("digest").days == {0}
    assert timer("rates").days == {0, 1, 2, 3, 4}
    assert timer("backup").days == timer("collect").days == timer("reindex").days == set(range(7))
    for job, earlier in (("reindex", ["collect"]), ("digest", ["collect", "reindex"])):
        after = unit(f"fundscout-{job}.service")["Unit"]["After"].split()
        assert {f"fundscout-{one}.service" for one in earlier} <= set(after)


def test_cron_starts_the_same_commands_at_the_same_hours() -> None:
    cron = (DEPLOY / "crontab").read_text("utf-8")
    rows = dict(re.findall(r"(?m)^([\d@][^/]*?) +(/opt.+)$", cron))
    lines = {
        " ".join(when.split()): [
            one.rpartition("/opt/fundscout/bin/fundscout ")[2] for one in row.split("; ")
        ]
        for when, row in rows.items()
    }
    days = {
        frozenset(range(7)): "*",
        frozenset({0}): "1",
        frozenset({5}): "6",
        frozenset(range(5)): "1-5",
    }
    for job in ("backup", "collect", "awards", "rates", "digest"):
        due = timer(job)
        when = f"{due.at.minute} {due.at.hour} * * {days[due.days]}"
        wanted = [" ".join(one) for one in commands(job)]
        if job == "collect":
            wanted += [" ".join(one) for one in commands("reindex")]
        assert lines[when] == wanted
    assert lines["@reboot"] == ["serve"]


TICK = ["fundscout bounces --remove", "fundscout digest --catch-up", "fundscout outbox"]


def test_a_monday_that_was_missed_or_broken_is_made_good_once() -> None:
    monday = unit("fundscout-digest.timer")["Timer"]
    assert monday["OnCalendar"] == "Mon 06:00 Europe/Stockholm"
    assert monday["Persistent"] == "true"
    assert unit("fundscout-digest.service")["Service"]["Restart"] == "on-failure"
    assert [f"fundscout {' '.join(one)}" for one in commands("outbox")] == TICK
    cron = (DEPLOY / "crontab").read_text("utf-8")
    assert re.search(r"(?m)^0 6 \* \* 1 +\S+/fundscout digest$", cron)
    (tick,) = re.findall(r"(?m)^7-59/15 \* \* \* \* +(.+)$", cron)
    assert [one.rpartition("/")[2] for one in tick.split("; ")] == TICK
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    assert re.findall(r"fundscout (?:bounces|digest|outbox)[^;\n]*(?=;)", compose) == TICK


def test_the_outbox_and_the_digest_do_not_start_in_the_same_minute() -> None:
    assert unit("fundscout-outbox.timer")["Timer"]["OnCalendar"] == "*:07/15"


class Loop:
    """`deploy/loop.sh` in a folder of its own, with a clock and a program that are played."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._program("fundscout", f'echo "$@" >>{folder}/log; exit 1')
        self._program("sleep", "exit 1")

    def _program(self, name: str, line: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        path.chmod(0o755)

    def turn(self, at: str) -> list[str]:
        """Turn once at a time of the day in Stockholm; return what was started."""
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        self._program("date", f"exec /bin/date -d '{at}' \"$@\"")
        subprocess.run(
            ["/bin/sh", str(DEPLOY / "loop.sh"), "/backups"],
            env={"PATH": f"{self.bin}:{os.environ['PATH']}", "FUNDSCOUT_DATA": str(self.folder)},
            check=True,
        )
        return log.read_text("utf-8").splitlines() if log.exists() else []


def test_the_loop_starts_each_job_once_a_day_whatever_becomes_of_it(tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    assert loop.turn("2026-11-30 00:30") == []  # a Monday
    assert loop.turn("2026-11-30 01:45") == ["backup --keep 14 /backups"]
    assert loop.turn("2026-11-30 02:30") == ["collect", "reindex"]
    assert loop.turn("2026-11-30 08:09") == []
    assert loop.turn("2026-11-30 17:15") == ["rates --fetch"]
    # it was off on Tuesday night, and makes good what it missed
    assert loop.turn("2026-12-01 09:00") == ["backup --keep 14 /backups", "collect", "reindex"]
    assert loop.turn("2026-12-05 10:00") == [
        "backup --keep 14 /backups",
        "collect",
        "reindex",
        "collect-awards",
        "encode-awards --background",
    ]
    assert loop.turn("2026-12-05 18:00") == []


def test_compose_runs_the_loop_over_the_same_folders() -> None:
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    assert 'command: ["sh", "/app/deploy/loop.sh", "/backups"]' in compose
    assert 'volumes: ["data:/data", "backups:/backups"]' in compose
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "COPY deploy/loop.sh /app/deploy/loop.sh" in image
    assert "install -d -m 700 -o fundscout /data /backups" in image
