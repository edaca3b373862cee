"""`fundscout digest --dry-run`: what a run would send; nothing is made but texts' vectors."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from scrapers.counted import counted
from service.cli.render import clean
from service.context import Context
from service.domain.week import week_of
from service.jobs.composing import composing
from service.jobs.mailing import asked_for, waiting
from service.mail.render import render
from service.mail.shown import Links


def rehearse(context: Context, at: datetime, pilot_id: str | None) -> int:
    """Say what would be sent to whom at ``at``; store no mail, key or index."""
    week = week_of(at)
    if context.calls.count() and not context.index_is_current():
        click.echo("Calls have changed since they were indexed: a run would index first.", err=True)
    another = week != week_of(context.now())
    followers, known = waiting(context, week, pilot_id, in_order=another)
    due = context.deliveries.list_due(datetime.now(UTC), week, pilot_id, as_of=at)
    told = 0
    with composing(context, at) as composer:
        digests = composer.digests(asked_for(context, followers))
        for (recipient, _), digest in zip(followers, digests, strict=True):
            if digest.send:
                told += 1
                subject = render(digest, recipient, Links()).subject
                click.echo(f"{clean(str(recipient.address))}: {clean(subject)}")
    click.echo(
        f"Week {week}, a rehearsal: {counted(told, 'mail')} to "
        f"{counted(len(followers), 'recipient')}; "
        f"{counted(known - len(followers), 'has', 'have')} this week's mail or a later one, "
        f"{counted(len(due), 'mail waits', 'mails wait')} to be sent. No mail was stored or sent."
    )
    return 0
