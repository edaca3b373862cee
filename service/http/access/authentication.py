"""Who sends a request: by its key, by its session, or because everything is open."""

from __future__ import annotations

from typing import Final

from flask import Request

from service.access_settings import host_of, is_loopback
from service.context import Context
from service.domain.access.api_key import KEY_PREFIX
from service.domain.access.principal import OPERATOR, VISITOR, Principal, PrincipalKind
from service.domain.access.rights import PUBLIC_RIGHTS
from service.errors import UnauthorizedError
from service.http.access.proxies import PROXIED
from service.messages.message import message
from service.use_cases.access.keys import check_key
from service.use_cases.access.sign_in import read_session
from service.use_cases.access.ways_in import asks_who

KEY_HEADER: Final = "X-API-Key"
SECURE_COOKIE: Final = "__Host-fundscout"
"""Cookie of a session where the service is asked by https: no other site may set it."""

LOCAL_COOKIE: Final = "fundscout"
"""The same on this machine, without https."""

_ANYBODY = Principal(PrincipalKind.VISITOR, rights=PUBLIC_RIGHTS)


def identify(context: Context, sent: Request) -> Principal:
    """Return who sends a request.

    A key goes before a session. One that is not let in ends the request: whoever shows a key does
    not mean to be a visitor. Where nobody is asked who they are only keys of our form are looked
    at: some clients always send something.

    Raises:
        UnauthorizedError: a key was sent that is not let in.
    """
    is_public = context.settings.access.is_public
    is_open = not is_public and is_from_here(sent) and not asks_who(context)
    key = sent_key(sent)
    if key and (not is_open or key.startswith(KEY_PREFIX)):
        return check_key(context, key).principal
    if token := sent.cookies.get(cookie_name(sent), ""):
        user = read_session(context, token)
        if user is not None:
            return user.principal
    if is_public:
        return _ANYBODY
    return OPERATOR if is_open else VISITOR


def sent_key(sent: Request) -> str:
    """Return the key in a request's headers; nothing when there is none.

    Raises:
        UnauthorizedError: there are two, and they differ.
    """
    scheme, _, bearer = sent.headers.get("Authorization", "").partition(" ")
    bearer = bearer.strip() if scheme.lower() == "bearer" else ""
    plain = sent.headers.get(KEY_HEADER, "").strip()
    if bearer and plain and bearer != plain:
        raise UnauthorizedError(message("problem.key.two"), was_shown=True)
    return bearer or plain


def is_from_here(sent: Request) -> bool:
    """Return whether a request comes from this machine, as far as is known."""
    return is_loopback(sent.remote_addr or "")


def is_local(sent: Request) -> bool:
    """Return whether a request was made on this machine: no proxy handed it on."""
    return is_from_here(sent) and not sent.environ.get(PROXIED)


def needs_https(sent: Request) -> bool:
    """Return whether a password would travel in the clear."""
    return not sent.is_secure and not is_loopback(host_of(sent.host_url))


def cookie_name(sent: Request) -> str:
    """Return the name of the cookie that a session is in."""
    return SECURE_COOKIE if sent.is_secure else LOCAL_COOKIE


def is_cross_site(sent: Request) -> bool:
    """Return whether another site's page sent the form: its reader may not know of it.

    Browsers name the sender in Sec-Fetch-Site, older ones in Origin. A client that names neither
    is no browser, so no page can make it send anything.
    """
    site = sent.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = sent.headers.get("Origin")
    return origin is not None and origin != sent.host_url.rstrip("/")
