"""A mail server on the loopback that does as told: it takes, refuses, hangs up, wants TLS."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HANG_UP, TAKE_AND_HANG_UP = "hang up", "take and hang up"
SLOW = "250 taken after a while"


@dataclass(frozen=True)
class Received:
    """A mail that the server said yes to, or took before it hung up."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, _class=EmailMessage, policy=WIRE)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """Return the text of the part of a subtype: plain, html or calendar."""
        for one in self.message.walk():
            if one.get_content_subtype() == kind:
                content = one.get_content()
                text = content.decode() if isinstance(content, bytes) else str(content)
                return text.replace("\r\n", "\n")
        return ""


@dataclass
class Office:
    """What the server does: answers to come, in turn, for an address or for the text of a mail."""

    to_mail: list[str] = field(default_factory=list)
    to_address: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    to_text: list[str] = field(default_factory=list)
    mails: list[Received] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    encrypted: list[bool] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)
    port: int = 0
    at_end: list[Callable[[], None]] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_mail:
            return self.to_mail.pop(0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.sessions.add(id(session))
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = self.to_address[address]
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.to_text.pop(0) if self.to_text else "250 taken"
        if answer == SLOW:
            await asyncio.sleep(0.6)
        if answer.startswith("250") or answer == TAKE_AND_HANG_UP:
            content = envelope.content
            assert isinstance(content, bytes)
            for recipient in envelope.rcpt_tos:
                self.mails.append(Received(envelope.mail_from or "", recipient, content))
        if answer in {HANG_UP, TAKE_AND_HANG_UP}:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        self.users.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)

    def to(self, recipient: str) -> list[Received]:
        return [mail for mail in self.mails if mail.recipient == recipient]


@dataclass
class Running:
    """The server, listening until stopped; ``immediate`` is TLS from the start."""

    office: Office = field(default_factory=Office)
    tls: ssl.SSLContext | None = None
    immediate: bool = False
    auth: bool = False
    smtputf8: bool = True

    def __enter__(self) -> Office:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        immediate = self.tls if self.immediate else None
        listening = self._loop.create_server(self._session, "127.0.0.1", 0, ssl=immediate)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.office.port = self._server.sockets[0].getsockname()[1]
        return self.office

    def __exit__(self, *_: object) -> None:
        for step in self.office.at_end:
            step()
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _session(self) -> SMTP:
        more: dict[str, Any] = {}
        if self.auth:
            more = {"authenticator": self.office.authenticate, "auth_required": not self.immediate}
        if self.tls is not None and not self.immediate:
            more |= {"require_starttls": True, "tls_context": self.tls}
        return SMTP(
            self.office,
            loop=self._loop,
            hostname="127.0.0.1",
            ident="a test",
            enable_SMTPUTF8=self.smtputf8,
            auth_require_tls=not self.immediate,
            **more,
        )

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1 that nobody but us trusts; return it and the server's."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate can be made for the mail server")
    made, key = folder / "server.pem", folder / "server.key"
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split()
    named = ["-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [openssl, *asked, *named, "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return made, context
