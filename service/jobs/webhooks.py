"""Webhooks told: what is new is written down first, and then sent until it is taken.

Each message has an id that stays the same. A process that dies after the receiver's yes and before
it is stored sends the message once more under that id: at least once, never under another.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from index.errors import IndexingError
from scrapers.errors import FetchError, PolicyError
from scrapers.http.post import PostAnswer, Poster
from service import telemetry
from service.context import Context
from service.domain.notifications.webhook import (
    STOP_AFTER,
    DeliveryAttempt,
    Webhook,
    WebhookMessage,
    retry_wait,
)
from service.domain.pilots.pilot import Pilot
from service.feeds.webhook_message import make_messages, make_secret, sign_message
from service.jobs.lock import hold_lock
from service.jobs.mail.digest_composer import DigestRecipient
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.skipped_digest import SkippedDigest
from service.mail.signed_links import LinkKeys
from service.store.runs import FAILED, Run

JOB = "webhooks"
"""Name of the job in the history of runs, and of its lock."""

MOST_CALLS = 50
"""Calls that a webhook is told of in one run; the rest wait for the next."""

KEPT_DAYS = 30
"""Days that a message can be read after it was made, unless it still waits."""

_LOOK_EVERY = timedelta(hours=1)
"""How often pilots are looked at though no call has changed: deadlines come nearer."""

_OK, _REDIRECT, _GONE = 200, 300, 410


@dataclass
class WebhookReport:
    """What a run did, in messages; ``stopped`` counts webhooks that are told nothing more."""

    queued: int = 0
    delivered: int = 0
    later: int = 0
    failed: int = 0
    stopped: int = 0
    cleared: int = 0
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WebhookSender:
    """What posts messages: ``now`` is the clock of attempts, ``chance`` draws from 0 to 1."""

    post: Poster
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random


def send_webhooks(context: Context, sender: WebhookSender | None = None) -> WebhookReport:
    """Write down what webhooks are to be told, and try every message that is due once.

    Args:
        context: the stores and the index.
        sender: what posts; by default to the internet alone.

    Raises:
        JobBusyError: another process does this.
        InputError: the key that secrets are made from cannot be read or made.
    """
    report = WebhookReport()
    sender = sender or WebhookSender(Poster(_agent()))
    keys = LinkKeys.open(context.settings.mail.secret_file)
    with hold_lock(context.settings.data, JOB), context.runs.record(JOB) as run:
        try:
            _queue(context, run, report, sender.now())
        except IndexingError as error:
            run.state = FAILED
            report.skipped["index"] = str(error)
        _send(context, keys, sender, report)
        report.cleared = context.webhooks.clear(sender.now() - timedelta(days=KEPT_DAYS))
        run.report |= asdict(report)
    return report


def _queue(context: Context, run: Run, report: WebhookReport, now: datetime) -> None:
    """Store a message for whatever a webhook was not told yet."""
    stamp = f"{context.calls.stamp()} {context.links.stamp()} {context.index_name()}"
    last = context.runs.last_good(JOB, "")
    unchanged = last is not None and last.report.get("stamp") == stamp
    pilots, owners = {pilot.id: pilot for pilot in context.pilots.readable()[0]}, context.owners()
    due = [
        (one, pilots[one.pilot_id])
        for one in context.webhooks.all(working=True)
        if one.pilot_id in pilots
        and not (unchanged and _is_recent(one, now))
        and owners.may_open(one.owner, pilots[one.pilot_id])
    ]
    if due:
        _compose(context, due, report, now)
    run.report["stamp"] = stamp


def _is_recent(webhook: Webhook, now: datetime) -> bool:
    return webhook.told_at is not None and now - webhook.told_at < _LOOK_EVERY


def _compose(
    context: Context,
    due: Sequence[tuple[Webhook, Pilot]],
    report: WebhookReport,
    now: datetime,
) -> None:
    """Choose for each webhook as a mail would for somebody who was told the same."""
    groups = context.links.groups()
    recipients = [
        DigestRecipient.from_pilot(
            pilot,
            context.feedback.opinions(pilot.id).with_copies(groups),
            context.webhooks.told_keys(webhook.id),
            webhook.told_at,
        )
        for webhook, pilot in due
    ]
    with open_composer(context) as composer:
        choices = composer.choices(recipients, max_calls=MOST_CALLS)
        for (webhook, pilot), chosen in zip(due, choices, strict=True):
            if isinstance(chosen, SkippedDigest):
                report.skipped[pilot.id] = chosen.reason
                telemetry.warn("a webhook is not told", pilot=pilot.id, reason=chosen.reason)
                continue
            messages = make_messages(
                webhook,
                chosen.selection,
                chosen.any_subject,
                composer.match_context,
                context.settings.mail.public_url,
            )
            report.queued += context.webhooks.queue(webhook.id, messages, now)


def _send(context: Context, keys: LinkKeys, sender: WebhookSender, report: WebhookReport) -> None:
    """Try what is due. After a failure the other messages to an address wait for the next run."""
    waiting: set[str] = set()
    for one in context.webhooks.due(sender.now()):
        webhook = context.webhooks.get(one.webhook_id)
        if webhook is None or webhook.stopped_at is not None or one.webhook_id in waiting:
            continue
        if not context.owners().may_open(webhook.owner, context.pilots.get(webhook.pilot_id)):
            continue  # it rests; what waits is given up in time
        if sender.now() >= one.give_up_at:
            context.webhooks.give_up(one)
            report.failed += 1
            continue
        answer, attempt = _try(sender, webhook, one, make_secret(keys, webhook))
        if answer is not None and _OK <= answer.status < _REDIRECT:
            context.webhooks.note_delivered(one, attempt)
            report.delivered += 1
        else:
            _note_failure(context, one, answer, attempt, sender.chance(), report=report)
            waiting.add(one.webhook_id)


def _try(
    sender: WebhookSender, webhook: Webhook, one: WebhookMessage, secret: str
) -> tuple[PostAnswer | None, DeliveryAttempt]:
    """Post one message; return the answer, if one came, and what is kept of the attempt."""
    body, at, started = one.body.encode(), sender.now(), time.monotonic()
    headers = sign_message(secret, one.id, at, body)
    answer, outcome = _post(sender.post, webhook.url, body, headers)
    took = int((time.monotonic() - started) * 1000)
    return answer, DeliveryAttempt(at, answer.status if answer else None, took, outcome)


def _note_failure(
    context: Context,
    one: WebhookMessage,
    answer: PostAnswer | None,
    attempt: DeliveryAttempt,
    chance: float,
    *,
    report: WebhookReport,
) -> None:
    """Store when a message is tried again, or that it is given up; stop an address that is dead."""
    wait = retry_wait(one.attempts + 1, chance, answer.wait if answer else None)
    is_over = attempt.at + wait >= one.give_up_at
    failures = context.webhooks.note_failed(one, attempt, None if is_over else attempt.at + wait)
    report.failed += is_over
    report.later += not is_over
    reason = _stop_reason(answer, attempt.outcome, failures)
    if reason:
        context.webhooks.stop(one.webhook_id, reason, attempt.at)
        report.stopped += 1
        telemetry.warn("a webhook was stopped", webhook=one.webhook_id, reason=reason)


def _post(
    poster: Poster, url: str, body: bytes, headers: dict[str, str]
) -> tuple[PostAnswer | None, str]:
    """Return the answer, if one came, and what became of the attempt in a line."""
    try:
        answer = poster.post(url, body, headers)
    except PolicyError:
        return None, "The address leads to this machine or into a private network, or is not https."
    except FetchError as error:
        return None, f"Not delivered: {error}."
    if _REDIRECT <= answer.status < 400:  # noqa: PLR2004  where redirects end
        return answer, f"It answered {answer.status}: redirects are not followed."
    return answer, f"It answered {answer.status}."


def _stop_reason(answer: PostAnswer | None, outcome: str, failures: int) -> str:
    """Return why a webhook is told nothing more; nothing while it is."""
    if answer is not None and answer.status == _GONE:
        return "Stopped: it answered 410, which says that nobody listens there any more."
    if failures >= STOP_AFTER:
        return f"Stopped after {failures} failed attempts in a row. The last one: {outcome}"
    return ""


def _agent() -> str:
    try:
        return f"fundscout-webhooks/{version('fundscout')}"
    except PackageNotFoundError:
        return "fundscout-webhooks/0"
