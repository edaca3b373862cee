"""What becomes of links to feeds and webhooks when whoever made them is let in no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from service.context import Context
from service.domain.access.principal import acting
from service.domain.notifications.feed_link import FeedLink
from service.domain.notifications.webhook import Webhook

OWNER_GONE = "Whoever added it is let in no more. An administrator who starts it takes it over."
"""Why a webhook is stopped."""


@dataclass(frozen=True)
class OpenedFeeds:
    """What somebody has opened that is not ended: ``links`` to feeds, and ``webhooks``.

    ``kept`` says that they were given to whoever asked, and work on.
    """

    links: tuple[FeedLink, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    kept: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.links or self.webhooks)


def list_opened(context: Context, owner: str) -> OpenedFeeds:
    """Return what an owner has opened: links that are not revoked, webhooks not stopped."""
    return OpenedFeeds(
        tuple(one for one in context.feed_links.all(owner) if one.revoked_at is None),
        tuple(context.webhooks.all(owner=owner, working=True)),
    )


def close_opened(context: Context, owner: str, *, keep: bool) -> OpenedFeeds:
    """End what an owner has opened, or let it be of whoever asks; return what that was.

    Args:
        context: the stores.
        owner: as `Principal.owner`.
        keep: give it to whoever asks, an administrator or the operator, instead of ending it.
    """
    opened, now = list_opened(context, owner), datetime.now(UTC)
    if keep:
        for link in context.feed_links.all(owner):
            context.feed_links.give(link.id, acting().owner)
        for webhook in context.webhooks.all(owner=owner):
            context.webhooks.give(webhook.id, acting().owner)
        return OpenedFeeds(opened.links, opened.webhooks, kept=True)
    for link in opened.links:
        context.feed_links.revoke(link.id, now)
    for webhook in opened.webhooks:
        context.webhooks.stop(webhook.id, OWNER_GONE, now)
    return opened
