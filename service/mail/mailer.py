"""The mails of one installation: written with its key, its addresses and its links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest
from service.domain.notifications.recipient import ComposedMail, MailKind, MailPart, Recipient
from service.errors import InputError
from service.mail.confirm_mail import render_confirm_mail
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.message import MailEnvelope, build_message
from service.mail.render import render_mail
from service.mail.signed_links import LinkKeys, LinkPurpose
from service.mail.smtp import SmtpTransport
from service.mail.transport import FolderTransport, Transport
from service.mail_settings import MailSettings

NO_SENDER = Address("fundscout", "fundscout.invalid")
"""The sender of mails in a folder when no address is set."""

STOP_ONE, STOP_ALL = "one", "all"
"""What a stop link stops: the mails about its pilot, or all to its address."""

JUDGE_SEPARATOR = ","
"""Between the recipients of a link that judges a call for several pilots."""


@dataclass(frozen=True)
class Mailer:
    """Writes mails. ``judging`` says whether calls can be judged by link."""

    settings: MailSettings
    keys: LinkKeys
    judging: bool = False

    @classmethod
    def open(cls, settings: MailSettings, *, judging: bool = False) -> Mailer:
        """Open with the installation's key."""
        return cls(settings, LinkKeys.open(settings.secret_file), judging)

    @property
    def sender(self) -> Address:
        """The sender of mails."""
        return self.settings.sender or NO_SENDER

    def envelope_sender(self, delivery_id: str) -> Address:
        """Return the address that reports on a mail go to; it names the mail by its id."""
        bounces = self.settings.bounces
        return self.sender if bounces is None else bounces.with_tag(delivery_id)

    def digest(self, recipient: Recipient, digest: Digest, now: datetime) -> ComposedMail:
        """Return the mail with ``digest``; ``now`` is the day it is written."""
        return self.digests([(recipient, digest)], now)

    def digests(
        self, parts: Sequence[tuple[Recipient, Digest]], now: datetime, *, follows: int = 1
    ) -> ComposedMail:
        """Return one mail with the digests of all pilots that somebody is told of.

        Args:
            parts: a digest for each pilot, at least one, with its recipient: all of one address.
            now: the day it is written.
            follows: how many pilots the address follows. A mail program's button to stop mails is
                for all of them where there are several, whatever this week's mail tells.
        """
        parts = sorted(parts, key=lambda one: (one[1].pilot_title.casefold(), one[0].pilot_id))
        (first, digest), others = parts[0], parts[1:]
        reader = _latest([recipient for recipient, _ in parts])
        id_ = uuid4().hex
        known = {recipient.pilot_id: recipient for recipient, _ in parts}
        body = render_mail(
            [(one, self.links(of, id_, reader.language, known)) for of, one in parts], reader
        )
        envelope = self._envelope(
            first,
            self._digest_name([recipient for recipient, _ in parts], digest.week),
            now,
            language=reader.language,
            listed=STOP_ALL if follows > 1 or others else STOP_ONE,
        )
        stale = [one.stale_at for _, one in parts if one.stale_at is not None]
        return ComposedMail(
            id=id_,
            recipient_id=first.id,
            kind=MailKind.DIGEST,
            occasion=digest.week,
            message_id=envelope.message_id,
            subject=body.subject,
            message=build_message(body, envelope),
            as_of=digest.as_of,
            keys=digest.keys,
            stale_at=min(stale, default=None),
            others=tuple(
                MailPart(uuid4().hex, of.id, f"<{uuid4().hex}@{self.sender.domain}>", one.keys)
                for of, one in others
            ),
        )

    def _digest_name(self, recipients: Sequence[Recipient], week: str) -> str:
        """Return the name of a week's mail: the same whenever it is composed again."""
        pilots = [recipient.pilot_id for recipient in recipients]
        mark = self.keys.mark("digest", *pilots, recipients[0].address.key, week)
        return f"digest.{week}.{mark}"

    def confirm(self, recipient: Recipient, now: datetime) -> ComposedMail:
        """Return the mail that asks whether the address wants mails; the page says about what."""
        id_ = uuid4().hex
        url = self._url("confirm", self.keys.sign(LinkPurpose.CONFIRM, recipient.id))
        body = render_confirm_mail(recipient, url)
        occasion = f"confirm {now:%Y%m%dT%H%M%S.%f}"
        mark = self.keys.mark(occasion, recipient.pilot_id, recipient.address.key)
        envelope = self._envelope(recipient, f"confirm.{mark}", now, language=recipient.language)
        return ComposedMail(
            id=id_,
            recipient_id=recipient.id,
            kind=MailKind.CONFIRM,
            occasion=occasion,
            message_id=envelope.message_id,
            subject=body.subject,
            message=build_message(body, envelope),
            as_of=now,
        )

    def links(
        self,
        recipient: Recipient,
        delivery_id: str,
        language: str = "",
        others: Mapping[str, Recipient] | None = None,
    ) -> MailLinks:
        """Return where the buttons of a mail lead.

        Args:
            recipient: of the mail, or of its part about a pilot.
            delivery_id: of the mail.
            language: of the pages that are opened; by default the recipient's.
            others: who gets the same mail about which pilot.
        """
        language = language or recipient.language
        rest = {"pilot": recipient.pilot_id, "lang": language}

        def call(call_id: str) -> CallLinks:
            return shared_call(call_id, ())

        def shared_call(call_id: str, pilots: Sequence[str]) -> CallLinks:
            page = self._url("calls", call_id, lang=language)
            if not self.judging:
                return CallLinks(open=page)
            also = [others[id_] for id_ in pilots if others and id_ in others]
            ids = JUDGE_SEPARATOR.join(one.id for one in (recipient, *also))
            return CallLinks(page, *(self._judge(ids, call_id, v) for v in ("r", "n", "a")))

        return MailLinks(
            call=call,
            shared_call=shared_call,
            rest=f"{self.settings.public_url}/?{urlencode(rest)}",
            browser=self._url("m", self.keys.sign(LinkPurpose.READ, delivery_id)),
            unsubscribe=self.stop(recipient, STOP_ONE),
            unsubscribe_all=self.stop(recipient, STOP_ALL),
            pause=self.pause(recipient),
        )

    def stop(self, recipient: Recipient, scope: str) -> str:
        """Return the link that stops mails: `STOP_ONE` pilot's, or `STOP_ALL`."""
        return self._url("u", self.keys.sign(LinkPurpose.STOP, recipient.id, scope))

    def pause(self, recipient: Recipient) -> str:
        """Return the link that lets the mails to an address rest for some weeks."""
        return self._url("pause", self.keys.sign(LinkPurpose.PAUSE, recipient.id))

    @property
    def can_send(self) -> bool:
        """Whether anything here can send a mail: a way out is set, and what it needs."""
        route = self.settings.route
        return isinstance(route, Path) or (
            route is not None
            and self.settings.sender is not None
            and self.settings.public_url_given
        )

    def transport(self) -> Transport:
        """Return what delivers mails, as the settings say.

        Raises:
            InputError: a setting that is needed is missing.
        """
        route = self.settings.route
        if route is None:
            raise InputError(
                "There is no way out for mail: set FUNDSCOUT_SMTP_URL, or look at the mails with "
                "--to-dir DIR."
            )
        if isinstance(route, Path):
            return FolderTransport(route)
        if self.settings.sender is None or not self.settings.public_url_given:
            raise InputError(
                "Mail over SMTP needs FUNDSCOUT_MAIL_FROM and FUNDSCOUT_PUBLIC_URL: set both."
            )
        return SmtpTransport(route, ca=self.settings.ca, name=self.sender.domain)

    def _envelope(
        self, recipient: Recipient, name: str, now: datetime, *, language: str, listed: str = ""
    ) -> MailEnvelope:
        """Return the headers; ``listed`` is what a mail program's button stops, if it has one."""
        domain = self.sender.domain
        series = {STOP_ONE: f"{recipient.pilot_id}.", STOP_ALL: ""}.get(listed, "")
        return MailEnvelope(
            sender=self.sender,
            recipient=recipient.address,
            language=language,
            message_id=f"<{name}@{domain}>",
            date=now,
            unsubscribe=self.stop(recipient, listed) if listed else "",
            list_id=f"{series}fundscout.{domain}" if listed else "",
        )

    def _judge(self, recipient_ids: str, call_id: str, verdict: str) -> str:
        return self._url("f", self.keys.sign(LinkPurpose.JUDGE, recipient_ids, call_id, verdict))

    def _url(self, *path: str, **query: str) -> str:
        steps = "/".join(quote(step, safe="/:") for step in path)
        question = f"?{urlencode(query)}" if query else ""
        return f"{self.settings.public_url}/{steps}{question}"


def _latest(recipients: Sequence[Recipient]) -> Recipient:
    """Return the recipient who said yes last: the mail is in the language of that one."""
    return max(recipients, key=lambda one: one.confirmed_at or datetime.min.replace(tzinfo=UTC))
