"""`fundscout encode-awards`: awards read by the model, here or in the background."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from scrapers.plurals import count_noun
from service.caches.award_progress import AwardProgress
from service.cli.common import EXIT_LEFT_OUT, open_context, progress_bar
from service.cli.index_report import build_line, print_left_out
from service.cli.render import strip_controls
from service.context import Context
from service.errors import JobBusyError
from service.jobs.encode_awards import JOB, AwardBacklog, encode_awards, measure_backlog
from service.jobs.lock import hold_lock

_NICENESS = 10
"""How far a run in the background stands back behind other work."""


@click.command("encode-awards")
@click.option("--background", is_flag=True, help="Go on in a process of its own, with a log.")
@click.option("--status", is_flag=True, help="Say how far it is; encode nothing.")
@click.option("--stop", is_flag=True, help="Ask the process that encodes to stop.")
def encode_awards_command(*, background: bool, status: bool, stop: bool) -> int:
    """Encode the stored awards that are not, then index them all; say before how long it takes.

    It can be stopped at any time, with Ctrl-C or --stop, and goes on where it was when it is run
    again. Calls can be collected, indexed and searched meanwhile. Exit status 4 when an award
    cannot be encoded or indexed: it is named, and all others are.
    """
    context = open_context()
    state = AwardProgress(context.settings.data)
    if stop:
        state.ask_to_stop()
        click.echo("Asked to stop. What is encoded is kept: run it again and it goes on.")
        return 0
    if status:
        click.echo(_status_line(state))
        return 0
    return encode_in_background(context) if background else encode_here(context)


def encode_in_background(context: Context) -> int:
    """Encode and index the awards in a process of its own; say how long it takes."""
    backlog = _measure(context)
    if backlog is not None:
        click.echo(backlog_line(backlog))
        _start_process(context)
    return 0


def _start_process(context: Context) -> None:
    """Start a process that goes on when this one ends, and say where its log is."""
    log = context.settings.data / "award-encoding.log"
    command = [sys.executable, "-c", "from service.cli import main; main()", "encode-awards"]
    with log.open("ab") as out:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=lambda: os.nice(_NICENESS),  # noqa: PLW1509  no thread runs in a command
        )
    click.echo(
        f"It goes on in the background: `fundscout encode-awards --status` says how far it is, "
        f"--stop stops it, and its log is {log}."
    )


def backlog_line(backlog: AwardBacklog) -> str:
    """Return what there is to encode and how long that takes here."""
    if not backlog.ids:
        return "Every award is encoded."
    what = f"{count_noun(len(backlog.ids), 'project')} to encode"
    passages = count_noun(backlog.passages, "passage")
    return f"{what} ({passages}), {_duration(backlog.seconds)} here."


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours = round(minutes / 60)
    return f"about {count_noun(hours, 'hour') if hours > 1 else count_noun(minutes, 'minute')}"


def _status_line(state: AwardProgress) -> str:
    progress = state.read()
    if progress is None:
        return "No awards are being encoded."
    done, total = progress
    return f"Encoding awards: {done:,} of {count_noun(total, 'project')}, {done / total:.0%}."


def encode_here(context: Context) -> int:
    """Encode and index the awards in this process; return the exit status."""
    backlog = _measure(context)
    if backlog is None:
        return 0
    if backlog.ids:
        click.echo(backlog_line(backlog), err=True)
    return _encode(context, backlog)


def _measure(context: Context) -> AwardBacklog | None:
    """Return what there is to encode; None, and a line, when another process is at it."""
    try:
        with hold_lock(context.settings.data, JOB):
            return measure_backlog(context)
    except JobBusyError:
        click.echo("Another process encodes the awards, and indexes them when it is done.")
        return None


def _encode(context: Context, backlog: AwardBacklog) -> int:
    with progress_bar("Encoding awards", "project") as advance:
        done = encode_awards(context, backlog, advance)
    for id_, reason in done.left_out.items():
        click.echo(strip_controls(f"{id_} cannot be encoded: {reason}"), err=True)
    if done.index is None:
        left = done.projects - done.encoded
        if left:
            click.echo(f"Stopped: {count_noun(left, 'project')} left. Run it again to go on.")
        elif not done.projects:
            click.echo("There are no awards: run `fundscout collect-awards`.")
        return 0
    click.echo(build_line(done.index, "award"))
    print_left_out(done.index)
    return EXIT_LEFT_OUT if done.left_out or done.index.left_out else 0


COMMANDS = {"encode-awards": encode_awards_command}
