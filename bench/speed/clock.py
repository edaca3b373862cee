"""Timing: ways compared in turns, since the speed of a machine drifts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def time_in_turns(ways: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Return the seconds of each way in each round; the order turns from round to round."""
    spent: list[list[float]] = [[] for _ in ways]
    for number in range(rounds):
        for place in range(len(ways)):
            way = (place + number) % len(ways)
            started = time.perf_counter()
            ways[way]()
            spent[way].append(time.perf_counter() - started)
    return spent


def time_each(
    first: Callable[[Item], object], second: Callable[[Item], object], items: Sequence[Item]
) -> tuple[list[float], list[float]]:
    """Return the seconds of both ways for each item; they take turns at going first."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number, item in enumerate(items):
        for place in (0, 1) if number % 2 else (1, 0):
            started = time.perf_counter()
            (first, second)[place](item)
            spent[place].append(time.perf_counter() - started)
    return spent


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median over rounds of ``above`` / ``below``."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))
