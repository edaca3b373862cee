"""Mail addresses: read as a person writes them, and checked."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address as Parts

MAX_LENGTH = 254
"""Characters of an address that mail can carry (RFC 5321)."""


_MAX_LOCAL_LENGTH = 64
"""Bytes before the @ that mail can carry (RFC 5321)."""


@dataclass(frozen=True)
class Address:
    """An address: ``local`` may have any letters, ``domain`` is in ASCII (punycode)."""

    local: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address as a person writes it.

        Raises:
            ValueError: it is no address; the message says why, in words fit to show.
        """
        # a search reads no address, and this library has tables to load
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

        text = text.strip()
        if len(text) > MAX_LENGTH:
            raise ValueError(f"an address has at most {MAX_LENGTH} characters.")
        if any(not c.isprintable() for c in text):
            raise ValueError("an address has no line breaks or hidden characters.")
        try:
            checked = validate_email(
                text,
                check_deliverability=False,
                allow_quoted_local=True,
                allow_display_name=False,
                globally_deliverable=False,
            )
        except EmailNotValidError as error:
            raise ValueError(str(error)) from error
        if len(checked.local_part.encode()) > _MAX_LOCAL_LENGTH:
            raise ValueError(f"the part before the @ is longer than {_MAX_LOCAL_LENGTH} bytes.")
        return cls(checked.local_part, checked.ascii_domain.lower())

    @property
    def is_ascii(self) -> bool:
        """Whether every server takes it; others need SMTPUTF8 (RFC 6531)."""
        return self.local.isascii()

    @property
    def parts(self) -> Parts:
        """The address as a header of a mail takes it."""
        return Parts(username=_unquote(self.local), domain=self.domain)

    @property
    def key(self) -> str:
        """Equal for addresses that are the same; no server of today tells capitals apart."""
        return f"{_unquote(self.local).casefold()}@{self.domain}"

    def with_tag(self, tag: str) -> Address:
        """Return the address with ``tag`` after a plus sign, which reaches the same mailbox."""
        return Address(f"{self.local}+{tag}", self.domain)

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def _unquote(local: str) -> str:
    """Return a quoted local part without its quotes."""
    if local.startswith('"') and local.endswith('"') and len(local) > 1:
        return local[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return local
