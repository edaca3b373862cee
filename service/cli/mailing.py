"""`fundscout digest` and `outbox`: the weekly mails, and what waits to be sent."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from scrapers.counted import counted
from service.cli.common import opened
from service.cli.indexing import index_changes
from service.cli.rehearsing import rehearse
from service.cli.render import clean
from service.context import Context
from service.domain.week import week_of
from service.errors import InputError
from service.jobs.composing import composing
from service.jobs.lock import held
from service.jobs.mailing import (
    LOCK,
    WAIT,
    Report,
    send_digests,
    send_waiting,
    to_catch_up,
)
from service.jobs.persons import retain
from service.mail.outbox import Tally
from service.mail.post import Post
from service.mail.transport import Transport
from service.mail_settings import NO_ONE_CLICK
from service.use_cases.digest import moment_of
from service.use_cases.pilots import get_pilot

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("digest")
@click.option("--week", metavar="WEEK", help="An ISO week, such as 2026-W48; else this one.")
@click.option("--pilot", "pilot_id", metavar="ID", help="The pilot whose recipients are mailed.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; store and send nothing.")
@click.option("--to-dir", type=FOLDER, metavar="DIR", help="Write mails to a folder instead.")
@click.option("--catch-up", is_flag=True, help="Do nothing if this week's run came to its end.")
def digest_command(
    week: str | None, pilot_id: str | None, dry_run: bool, to_dir: Path | None, catch_up: bool
) -> int:
    """Send each recipient the week's mail: at most one, and nothing told twice.

    Run again it sends what was left. With --to-dir a mail in the folder counts as sent. While
    another process sends, it waits for a quarter of an hour. Exit status 1 when the run stopped
    before all was tried. Then what the settings keep no longer is cleared, as `fundscout retention`
    does.
    """
    context = opened()
    if catch_up and not _wanted(context, week, pilot_id):
        return 0
    at = moment_of(context.now(), week)
    if pilot_id is not None:
        get_pilot(context, pilot_id)
    if dry_run:
        return rehearse(context, at, pilot_id)
    post = Post.open(context.settings.mail, judging=True)
    # before anything is composed: a wrong setting must not cost an hour
    transport = post.transport(to_dir)
    index_changes(context)
    if not context.settings.mail.one_click:
        click.echo(NO_ONE_CLICK, err=True)
    with closing(transport):
        return _send(context, post, transport, at, pilot_id, wait=0 if catch_up else WAIT)


@click.command("outbox")
@click.option("--to-dir", type=FOLDER, metavar="DIR", help="Write mails to a folder instead.")
def outbox_command(to_dir: Path | None) -> int:
    """Send what waits: later attempts and questions to addresses. Composes nothing."""
    context = opened()
    post = Post.open(context.settings.mail, judging=True)
    with closing(post.transport(to_dir)) as transport:
        return _say(send_waiting(context, post, transport).tally)


def _wanted(context: Context, week: str | None, pilot_id: str | None) -> bool:
    """Whether the run of this week is to be made good."""
    if week is not None or pilot_id is not None:
        raise InputError("--catch-up is for everybody's mail of this week: leave the rest out.")
    if not to_catch_up(context):
        click.echo("The mails of this week are composed, or not due yet.")
        return False
    with held(context.settings.data, LOCK):
        return True  # who holds it makes it good: known before the model is loaded


def _send(
    context: Context,
    post: Post,
    transport: Transport,
    at: datetime,
    pilot_id: str | None,
    *,
    wait: float,
) -> int:
    now = context.now()
    other = week_of(at) != week_of(now)
    if other and at < now:
        click.echo(
            f"The mails of {week_of(at)} say what was so then: calls may have closed since.",
            err=True,
        )
    with composing(context, at) as composer:
        report = send_digests(
            context,
            composer.digests,
            post,
            transport,
            week=week_of(at),
            pilot_id=pilot_id,
            in_order=other,
            wait=wait,
            clock=(lambda: at) if other else None,
        )
    retain(context)
    _say_composed(report)
    return _say(report.tally)


def _say_composed(report: Report) -> None:
    """Say what a digest made before it sent."""
    renewed = f", {report.renewed} composed anew" if report.renewed else ""
    click.echo(
        f"Week {report.week}: {counted(report.recipients, 'recipient')}, "
        f"{report.already} mailed before, {report.nothing} with nothing to tell, "
        f"{counted(report.composed, 'mail')} composed{renewed}."
    )


def _say(tally: Tally) -> int:
    """Say what was sent; return 1 when a run stopped before all was tried."""
    click.echo(
        f"Sent {tally.sent}; {tally.later} tried again later, {tally.failed} refused for good "
        f"({counted(tally.suppressed, 'address', 'addresses')} suppressed), "
        f"{tally.held} held back for their domain, "
        f"{tally.unwanted} not wanted any more."
    )
    for reason in dict.fromkeys(tally.reasons):
        click.echo(f"  {clean(reason)}", err=True)
    if tally.stopped:
        click.echo(f"Stopped: {clean(tally.stopped)}", err=True)
    return 1 if tally.stopped else 0


COMMANDS = {"digest": digest_command, "outbox": outbox_command}
