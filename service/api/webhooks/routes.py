"""The routes of webhooks: who is told of a pilot's matches, and what was sent."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.webhooks import examples
from service.api.webhooks.schemas import NewWebhook
from service.http.app_context import app_context
from service.use_cases.feeds import webhooks as use_cases
from service.use_cases.feeds.webhooks import (
    MadeWebhook,
    MessageRecord,
    WebhookCard,
    WebhookList,
    WebhookLog,
)

_NO_WEBHOOK = "There is no such pilot, or no such webhook of it."
_NO_MESSAGE = "There is no such pilot, webhook or message."


@api.get("/api/v1/pilots/<pilot_id>/webhooks")
@api.output(WebhookList, description="The webhooks.", example=examples.WEBHOOK_LIST)
@api.doc(
    summary="List the webhooks of a pilot",
    description="Those that you have added; to administrators all.",
    operation_id="listWebhooks",
    tags=["Feeds"],
    responses=problems.document_problems(e404=problems.NO_PILOT),
)
def list_webhooks(pilot_id: str) -> WebhookList:
    """Return the webhooks of a pilot."""
    return use_cases.list_webhooks(app_context(), pilot_id)


@api.post("/api/v1/pilots/<pilot_id>/webhooks")
@api.input(NewWebhook, arg_name="body", example=examples.NEW_WEBHOOK)
@api.output(
    MadeWebhook,
    status_code=201,
    description="The webhook, with its secret: it is shown this once.",
    example=examples.MADE_WEBHOOK,
)
@api.doc(
    summary="Add a webhook to a pilot",
    description=(
        "The address is told of the pilot's new, changed and closing matches, in the form of "
        "Standard Webhooks: signed, and at least once. Nothing is sent within this request."
    ),
    operation_id="addWebhook",
    tags=["Feeds"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e404=problems.NO_PILOT,
        e409="The pilot has too many webhooks.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422="The address is not https, not on the internet, or leads into a private network.",
    ),
)
def add_webhook(pilot_id: str, body: NewWebhook) -> tuple[MadeWebhook, int]:
    """Add a webhook to a pilot."""
    made = use_cases.add_webhook(
        app_context(), pilot_id, body.url, events=body.events, language=body.language
    )
    return made, 201


@api.delete("/api/v1/pilots/<pilot_id>/webhooks/<webhook_id>")
@api.output(WebhookList, description="The webhooks now.", example=examples.WEBHOOK_LIST)
@api.doc(
    summary="Remove a webhook",
    description="With all that was sent to it, and what waits.",
    operation_id="removeWebhook",
    tags=["Feeds"],
    responses=problems.document_problems(e404=_NO_WEBHOOK),
)
def remove_webhook(pilot_id: str, webhook_id: str) -> WebhookList:
    """Remove a webhook."""
    use_cases.remove_webhook(app_context(), webhook_id, pilot_id)
    return use_cases.list_webhooks(app_context(), pilot_id)


@api.put("/api/v1/pilots/<pilot_id>/webhooks/<webhook_id>/start")
@api.output(WebhookCard, description="The webhook.", example=examples.WEBHOOK)
@api.doc(
    summary="Start a webhook that was stopped",
    description="What waits for it is sent by the next run.",
    operation_id="startWebhook",
    tags=["Feeds"],
    responses=problems.document_problems(e404=_NO_WEBHOOK),
)
def start_webhook(pilot_id: str, webhook_id: str) -> WebhookCard:
    """Start a webhook."""
    return use_cases.start_webhook(app_context(), webhook_id, pilot_id)


@api.put("/api/v1/pilots/<pilot_id>/webhooks/<webhook_id>/secret")
@api.output(MadeWebhook, description="The new secret.", example=examples.MADE_WEBHOOK)
@api.doc(
    summary="Give a webhook another secret",
    description="The next messages are signed by it; the old one is of no use any more.",
    operation_id="changeWebhookSecret",
    tags=["Feeds"],
    responses=problems.document_problems(e404=_NO_WEBHOOK),
)
def change_webhook_secret(pilot_id: str, webhook_id: str) -> MadeWebhook:
    """Give a webhook another secret."""
    return use_cases.change_secret(app_context(), webhook_id, pilot_id)


@api.get("/api/v1/pilots/<pilot_id>/webhooks/<webhook_id>/messages")
@api.output(WebhookLog, description="What was sent.", example=examples.WEBHOOK_LOG)
@api.doc(
    summary="Read what was sent to a webhook",
    description="The last 200 messages, the newest first, with every attempt.",
    operation_id="readWebhookLog",
    tags=["Feeds"],
    responses=problems.document_problems(e404=_NO_WEBHOOK),
)
def read_webhook_log(pilot_id: str, webhook_id: str) -> WebhookLog:
    """Return what was sent to a webhook."""
    return use_cases.read_log(app_context(), webhook_id, pilot_id)


@api.put("/api/v1/pilots/<pilot_id>/webhooks/<webhook_id>/messages/<message_id>/replay")
@api.output(MessageRecord, description="The message, which waits.", example=examples.MESSAGE)
@api.doc(
    summary="Send a message again",
    description="By the next run, with the same id and body.",
    operation_id="replayWebhookMessage",
    tags=["Feeds"],
    responses=problems.document_problems(e404=_NO_MESSAGE),
)
def replay_webhook_message(pilot_id: str, webhook_id: str, message_id: str) -> MessageRecord:
    """Let a message be sent again."""
    return use_cases.replay_message(app_context(), message_id, webhook_id, pilot_id)
