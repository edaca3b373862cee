"""What can go wrong in the service, in words fit to show to whoever asked."""

from __future__ import annotations

from service.messages.message import Message
from service.messages.render import english


class ServiceError(Exception):
    """Base of the service's own errors; its text says what is wrong and what to do.

    What readers of pages get is a message, which is said in their language; its English sentence
    is the error's text. What only an operator gets is an English sentence.
    """

    def __init__(self, said: Message | str) -> None:
        self.message = said if isinstance(said, Message) else None
        super().__init__(english(said) if isinstance(said, Message) else said)


class InputError(ServiceError):
    """What was given cannot be used as it is."""


class NotFoundError(ServiceError):
    """Nothing has this id."""


class ForbiddenError(ServiceError):
    """It comes from where nothing may be asked from."""


class ConflictError(ServiceError):
    """The id is taken."""


class StoreError(ServiceError):
    """The database cannot be read or written."""


class BusyError(ServiceError):
    """Another process is doing this job."""
