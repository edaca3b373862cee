"""The mails of a week for many pilots, against the bare product of the same vectors."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from bench.speed.plan import LARGEST_INDEX, Plan
from bench.speed.rows import Bound, Row
from bench.speed.trees import ROOT

_RATIO = re.compile(r"([\d.]+) \(([\d.]+)\) times the product")


def measure(plan: Plan) -> list[Row]:
    """Run `bench.digest_scale` for the plan's pilots and the most calls that are indexed."""
    calls = max(plan.index_sizes, default=LARGEST_INDEX)
    options = ("--pilots", str(plan.pilots), "--calls", str(calls), "--mails", str(plan.pilots))
    command = [sys.executable, "-m", "bench.digest_scale", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    printed = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if printed.returncode:
        raise RuntimeError(f"bench.digest_scale failed: {printed.stderr[-2000:]}")
    return digest_rows(printed.stdout, f"{plan.pilots:,} pilots x {calls:,} calls")


def digest_rows(printed: str, size: str) -> list[Row]:
    """Read the ratios that `bench.digest_scale` prints: ranking alone, then everything."""
    found = [(float(clock), float(cpu)) for clock, cpu in _RATIO.findall(printed)]
    if not found:
        raise RuntimeError(f"bench.digest_scale printed no ratio: {printed[-500:]}")
    (ranked, _), (clock, cpu) = found[0], found[-1]
    how = (
        f"{size}: ranked, decided, explained and rendered against the matrix product of the same "
        f"vectors; {clock:.1f} times on the clock"
    )
    return [
        Row(
            f"digests, {size}, against the bare product",
            cpu,
            "times, CPU",
            how,
            Bound(4, 1.5, less_is_better=True),
        ),
        Row(f"digests, {size}, ranking alone", ranked, "times", "ranking alone, on the clock"),
    ]
