"""`fundscout feeds`: links to feeds, made, listed and revoked."""

from __future__ import annotations

import json

import click

from scrapers.call import Level, Status
from service.cli.common import named_pilot, open_context
from service.cli.render import strip_controls
from service.domain.matching.filters import Filters
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.messages.catalogue import languages
from service.use_cases.feeds import links as use_cases
from service.use_cases.feeds.links import FeedLinkCard

_LANGUAGE = click.option(
    "--language", type=click.Choice(languages()), default="sv", help="Of the feed's words."
)
_LABEL = click.option("--label", default="", help="What the link is for.")
_LEVELS, _STATUSES = [level.value for level in Level], [status.value for status in Status]
_SINGLE = [kind.value for kind in FeedKind if kind is not FeedKind.SEARCH]


@click.group("feeds")
def feeds_group() -> None:
    """Make, list and revoke links to feeds; each opens one feed and nothing else."""


@feeds_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
def list_command(*, as_json: bool) -> None:
    """List the links, the newest first, revoked ones too; what opens them is not kept."""
    links = use_cases.list_feed_links(open_context()).feeds
    for one in links:
        click.echo(one.model_dump_json() if as_json else _line(one))
    if not links and not as_json:
        click.echo("There are no links to feeds yet: run `fundscout feeds make pilot PILOT`.")


@feeds_group.command("make")
@click.argument("kind", type=click.Choice(_SINGLE))
@click.argument("subject")
@_LANGUAGE
@_LABEL
@click.option("--json", "as_json", is_flag=True, help="What the API answers.")
def make_command(kind: str, subject: str, language: str, label: str, *, as_json: bool) -> None:
    """Make a link to a feed of SUBJECT: a pilot, a funder's key or a focus area.

    KIND pilot is Atom of new, changed and closing calls, deadlines a calendar of a pilot.
    """
    context, of = open_context(), FeedKind(kind)
    key = named_pilot(context, subject) if of.is_of_pilot else subject
    _make(FeedSubject(of, key), language, label, as_json=as_json)


@feeds_group.command("search")
@click.option("--words", default="", help="Words that must all stand in a call.")
@click.option("--subject", default="", help="A subject in a few words, found by meaning.")
@click.option("--funder", "funders", multiple=True, help="A funder's key; may be repeated.")
@click.option("--level", "levels", multiple=True, type=click.Choice(_LEVELS))
@click.option("--status", "statuses", multiple=True, type=click.Choice(_STATUSES))
@_LANGUAGE
@_LABEL
@click.option("--json", "as_json", is_flag=True, help="What the API answers.")
def search_command(
    *,
    words: str,
    subject: str,
    funders: tuple[str, ...],
    levels: tuple[str, ...],
    statuses: tuple[str, ...],
    language: str,
    label: str,
    as_json: bool,
) -> None:
    """Make a link to a feed of a search; by default of open and forthcoming calls."""
    chosen = {"funders": funders, "levels": levels, "statuses": statuses}
    filters = Filters.model_validate({name: value for name, value in chosen.items() if value})
    search = SavedSearch(filters=filters, words=words[:200], subject=subject[:2000])
    _make(FeedSubject(FeedKind.SEARCH, search.key), language, label, as_json=as_json)


@feeds_group.command("revoke")
@click.argument("link_id", metavar="ID")
def revoke_command(link_id: str) -> None:
    """Let the link with ID open nothing from now on."""
    click.echo(_line(use_cases.revoke_feed_link(open_context(), link_id)))


def _make(subject: FeedSubject, language: str, label: str, *, as_json: bool) -> None:
    made = use_cases.make_feed_link(open_context(), subject, language, strip_controls(label))
    if as_json:
        click.echo(json.dumps(made.model_dump(mode="json"), ensure_ascii=False))
        return
    click.echo(made.address)
    click.echo("It is shown this once. Whoever has it can read the feed.", err=True)


def _line(one: FeedLinkCard) -> str:
    state = (
        f"revoked {one.revoked_at:%Y-%m-%d}"
        if one.revoked_at
        else "at rest"
        if not one.working
        else f"used {one.used_on}"
        if one.used_on
        else "never used"
    )
    subject = strip_controls(f"{one.kind} {one.subject}")
    return f"{one.id}  {subject}  {one.language}  {state}  {strip_controls(one.label)}".rstrip()


COMMANDS = {"feeds": feeds_group}
