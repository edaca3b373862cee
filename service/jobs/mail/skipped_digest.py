"""A digest that could not be made: one pilot's fault is kept apart from all the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from service.errors import StoreError
from service.safe_traceback import describe_safely

_Inputs = ParamSpec("_Inputs")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class SkippedDigest:
    """A digest that could not be made for the recipients of a pilot, and the error."""

    pilot_id: str
    error: Exception

    @property
    def reason(self) -> str:
        """What went wrong, in a line that repeats nothing of the pilot's text: it is logged."""
        return describe_safely(self.error)


def attempt(
    pilot_id: str, work: Callable[_Inputs, _Result], *args: _Inputs.args, **named: _Inputs.kwargs
) -> _Result | SkippedDigest:
    """Return what ``work`` returns, or that it failed for a pilot, whatever was wrong.

    Raises:
        StoreError: the database fails, which is no fault of the pilot.
    """
    try:
        return work(*args, **named)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  whatever one text does, the others get their mail
        return SkippedDigest(pilot_id, error)
