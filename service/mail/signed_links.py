"""Signed links: the key, and what each link is about and may do.

A link is signed together with its purpose, so nobody can turn a link that stops mails into one
that confirms an address.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from service.errors import InputError

_MIN_KEY_LENGTH = 32


class LinkPurpose(Enum):
    """What a link does, and how long it works: an unsubscribe link always does."""

    CONFIRM = "confirm"
    STOP = "stop"
    JUDGE = "judge"
    READ = "read"
    PASSWORD = "password"  # noqa: S105  what a link is for
    PAUSE = "pause"
    RETURN = "return"

    @property
    def salt(self) -> str:
        """The salt of its signatures, so that those of two purposes differ."""
        return f"fundscout.{self.value}"

    @property
    def lifetime(self) -> timedelta | None:
        """How long a link works; None for ever."""
        return _LIFETIMES.get(self)


_LIFETIMES = {
    LinkPurpose.CONFIRM: timedelta(days=7),
    LinkPurpose.JUDGE: timedelta(days=60),
    LinkPurpose.READ: timedelta(days=365),
    LinkPurpose.PASSWORD: timedelta(days=3),
    LinkPurpose.RETURN: timedelta(days=30),
}


class LinkError(Exception):
    """A link that does nothing, because it has ``expired`` or is not one of ours.

    ``language`` is that of whom it was sent to, if that is known.
    """

    def __init__(self, *, expired: bool, language: str = "") -> None:
        super().__init__("The link has expired." if expired else "The link is not one of ours.")
        self.expired = expired
        self.language = language


@dataclass(frozen=True)
class LinkKeys:
    """Signs and reads links."""

    key: str

    @classmethod
    def open(cls, path: Path) -> LinkKeys:
        """Read the key at ``path``; make one that only its owner can read when there is none.

        Raises:
            InputError: the file cannot be read or made, or its key is too short.
        """
        try:
            key = _read_key(path) or _make_key(path)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"The key {path} cannot be read or made: set FUNDSCOUT_SECRET_FILE to a file "
                f"with {_MIN_KEY_LENGTH} or more random characters."
            ) from error
        if len(key) < _MIN_KEY_LENGTH:
            raise InputError(
                f"The key {path} is too short: give {_MIN_KEY_LENGTH} or more characters."
            )
        return cls(key)

    def sign(self, purpose: LinkPurpose, *parts: str) -> str:
        """Return ``parts``, signed for ``purpose``, as text that fits in an address."""
        return str(self._serializer(purpose).dumps(parts))

    def read(self, purpose: LinkPurpose, text: str, count: int) -> Sequence[str]:
        """Return the ``count`` parts of a link.

        Raises:
            LinkError: it was altered, is for something else, or has expired.
        """
        seconds = int(purpose.lifetime.total_seconds()) if purpose.lifetime else None
        try:
            parts = self._serializer(purpose).loads(text, max_age=seconds)
        except SignatureExpired as error:
            raise LinkError(expired=True) from error
        except BadSignature as error:
            raise LinkError(expired=False) from error
        if not isinstance(parts, list) or len(parts) != count:
            raise LinkError(expired=False)
        return [str(part) for part in parts]

    def owner(self, purpose: LinkPurpose, text: str) -> str:
        """Return the first part of a link, also of one that has expired; nothing if not ours."""
        try:
            parts = self._serializer(purpose).loads(text)
        except BadSignature:
            return ""
        return str(parts[0]) if isinstance(parts, list) and parts else ""

    def mark(self, *parts: str, length: int = 32) -> str:
        """Return hex digits that only the key's owner can compute from ``parts``."""
        whole = "\0".join(parts).encode()
        return hmac.new(self.key.encode(), whole, hashlib.sha256).hexdigest()[:length]

    def _serializer(self, purpose: LinkPurpose) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.key, salt=purpose.salt, signer_kwargs={"digest_method": hashlib.sha256}
        )


def _read_key(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def _make_key(path: Path) -> str:
    """Write a new key to a draft and link it in place: of two processes, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read_key(path)
