"""Reading what `fundscout doctor --json` prints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.cli.main import run


def asked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status = run(["doctor", "--json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, found


def by_key(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in found["funders"]}


def check(found: dict[str, Any], name: str) -> tuple[bool, str]:
    (one,) = (check for check in found["checks"] if check["name"] == name)
    return one["ok"], one["detail"]
