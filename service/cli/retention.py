"""`fundscout retention`: mails and addresses that are kept no longer, cleared."""

from __future__ import annotations

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.jobs.mail import personal_data


@click.command("retention")
def retention_command() -> None:
    """Clear texts of mails and addresses that the settings keep no longer."""
    done = personal_data.apply_retention(open_context())
    if done.doubted:
        click.echo("Nothing was cleared: the clock stands far beyond the last run. Run it again.")
        return
    click.echo(
        f"Cleared the texts of {count_noun(done.texts, 'mail')}, "
        f"and {count_noun(done.addresses, 'address', 'addresses')}."
    )


COMMANDS = {"retention": retention_command}
