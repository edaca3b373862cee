"""Guard against unsafe addresses, for every redirect and again for every connection."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from scrapers.errors import PolicyError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
AddressCheck = Callable[[Address], bool]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
# Python's own is_global knows more of these with every release; ours must not depend on it.
_SPECIAL: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = (
    *map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's metadata under a public number
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    ),
    # Teredo and 6to4 wrap an IPv4 address of anybody's choice; no funder uses them
    *map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")),
)


def check_address(url: str, origin: str, *, local: bool = False) -> bool:
    """Raise ``PolicyError`` unless ``url`` may be fetched; return whether it is on this machine.

    Only https to a named host without credentials may. Plain http and addresses of this machine
    are for tests: only if ``local``, and if ``origin``, the first address, is here too.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        raise PolicyError(f"{url!r} has characters that no address has")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        first = urlsplit(origin).hostname or ""
    except ValueError as error:
        raise PolicyError(f"{url!r} is no address: {error}") from error
    here = is_this_machine(host)
    if here and not (local and is_this_machine(first)):
        raise PolicyError(f"{origin} leads to this machine ({url})")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise PolicyError(f"{url} is not https")
    if parts.username is not None or parts.password is not None:
        raise PolicyError(f"{url} carries a name or password")
    if not host or (_parse_address(host) is not None and not here):
        raise PolicyError(f"{url} names no host")
    return here


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is plainly this machine: localhost, 127.0.0.0/8 or ::1."""
    number = _parse_address(host)
    return host == "localhost" or (number is not None and is_loopback(number))


def is_loopback(address: Address) -> bool:
    """Whether ``address`` is of this machine and written as such, not wrapped in another."""
    return address.is_loopback and (address.version == 4 or int(address) == 1)  # noqa: PLR2004  IPv4


def is_public(address: Address) -> bool:
    """Whether ``address`` is reached over the internet, and is nobody's inner network."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_IPV6:
            return False
    return not any(address in network for network in _SPECIAL)


def resolve_host(host: str, port: int, fit: AddressCheck) -> list[str]:
    """Return the addresses of ``host`` to connect to in that order, after each passed ``fit``.

    Connect to these and not to the name: a second lookup may give others.

    Raises:
        PolicyError: one of the addresses is not fit; a name that mixes them is not trusted.
        OSError: the name cannot be resolved.
    """
    addresses: list[str] = []
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host} is no name") from error
    for *_, place in places:
        text = str(place[0])
        number = _parse_address(text)
        if number is None or not fit(number):
            raise PolicyError(f"{host} leads to {text}, which is not for us to ask")
        if text not in addresses:
            addresses.append(text)
    if not addresses:
        raise OSError(f"{host} has no address")
    return addresses


def _parse_address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
