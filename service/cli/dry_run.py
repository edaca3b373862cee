"""`fundscout digest --dry-run`: what a run would send; only vectors of texts are stored."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from scrapers.plurals import count_noun
from service.cli.render import strip_controls
from service.context import Context
from service.domain.notifications.week import week_of
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.send_mails import find_followers_without_mail, read_digest_recipients
from service.mail.digest_view import MailLinks
from service.mail.render import render_digest


def print_dry_run(context: Context, at: datetime, pilot_id: str | None) -> int:
    """Print what would be sent to whom at ``at``; store no mail, key or index."""
    week = week_of(at)
    if context.calls.count() and not context.index_is_current():
        click.echo("Calls have changed since they were indexed: a run would index first.", err=True)
    another = week != week_of(context.now())
    followers, known = find_followers_without_mail(context, week, pilot_id, in_order=another)
    due = context.deliveries.list_due(datetime.now(UTC), week, pilot_id, as_of=at)
    mails = 0
    with open_composer(context, at) as composer:
        digests = composer.digests(read_digest_recipients(context, followers))
        for (recipient, _), digest in zip(followers, digests, strict=True):
            if digest.send:
                mails += 1
                subject = render_digest(digest, recipient, MailLinks()).subject
                click.echo(f"{strip_controls(str(recipient.address))}: {strip_controls(subject)}")
    click.echo(
        f"Week {week}, a rehearsal: {count_noun(mails, 'mail')} to "
        f"{count_noun(len(followers), 'recipient')}; "
        f"{count_noun(known - len(followers), 'has', 'have')} this week's mail or a later one, "
        f"{count_noun(len(due), 'mail waits', 'mails wait')} to be sent. "
        "No mail was stored or sent."
    )
    return 0
