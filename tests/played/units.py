"""The units of systemd in ``deploy/``: what they start, and when."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
PROGRAM = "/opt/fundscout/bin/fundscout"
ZONE = ZoneInfo("Europe/Stockholm")
JOBS = ("backup", "collect", "reindex", "digest", "outbox", "webhooks", "awards", "rates")
"""The services that a timer starts, in the order of a Monday, and then those of other days."""

QUARTERLY = frozenset({"outbox", "webhooks"})
"""Those that start every quarter of an hour."""


_DAYS = {"Mon": 0, "Tue": 1, "Wed": 2, "Thu": 3, "Fri": 4, "Sat": 5, "Sun": 6}
_CALENDAR = re.compile(
    r"(?:(?P<day>\*-\*-\*|\w{3})(?:\.\.(?P<last>\w{3}))? )?(?P<time>\d\d:\d\d) Europe/Stockholm"
)


def unit(name: str) -> ConfigParser:
    """Return a unit; of settings that stand twice the last."""
    found = ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd tells capitals apart
    found.read_string((UNITS / name).read_text("utf-8"))
    return found


def service_name(job: str) -> str:
    """Return the file of a job's service; ``serve`` is the service itself."""
    return "fundscout.service" if job == "serve" else f"fundscout-{job}.service"


def commands(job: str) -> list[list[str]]:
    """Return the arguments of ``fundscout`` in each command line of a service, in order."""
    text = (UNITS / service_name(job)).read_text("utf-8")
    lines = re.findall(rf"(?m)^ExecStart=-?{re.escape(PROGRAM)} (.+)$", text)
    return [shlex.split(line) for line in lines]


def accepted(job: str) -> frozenset[int]:
    """Return the exit statuses that a service takes for good."""
    service = unit(service_name(job))["Service"]
    named = f"{service.get('SuccessExitStatus', '')} {service.get('RestartPreventExitStatus', '')}"
    return frozenset({0, *map(int, named.split())})


def in_folder(arguments: list[str], places: Mapping[str, Path]) -> list[str]:
    """Return ``arguments`` with the folders of the units replaced by others."""
    return [str(places.get(one, one)) for one in arguments]


@dataclass(frozen=True)
class Timer:
    """When a job starts: at an hour in Stockholm, on some days of the week (0 is Monday)."""

    job: str
    at: time
    days: frozenset[int]

    def on(self, day: date) -> datetime | None:
        """Return the instant on a day, None on others."""
        return datetime.combine(day, self.at, ZONE) if day.weekday() in self.days else None


def timer(job: str) -> Timer:
    """Return the timer of a job that starts at one hour."""
    written = unit(f"fundscout-{job}.timer")["Timer"]["OnCalendar"]
    found = _CALENDAR.fullmatch(written)
    assert found is not None, written
    at = time.fromisoformat(found["time"])
    if found["day"] in (None, "*-*-*"):
        return Timer(job, at, frozenset(range(7)))
    first = _DAYS[found["day"]]
    last = _DAYS[found["last"]] if found["last"] else first
    return Timer(job, at, frozenset(range(first, last + 1)))
