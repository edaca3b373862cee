"""People who sign in, and their sessions in browsers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.access.principal import Principal, PrincipalKind
from service.domain.access.rights import RIGHTS_OF, AccountRole
from service.messages.message import Message, message

MAX_NAME_LENGTH = 100
"""Characters of a name to sign in by; it signs judgements too."""

MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 1000
"""Characters of a password."""


@dataclass(frozen=True)
class User:
    """An account. ``name`` signs in, as a rule a mail address; ``identity`` is a provider's.

    Without a ``password_hash`` its person signs in through the provider alone.
    """

    id: str
    name: str
    role: AccountRole
    created_at: datetime
    password_hash: str = ""
    identity: str = ""
    disabled_at: datetime | None = None
    signed_in_at: datetime | None = None

    @property
    def principal(self) -> Principal:
        """Who asks when this person does."""
        return Principal(PrincipalKind.PERSON, self.id, self.name, RIGHTS_OF[self.role])


@dataclass(frozen=True)
class WebSession:
    """A person's session in a browser, known by the hash of its token."""

    token_hash: str
    user_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def is_over(self, now: datetime, idle: timedelta) -> bool:
        """Return whether its time is over, or nothing came for too long."""
        return now >= self.expires_at or now - self.seen_at >= idle


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def name_problem(name: str) -> Message | None:
    """Return what is wrong with a name to sign in by; None when it can be used."""
    if not name.strip() or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        return message("problem.name", most=MAX_NAME_LENGTH)
    return None


def password_problem(password: str, name: str) -> Message | None:
    """Return what is wrong with a new password; None when it can be used."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        return message(
            "problem.password.length", least=MIN_PASSWORD_LENGTH, most=MAX_PASSWORD_LENGTH
        )
    if name_key(password) == name_key(name) or len(set(password)) < 5:  # noqa: PLR2004  too easy
        return message("problem.password.easy")
    return None
