"""`fundscout bounces`: reports of mails that came back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.jobs.mail import bounces
from service.jobs.mail.bounces import FOREIGN, KNOWN, NO_REPORT, BounceTally
from service.mail.bounce_reports import MAX_REPORT_BYTES


@click.command("bounces")
@click.argument("mailbox", metavar="[MAILBOX]", required=False)
@click.option("--remove", is_flag=True, help="Delete the reports that were read.")
def bounces_command(mailbox: str | None, *, remove: bool) -> None:
    """Read reports of mails that came back from MAILBOX, else from FUNDSCOUT_BOUNCE_BOX.

    MAILBOX is a maildir, an mbox file, a folder of .eml files, a file with one message, or - for
    one message on standard input. Reading it twice changes nothing more.
    """
    context = open_context()
    if mailbox == "-":
        outcome = bounces.record_mail(context, sys.stdin.buffer.read(MAX_REPORT_BYTES))
        click.echo(f"Read one message: {outcome}.")
        return
    box = context.settings.mail.bounce_box if mailbox is None else Path(mailbox)
    if box is None:
        click.echo("There is no mailbox to read: set FUNDSCOUT_BOUNCE_BOX, or name one.")
        return
    click.echo(_tally_line(bounces.record_mailbox(context, box, remove=remove)))


def _tally_line(tally: BounceTally) -> str:
    of_kind = tally.counted
    names = ("hard", "soft", "delayed", "complaint")
    parts = [f"{of_kind[name]} {name}" for name in names]
    return (
        f"Read {count_noun(of_kind.total(), 'message')}: {', '.join(parts)}; "
        f"{of_kind[KNOWN]} known before, {of_kind[FOREIGN]} not of our mails, "
        f"{of_kind[NO_REPORT]} for a person to read."
    )


COMMANDS = {"bounces": bounces_command}
