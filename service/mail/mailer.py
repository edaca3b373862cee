"""The mails of one installation: written with its key, its addresses and its links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest
from service.domain.notifications.recipient import ComposedMail, MailKind, Recipient
from service.errors import InputError
from service.mail.confirm_mail import render_confirm_mail
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.message import MailEnvelope, build_message
from service.mail.render import render_digest
from service.mail.signed_links import LinkKeys, LinkPurpose
from service.mail.smtp import SmtpTransport
from service.mail.transport import FolderTransport, Transport
from service.mail_settings import MailSettings

NO_SENDER = Address("fundscout", "fundscout.invalid")
"""The sender of mails in a folder when no address is set."""

STOP_ONE, STOP_ALL = "one", "all"
"""What a stop link stops: the mails about its pilot, or all to its address."""


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
        id_ = uuid4().hex
        body = render_digest(digest, recipient, self.links(recipient, id_))
        mark = self.keys.mark("digest", recipient.pilot_id, recipient.address.key, digest.week)
        envelope = self._envelope(recipient, f"digest.{digest.week}.{mark}", now)
        return ComposedMail(
            id=id_,
            recipient_id=recipient.id,
            kind=MailKind.DIGEST,
            occasion=digest.week,
            message_id=envelope.message_id,
            subject=body.subject,
            message=build_message(body, envelope),
            as_of=digest.as_of,
            keys=digest.keys,
            stale_at=digest.stale_at,
        )

    def confirm(self, recipient: Recipient, now: datetime) -> ComposedMail:
        """Return the mail that asks whether the address wants mails; the page says about what."""
        id_ = uuid4().hex
        url = self._url("confirm", self.keys.sign(LinkPurpose.CONFIRM, recipient.id))
        body = render_confirm_mail(recipient, url)
        occasion = f"confirm {now:%Y%m%dT%H%M%S.%f}"
        mark = self.keys.mark(occasion, recipient.pilot_id, recipient.address.key)
        envelope = self._envelope(recipient, f"confirm.{mark}", now, listed=False)
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

    def links(self, recipient: Recipient, delivery_id: str) -> MailLinks:
        """Return where the buttons of a mail lead."""
        language = recipient.language
        rest = {"pilot": recipient.pilot_id, "lang": language}

        def call(call_id: str) -> CallLinks:
            page = self._url("calls", call_id, lang=language)
            if not self.judging:
                return CallLinks(open=page)
            return CallLinks(page, *(self._judge(recipient, call_id, v) for v in ("r", "n", "a")))

        return MailLinks(
            call=call,
            rest=f"{self.settings.public_url}/?{urlencode(rest)}",
            browser=self._url("m", self.keys.sign(LinkPurpose.READ, delivery_id)),
            unsubscribe=self.stop(recipient, STOP_ONE),
            unsubscribe_all=self.stop(recipient, STOP_ALL),
        )

    def stop(self, recipient: Recipient, scope: str) -> str:
        """Return the link that stops mails: `STOP_ONE` pilot's, or `STOP_ALL`."""
        return self._url("u", self.keys.sign(LinkPurpose.STOP, recipient.id, scope))

    def transport(self, folder: Path | None = None) -> Transport:
        """Return what delivers mails: to ``folder``, else as the settings say.

        Raises:
            InputError: a setting that is needed is missing.
        """
        route = folder or self.settings.route
        if route is None:
            raise InputError(
                "There is no way out for mail: set FUNDSCOUT_SMTP_URL, or give --to-dir DIR."
            )
        if isinstance(route, Path):
            return FolderTransport(route)
        if self.settings.sender is None or not self.settings.public_url_given:
            raise InputError(
                "Mail over SMTP needs FUNDSCOUT_MAIL_FROM and FUNDSCOUT_PUBLIC_URL: set both."
            )
        return SmtpTransport(route, ca=self.settings.ca, name=self.sender.domain)

    def _envelope(
        self, recipient: Recipient, name: str, now: datetime, *, listed: bool = True
    ) -> MailEnvelope:
        domain = self.sender.domain
        return MailEnvelope(
            sender=self.sender,
            recipient=recipient.address,
            language=recipient.language,
            message_id=f"<{name}@{domain}>",
            date=now,
            unsubscribe=self.stop(recipient, STOP_ONE) if listed else "",
            list_id=f"{recipient.pilot_id}.fundscout.{domain}" if listed else "",
        )

    def _judge(self, recipient: Recipient, call_id: str, verdict: str) -> str:
        return self._url("f", self.keys.sign(LinkPurpose.JUDGE, recipient.id, call_id, verdict))

    def _url(self, *path: str, **query: str) -> str:
        steps = "/".join(quote(step, safe="/:") for step in path)
        question = f"?{urlencode(query)}" if query else ""
        return f"{self.settings.public_url}/{steps}{question}"
