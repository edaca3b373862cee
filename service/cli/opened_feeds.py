"""What becomes of somebody's links to feeds and webhooks, in lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from scrapers.plurals import count_noun
from service.cli.render import strip_controls
from service.domain.notifications.feed_link import FeedKind, FeedLink
from service.use_cases.access.opened_feeds import OpenedFeeds

keep_feeds_option = click.option(
    "--keep-feeds",
    is_flag=True,
    help="Hand links to feeds and webhooks to the administrators instead of ending them.",
)


def print_left(feeds: OpenedFeeds) -> None:
    """Print what ended with a key or a person, or was handed to the administrators."""
    fate = "Handed to the administrators" if feeds.kept else "Ended"
    _print(feeds, f"{fate}: {_count(feeds)}.")


def print_resting(feeds: OpenedFeeds) -> None:
    """Print what rests until a person may make it again."""
    _print(feeds, f"At rest until the person may make them again: {_count(feeds)}.")


def _print(feeds: OpenedFeeds, head: str) -> None:
    if not feeds:
        return
    click.echo(head)
    for line in _lines(feeds):
        click.echo(f"  {strip_controls(line)}")


def _count(feeds: OpenedFeeds) -> str:
    links = count_noun(len(feeds.links), "link") + " to feeds"
    return f"{links} and {count_noun(len(feeds.webhooks), 'webhook')}"


def _lines(feeds: OpenedFeeds) -> Iterator[str]:
    for link in feeds.links:
        yield f"{link.id}  {_subject(link)}  {link.label}".rstrip()
    for webhook in feeds.webhooks:
        yield f"{webhook.id}  webhook of {webhook.pilot_id}  {webhook.url}"


def _subject(link: FeedLink) -> str:
    kind, key = link.subject.kind, link.subject.key
    return kind.value if kind is FeedKind.SEARCH else f"{kind} {key}"
