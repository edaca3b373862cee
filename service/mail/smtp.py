"""Mail by SMTP: encrypted unless the settings say otherwise; each answer gets a verdict."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from pathlib import Path

from service.mail.transport import (
    TAKEN_REPLY,
    DeliveryVerdict,
    Parcel,
    TransportError,
    TransportReply,
)
from service.mail_settings import MailServer

TIMEOUT = 60.0
"""Seconds that a server may take for an answer, except to the text of a mail."""

TEXT_TIMEOUT = 600.0
"""Seconds for the answer to a text; a shorter wait sends again what was taken (RFC 5321)."""

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SUCCESS = range(200, 300)
_CLOSING = 421
_TEMPORARY = range(400, 500)
_MAILBOX_FULL = 552


class SmtpTransport:
    """One connection, opened for the first mail and again after the line dropped."""

    def __init__(
        self,
        server: MailServer,
        *,
        ca: Path | None = None,
        name: str,
        timeout: float = TIMEOUT,
        patience: float = TEXT_TIMEOUT,
    ) -> None:
        """Set up a transport; nothing is opened yet.

        Args:
            server: where to connect, and how.
            ca: a file of certificates to trust besides the system's.
            name: what we call ourselves in the greeting.
            timeout: seconds to wait for an answer.
            patience: seconds to wait for the answer to the text of a mail.
        """
        self._server = server
        self._ca = ca
        self._name = name
        self._timeout = timeout
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, parcel: Parcel) -> TransportReply:
        """Hand a mail over and return the server's verdict."""
        smtp = self._smtp or self._open()
        if not parcel.recipient.is_ascii and not smtp.has_extn("smtputf8"):
            return TransportReply(
                DeliveryVerdict.NEVER, "The mail server takes no letters beyond ASCII (SMTPUTF8)."
            )
        try:
            reply = _send_envelope(smtp, parcel) or self._send_text(smtp, parcel.message)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return _connection_lost(error)
        if reply.verdict is not DeliveryVerdict.TAKEN and self._smtp is not None:
            self._reset(smtp)
        return reply

    def _send_text(self, smtp: smtplib.SMTP, message: bytes) -> TransportReply:
        """Send the text of a mail; if the line drops from here on, the mail is in doubt."""
        if smtp.sock is not None:
            smtp.sock.settimeout(self._patience)
        try:
            code, answer = smtp.data(message)
        except smtplib.SMTPDataError as error:
            return interpret_answer(error.smtp_code, error.smtp_error, of_address=False)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return _connection_lost(error, in_doubt=True)
        if smtp.sock is not None:
            smtp.sock.settimeout(self._timeout)
        return TAKEN_REPLY if code in _SUCCESS else interpret_answer(code, answer, of_address=False)

    def close(self) -> None:
        """Leave the server and close the connection."""
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Reset after a mail that was not taken; drop the line if the server is closing."""
        try:
            code, _ = smtp.rset()
        except (smtplib.SMTPException, OSError):
            code = _CLOSING
        if code not in _SUCCESS:
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _open(self) -> smtplib.SMTP:
        where = f"The mail server {self._server.host}:{self._server.port}"
        try:
            self._smtp = self._connect()
            self._smtp.ehlo_or_helo_if_needed()
            if self._server.user:
                self._smtp.login(self._server.user, self._server.password)
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise TransportError(
                f"{where} refused the sign-in ({error.smtp_code}): check the user in "
                "FUNDSCOUT_SMTP_URL and FUNDSCOUT_SMTP_PASSWORD_FILE."
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            self._drop()
            raise TransportError(
                f"{where} lacks what is asked for ({error}). Without encryption write "
                "smtp+plain:// in FUNDSCOUT_SMTP_URL, and no user."
            ) from error
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise TransportError(
                f"{where} cannot be trusted ({error.verify_message}): name its certificate in "
                "FUNDSCOUT_SMTP_CA, or check the address."
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise TransportError(
                f"{where} cannot be used now ({error}): what waits is sent by the next run."
            ) from error
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        trust = None if server.kind == "smtp+plain" else self._trust()
        if server.kind == "smtps":
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=self._name,
                timeout=self._timeout,
                context=trust,
            )
        smtp = smtplib.SMTP(
            server.host, server.port, local_hostname=self._name, timeout=self._timeout
        )
        if server.kind == "smtp":
            try:
                smtp.starttls(context=trust)
            except (smtplib.SMTPException, OSError):
                smtp.close()
                raise
        return smtp

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._ca is not None:
            try:
                context.load_verify_locations(self._ca)
            except OSError as error:  # which an SSLError is
                raise TransportError(
                    f"FUNDSCOUT_SMTP_CA, {self._ca}, cannot be read as certificates."
                ) from error
        return context


def _send_envelope(smtp: smtplib.SMTP, parcel: Parcel) -> TransportReply | None:
    """Send the envelope; return the first answer that is not a yes, else None."""
    options = [] if parcel.recipient.is_ascii else ["SMTPUTF8", "BODY=8BITMIME"]
    code, answer = smtp.mail(str(parcel.sender), options)
    if code not in _SUCCESS:
        # the sender is ours: a refusal says nothing about the recipient
        return TransportReply(DeliveryVerdict.LATER, _answer_text(code, answer))
    code, answer = smtp.rcpt(str(parcel.recipient))
    return None if code in _SUCCESS else interpret_answer(code, answer, of_address=True)


def _connection_lost(error: Exception, *, in_doubt: bool = False) -> TransportReply:
    reason = str(error) or type(error).__name__
    return TransportReply(
        DeliveryVerdict.LATER, f"The line was dropped: {reason}.", is_in_doubt=in_doubt
    )


def interpret_answer(code: int, answer: bytes | str, *, of_address: bool) -> TransportReply:
    """Return the verdict on an answer other than yes.

    A full mailbox is temporary whatever the code. An address is bad when the answer to it says so:
    a policy (5.7, 554) refuses us, not the address.

    Args:
        code: three digits.
        answer: the text after them.
        of_address: whether the address was answered, or the text of the mail.
    """
    text = _answer_text(code, answer)
    status = _ENHANCED.search(text)
    subject, detail = (status[2], status[3]) if status else ("", "")
    full = (subject, detail) == ("2", "2") or (code == _MAILBOX_FULL and of_address)
    if code in _TEMPORARY or full:
        return TransportReply(DeliveryVerdict.LATER, text)
    bad = subject == "1" or (subject, detail) == ("2", "1")
    if not status:
        bad = of_address and code in {550, 551, 553}
    return TransportReply(DeliveryVerdict.NEVER, text, is_address_bad=bad)


def _answer_text(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {words}".split())[:500]
