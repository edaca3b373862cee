"""`fundscout recipients`: who gets mails, who is asked, and which addresses are suppressed."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from service.cli.common import open_context
from service.cli.render import strip_controls
from service.domain.notifications.recipient import Recipient, Suppression
from service.mail.mailer import Mailer
from service.messages.catalogue import languages
from service.use_cases import recipients as use_cases
from service.use_cases.recipients import ConsentOutcome, ConsentRequest

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("recipients")
def recipients_group() -> None:
    """List, ask and remove who gets mails about a pilot; suppress addresses."""


@recipients_group.command("list")
@click.argument("pilot_id", metavar="[PILOT]", required=False)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_command(pilot_id: str | None, *, as_json: bool) -> None:
    """List recipients with what they answered: of PILOT, or of all."""
    recipients = use_cases.list_addresses(open_context(), pilot_id)
    for one in recipients:
        click.echo(_as_json(one) if as_json else _recipient_line(one))
    if not recipients and not as_json:
        click.echo("Nobody gets mails yet: ask with `fundscout recipients add PILOT ADDRESS`.")


@recipients_group.command("add")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("address")
@click.option("--language", type=click.Choice(languages()), default="sv", help="Of the mails.")
@click.option(
    "--to-dir", type=_FOLDER, metavar="DIR", help="Write the question to a folder, to look at."
)
def add_command(pilot_id: str, address: str, language: str, to_dir: Path | None) -> int:
    """Ask ADDRESS whether it wants mails about PILOT: none come before it says yes.

    The question leaves at once when a way out is set; else, and with --to-dir, it waits for
    `fundscout outbox`. Exit status 1 when the address may not be asked.
    """
    context = open_context()
    mailer = Mailer.open(context.settings.mail, judging=True)
    request = use_cases.ask_address(context, mailer, pilot_id, address, language, source="command")
    if request.outcome is not ConsentOutcome.ASKED:
        click.echo(_refusal_text(request), err=True)
        return 0 if request.outcome is ConsentOutcome.CONFIRMED else 1
    if to_dir is not None:
        use_cases.write_question(context, mailer, request.delivery_id, to_dir)
        click.echo(
            f"The question can be looked at in {strip_controls(str(to_dir))}. It was not sent and "
            "waits for `fundscout outbox`."
        )
        return 0
    if not mailer.can_send:
        click.echo("The question waits: set FUNDSCOUT_SMTP_URL and run `fundscout outbox`.")
        return 0
    with closing(mailer.transport()) as transport:
        sent = use_cases.send_now(context, mailer, transport, request.delivery_id)
    click.echo(
        "Asked: mails come once the link in the question is opened and answered with yes."
        if sent
        else "The question could not leave now and waits for `fundscout outbox`."
    )
    return 0


@recipients_group.command("confirm")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("address")
@click.option("--reason", required=True, help="How the consent was given, such as a form's date.")
def confirm_command(pilot_id: str, address: str, reason: str) -> None:
    """Confirm ADDRESS, which was asked for PILOT, because it consented in another way."""
    recipient = use_cases.confirm_recipient(
        open_context(), pilot_id, address, f"confirmed by command: {strip_controls(reason)}"
    )
    click.echo(_recipient_line(recipient))


@recipients_group.command("remove")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("address")
def remove_command(pilot_id: str, address: str) -> None:
    """Take ADDRESS off the recipients of PILOT; it can be asked again."""
    click.echo(_recipient_line(use_cases.remove_address(open_context(), pilot_id, address)))


@recipients_group.command("suppress")
@click.argument("address")
@click.option("--reason", default="suppressed by command", show_default=True, help="Why.")
def suppress_command(address: str, reason: str) -> None:
    """Never mail ADDRESS again, about any pilot, until `allow`."""
    use_cases.suppress_address(open_context(), address, strip_controls(reason))
    click.echo("It is never mailed again, unless `fundscout recipients allow` takes that back.")


@recipients_group.command("suppressed")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def suppressed_command(*, as_json: bool) -> None:
    """List who is never mailed, newest first, and why; the erased by a part of their hash."""
    suppressions = use_cases.list_suppressed(open_context())
    for one in suppressions:
        click.echo(_suppression_json(one) if as_json else _suppression_line(one))
    if not suppressions and not as_json:
        click.echo("No address is suppressed.")


@recipients_group.command("allow")
@click.argument("address")
def allow_command(address: str) -> None:
    """Take a suppression of ADDRESS back: it may be asked again, and is mailed when it says yes."""
    use_cases.allow_address(open_context(), address)
    click.echo("It may be asked again: `fundscout recipients add PILOT ADDRESS`.")


def _refusal_text(request: ConsentRequest) -> str:
    if request.outcome is ConsentOutcome.CONFIRMED:
        return "The address gets these mails already: nothing was sent."
    if request.outcome is ConsentOutcome.SUPPRESSED:
        return (
            f"The address is never mailed ({strip_controls(request.reason)}): nothing was sent. "
            "`fundscout recipients allow ADDRESS` takes that back."
        )
    return f"The address was asked {use_cases.QUESTIONS_A_DAY} times today: try again tomorrow."


def _recipient_line(one: Recipient) -> str:
    when = one.ended_at or one.confirmed_at or one.asked_at
    why = f"  ({strip_controls(one.reason)})" if one.reason else ""
    since = f"{when:%Y-%m-%d}" if when else ""
    who = f"{strip_controls(one.pilot_id)}  {strip_controls(str(one.address))}"
    return f"{who}  {one.language}  {one.consent}  {since}{why}"


def _as_json(one: Recipient) -> str:
    instants = {name: getattr(one, name) for name in ("asked_at", "confirmed_at", "ended_at")}
    return json.dumps(
        {
            "id": one.id,
            "pilot": one.pilot_id,
            "address": str(one.address),
            "language": one.language,
            "state": one.consent,
            "reason": one.reason,
            "source": one.source,
            "soft_bounces": one.soft_bounces,
            **{name: at and at.isoformat() for name, at in instants.items()},
        },
        ensure_ascii=False,
    )


def _suppression_line(one: Suppression) -> str:
    who = strip_controls(str(one.address)) if one.address else f"erased {one.hash[:12]}"
    return f"{one.at:%Y-%m-%d}  {who}  {strip_controls(one.reason)}"


def _suppression_json(one: Suppression) -> str:
    return json.dumps(
        {
            "hash": one.hash,
            "address": str(one.address) if one.address else None,
            "reason": one.reason,
            "at": one.at.isoformat(),
        },
        ensure_ascii=False,
    )


COMMANDS = {"recipients": recipients_group}
