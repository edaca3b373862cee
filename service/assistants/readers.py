"""Who asks over HTTP: whoever has a key, or whoever is on a machine that nothing else reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from service.access_settings import host_of, is_loopback
from service.context import Context
from service.domain.access.api_key import KeyState
from service.domain.access.principal import OPERATOR, Principal
from service.domain.access.rights import Right
from service.errors import ForbiddenError, InputError, UnauthorizedError
from service.messages.message import message
from service.use_cases.access.keys import check_key, list_keys
from service.use_cases.access.ways_in import asks_who

CheckReader = Callable[[str], Principal]
"""Returns who asks with a key, which may be empty. Raises `UnauthorizedError` or `ForbiddenError`
when that is nobody who may read.
"""

NO_KEY: Final = "Send a key in the header Authorization: Bearer KEY."


def make_reader_check(context: Context, host: str) -> CheckReader:
    """Return the check of who asks at ``host``.

    Raises:
        InputError: others reach it, and there is no key that is let in.
    """
    reached = not is_loopback(host) or bool(names_elsewhere(context))
    is_public = context.settings.access.is_public
    if reached and not _has_key(context):
        raise InputError(
            f"Others would reach the tools ({host}), and there is no key that is let in: run "
            "`fundscout keys add NAME`, or use `fundscout mcp` without --http."
        )

    def check(text: str) -> Principal:
        if not text and not reached and not is_public and not asks_who(context):
            return OPERATOR
        if not text:
            raise UnauthorizedError(NO_KEY)
        principal = check_key(context, text).principal
        if not principal.may(Right.READ):
            raise ForbiddenError(message("problem.right.scope", right=Right.READ.value))
        return principal

    return check


def names_elsewhere(context: Context) -> list[str]:
    """Return the names by which other machines ask for the service, as settings have them."""
    settings = context.settings
    public = [host_of(settings.mail.public_url)] if settings.mail.public_url_given else []
    names = dict.fromkeys([*public, *settings.access.trusted_hosts])
    return [name for name in names if not is_loopback(name)]


def _has_key(context: Context) -> bool:
    now = datetime.now(UTC)
    return any(key.state(now) is KeyState.ACTIVE for key in list_keys(context))
