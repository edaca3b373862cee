"""What a user would write instead, as calls grow: a query's time, a cold start, and memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.speed.by_hand import ByHand, DefaultEncoder
from bench.speed.growth import base_vectors, mixed_calls, mixed_vectors, passage_texts
from bench.speed.machine import memory_of
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import BY_HAND, Place, Row, curve_row
from bench.speed.subjects import cold_start, match_growth, memory
from bench.speed.trees import ROOT, run_timed
from index.embedding.model import BUNDLED, SHIPPED, resolve_model


def measure(plan: Plan) -> list[Row]:
    """Index the passages of as many synthetic calls by hand, and query them."""
    model = resolve_model(BUNDLED, plan.work / "here" / "models", SHIPPED).location
    calls = real_calls(plan)
    base = base_vectors(plan, calls)
    rows = []
    for size in plan.index_sizes:
        texts = passage_texts(list(mixed_calls(calls, size)), size * 1000)
        folder = plan.work / f"by-hand-{size}"
        if not folder.is_dir():
            ByHand.build(folder, texts, mixed_vectors(base, len(texts)))
        rows += hand_rows(folder, model, pilot_texts(plan), size, plan.rounds)
    return rows


def hand_rows(folder: Path, model: str, texts: Sequence[str], size: int, rounds: int) -> list[Row]:
    """Time queries in this process, and cold ones in processes of their own."""
    searcher = ByHand(folder, DefaultEncoder(model).queries)
    searcher.search(texts[0])
    seconds = []
    for text in texts[: 8 * rounds]:
        started = time.perf_counter()
        searcher.search(text)
        seconds.append(time.perf_counter() - started)
    how = "the text encoded whole, FAISS flat and BM25, ten passages and no reasons"
    warm = 1000 * statistics.median(seconds)
    cold = _cold_cpu(folder, model, texts[0], rounds)
    held = _memory(folder, model, texts[0])
    return [
        curve_row(Place(match_growth.CURVE, BY_HAND, size), warm, "ms", how),
        curve_row(Place(cold_start.CURVE, BY_HAND, size), cold, "s", how),
        curve_row(Place(memory.CURVE, BY_HAND, size), held, "MB", how),
    ]


def _command(folder: Path, model: str) -> list[str]:
    return [sys.executable, "-m", "bench.speed.by_hand", str(folder), model]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def _cold_cpu(folder: Path, model: str, text: str, rounds: int) -> float:
    line = text.replace("\n", "\\n") + "\n"
    spent = [run_timed(_command(folder, model), _environment(), ROOT, line) for _ in range(rounds)]
    return statistics.median(one.cpu for one in spent)


def _memory(folder: Path, model: str, text: str) -> float:
    """Return the memory of a process that has answered once, in MB."""
    with subprocess.Popen(
        [*_command(folder, model), "--stay"],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        process.stdin.write(text.replace("\n", "\\n") + "\n")
        process.stdin.flush()
        if not process.stdout.readline():
            raise RuntimeError("the search by hand failed")
        return memory_of(process.pid)
