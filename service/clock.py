"""The clock that open and closed are computed by, and a note when it stands still."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.errors import InputError
from service.messages.message import Message, message
from service.settings import CLOCK_AUTO, CLOCK_EXAMPLES, Settings


@dataclass(frozen=True)
class ServiceClock:
    """Stands at ``at``, or runs when that is None; ``note`` says why it stands."""

    at: datetime | None = None
    note: Message | None = None

    def now(self) -> datetime:
        """Return the aware instant."""
        return self.at or datetime.now(UTC)


def make_clock(settings: Settings, *, only_examples: bool) -> ServiceClock:
    """Return the clock of the settings.

    Args:
        settings: whose ``clock`` decides.
        only_examples: whether the store holds example calls and nothing else.

    Raises:
        InputError: the settings want the examples' date and there is none.
    """
    if isinstance(settings.clock, datetime):
        return ServiceClock(settings.clock, _note("set", settings.clock))
    if settings.clock == CLOCK_EXAMPLES or (settings.clock == CLOCK_AUTO and only_examples):
        at = examples_date(settings.examples)
        return ServiceClock(at, _note("examples", at))
    return ServiceClock()


def _note(why: str, at: datetime) -> Message:
    return message(f"note.clock.{why}", at=f"{at:%Y-%m-%d %H:%M}")


def examples_date(folder: Path) -> datetime:
    """Return the instant that the examples in ``folder`` are of.

    Raises:
        InputError: they name none.
    """
    try:
        instant = datetime.fromisoformat(_read_example_fact(folder, "clock"))
    except ValueError as error:
        raise InputError(f"The clock of the examples in {folder} is no instant.") from error
    if instant.tzinfo is None:
        raise InputError(f"The clock of the examples in {folder} needs an offset, as +02:00.")
    return instant


def featured_pilot(folder: Path) -> str:
    """Return the id of the pilot that the examples in ``folder`` show first."""
    return _read_example_fact(folder, "featured_pilot")


def _read_example_fact(folder: Path, name: str) -> str:
    """Return a value of the file that describes the examples."""
    path = folder / "examples.toml"
    try:
        return str(tomllib.loads(path.read_text("utf-8"))[name])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path} says no {name}: set FUNDSCOUT_EXAMPLES to the examples' folder, or "
            "FUNDSCOUT_CLOCK to system."
        ) from error
