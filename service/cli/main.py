"""The entry of the command line: finds a command, and prints each expected error as one line."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version

import click

from service.data_folder.private_files import restrict_umask
from service.safe_traceback import print_unexpected

EXIT_BUSY = 3
"""Exit status when another process does the same work."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when the disk, or what one may use of it, is full."""

EXIT_STOPPED = 130
"""Exit status after Ctrl-C, as shells have it."""

_COMMANDS = {
    "load-examples": ("load_examples", "Store the example calls and pilots, and index them."),
    "match": ("match", "Rank the stored calls against a pilot, and say why and by when."),
    "why": ("why", "Explain one call for a pilot, and what would change it."),
    "actors": ("actors", "Show who funds a subject, and who was funded for it."),
    "pilots-for": ("pilots_for", "Show which pilots fit a call, alone and together."),
    "serve": ("serve", "Serve the page and the API until stopped with Ctrl-C."),
    "mcp": ("mcp", "Serve tools for assistants (Model Context Protocol)."),
    "keys": ("keys", "Make, list, rotate and revoke keys of the API."),
    "users": ("users", "Add, list, change and remove people who sign in."),
    "collect": ("collect", "Fetch, check and store the calls of funders."),
    "reparse": ("reparse", "Build calls anew from archived answers, without the network."),
    "history": ("history", "Show what changed about a call, version by version."),
    "links": ("links", "List calls that are the same, or another round, and why."),
    "merge": ("links", "Say that two calls are one."),
    "split": ("links", "Say that two calls are not the same."),
    "doctor": ("doctor", "Look at every part and every source, and say what is wrong."),
    "rates": ("rates", "Keep exchange rates, or show those that are kept."),
    "import": ("import_data", "Store calls from files."),
    "reindex": ("reindex", "Index the stored calls; only what changed is encoded."),
    "pilots": ("pilots", "List, show, add and delete pilots."),
    "feedback": ("feedback", "Judge calls for a pilot, or list what was said of them."),
    "digest": ("digest", "Send each recipient the week's mail, or rehearse it."),
    "outbox": ("outbox", "Send what waits: later attempts, and questions to addresses."),
    "recipients": ("recipients", "List, ask and remove who gets mails about a pilot."),
    "feeds": ("feeds", "Make, list and revoke links to feeds and calendars."),
    "webhooks": ("webhooks", "Tell other machines of pilots' matches."),
    "bounces": ("bounces", "Read reports of mails that came back."),
    "person": ("person", "Export or erase what is kept of an address."),
    "retention": ("retention", "Clear mails and addresses that are kept no longer."),
    "conditions": ("conditions", "Print what calls ask for: those in a file, or a stored one."),
    "parse": ("parse", "Print the calls in saved answers of a funder."),
    "new-funder": ("new_funder", "Write the first file of a funder that is not read yet."),
    "eval": ("eval", "Compare ways of ranking on data with known answers."),
    "train": ("train", "Train an adapter of the model on projects and the calls behind them."),
    "collect-awards": ("awards", "Fetch and store projects that calls have paid."),
    "encode-awards": ("encode_awards", "Encode awards, here or in the background."),
    "parse-awards": ("awards", "Print the awards in saved answers of a register."),
    "export": ("export", "Write what is stored to files, such as evaluation data."),
    "backup": ("backup", "Write a backup, also while the service runs."),
    "restore": ("backup", "Put a backup in the place of the store."),
    "settings": ("settings", "List every setting with its value now."),
}
"""Every command with its module in this folder and its line in the help.

A module is imported only when its command runs: the help must not wait for the model.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when needed: help must not wait for the model."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click calls it so
        """Return the names, in the order a newcomer needs them."""
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click calls it so
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in _COMMANDS.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click calls it so
        """Import the module of a command and return it."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"service.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return command


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="fundscout")
def cli() -> None:
    """Find public funding calls that fit a pilot project, with reasons and deadlines."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 an error, 2 wrong usage, 3 busy."""
    restrict_umask()
    sys.excepthook = print_unexpected
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line with ``arguments``; return the exit status."""
    try:
        return _run(arguments)
    except _database_error() as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return _print_error(f"The database cannot be used: {reason}.", 1)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        return _print_error(_no_room(error), 1)


def _run(arguments: list[str]) -> int:
    from index.errors import IndexingError  # noqa: PLC0415  help must not wait for it
    from scrapers.errors import ScrapeError  # noqa: PLC0415  the same
    from service import errors  # noqa: PLC0415  the same

    unknown_ids: dict[type[errors.NotFoundError], str] = {
        errors.UnknownPilotError: "problem.pilot.command",
        errors.UnknownCallError: "problem.call.command",
    }
    try:
        result = cli.main(arguments, prog_name="fundscout", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _print_error("stopped.", EXIT_STOPPED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except errors.ServiceError as error:
        busy = isinstance(error, errors.JobBusyError)
        return _print_error(errors.sentence_of(error, unknown_ids), EXIT_BUSY if busy else 1)
    except (IndexingError, ScrapeError) as error:
        return _print_error(str(error), 1)
    except BrokenPipeError:
        # the reader of our output has gone: leave quietly, also when Python flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _no_room(error: OSError) -> str:
    return (
        f"There is no room on the disk ({error.strerror}: {error.filename or 'a file'}): make room "
        "and run this again. What was stored before stays in use."
    )


def _database_error() -> type[Exception]:
    """Return the class of the database's errors; it is imported when something has gone wrong."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  help must not wait for it

    return SQLAlchemyError


def _print_error(message: str, status: int) -> int:
    click.echo(f"fundscout: {message}", err=True)
    return status
