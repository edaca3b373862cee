"""Logs on standard error: lines for people, or JSON for machines.

structlog takes a part of a second to import, and most commands have nothing to log: it is set up
for the first line.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from service.safe_traceback import format_error

if TYPE_CHECKING:
    from structlog.stdlib import ProcessorFormatter
    from structlog.typing import Processor


class CommandLog(logging.StreamHandler[Any]):
    """Prints warnings of a command and of the libraries; ``form`` is plain or json."""

    def __init__(self, form: str) -> None:
        super().__init__(sys.stderr)
        self._form = form
        self.setLevel(logging.WARNING)  # some libraries raise their own loggers to debug

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of ``record``."""
        if self.formatter is None:
            self.setFormatter(_make_formatter(self._form))
        return super().format(record)


def configure(form: str) -> None:
    """Send our warnings and the libraries' to standard error.

    Args:
        form: ``plain`` or ``json``.
    """
    root = logging.getLogger()
    root.handlers = [CommandLog(form)]
    root.setLevel(logging.WARNING)


def warn(event: str, **fields: object) -> None:
    """Log a warning: what happened, and facts by name."""
    _logger().warning(event, **fields)


@cache
def _logger() -> Any:
    """Return structlog's logger, whose lines go through the standard library's log."""
    import structlog  # noqa: PLC0415  see above

    wrap = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
    structlog.configure(
        processors=[*_shared_processors(), wrap],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.get_logger()


def _make_formatter(form: str) -> ProcessorFormatter:
    import structlog  # noqa: PLC0415  see above

    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.stdlib.ProcessorFormatter(
        processor=renderer, foreign_pre_chain=_shared_processors()
    )


def _shared_processors() -> list[Processor]:
    import structlog  # noqa: PLC0415  see above

    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        # structlog's own way prints the value of every local variable where rich is installed
        structlog.processors.ExceptionRenderer(format_error),
    ]
