"""`fundscout digest`: the week's mail to each recipient, sent or rehearsed."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.dry_run import print_dry_run, print_skipped
from service.cli.outbox import FOLDER, print_sent
from service.cli.reindex import index_changes
from service.cli.render import strip_controls
from service.context import Context
from service.domain.notifications.week import week_of
from service.errors import InputError
from service.jobs.lock import hold_lock
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.look_at_mails import write_digests
from service.jobs.mail.personal_data import apply_retention
from service.jobs.mail.send_mails import (
    LOCK_WAIT_SECONDS,
    MAIL_LOCK,
    MailRunReport,
    is_overdue,
    send_digests,
)
from service.mail.mailer import Mailer
from service.mail.transport import Transport
from service.mail_settings import NO_ONE_CLICK_WARNING
from service.use_cases.digest import resolve_moment
from service.use_cases.pilots import get_pilot


@click.command("digest")
@click.option("--week", metavar="WEEK", help="An ISO week, such as 2026-W48; else this one.")
@click.option("--pilot", "pilot_id", metavar="ID", help="The pilot whose recipients are mailed.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; store and send nothing.")
@click.option(
    "--to-dir", type=FOLDER, metavar="DIR", help="Write the mails to a folder, to look at."
)
@click.option("--catch-up", is_flag=True, help="Do nothing if this week's run came to its end.")
def digest_command(
    week: str | None, pilot_id: str | None, dry_run: bool, to_dir: Path | None, catch_up: bool
) -> int:
    """Send each recipient the week's mail: at most one, and nothing told twice.

    Run again it sends what was left. With --to-dir the mails are only written to a folder: none
    counts as sent, and the next run sends them. While another process sends, it waits for a quarter
    of an hour. Exit status 1 when the run stopped before all was tried, 4 when a pilot's mail could
    not be made: it is named, and all others get theirs. Then what the settings keep no longer is
    cleared, as `fundscout retention` does.
    """
    context = open_context()
    if catch_up and not _is_overdue(context, week, pilot_id):
        return 0
    at = resolve_moment(context.now(), week)
    if pilot_id is not None:
        get_pilot(context, pilot_id)
    if dry_run:
        return print_dry_run(context, at, pilot_id)
    mailer = Mailer.open(context.settings.mail, judging=True)
    if to_dir is not None:
        return _look(context, mailer, to_dir, at, pilot_id)
    # before anything is composed: a wrong setting must not cost an hour
    transport = mailer.transport()
    index_changes(context)
    if not context.settings.mail.one_click:
        click.echo(NO_ONE_CLICK_WARNING, err=True)
    with closing(transport):
        return _send(
            context, mailer, transport, at, pilot_id, wait=0 if catch_up else LOCK_WAIT_SECONDS
        )


def _is_overdue(context: Context, week: str | None, pilot_id: str | None) -> bool:
    """Whether this week's mails are still to be sent."""
    if week is not None or pilot_id is not None:
        raise InputError("--catch-up is for everybody's mail of this week: leave the rest out.")
    if not is_overdue(context):
        click.echo("The mails of this week are composed, or not due yet.")
        return False
    with hold_lock(context.settings.data, MAIL_LOCK):
        return True  # another run would hold the lock: known before the model is loaded


def _look(
    context: Context, mailer: Mailer, folder: Path, at: datetime, pilot_id: str | None
) -> int:
    """Write the mails that a run would send to a folder; nothing counts as sent."""
    index_changes(context)
    other = week_of(at) != week_of(context.now())
    with open_composer(context, at) as composer:
        report = write_digests(
            context,
            composer.attempts,
            mailer,
            folder,
            week=week_of(at),
            pilot_id=pilot_id,
            in_order=other,
            clock=lambda: datetime.now(UTC),
        )
    click.echo(
        f"Week {report.week}: {count_noun(report.composed, 'mail')} to look at in "
        f"{strip_controls(str(folder))}; {count_noun(report.already, 'recipient')} mailed before, "
        f"{report.nothing} with nothing to tell. No mail was stored or sent."
    )
    return print_skipped(report.skipped)


def _send(
    context: Context,
    mailer: Mailer,
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
    with open_composer(context, at) as composer:
        report = send_digests(
            context,
            composer.attempts,
            mailer,
            transport,
            week=week_of(at),
            pilot_id=pilot_id,
            in_order=other,
            wait=wait,
            clock=(lambda: at) if other else None,
        )
    apply_retention(context)
    _print_composed(report)
    status = print_sent(report.tally)
    left_out = print_skipped(report.skipped)
    return status or left_out


def _print_composed(report: MailRunReport) -> None:
    """Print what a run composed."""
    renewed = f", {report.renewed} composed anew" if report.renewed else ""
    click.echo(
        f"Week {report.week}: {count_noun(report.recipients, 'recipient')}, "
        f"{report.already} mailed before, {report.nothing} with nothing to tell, "
        f"{count_noun(report.composed, 'mail')} composed{renewed}."
    )


COMMANDS = {"digest": digest_command}
