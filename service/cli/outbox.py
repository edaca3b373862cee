"""`fundscout outbox`: what waits to be sent."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.render import strip_controls
from service.context import Context
from service.domain.notifications.week import week_of
from service.jobs.mail.look_at_mails import waiting_parcels
from service.jobs.mail.outbox import SendTally
from service.jobs.mail.send_mails import send_waiting
from service.mail.mailer import Mailer
from service.mail.transport import FolderTransport

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("outbox")
@click.option(
    "--to-dir", type=FOLDER, metavar="DIR", help="Write what waits to a folder, to look at."
)
def outbox_command(to_dir: Path | None) -> int:
    """Send what waits: later attempts and questions to addresses. Composes nothing.

    With --to-dir it is only written to a folder: nothing is sent, and all of it still waits.
    """
    context = open_context()
    mailer = Mailer.open(context.settings.mail, judging=True)
    if to_dir is not None:
        return _look(context, mailer, to_dir)
    with closing(mailer.transport()) as transport:
        return print_sent(send_waiting(context, mailer, transport).tally)


def _look(context: Context, mailer: Mailer, folder: Path) -> int:
    """Write what waits to a folder; leave it waiting."""
    out, count = FolderTransport(folder), 0
    for parcel in waiting_parcels(context, mailer, week_of(context.now())):
        out.deliver(parcel)
        count += 1
    click.echo(
        f"{count_noun(count, 'mail')} to look at in {strip_controls(str(folder))}. "
        "Nothing was sent: all of it still waits."
    )
    return 0


def print_sent(tally: SendTally) -> int:
    """Print what was sent; return 1 when the run stopped before it tried all."""
    click.echo(
        f"Sent {tally.sent}; {tally.later} tried again later, {tally.failed} refused for good "
        f"({count_noun(tally.suppressed, 'address', 'addresses')} suppressed), "
        f"{tally.held} held back for their domain, "
        f"{tally.unwanted} not wanted any more."
    )
    for reason in dict.fromkeys(tally.reasons):
        click.echo(f"  {strip_controls(reason)}", err=True)
    if tally.stopped:
        click.echo(f"Stopped: {strip_controls(tally.stopped)}", err=True)
    return 1 if tally.stopped else 0


COMMANDS = {"outbox": outbox_command}
