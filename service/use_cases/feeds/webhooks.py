"""Add, list and remove webhooks; read what was sent to them, and send it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from pydantic import Field

from scrapers.errors import FetchError, PolicyError
from service.context import Context
from service.domain.access.principal import acting
from service.domain.access.rights import Right
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.webhook import (
    MOST_WEBHOOKS,
    DeliveryAttempt,
    MessageState,
    Webhook,
    WebhookEvent,
    WebhookMessage,
)
from service.errors import ConflictError, InputError, NotFoundError
from service.feeds.webhook_message import make_secret
from service.mail.signed_links import LinkKeys
from service.messages.catalogue import languages
from service.messages.message import message
from service.store.access.owners import OwnerReader
from service.use_cases.pilots import get_pilot

LONGEST_URL = 2_000
MOST_MESSAGES = 200
"""Messages that the log of a webhook shows, the newest."""

OWNER_RESTS = (
    "It rests: whoever added it may not add webhooks to this pilot now. An administrator who "
    "starts it takes it over."
)
"""Why a webhook that nobody has stopped is told nothing."""


class WebhookCard(FrozenModel):
    """A webhook, without the secret that its messages are signed by.

    Whoever added it and administrators see it.
    """

    id: str
    pilot: str
    url: str = Field(
        description="Without the path for whoever may only read: it may hold a secret."
    )
    events: tuple[WebhookEvent, ...]
    language: str = Field(description="Of titles and of what changed.")
    working: bool = Field(description="False once it was stopped: then `reason` says why.")
    reason: str
    failures: int = Field(description="Failed attempts since the last good one.")
    waiting: int = Field(description="Messages that wait to be sent.")
    created_at: datetime
    stopped_at: datetime | None
    made_by: str = Field(
        description="The name of the key or person; empty: made on the machine, or removed since."
    )


class WebhookList(FrozenModel):
    """The webhooks of a pilot that whoever asks has added; administrators see all."""

    pilot: str
    webhooks: tuple[WebhookCard, ...]


class MadeWebhook(FrozenModel):
    """A webhook, with the secret to check signatures by: it is shown this once."""

    webhook: WebhookCard
    secret: str = Field(description="Begins with `whsec_`: as Standard Webhooks has it.")


class AttemptRecord(FrozenModel):
    """One attempt to deliver a message."""

    at: datetime
    status: int | None = Field(description="Of the answer; null when none came.")
    milliseconds: int
    outcome: str

    @classmethod
    def of(cls, attempt: DeliveryAttempt) -> AttemptRecord:
        """Return what is shown of an attempt."""
        return cls(
            at=attempt.at,
            status=attempt.status,
            milliseconds=attempt.milliseconds,
            outcome=attempt.outcome,
        )


class MessageRecord(FrozenModel):
    """A message to a webhook, with every attempt."""

    id: str = Field(description="The header `webhook-id`: the same at every attempt.")
    type: str
    state: MessageState
    reason: str = Field(description="Why it is not delivered, if it is not.")
    body: str = Field(description="As it was or will be sent.")
    created_at: datetime
    next_try: datetime | None = Field(description="Null once it is delivered or given up.")
    delivered_at: datetime | None
    attempts: tuple[AttemptRecord, ...]


class WebhookLog(FrozenModel):
    """What was sent to a webhook, the newest message first."""

    webhook: WebhookCard
    messages: tuple[MessageRecord, ...]


def add_webhook(
    context: Context,
    pilot_id: str,
    url: str,
    *,
    events: Collection[WebhookEvent] = tuple(WebhookEvent),
    language: str = "en",
    local: bool = False,
) -> MadeWebhook:
    """Let an address be told of a pilot's matches.

    Args:
        context: the stores.
        pilot_id: the pilot.
        url: https, on the internet.
        events: what it is told of.
        language: of titles and of what changed: sv or en.
        local: whether it may be on this machine, also without TLS; for tests.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: the address is not one to tell anything, or nothing is to be told.
        ConflictError: the pilot has too many webhooks.
    """
    pilot = get_pilot(context, pilot_id)
    _check_url(url, local=local)
    if not events:
        raise InputError(f"Name an event: {', '.join(WebhookEvent)}.")
    if language not in languages():
        raise InputError(f"Texts are written in {' or '.join(languages())}, not in {language!r}.")
    if len(context.webhooks.all(pilot.id)) >= MOST_WEBHOOKS:
        raise ConflictError(
            f"A pilot has at most {MOST_WEBHOOKS} webhooks, of all who add some: "
            "remove one, or ask an administrator to."
        )
    wanted = [event for event in WebhookEvent if event in events]
    webhook = context.webhooks.add(
        pilot.id, url, wanted, language, datetime.now(UTC), owner=acting().owner
    )
    return _made(context, webhook)


def list_webhooks(context: Context, pilot_id: str) -> WebhookList:
    """Return the webhooks of a pilot that whoever asks has added; to administrators all.

    Raises:
        UnknownPilotError: there is no such pilot.
    """
    pilot = get_pilot(context, pilot_id)
    return WebhookList(pilot=pilot.id, webhooks=_cards(context, context.webhooks.all(pilot.id)))


def list_all_webhooks(context: Context) -> tuple[WebhookCard, ...]:
    """Return the webhooks of all pilots that whoever asks has added; to administrators all."""
    return _cards(context, context.webhooks.all())


def _cards(context: Context, webhooks: Iterable[Webhook]) -> tuple[WebhookCard, ...]:
    owners = context.owners()
    return tuple(_card(context, one, owners) for one in webhooks if acting().owns(one.owner))


def remove_webhook(context: Context, webhook_id: str, pilot_id: str | None = None) -> None:
    """Delete a webhook with its messages.

    Args:
        context: the stores.
        webhook_id: the webhook.
        pilot_id: the pilot that it must be of; None: any.

    Raises:
        NotFoundError: there is no such webhook of the pilot.
    """
    context.webhooks.remove(_find(context, webhook_id, pilot_id).id)


def start_webhook(context: Context, webhook_id: str, pilot_id: str | None = None) -> WebhookCard:
    """Tell a webhook again that was stopped; what waits for it is sent by the next run.

    One whose owner is let in no more becomes that of whoever starts it.

    Raises:
        NotFoundError: there is no such webhook of the pilot.
    """
    webhook = _find(context, webhook_id, pilot_id)
    if not _may_be_told(context, webhook, context.owners()):
        context.webhooks.give(webhook.id, acting().owner)
    context.webhooks.start(webhook.id)
    return _card(context, _find(context, webhook_id, pilot_id), context.owners())


def change_secret(context: Context, webhook_id: str, pilot_id: str | None = None) -> MadeWebhook:
    """Give a webhook another secret: its next messages are signed by it.

    Raises:
        NotFoundError: there is no such webhook of the pilot.
    """
    context.webhooks.change_secret(_find(context, webhook_id, pilot_id).id)
    return _made(context, _find(context, webhook_id, pilot_id))


def read_log(context: Context, webhook_id: str, pilot_id: str | None = None) -> WebhookLog:
    """Return what was sent to a webhook, the newest first, with every attempt.

    Raises:
        NotFoundError: there is no such webhook of the pilot.
    """
    webhook = _find(context, webhook_id, pilot_id)
    messages = context.webhooks.messages_of(webhook.id, MOST_MESSAGES)
    attempts = context.webhooks.attempts_of({one.id for one in messages})
    records = tuple(_record(one, attempts[one.id]) for one in messages)
    return WebhookLog(webhook=_card(context, webhook, context.owners()), messages=records)


def replay_message(
    context: Context, message_id: str, webhook_id: str | None = None, pilot_id: str | None = None
) -> MessageRecord:
    """Let a message be sent again by the next run, under its id.

    Raises:
        NotFoundError: there is no such message of the webhook.
    """
    known = context.webhooks.get_message(message_id)
    if known is None or webhook_id not in (None, known.webhook_id):
        raise NotFoundError(f"There is no message {message_id}: see the log of the webhook.")
    _find(context, known.webhook_id, pilot_id)
    context.webhooks.replay(message_id, datetime.now(UTC))
    again = context.webhooks.get_message(message_id) or known
    return _record(again, context.webhooks.attempts_of({message_id})[message_id])


def _check_url(url: str, *, local: bool) -> None:
    from scrapers.http.post import check_target  # noqa: PLC0415  its libraries are slow to load

    if len(url) > LONGEST_URL:
        raise InputError(f"The address has more than {LONGEST_URL:,} characters.")
    try:
        check_target(url, local=local)
    except PolicyError as error:
        raise InputError(message("problem.webhook.address")) from error
    except FetchError as error:
        raise InputError(message("problem.webhook.host")) from error


def _find(context: Context, webhook_id: str, pilot_id: str | None) -> Webhook:
    if pilot_id is not None:
        get_pilot(context, pilot_id)  # a private one is unknown to others
    webhook = context.webhooks.get(webhook_id)
    is_other = webhook is not None and not acting().owns(webhook.owner)
    if webhook is None or is_other or pilot_id not in (None, webhook.pilot_id):
        raise NotFoundError(f"There is no webhook {webhook_id}: see `fundscout webhooks list`.")
    return webhook


def _made(context: Context, webhook: Webhook) -> MadeWebhook:
    keys = LinkKeys.open(context.settings.mail.secret_file)
    card = _card(context, webhook, context.owners())
    return MadeWebhook(webhook=card, secret=make_secret(keys, webhook))


def _may_be_told(context: Context, webhook: Webhook, owners: OwnerReader) -> bool:
    return owners.may_open(webhook.owner, context.pilots.get(webhook.pilot_id))


def _card(context: Context, webhook: Webhook, owners: OwnerReader) -> WebhookCard:
    is_told = _may_be_told(context, webhook, owners)
    return WebhookCard(
        id=webhook.id,
        pilot=webhook.pilot_id,
        url=_shown_url(webhook.url),
        events=webhook.events,
        language=webhook.language,
        working=webhook.stopped_at is None and is_told,
        reason=webhook.reason if webhook.reason or is_told else OWNER_RESTS,
        failures=webhook.failures,
        waiting=context.webhooks.count_pending(webhook.id),
        created_at=webhook.created_at,
        stopped_at=webhook.stopped_at,
        made_by=owners.name_of(webhook.owner),
    )


def _shown_url(url: str) -> str:
    """Return an address as whoever asks may see it: whole with the right to change it."""
    if acting().may(Right.WRITE):
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0].rpartition('@')[2]}/…"


def _record(one: WebhookMessage, attempts: Collection[DeliveryAttempt]) -> MessageRecord:
    return MessageRecord(
        id=one.id,
        type=one.type,
        state=one.state,
        reason=one.reason,
        body=one.body,
        created_at=one.created_at,
        next_try=one.next_try if one.state is MessageState.PENDING else None,
        delivered_at=one.delivered_at,
        attempts=tuple(map(AttemptRecord.of, attempts)),
    )
