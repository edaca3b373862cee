"""What several commands share: opening the context, and a progress bar on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from service import telemetry
from service.context import Context
from service.settings import Settings


def opened() -> Context:
    """Return the context that the settings name."""
    settings = Settings.from_env()
    telemetry.configure(settings.log)
    return Context.open(settings)


@contextmanager
def bar(label: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to call with (done, total); the bar shows on a terminal's standard error."""
    with tqdm(desc=label, unit=unit, disable=not sys.stderr.isatty(), leave=False) as shown:

        def advance(done: int, total: int | None) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield advance
