"""Reading what `fundscout doctor --json` prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.cli.main import run


def asked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status = run(["doctor", "--json", *options])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, report


def by_key(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in report["funders"]}


def check(report: dict[str, Any], name: str) -> tuple[bool, str]:
    (one,) = (check for check in report["checks"] if check["name"] == name)
    return one["ok"], one["detail"]
