"""May this address be asked at all? One decision, taken anew for every redirect."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from scrapers.errors import PolicyError


def check_address(url: str, origin: str) -> None:
    """Raise ``PolicyError`` unless ``url`` may be asked, given where the asking began.

    Only https, to a named host, without credentials. Plain http, and addresses of this machine,
    are for tests: only when ``origin`` is on this machine too.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = _is_loopback(host)
    if local and not _is_loopback(urlsplit(origin).hostname or ""):
        raise PolicyError(f"{origin} leads to this machine ({url})")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise PolicyError(f"{url} is not https")
    if parts.username or parts.password:
        raise PolicyError(f"{url} carries a name or password")
    if not host or (_is_number(host) and not local):
        raise PolicyError(f"{url} names no host")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)
