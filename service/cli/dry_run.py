"""`fundscout digest --dry-run`: what a run would send; only vectors of texts are stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from scrapers.plurals import count_noun
from service.cli.common import EXIT_LEFT_OUT
from service.cli.render import strip_controls
from service.context import Context
from service.use_cases.digest import rehearse_digests


def print_dry_run(context: Context, at: datetime, pilot_id: str | None) -> int:
    """Print what would be sent to whom at ``at``; store no mail, key or index."""
    if context.needs_reindex():
        click.echo("Calls have changed since they were indexed: a run would index first.", err=True)
    rehearsal = rehearse_digests(context, at, pilot_id)
    mails = 0
    for address, subject in rehearsal.mails:
        mails += 1
        click.echo(f"{strip_controls(address)}: {strip_controls(subject)}")
    click.echo(
        f"Week {rehearsal.week}, a rehearsal: {count_noun(mails, 'mail')} to "
        f"{count_noun(rehearsal.recipients, 'recipient')}; "
        f"{count_noun(rehearsal.mailed, 'has', 'have')} this week's mail or a later one, "
        f"{count_noun(rehearsal.waiting, 'mail waits', 'mails wait')} to be sent. "
        "No mail was stored or sent."
    )
    return print_skipped(rehearsal.skipped)


def print_skipped(skipped: Mapping[str, str]) -> int:
    """Name the pilots whose mail could not be made; return the exit status that says so."""
    for pilot_id, reason in skipped.items():
        click.echo(
            f"The pilot {strip_controls(pilot_id)} gets no mail: {strip_controls(reason)}", err=True
        )
    return EXIT_LEFT_OUT if skipped else 0
