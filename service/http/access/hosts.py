"""The names that a request may call this service by.

A page elsewhere can let its own name lead to this machine (DNS rebinding) and then read what is
open here; but its requests carry that name. So a name that nobody has set is refused.
"""

from __future__ import annotations

from flask import Request
from werkzeug.sansio.utils import host_is_trusted

from service.errors import UntrustedHostError
from service.messages.message import message
from service.settings import Settings


def check_host(sent: Request, settings: Settings) -> None:
    """Check the name that a request calls this service by.

    Raises:
        UntrustedHostError: it names none, or one that nobody has set.
    """
    host = sent.headers.get("Host", "")
    if not host_is_trusted(host) or not _is_known(_without_port(host), settings.trusted_hosts):
        raise UntrustedHostError(message("problem.host"))


def _without_port(host: str) -> str:
    """Return the name in a Host header whose form was checked; an IPv6 address has brackets."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdecimal() else host.lower()


def _is_known(name: str, known: tuple[str, ...]) -> bool:
    return any(name.endswith(one) if one.startswith(".") else name == one for one in known)
