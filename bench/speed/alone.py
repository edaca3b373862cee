"""A subject measured in a process of its own, so that none finds what another has loaded."""

from __future__ import annotations

import importlib
import multiprocessing
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from bench.speed.machine import own_peak
from bench.speed.plan import Plan
from bench.speed.report import SubjectReport
from bench.speed.rows import Row, SkippedError

Measure = Callable[[Plan], list[Row]]


def run_alone(name: str, plan: Plan) -> SubjectReport:
    """Measure one subject in a process of its own, so that each starts alike."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(measure_subject, name, plan).result()
        except BrokenProcessPool:
            return SubjectReport(name, failed="its process was killed")


def measure_subject(name: str, plan: Plan, measure: Measure | None = None) -> SubjectReport:
    """Measure one subject here.

    Args:
        name: of a module in `bench.speed.subjects`.
        plan: how much.
        measure: what to call; the module's own by default.
    """
    started = time.perf_counter()
    rows: list[Row] = []
    skipped = failed = ""
    try:
        call = measure or importlib.import_module(f"bench.speed.subjects.{name}").measure
        rows = call(plan)
    except SkippedError as reason:
        skipped = str(reason)
    except Exception:  # noqa: BLE001  the other subjects are measured all the same
        failed = traceback.format_exc()
    seconds = time.perf_counter() - started
    return SubjectReport(name, tuple(rows), seconds, own_peak(), skipped, failed)
