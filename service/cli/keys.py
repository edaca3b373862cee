"""`fundscout keys`: who else than people may ask the API, and for what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.opened_feeds import keep_feeds_option, print_left
from service.cli.render import strip_controls
from service.domain.access.api_key import ApiKey
from service.domain.access.rights import Scope
from service.use_cases.access import keys as use_cases
from service.use_cases.access.keys import NewKey

_DAYS = click.IntRange(1, 3650)


@click.group("keys", invoke_without_command=True)
@click.pass_context
def keys_group(ctx: click.Context) -> None:
    """Make, list, rotate and revoke keys of the API."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@keys_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_command(*, as_json: bool = False) -> None:
    """List every key: its id, scope, state, name and when it was last used."""
    keys = use_cases.list_keys(open_context())
    for key in keys:
        click.echo(_as_json(key) if as_json else _line(key))
    if not keys and not as_json:
        click.echo("There are no keys yet: make one with `fundscout keys add NAME`.")


@keys_group.command("add")
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.READ.value,
    show_default=True,
    help="What it is for.",
)
@click.option("--days", type=_DAYS, help="How long it is let in; else until it is revoked.")
def add_command(name: str, scope: str, days: int | None) -> None:
    """Make a key for NAME, a program or whoever runs it; it is shown once."""
    _show(use_cases.add_key(open_context(), name, Scope(scope), _lifetime(days)))


@keys_group.command("rotate")
@click.argument("key_id", metavar="ID")
@click.option(
    "--overlap",
    type=click.IntRange(0, 3650),
    default=7,
    show_default=True,
    help="Days that the old key is let in beside the new one.",
)
@click.option("--days", type=_DAYS, help="How long the new one is let in; else as long as the old.")
def rotate_command(key_id: str, overlap: int, days: int | None) -> None:
    """Make a key that takes the place of the key ID; it is shown once."""
    _show(use_cases.rotate_key(open_context(), key_id, timedelta(days=overlap), _lifetime(days)))
    click.echo(f"The key {key_id[:12]} is let in for {count_noun(overlap, 'more day')}.", err=True)


@keys_group.command("revoke")
@click.argument("key_id", metavar="ID")
@keep_feeds_option
def revoke_command(key_id: str, *, keep_feeds: bool) -> None:
    """Refuse the key ID from now on, and end its links to feeds and webhooks."""
    revoked = use_cases.revoke_key(open_context(), key_id, keep_feeds=keep_feeds)
    click.echo(_line(revoked.key))
    print_left(revoked.feeds)


def _lifetime(days: int | None) -> timedelta | None:
    return timedelta(days=days) if days else None


def _show(made: NewKey) -> None:
    """Print a new key alone on standard output, so that a script can keep it."""
    click.echo(made.text)
    click.echo(
        f"This is the key {made.key.id} of {strip_controls(made.key.name)} ({made.key.scope}), "
        "shown this once: keep it where passwords are kept. It is sent as "
        "`Authorization: Bearer KEY`.",
        err=True,
    )


def _line(key: ApiKey) -> str:
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    ends = f"  until {key.expires_at:%Y-%m-%d}" if key.expires_at else ""
    after = f"  replaced by {key.successor}" if key.successor else ""
    state = key.state(datetime.now(UTC))
    return f"{key.id}  {key.scope:5}  {state:7}  {strip_controls(key.name)}  {used}{ends}{after}"


def _as_json(key: ApiKey) -> str:
    instants = {
        name: getattr(key, name)
        for name in ("created_at", "expires_at", "revoked_at", "last_used_at")
    }
    return json.dumps(
        {
            "id": key.id,
            "name": key.name,
            "scope": key.scope,
            "state": key.state(datetime.now(UTC)),
            "successor": key.successor or None,
            **{name: at and at.isoformat() for name, at in instants.items()},
        },
        ensure_ascii=False,
    )


COMMANDS = {"keys": keys_group}
