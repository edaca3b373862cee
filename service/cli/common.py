"""What several commands share: the context, the featured pilot, and a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from service import telemetry
from service.clock import featured_pilot
from service.context import Context
from service.settings import Settings

FEATURED = "featured"
"""Stands for the pilot that the examples put first."""


def opened() -> Context:
    """Return the context that the settings name."""
    settings = Settings.from_env()
    telemetry.configure(settings.log)
    return Context.open(settings)


def named_pilot(context: Context, pilot_id: str) -> str:
    """Return the id of the pilot that is meant; ``featured`` is the one that examples put first."""
    return featured_pilot(context.settings.examples) if pilot_id == FEATURED else pilot_id


@contextmanager
def bar(label: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to call with (done, total); the bar shows on a terminal's standard error."""
    with tqdm(desc=label, unit=unit, disable=not sys.stderr.isatty(), leave=False) as shown:

        def advance(done: int, total: int | None) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield advance
