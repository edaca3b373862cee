"""The errors of the service; their words are fit to show to a user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from service.messages.message import Message, message
from service.messages.render import english


class ServiceError(Exception):
    """Base of the service's own errors; its text says what is wrong and what to do.

    An error that readers of pages get is made of a message, which is rendered in their language;
    the error's text is its English sentence. An error for operators is made of an English sentence.
    """

    def __init__(self, text: Message | str) -> None:
        self.message = text if isinstance(text, Message) else None
        super().__init__(english(text) if isinstance(text, Message) else text)


class InputError(ServiceError):
    """An argument, file or setting cannot be used as it is."""


class NotFoundError(ServiceError):
    """Nothing has this id."""


class ForbiddenError(ServiceError):
    """The caller may not do this."""


class UntrustedHostError(ServiceError):
    """The service was called by a name that nobody has set."""


class UnauthorizedError(ServiceError):
    """Nobody knows who the caller is: no key and no session, or none that is let in.

    ``was_shown`` says that something was shown that is not let in, such as a key that was revoked.
    """

    def __init__(self, text: Message | str, *, was_shown: bool = False) -> None:
        super().__init__(text)
        self.was_shown = was_shown


class UnknownPilotError(NotFoundError):
    """There is no pilot with this id; each door says where its own are listed."""

    def __init__(self, pilot_id: str) -> None:
        super().__init__(message("problem.pilot", id=pilot_id))


class UnknownCallError(NotFoundError):
    """There is no call with this id; each door says where its own are listed."""

    def __init__(self, call_id: str) -> None:
        super().__init__(message("problem.call", id=call_id))


class UnknownSearchError(NotFoundError):
    """There is no search with this id that the caller may see, or its time is over."""

    def __init__(self, search_id: str, days: int) -> None:
        super().__init__(message("problem.search", id=search_id, count=days))


class ConflictError(ServiceError):
    """The id is taken."""


class StaleError(ServiceError):
    """What is to be changed is no longer as the caller has seen it."""


class GoneError(ServiceError):
    """What was here once is no longer kept."""


class StoreError(ServiceError):
    """The database cannot be read or written."""


class JobBusyError(ServiceError):
    """Another process is doing this job."""


class TooManyError(ServiceError):
    """Too many requests of late; the next must ``wait``."""

    def __init__(self, text: Message | str, wait: timedelta) -> None:
        super().__init__(text)
        self.wait = wait


class BusyError(ServiceError):
    """Too many requests at once; this one may come again after a ``wait``."""

    def __init__(self, text: Message | str, wait: timedelta) -> None:
        super().__init__(text)
        self.wait = wait


def sentence_of(error: ServiceError, keys: Mapping[type[NotFoundError], str]) -> str:
    """Return the English sentence of ``error``: by ``keys`` where its kind has a fuller message.

    Args:
        error: what was raised.
        keys: a message for each kind of id, which says where this door lists the ids.
    """
    key = next((key for kind, key in keys.items() if isinstance(error, kind)), "")
    return (
        english(message(key, **dict(error.message.values))) if key and error.message else str(error)
    )
