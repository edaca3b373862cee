"""Delivery of mails: to a folder, or to a server (see `service.mail.smtp`)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from service.domain.notifications.address import Address
from service.errors import ServiceError


class TransportError(ServiceError):
    """No mail can leave now: the server cannot be reached, or refuses us, or the folder is gone."""


class DeliveryVerdict(Enum):
    """The outcome of one attempt."""

    TAKEN = "taken"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True)
class TransportReply:
    """The answer of the other side. ``is_address_bad``: it never takes mail to this address.

    ``is_in_doubt``: it got the text and its answer was lost, so it may have taken the mail.
    """

    verdict: DeliveryVerdict
    text: str = ""
    is_address_bad: bool = False
    is_in_doubt: bool = False


TAKEN_REPLY = TransportReply(DeliveryVerdict.TAKEN)


@dataclass(frozen=True)
class Parcel:
    """A message to deliver: its bytes, and the two addresses of its envelope."""

    sender: Address
    recipient: Address
    message_id: str
    message: bytes


class Transport(Protocol):
    """Delivers mails one after another."""

    def deliver(self, parcel: Parcel) -> TransportReply:
        """Hand a mail over; raise `TransportError` when no mail can leave at all."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class FolderTransport:
    """Writes each mail to a file of a folder, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, parcel: Parcel) -> TransportReply:
        """Write the mail to a file named by its Message-ID: written again, it is the same file."""
        name = "".join(
            c if c.isalnum() or c in ".-" else "_" for c in parcel.message_id.strip("<>")
        )
        draft = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(parcel.message)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise TransportError(
                f"The folder {self._folder} cannot be written: {error.strerror}."
            ) from error
        return TAKEN_REPLY

    def close(self) -> None:
        """Do nothing: no file stays open."""
