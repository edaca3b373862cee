"""What links in mails do. Opening one changes nothing; answering does, once.

Each link is signed for one purpose and names one recipient; nobody needs to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapers.call import Call
from service.context import Context
from service.domain.matching.feedback import Opinion
from service.domain.notifications.recipient import Consent, Recipient
from service.domain.pilots.pilot import Pilot
from service.mail.mailer import STOP_ALL, STOP_ONE, Mailer
from service.mail.message import read_html
from service.mail.signed_links import LinkError, LinkKeys, LinkPurpose
from service.use_cases.feedback import judge_call

NEVER_REASON = "asked never to be mailed"
"""Why an address is suppressed that answered the question with never."""

_VERDICTS = {"r": Opinion.RELEVANT, "n": Opinion.NOT_RELEVANT, "a": Opinion.APPLIED}


class GoneLinkError(LinkError):
    """A valid link to something that is gone: a recipient, consent, pilot, call or mail."""

    def __init__(self, what: str) -> None:
        super().__init__(expired=True)
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
    """What a stopping link stops: `STOP_ONE` pilot's mails or `STOP_ALL`; ``pilot`` may be gone."""

    recipient: Recipient
    scope: str
    pilot: Pilot | None


@dataclass(frozen=True)
class JudgeLink:
    """The opinion in a judging link on a call for a pilot, and the one that holds ``now``."""

    recipient: Recipient
    pilot: Pilot
    call: Call
    opinion: Opinion
    now: Opinion | None


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
    (recipient_id,) = keys.read(LinkPurpose.CONFIRM, token, 1)
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
    recipient_id, scope = keys.read(LinkPurpose.STOP, token, 2)
    if scope not in {STOP_ONE, STOP_ALL}:
        raise LinkError(expired=False)
    recipient = _find_recipient(context, recipient_id)
    return StopLink(recipient, scope, context.pilots.get(recipient.pilot_id))


def stop_mails(context: Context, keys: LinkKeys, token: str) -> StopLink:
    """Stop the mails that a link names; a second time changes nothing.

    Raises:
        LinkError: as `read_stop_link`.
    """
    link = read_stop_link(context, keys, token)
    recipient = link.recipient
    if link.scope == STOP_ONE:
        stopped = [recipient]
    else:
        stopped = context.recipients.with_address(recipient.address)
    for one in stopped:
        context.recipients.unsubscribe(one.id, "stopped by link", datetime.now(UTC))
    return replace(link, recipient=_find_recipient(context, recipient.id))


def read_judge_link(context: Context, keys: LinkKeys, token: str) -> JudgeLink:
    """Return what a judging link would record.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient follows no more, or the pilot or the call is gone.
    """
    recipient_id, call_id, verdict = keys.read(LinkPurpose.JUDGE, token, 3)
    if verdict not in _VERDICTS:
        raise LinkError(expired=False)
    recipient = _find_recipient(context, recipient_id)
    if recipient.consent is not Consent.CONFIRMED:
        raise GoneLinkError("consent")
    pilot, call = _find_pilot(context, recipient), context.calls.get(call_id)
    if call is None:
        raise GoneLinkError("call")
    opinions = context.feedback.opinions(pilot.id).with_copies(context.links.groups())
    return JudgeLink(recipient, pilot, call, _VERDICTS[verdict], opinions.opinion_on(call.id))


def judge_by_link(
    context: Context, keys: LinkKeys, token: str, *, take_back: bool = False
) -> JudgeLink:
    """Record the opinion of a judging link, or take it back; twice changes nothing.

    Raises:
        LinkError: as `read_judge_link`.
    """
    link = read_judge_link(context, keys, token)
    opinion = None if take_back else link.opinion
    if link.now is not opinion:
        by = link.recipient.pseudonym
        judge_call(context, link.pilot.id, link.call.id, opinion or Opinion.NONE, by)
    return replace(link, now=opinion)


def read_mail(context: Context, keys: LinkKeys, token: str) -> str:
    """Return the HTML of the mail that a reading link names, as it was sent.

    Raises:
        LinkError: it was altered or has expired.
        GoneLinkError: the recipient was erased, or the mail's text was cleared.
    """
    (delivery_id,) = keys.read(LinkPurpose.READ, token, 1)
    mail = context.sent_items.get(delivery_id)
    if mail is None or mail.message is None:
        raise GoneLinkError("mail")
    return read_html(mail.message)


def _find_recipient(context: Context, recipient_id: str) -> Recipient:
    recipient = context.recipients.get(recipient_id)
    if recipient is None:
        raise GoneLinkError("recipient")
    return recipient


def _find_pilot(context: Context, recipient: Recipient) -> Pilot:
    pilot = context.pilots.get(recipient.pilot_id)
    if pilot is None:
        raise GoneLinkError("pilot")
    return pilot
