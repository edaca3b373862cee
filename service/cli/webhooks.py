"""`fundscout webhooks`: who is told of a pilot's matches, and sending it."""

from __future__ import annotations

import click

from scrapers.plurals import count_noun
from service.cli.common import EXIT_LEFT_OUT, named_pilot, open_context
from service.cli.render import strip_controls
from service.domain.notifications.webhook import WebhookEvent
from service.jobs.webhooks import WebhookReport, send_webhooks
from service.messages.catalogue import languages
from service.use_cases.feeds import webhooks as use_cases
from service.use_cases.feeds.webhooks import MadeWebhook, MessageRecord, WebhookCard


@click.group("webhooks")
def webhooks_group() -> None:
    """Tell other machines of pilots' matches: addresses, what was sent, and sending it."""


@webhooks_group.command("list")
@click.argument("pilot_id", metavar="[PILOT]", required=False)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_command(pilot_id: str | None, *, as_json: bool) -> None:
    """List the webhooks, of PILOT or of all."""
    context = open_context()
    webhooks = (
        use_cases.list_webhooks(context, named_pilot(context, pilot_id)).webhooks
        if pilot_id
        else use_cases.list_all_webhooks(context)
    )
    for one in webhooks:
        click.echo(one.model_dump_json() if as_json else _line(one))
    if not webhooks and not as_json:
        click.echo("There are no webhooks yet: run `fundscout webhooks add PILOT URL`.")


@webhooks_group.command("add")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice([event.value for event in WebhookEvent]),
    help="What it is told of; may be repeated. Without: everything.",
)
@click.option("--language", type=click.Choice(languages()), default="sv", help="Of the texts.")
def add_command(pilot_id: str, url: str, events: tuple[str, ...], language: str) -> None:
    """Tell URL of the matches of PILOT; prints the secret that messages are signed by."""
    context = open_context()
    wanted = tuple(map(WebhookEvent, events)) or tuple(WebhookEvent)
    made = use_cases.add_webhook(
        context, named_pilot(context, pilot_id), url, events=wanted, language=language
    )
    _print_secret(made)


@webhooks_group.command("remove")
@click.argument("webhook_id", metavar="ID")
def remove_command(webhook_id: str) -> None:
    """Remove a webhook, with all that was sent to it."""
    use_cases.remove_webhook(open_context(), webhook_id)
    click.echo(f"Removed {strip_controls(webhook_id)}.")


@webhooks_group.command("start")
@click.argument("webhook_id", metavar="ID")
def start_command(webhook_id: str) -> None:
    """Start a webhook that was stopped; what waits is sent by the next run."""
    click.echo(_line(use_cases.start_webhook(open_context(), webhook_id)))


@webhooks_group.command("secret")
@click.argument("webhook_id", metavar="ID")
def secret_command(webhook_id: str) -> None:
    """Give a webhook another secret, and print it."""
    _print_secret(use_cases.change_secret(open_context(), webhook_id))


@webhooks_group.command("log")
@click.argument("webhook_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def log_command(webhook_id: str, *, as_json: bool) -> None:
    """List what was sent to a webhook, the newest first, with every attempt."""
    messages = use_cases.read_log(open_context(), webhook_id).messages
    for one in messages:
        click.echo(one.model_dump_json() if as_json else _message_lines(one))
    if not messages and not as_json:
        click.echo("Nothing was sent yet.")


@webhooks_group.command("replay")
@click.argument("message_id", metavar="MESSAGE")
def replay_command(message_id: str) -> None:
    """Let MESSAGE be sent again by the next run, under its id."""
    click.echo(_message_lines(use_cases.replay_message(open_context(), message_id)))


@webhooks_group.command("send")
def send_command() -> int:
    """Send what is new, and what waits. Run it by schedule, every quarter of an hour.

    Exit status 4 when a pilot could not be looked at, which is named.
    """
    report = send_webhooks(open_context())
    click.echo(_report_line(report))
    for subject, reason in report.skipped.items():
        click.echo(f"  {strip_controls(f'{subject}: {reason}')}", err=True)
    return EXIT_LEFT_OUT if report.skipped else 0


def _report_line(report: WebhookReport) -> str:
    return (
        f"{count_noun(report.queued, 'new message')}; {report.delivered} delivered, "
        f"{report.later} tried again later, {report.failed} given up, "
        f"{count_noun(report.stopped, 'webhook')} stopped."
    )


def _print_secret(made: MadeWebhook) -> None:
    click.echo(_line(made.webhook))
    click.echo(f"secret {made.secret}")
    click.echo("It is shown this once: keep it where messages are received.", err=True)


def _line(one: WebhookCard) -> str:
    state = "working" if one.working else one.reason
    events = ",".join(event.value for event in one.events)
    line = f"{one.id}  {one.pilot}  {one.url}  {events}  {one.waiting} waiting  {state}"
    return strip_controls(line)


def _message_lines(one: MessageRecord) -> str:
    attempts = "".join(
        f"\n  {attempt.at:%Y-%m-%d %H:%M:%S}  {attempt.milliseconds} ms  {attempt.outcome}"
        for attempt in one.attempts
    )
    return f"{one.id}  {one.created_at:%Y-%m-%d %H:%M}  {one.type}  {one.state}{attempts}"


COMMANDS = {"webhooks": webhooks_group}
