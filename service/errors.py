"""What can go wrong in the service, in words fit to show to whoever asked."""

from __future__ import annotations

from datetime import timedelta


class ServiceError(Exception):
    """Base of the service's own errors; its text says what is wrong and what to do."""


class InputError(ServiceError):
    """What was given cannot be used as it is."""


class NotFoundError(ServiceError):
    """Nothing has this id."""


class UnknownPilotError(NotFoundError):
    """There is no pilot with this id; each door says where its own are listed."""

    def __init__(self, pilot_id: str) -> None:
        super().__init__(f"There is no pilot {pilot_id}.")


class UnknownCallError(NotFoundError):
    """There is no call with this id; each door says where its own are listed."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"There is no call {call_id}.")


class ConflictError(ServiceError):
    """The id is taken."""


class StoreError(ServiceError):
    """The database cannot be read or written."""


class BusyError(ServiceError):
    """Another process is doing this job."""


class TooManyError(ServiceError):
    """So much was asked lately that the next must wait."""

    def __init__(self, text: str, wait: timedelta) -> None:
        super().__init__(text)
        self.wait = wait


def with_hints(error: ServiceError, hints: dict[type[NotFoundError], str]) -> str:
    """Return what ``error`` says, and the hint of its kind, such as where ids are listed."""
    hint = next((hint for kind, hint in hints.items() if isinstance(error, kind)), "")
    said = str(error)
    return f"{said.removesuffix('.')}: {hint}." if hint else said
