"""What links in mails do. Opening one changes nothing; answering does, once.

Each link is signed for one purpose and names one recipient; nobody needs to sign in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapers.call import Call
from service.context import Context
from service.domain.matching.feedback import Opinion
from service.domain.notifications.recipient import Consent, Recipient
from service.domain.notifications.week import pause_end
from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.mail.mailer import JUDGE_SEPARATOR, STOP_ALL, STOP_ONE, Mailer
from service.mail.message import read_html
from service.mail.signed_links import LinkError, LinkKeys, LinkPurpose
from service.messages.message import message
from service.use_cases.feedback import judge_call

NEVER_REASON = "asked never to be mailed"
"""Why an address is suppressed that answered the question with never."""

STOPPED_REASON = "stopped by link"
"""Why a recipient is unsubscribed who pressed the link in a mail: only that can be undone."""

PAUSE_WEEKS = (1, 2, 4, 8)
"""Weeks that mails may rest."""

_VERDICTS = {"r": Opinion.RELEVANT, "n": Opinion.NOT_RELEVANT, "a": Opinion.APPLIED}


class GoneLinkError(LinkError):
    """A valid link to something that is gone: a recipient, consent, pilot, call or mail."""

    def __init__(self, what: str, language: str = "") -> None:
        super().__init__(expired=True, language=language)
        self.what = what


@dataclass(frozen=True)
class ConfirmLink:
    """What a confirming link asks: whether the recipient wants mails about the pilot."""

    recipient: Recipient
    pilot: Pilot

    @property
    def state(self) -> Consent:
        """The answer; pending while there is none."""
        return self.recipient.consent


@dataclass(frozen=True)
class StopLink:
    """What a stopping link stops: `STOP_ONE` pilot's mails or `STOP_ALL`; ``pilot`` may be gone.

    ``is_stopped``: nothing is left to stop. ``way_back`` is the token that undoes the stop, for
    some weeks after it; nothing before it. ``pause`` is the token that lets the mails rest instead.
    """

    recipient: Recipient
    scope: str
    pilot: Pilot | None
    is_stopped: bool = False
    way_back: str = ""
    pause: str = ""


@dataclass(frozen=True)
class ReturnLink:
    """The way back after a stop. ``came_back``: somebody gets mails again by it."""

    recipient: Recipient
    came_back: bool


@dataclass(frozen=True)
class PauseLink:
    """Whose mails a link lets rest, and the first day of the week in which they come again."""

    recipient: Recipient
    until: datetime | None


@dataclass(frozen=True)
class JudgeLink:
    """The opinion in a judging link on a call for a pilot, and the one that holds ``now``.

    ``others`` are the same question for the other pilots that the mail told the call for.
    """

    recipient: Recipient
    pilot: Pilot
    call: Call
    opinion: Opinion
    now: Opinion | None
    others: tuple[JudgeLink, ...] = ()

    @property
    def all(self) -> tuple[JudgeLink, ...]:
        """The question for each pilot."""
        return (replace(self, others=()), *self.others)


def open_link_keys(context: Context) -> LinkKeys:
    """Return the keys that sign and read the links in this installation's mails.

    Raises:
        InputError: the installation's key cannot be read or made.
    """
    return Mailer.open(context.settings.mail, judging=True).keys


def read_confirm_link(context: Context, keys: LinkKeys, token: str) -> ConfirmLink:
    """Return what a confirming link asks.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient was erased, or the pilot is no more.
    """
    (recipient_id,) = _read(context, keys, LinkPurpose.CONFIRM, token, 1)
    recipient = _find_recipient(context, recipient_id)
    return ConfirmLink(recipient, _find_pilot(context, recipient))


def accept_mails(context: Context, keys: LinkKeys, token: str) -> ConfirmLink:
    """Confirm the recipient of a confirming link; return the link with the new state.

    An address that stopped since is not brought back by an old link.

    Raises:
        LinkError: as `read_confirm_link`.
    """
    question = read_confirm_link(context, keys, token)
    if not context.recipients.suppression_reason(question.recipient.address):
        context.recipients.confirm(question.recipient.id, datetime.now(UTC))
    return replace(question, recipient=_find_recipient(context, question.recipient.id))


def refuse_mails(context: Context, keys: LinkKeys, token: str) -> ConfirmLink:
    """Never mail the address of a confirming link again, about any pilot.

    Raises:
        LinkError: as `read_confirm_link`.
    """
    question = read_confirm_link(context, keys, token)
    context.recipients.suppress(question.recipient.address, NEVER_REASON, datetime.now(UTC))
    return replace(question, recipient=_find_recipient(context, question.recipient.id))


def read_stop_link(context: Context, keys: LinkKeys, token: str) -> StopLink:
    """Return what a stopping link stops.

    Raises:
        LinkError: it was altered.
        GoneLinkError: the recipient was erased: there is nothing to stop.
    """
    recipient_id, scope = _read(context, keys, LinkPurpose.STOP, token, 2)
    if scope not in {STOP_ONE, STOP_ALL}:
        raise LinkError(expired=False)
    recipient = _find_recipient(context, recipient_id)
    pilot = context.pilots.get(recipient.pilot_id)
    return StopLink(
        recipient,
        scope,
        pilot,
        is_stopped=not any(
            one.consent in {Consent.CONFIRMED, Consent.PENDING}
            for one in _stopped_by(context, recipient, scope)
        ),
        way_back=_way_back(context, keys, recipient, scope),
        pause=keys.sign(LinkPurpose.PAUSE, recipient.id),
    )


def stop_mails(context: Context, keys: LinkKeys, token: str) -> StopLink:
    """Stop the mails that a link names; a second time changes nothing.

    Raises:
        LinkError: as `read_stop_link`.
    """
    link = read_stop_link(context, keys, token)
    now = datetime.now(UTC)
    for one in _stopped_by(context, link.recipient, link.scope):
        context.recipients.unsubscribe(one.id, STOPPED_REASON, now)
    return read_stop_link(context, keys, token)


def read_return_link(context: Context, keys: LinkKeys, token: str) -> ReturnLink:
    """Return whom a way back brings back.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient was erased.
    """
    recipients, _ = _read_return(context, keys, token)
    came_back = any(one.consent is Consent.CONFIRMED for one in recipients)
    return ReturnLink(recipients[0], came_back)


def return_mails(context: Context, keys: LinkKeys, token: str, *, weeks: int = 0) -> ReturnLink:
    """Undo the stop that a way back is for, and let the mails rest for so many weeks.

    Who has stopped again since, was taken off the list or is never mailed is not brought back.

    Raises:
        LinkError: as `read_return_link`.
        InputError: mails do not rest for so many weeks.
    """
    recipients, ended_at = _read_return(context, keys, token)
    until = _pause_end(context, weeks) if weeks else None
    if not context.recipients.suppression_reason(recipients[0].address):
        for one in recipients:
            if context.recipients.resubscribe(one.id, ended_at, datetime.now(UTC)) and until:
                context.recipients.pause(one.id, until)
    return read_return_link(context, keys, token)


def read_pause_link(context: Context, keys: LinkKeys, token: str) -> PauseLink:
    """Return whose mails a link lets rest, and whether they do.

    Raises:
        LinkError: it was altered.
        GoneLinkError: the recipient was erased or gets no mails.
    """
    (recipient_id,) = _read(context, keys, LinkPurpose.PAUSE, token, 1)
    recipient = _find_recipient(context, recipient_id)
    known = [
        one
        for one in context.recipients.with_address(recipient.address)
        if one.consent is Consent.CONFIRMED
    ]
    if not known:
        raise GoneLinkError("consent", recipient.language)
    paused = [one.paused_until for one in known if one.is_paused(context.now())]
    until = min((end for end in paused if end is not None), default=None)
    return PauseLink(recipient, until if len(paused) == len(known) else None)


def pause_mails(context: Context, keys: LinkKeys, token: str, weeks: int) -> PauseLink:
    """Let the mails to an address rest for so many weeks, or with 0 come again from now on.

    Raises:
        LinkError: as `read_pause_link`.
        InputError: mails do not rest for so many weeks.
    """
    link = read_pause_link(context, keys, token)
    until = _pause_end(context, weeks) if weeks else None
    for one in context.recipients.with_address(link.recipient.address):
        context.recipients.pause(one.id, until)
    return read_pause_link(context, keys, token)


def _pause_end(context: Context, weeks: int) -> datetime:
    if weeks not in PAUSE_WEEKS:
        choices = ", ".join(map(str, PAUSE_WEEKS))
        raise InputError(message("problem.pause", choices=choices))
    return pause_end(context.now(), weeks)


def _stopped_by(context: Context, recipient: Recipient, scope: str) -> list[Recipient]:
    """Return the recipients that a stopping link is about."""
    if scope == STOP_ONE:
        return [recipient]
    return context.recipients.with_address(recipient.address)


def _way_back(context: Context, keys: LinkKeys, recipient: Recipient, scope: str) -> str:
    """Return the token that undoes the last stop by link, while it may be undone."""
    stopped = [
        (one.ended_at, one.id)
        for one in _stopped_by(context, recipient, scope)
        if one.consent is Consent.UNSUBSCRIBED
        and one.reason == STOPPED_REASON
        and one.confirmed_at is not None
        and one.ended_at is not None
    ]
    if not stopped or context.recipients.suppression_reason(recipient.address):
        return ""
    last = max(at for at, _ in stopped if at is not None)
    lifetime = LinkPurpose.RETURN.lifetime
    if lifetime is not None and datetime.now(UTC) - last > lifetime:
        return ""
    ids = JUDGE_SEPARATOR.join(sorted(id_ for at, id_ in stopped if at == last))
    return keys.sign(LinkPurpose.RETURN, ids, last.isoformat())


def _read_return(context: Context, keys: LinkKeys, token: str) -> tuple[list[Recipient], datetime]:
    ids, ended_at = _read(context, keys, LinkPurpose.RETURN, token, 2)
    found = [context.recipients.get(id_) for id_ in ids.split(JUDGE_SEPARATOR)]
    recipients = [one for one in found if one is not None]
    if not recipients:
        raise GoneLinkError("recipient")
    return recipients, datetime.fromisoformat(ended_at)


def read_judge_link(context: Context, keys: LinkKeys, token: str) -> JudgeLink:
    """Return what a judging link would record.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient follows no more, or the pilot or the call is gone.
    """
    recipient_ids, call_id, verdict = _read(context, keys, LinkPurpose.JUDGE, token, 3)
    if verdict not in _VERDICTS:
        raise LinkError(expired=False)
    links: list[JudgeLink] = []
    gone: list[GoneLinkError] = []
    for recipient_id in recipient_ids.split(JUDGE_SEPARATOR):
        try:
            links.append(_judge_link(context, recipient_id, call_id, _VERDICTS[verdict]))
        except GoneLinkError as error:
            gone.append(error)
    if not links:
        raise gone[0]
    return replace(links[0], others=tuple(links[1:]))


def _judge_link(context: Context, recipient_id: str, call_id: str, opinion: Opinion) -> JudgeLink:
    """Return the question for one pilot."""
    recipient = _find_recipient(context, recipient_id)
    if recipient.consent is not Consent.CONFIRMED:
        raise GoneLinkError("consent", recipient.language)
    pilot, call = _find_pilot(context, recipient), context.calls.get(call_id)
    if call is None:
        raise GoneLinkError("call", recipient.language)
    opinions = context.feedback.opinions(pilot.id).with_copies(context.links.groups())
    return JudgeLink(recipient, pilot, call, opinion, opinions.opinion_on(call.id))


def judge_by_link(
    context: Context,
    keys: LinkKeys,
    token: str,
    *,
    take_back: bool = False,
    only: str = "",
) -> JudgeLink:
    """Record the opinion of a judging link, or take it back; twice changes nothing.

    Args:
        context: the stores.
        keys: that links are signed with.
        token: of the link.
        take_back: whether the opinion is taken back.
        only: the pilot it is recorded for; all that the link names when empty.

    Returns:
        The question for those pilots, with what holds now.

    Raises:
        LinkError: as `read_judge_link`.
    """
    link = read_judge_link(context, keys, token)
    asked = [one for one in link.all if only in ("", one.pilot.id)] or list(link.all)
    opinion = None if take_back else link.opinion
    for one in asked:
        if one.now is not opinion:
            by = one.recipient.pseudonym
            judge_call(context, one.pilot.id, one.call.id, opinion or Opinion.NONE, by)
    first, *others = (replace(one, now=opinion) for one in asked)
    return replace(first, others=tuple(others))


def read_mail(context: Context, keys: LinkKeys, token: str) -> str:
    """Return the HTML of the mail that a reading link names, as it was sent.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient was erased, or the mail's text was cleared.
    """
    (delivery_id,) = _read(context, keys, LinkPurpose.READ, token, 1)
    mail = context.sent_items.get(delivery_id)
    if mail is None or mail.message is None:
        raise GoneLinkError("mail", _language_of(context, delivery_id))
    return read_html(mail.message)


def _read(
    context: Context, keys: LinkKeys, purpose: LinkPurpose, token: str, count: int
) -> Sequence[str]:
    """Return the parts of a link; of one that has expired find out whose language it is in."""
    try:
        return keys.read(purpose, token, count)
    except LinkError as error:
        error.language = _language_of(context, keys.owner(purpose, token))
        raise


def _language_of(context: Context, owner: str) -> str:
    """Return the language of the recipient of a link, or of the mail that it opens."""
    recipient = context.recipients.get(owner.partition(JUDGE_SEPARATOR)[0])
    mail = context.sent_items.get(owner) if recipient is None else None
    if mail is not None:
        recipient = context.recipients.get(mail.recipient_id)
    return recipient.language if recipient else ""


def _find_recipient(context: Context, recipient_id: str) -> Recipient:
    recipient = context.recipients.get(recipient_id)
    if recipient is None:
        raise GoneLinkError("recipient")
    return recipient


def _find_pilot(context: Context, recipient: Recipient) -> Pilot:
    pilot = context.pilots.get(recipient.pilot_id)
    if pilot is None:
        raise GoneLinkError("pilot", recipient.language)
    return pilot
