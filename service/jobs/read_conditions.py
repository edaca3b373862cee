"""The conditions of stored calls, read anew after the rules that read them have changed."""

from __future__ import annotations

import threading

from service import telemetry
from service.context import Context


def read_conditions_aside(context: Context) -> threading.Thread:
    """Read the conditions that no rules of today have read, while others are served.

    Until they are read a call that is shown is read when it is shown. What is read is kept in
    steps, so an interruption loses little.

    Returns:
        The thread that reads; it ends with the process.
    """
    thread = threading.Thread(target=_read, args=(context,), name="conditions", daemon=True)
    thread.start()
    return thread


def _read(context: Context) -> None:
    try:
        context.calls.conditions()
    except Exception as error:  # noqa: BLE001  the server goes on, and reads when it is asked
        telemetry.warn("conditions not read", reason=str(error))
