"""The entry: finds the command, and turns every expected error into one plain line."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version

import click

BUSY = 3
"""Exit status when another process does the same work."""

STOPPED = 130
"""Exit status after Ctrl-C, as shells have it."""

_COMMANDS = {
    "parse": "collecting",
    "collect": "collecting",
    "import": "storing",
    "load-examples": "storing",
    "reindex": "indexing",
    "match": "matching",
    "eval": "evaluating",
    "pilots": "storing",
    "serve": "serving",
    "settings": "serving",
}
"""Every command and the module beside this one that has it; loaded only when it is asked for."""


class Lazy(click.Group):
    """A group whose commands are imported when needed: help must not wait for the model."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click calls it so
        """Return the names, in the order a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click calls it so
        """Import the module of a command and return it."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"service.cli.{_COMMANDS[cmd_name]}")
        found: click.Command = module.COMMANDS[cmd_name]
        return found


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="fundscout")
def cli() -> None:
    """Find public funding calls that fit a pilot project, with reasons and deadlines."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 an error, 2 wrong usage, 3 busy."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line with ``arguments``; return the exit status."""
    from index.errors import IndexingError  # noqa: PLC0415  help must not wait for it
    from scrapers.errors import ScrapeError  # noqa: PLC0415  the same
    from service.errors import BusyError, ServiceError  # noqa: PLC0415  the same

    try:
        result = cli.main(arguments, prog_name="fundscout", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _say("stopped.", STOPPED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (ServiceError, IndexingError, ScrapeError) as error:
        return _say(str(error), BUSY if isinstance(error, BusyError) else 1)
    except BrokenPipeError:
        # whoever read our output has gone; leave quietly, also when Python flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _say(message: str, status: int) -> int:
    click.echo(f"fundscout: {message}", err=True)
    return status
