"""The pages of everybody's links to feeds and webhooks, with what was sent to each webhook."""

from __future__ import annotations

from urllib.parse import unquote_plus

from flask.typing import ResponseReturnValue

from service.errors import ServiceError
from service.http.app_context import app_context
from service.messages.message import message
from service.use_cases.feeds import links, webhooks
from service.web.access.administration import Outcome, admin_page, attempt
from service.web.pages import web


@web.get("/admin/feeds")
def admin_feeds() -> ResponseReturnValue:
    """Show every link to a feed and every webhook."""
    return _page()


@web.post("/admin/feeds/<feed_id>/revoke")
def admin_revoke_feed(feed_id: str) -> ResponseReturnValue:
    """Let a link open nothing any more."""

    def revoke() -> Outcome:
        links.revoke_feed_link(app_context(), feed_id)
        return Outcome(message("admin.done.feed"))

    return attempt(revoke, _page)


@web.post("/admin/webhooks/<webhook_id>/start")
def admin_start_webhook(webhook_id: str) -> ResponseReturnValue:
    """Tell a webhook again that was stopped or rests."""

    def start() -> Outcome:
        webhooks.start_webhook(app_context(), webhook_id)
        return Outcome(message("admin.done.start"))

    return attempt(start, _page)


@web.post("/admin/webhooks/<webhook_id>/remove")
def admin_remove_webhook(webhook_id: str) -> ResponseReturnValue:
    """Remove a webhook with all that was sent to it."""

    def remove() -> Outcome:
        webhooks.remove_webhook(app_context(), webhook_id)
        return Outcome(message("admin.done.webhook"))

    return attempt(remove, _page)


@web.get("/admin/webhooks/<webhook_id>")
def admin_webhook(webhook_id: str) -> ResponseReturnValue:
    """Show what was sent to a webhook, with every attempt."""
    return admin_page("webhook.html", log=webhooks.read_log(app_context(), webhook_id))


@web.post("/admin/webhooks/<webhook_id>/messages/<message_id>/replay")
def admin_replay_message(webhook_id: str, message_id: str) -> ResponseReturnValue:
    """Let a message be sent again by the next run."""
    webhooks.replay_message(app_context(), message_id, webhook_id)
    return admin_page(
        "webhook.html",
        outcome=Outcome(message("admin.done.replay")),
        log=webhooks.read_log(app_context(), webhook_id),
    )


def _page(
    *, outcome: Outcome | None = None, error: ServiceError | None = None
) -> ResponseReturnValue:
    shown = links.list_feed_links(app_context()).feeds
    return admin_page(
        "feeds.html",
        outcome=outcome,
        error=error,
        links=shown,
        subjects={one.id: unquote_plus(one.subject) for one in shown},
        webhooks=webhooks.list_all_webhooks(app_context()),
    )
