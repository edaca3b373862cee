"""The settings of access: who is let in, under which names, how often, and for how long."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from service.domain.access.rights import AccountRole
from service.errors import InputError

SETTING_ROWS = (
    (
        "FUNDSCOUT_ACCESS",
        "private",
        (
            "What those may who have no key and are not signed in: private, nothing; public, "
            "read calls and search, and see nothing of pilots."
        ),
    ),
    (
        "FUNDSCOUT_TRUSTED_HOSTS",
        "",
        (
            "Names under which the service is reached, with commas, beside this machine's own and "
            "those of FUNDSCOUT_HOST and FUNDSCOUT_PUBLIC_URL; .example.org means all below it."
        ),
    ),
    (
        "FUNDSCOUT_PROXIES",
        "",
        (
            "Addresses or networks of proxies, with commas, that are believed whom they ask for "
            "and whether by https."
        ),
    ),
    ("FUNDSCOUT_SESSION_HOURS", "12", "Hours after which a person must sign in again."),
    (
        "FUNDSCOUT_SESSION_IDLE_MINUTES",
        "120",
        "Minutes without a request after which a person must sign in again.",
    ),
    (
        "FUNDSCOUT_RATE",
        "300",
        "Requests that a key, a person or an address may send in a minute; 0: no limit.",
    ),
    (
        "FUNDSCOUT_RATE_SEARCHES",
        "60",
        "Searches among them that use the model; 0: no limit of their own.",
    ),
    (
        "FUNDSCOUT_OIDC_ISSUER",
        "",
        "Address of an OpenID Connect provider that people sign in with; empty: none.",
    ),
    ("FUNDSCOUT_OIDC_CLIENT", "", "What the provider calls this service: the client id."),
    ("FUNDSCOUT_OIDC_SECRET_FILE", "", "File with the client secret that the provider gave."),
    (
        "FUNDSCOUT_OIDC_ROLE",
        "",
        (
            "Role of people whom the provider knows and this service does not: reader, editor or "
            "admin. Empty: they are not let in before `fundscout users add`."
        ),
    ),
)
"""Name, default and help of each setting."""

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
"""Names of this machine that are always trusted."""

_HOST_NAME = re.compile(r"\.?[a-z0-9_]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class ProviderSettings:
    """An OpenID Connect provider; ``role`` is what strangers get that it knows, None for no one."""

    issuer: str
    client: str
    secret_file: Path
    role: AccountRole | None

    def read_secret(self) -> str:
        """Return the client secret.

        Raises:
            InputError: its file cannot be read.
        """
        try:
            return self.secret_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"FUNDSCOUT_OIDC_SECRET_FILE, {self.secret_file}, cannot be read."
            ) from error


@dataclass(frozen=True)
class AccessSettings:
    """The settings, checked. Rates are per minute; 0 is no limit."""

    is_public: bool
    trusted_hosts: tuple[str, ...]
    proxies: tuple[Network, ...]
    session_lifetime: timedelta
    session_idle: timedelta
    rate: int
    search_rate: int
    provider: ProviderSettings | None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> AccessSettings:
        """Read the settings from ``values``.

        Raises:
            InputError: one is wrong; the message names it.
        """
        if values["FUNDSCOUT_ACCESS"] not in {"private", "public"}:
            raise InputError(
                f"FUNDSCOUT_ACCESS is {values['FUNDSCOUT_ACCESS']!r}: give private or public."
            )
        return cls(
            is_public=values["FUNDSCOUT_ACCESS"] == "public",
            trusted_hosts=tuple(_hosts(values["FUNDSCOUT_TRUSTED_HOSTS"])),
            proxies=tuple(_networks(values["FUNDSCOUT_PROXIES"])),
            session_lifetime=timedelta(hours=_number("FUNDSCOUT_SESSION_HOURS", values, 1, 720)),
            session_idle=timedelta(
                minutes=_number("FUNDSCOUT_SESSION_IDLE_MINUTES", values, 1, 43_200)
            ),
            rate=_number("FUNDSCOUT_RATE", values, 0, 1_000_000),
            search_rate=_number("FUNDSCOUT_RATE_SEARCHES", values, 0, 1_000_000),
            provider=_provider(values),
        )

    def as_rows(self) -> dict[str, object]:
        """Return every setting by name, without a secret."""
        provider = self.provider
        return {
            "FUNDSCOUT_ACCESS": "public" if self.is_public else "private",
            "FUNDSCOUT_TRUSTED_HOSTS": ", ".join(self.trusted_hosts),
            "FUNDSCOUT_PROXIES": ", ".join(map(str, self.proxies)),
            "FUNDSCOUT_SESSION_HOURS": self.session_lifetime // timedelta(hours=1),
            "FUNDSCOUT_SESSION_IDLE_MINUTES": self.session_idle // timedelta(minutes=1),
            "FUNDSCOUT_RATE": self.rate,
            "FUNDSCOUT_RATE_SEARCHES": self.search_rate,
            "FUNDSCOUT_OIDC_ISSUER": provider.issuer if provider else "",
            "FUNDSCOUT_OIDC_CLIENT": provider.client if provider else "",
            "FUNDSCOUT_OIDC_SECRET_FILE": provider.secret_file if provider else "",
            "FUNDSCOUT_OIDC_ROLE": provider.role or "" if provider else "",
        }

    def is_proxy(self, address: str) -> bool:
        """Return whether an address is a proxy's that is believed."""
        peer = read_ip(address)
        return peer is not None and any(peer in network for network in self.proxies)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address to listen on."""
    address = read_ip(host.strip("[]"))
    return host == "localhost" if address is None else address.is_loopback


def read_ip(text: str) -> IpAddress | None:
    """Return the address in ``text``, None for none; IPv4 in the clothes of IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def host_of(url: str) -> str:
    """Return the host in an address, as a request names it: an IPv6 address in brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _hosts(value: str) -> list[str]:
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise InputError(
                f"FUNDSCOUT_TRUSTED_HOSTS names {name!r}: give names such as fundscout.example.org "
                "or .example.org, with commas, without scheme and port."
            )
    return names


def _networks(value: str) -> list[Network]:
    networks: list[Network] = []
    for text in filter(None, map(str.strip, value.split(","))):
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise InputError(
                f"FUNDSCOUT_PROXIES names {text!r}: give addresses or networks, such as "
                "127.0.0.1 or 10.0.0.0/8, with commas."
            ) from error
    return networks


def _number(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    value = values[name]
    if not (value.isdecimal() and len(value) < 9 and least <= int(value) <= most):  # noqa: PLR2004  no such number
        raise InputError(f"{name} is {value!r}: give a number from {least} to {most}.")
    return int(value)


def _provider(values: Mapping[str, str]) -> ProviderSettings | None:
    issuer, client = values["FUNDSCOUT_OIDC_ISSUER"], values["FUNDSCOUT_OIDC_CLIENT"]
    secret, role = values["FUNDSCOUT_OIDC_SECRET_FILE"], values["FUNDSCOUT_OIDC_ROLE"]
    if not (issuer or client or secret or role):
        return None
    if not (issuer and client and secret):
        raise InputError(
            "Signing in with a provider needs FUNDSCOUT_OIDC_ISSUER, FUNDSCOUT_OIDC_CLIENT and "
            "FUNDSCOUT_OIDC_SECRET_FILE: set all three."
        )
    parts = urlsplit(issuer)
    if not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host_of(issuer)))):
        raise InputError(f"FUNDSCOUT_OIDC_ISSUER is {issuer!r}: give an address with https.")
    if role and role not in set(AccountRole):
        raise InputError(f"FUNDSCOUT_OIDC_ROLE is {role!r}: give {', '.join(AccountRole)}.")
    return ProviderSettings(
        issuer, client, Path(secret).expanduser(), AccountRole(role) if role else None
    )
