"""Parts that several commands share: the context, the featured pilot and the progress bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from service import telemetry
from service.clock import featured_pilot
from service.context import Context
from service.settings import Settings

SECONDS_BETWEEN_LINES = 10.0
"""Seconds between two lines on progress where standard error is no terminal."""

EXIT_LEFT_OUT = 4
"""Exit status of a job that did its work but for something that it names."""

FEATURED = "featured"
"""Stands for the pilot that the examples put first."""


def open_context(settings: Settings | None = None) -> Context:
    """Return the context that the settings name; by default those of the environment."""
    settings = settings or Settings.from_env()
    telemetry.configure(settings.log)
    return Context.open(settings)


class _ProgressLines:
    """Progress as lines of a log: the first after `SECONDS_BETWEEN_LINES`, then one as often."""

    def __init__(self, label: str, unit: str) -> None:
        self._head = f"{label}: {unit}"
        self._started = self._last = time.monotonic()

    def advance(self, done: int, total: int | None) -> None:
        """Print how many of how many are done, unless the last line is recent."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_LINES:
            self._last = now
            print(self._line(done, total, now - self._started), file=sys.stderr, flush=True)

    def _line(self, done: int, total: int | None, seconds: float) -> str:
        if not total or not done:
            return f"{self._head} {done:,} after {tqdm.format_interval(seconds)}"
        left = tqdm.format_interval(max(0, total - done) * seconds / done)
        return f"{self._head} {done:,} of {total:,}, {done / total:.0%}, about {left} left"


def named_pilot(context: Context, pilot_id: str) -> str:
    """Return a pilot's id; ``featured`` stands for the pilot that the examples put first."""
    return featured_pilot(context.settings.examples) if pilot_id == FEATURED else pilot_id


@contextmanager
def progress_bar(label: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to call with (done, total), which shows progress on standard error.

    On a terminal it is a bar that goes away; in a log it is a line now and then.
    """
    if not sys.stderr.isatty():
        yield _ProgressLines(label, unit).advance
        return
    with tqdm(desc=label, unit=unit, leave=False) as shown:

        def advance(done: int, total: int | None) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield advance
