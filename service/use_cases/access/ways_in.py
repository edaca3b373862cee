"""Whether a service is open, and whether one that others reach has a way in."""

from __future__ import annotations

from datetime import UTC, datetime

from service.access_settings import is_loopback
from service.context import Context
from service.domain.access.api_key import KeyState
from service.errors import InputError


def asks_who(context: Context) -> bool:
    """Return whether callers must show who they are: there ever was a key, or there is a person.

    A key that was revoked counts too. Otherwise the end of the last one would open everything.
    """
    return context.keys.exist() or context.users.exist()


def has_way_in(context: Context) -> bool:
    """Return whether there is a key or a person that is let in."""
    now = datetime.now(UTC)
    return any(key.state(now) is KeyState.ACTIVE for key in context.keys.all()) or any(
        user.disabled_at is None for user in context.users.all()
    )


def check_way_in(context: Context, host: str) -> None:
    """Check that a service that others reach at ``host`` is not open to all of them.

    Others reach it when it listens on another address than this machine's own, or when settings
    name a proxy or another name for it.

    Raises:
        InputError: it is, and what to run.
    """
    access = context.settings.access
    elsewhere = [name for name in access.trusted_hosts if not is_loopback(name)]
    if is_loopback(host) and not elsewhere and not access.proxies:
        return
    if access.is_public or has_way_in(context):
        return
    where = host if not is_loopback(host) else (elsewhere or ["a proxy"])[0]
    raise InputError(
        f"Others would reach the service ({where}), and there is no way in: run `fundscout keys "
        "add NAME` for a program or `fundscout users add NAME` for a person, then start it again. "
        "Or set FUNDSCOUT_ACCESS=public: then everybody may read calls and search, and nothing "
        "else."
    )


def proxy_warning(context: Context, host: str) -> str:
    """Return what to do about a service whose public address is open to all; nothing if none is."""
    mail = context.settings.mail
    if not is_loopback(host) or not mail.public_url_given or context.settings.access.is_public:
        return ""
    if asks_who(context):
        return ""
    return (
        f"FUNDSCOUT_PUBLIC_URL is {mail.public_url}: whoever comes through a proxy that asks for "
        "no sign-in reads and changes everything. `fundscout keys add NAME` or `fundscout users "
        "add NAME` closes the service."
    )
