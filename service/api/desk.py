"""What routes need that write to people: the stores, and what the installation's key signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from werkzeug.exceptions import TooManyRequests

from service.api.source import EXTENSION
from service.context import Context
from service.errors import ServiceError
from service.jobs.consent import HOUR, QUESTIONS_AN_HOUR, EnoughError, send_now, wish
from service.mail.keys import Keys
from service.mail.post import Post


@dataclass(frozen=True)
class Desk:
    """The context of the running application, and what writes its letters."""

    context: Context
    post: Post

    @property
    def keys(self) -> Keys:
        """What links are read with."""
        return self.post.keys

    def ask(self, pilot_id: str, address: str, language: str, *, source: str) -> None:
        """Ask an address whether it wants mails about a pilot, if it may be asked.

        Nothing is returned, for strangers learn nothing of an address here. A question that cannot
        leave now waits in the outbox.

        Raises:
            NotFoundError: there is no such pilot.
            InputError: the address is none, or the language is not ours.
            TooManyRequests: too many addresses were asked in the last hour.
        """
        try:
            wished = wish(
                self.context,
                self.post,
                pilot_id,
                address,
                language,
                source=source,
                limit=QUESTIONS_AN_HOUR,
            )
        except EnoughError as error:
            wait = int(HOUR.total_seconds())
            raise TooManyRequests(str(error), retry_after=wait) from error
        if not wished.delivery_id or self.post.settings.out is None:
            return
        try:
            send_now(self.context, self.post, self.post.transport(), wished.delivery_id)
        except ServiceError as error:
            current_app.logger.warning("A question waits in the outbox: %s", error)


def desk() -> Desk:
    """Return what the running application writes to people with.

    Raises:
        InputError: the installation's key cannot be read or made.
    """
    context = cast("Context", current_app.extensions[EXTENSION])
    return Desk(context, Post.open(context.settings.mail, judging=True))
