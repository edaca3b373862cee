"""`fundscout users`: the people who sign in to the pages."""

from __future__ import annotations

import json
import sys

import click

from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.opened_feeds import keep_feeds_option, print_left, print_resting
from service.cli.render import strip_controls
from service.domain.access.rights import AccountRole
from service.domain.access.user import User
from service.use_cases.access import users as use_cases
from service.use_cases.access.ways_in import asks_who

_ROLE = click.Choice([role.value for role in AccountRole])


@click.group("users", invoke_without_command=True)
@click.pass_context
def users_group(ctx: click.Context) -> None:
    """Add, list, change and remove people who sign in."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@users_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_command(*, as_json: bool = False) -> None:
    """List everybody who may sign in."""
    users = use_cases.list_users(open_context())
    for user in users:
        click.echo(_as_json(user) if as_json else _line(user))
    if not users and not as_json:
        click.echo("Nobody signs in yet: add a person with `fundscout users add NAME`.")


@users_group.command("add")
@click.argument("name")
@click.option("--role", type=_ROLE, default="reader", show_default=True, help="What they may do.")
@click.option("--provider", is_flag=True, help="No password: the OpenID Connect provider lets in.")
def add_command(name: str, role: str, *, provider: bool) -> None:
    """Add a person who signs in as NAME, as a rule a mail address.

    The password is asked for; without a terminal it is the first line of standard input.
    """
    password = "" if provider else _ask_password()
    _show(use_cases.add_user(open_context(), name, AccountRole(role), password))


@users_group.command("role")
@click.argument("name")
@click.argument("role", type=_ROLE)
@keep_feeds_option
def role_command(name: str, role: str, *, keep_feeds: bool) -> None:
    """Give NAME another ROLE; it counts at once.

    Links to feeds and webhooks of who becomes a reader rest until the person is an editor again.
    """
    context = open_context()
    user = use_cases.set_role(context, name, AccountRole(role), keep_feeds=keep_feeds)
    _show(user)
    print_resting(use_cases.list_resting(context, user))


@users_group.command("password")
@click.argument("name")
def password_command(name: str) -> None:
    """Give NAME another password, and sign NAME out everywhere."""
    context = open_context()
    use_cases.find_user(context, name)
    _show(use_cases.set_password(context, name, _ask_password()))


@users_group.command("disable")
@click.argument("name")
@keep_feeds_option
def disable_command(name: str, *, keep_feeds: bool) -> None:
    """Keep NAME out, at once, until `enable`; links to feeds and webhooks of NAME rest."""
    context = open_context()
    user = use_cases.set_disabled(context, name, disabled=True, keep_feeds=keep_feeds)
    _show(user)
    print_resting(use_cases.list_resting(context, user))


@users_group.command("enable")
@click.argument("name")
def enable_command(name: str) -> None:
    """Let NAME in again."""
    _show(use_cases.set_disabled(open_context(), name, disabled=False))


@users_group.command("sign-out")
@click.argument("name")
def sign_out_command(name: str) -> None:
    """Sign NAME out everywhere."""
    count = use_cases.end_sessions(open_context(), name)
    click.echo(f"Ended {count_noun(count, 'session')} of {strip_controls(name)}.")


@users_group.command("remove")
@click.argument("name")
@keep_feeds_option
def remove_command(name: str, *, keep_feeds: bool) -> None:
    """Remove NAME, at once; judgements and pilots of NAME stay.

    Links to feeds and webhooks of NAME end.
    """
    context = open_context()
    removed = use_cases.remove_user(context, name, keep_feeds=keep_feeds)
    click.echo(f"Removed {strip_controls(removed.user.name)}.")
    print_left(removed.feeds)
    if not asks_who(context):
        click.echo(
            "There is nobody left, and never was a key: on this machine all is open again.",
            err=True,
        )


def _ask_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _show(user: User) -> None:
    click.echo(_line(user))


def _line(user: User) -> str:
    seen = f"signed in {user.signed_in_at:%Y-%m-%d %H:%M}" if user.signed_in_at else "never here"
    state = "disabled" if user.disabled_at else "may sign in"
    how = "" if user.password_hash else "  by the provider"
    return f"{strip_controls(user.name)}  {user.role}  {state}{how}  {seen}"


def _as_json(user: User) -> str:
    instants = {name: getattr(user, name) for name in ("created_at", "disabled_at", "signed_in_at")}
    return json.dumps(
        {
            "id": user.id,
            "name": user.name,
            "role": user.role,
            "has_password": bool(user.password_hash),
            "has_provider": bool(user.identity),
            **{name: at and at.isoformat() for name, at in instants.items()},
        },
        ensure_ascii=False,
    )


COMMANDS = {"users": users_group}
