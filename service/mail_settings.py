"""The settings of mail: where it goes out, who it is from, and how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from service.domain.notifications.address import Address
from service.errors import InputError

SETTING_ROWS = (
    (
        "FUNDSCOUT_SMTP_URL",
        "",
        (
            "Where mail goes out: smtp://user@host:587 (STARTTLS), smtps://user@host:465 (TLS), "
            "smtp+plain://localhost:25 (no encryption), or folder:DIR. Empty: nothing is sent."
        ),
    ),
    (
        "FUNDSCOUT_SMTP_PASSWORD_FILE",
        "",
        "File with the password of the mail server's user.",
    ),
    (
        "FUNDSCOUT_SMTP_CA",
        "",
        "File of certificates that the mail server is trusted by, beside the system's.",
    ),
    (
        "FUNDSCOUT_MAIL_FROM",
        "",
        "Address that mails are from; needed to send over SMTP.",
    ),
    (
        "FUNDSCOUT_MAIL_BOUNCES",
        "",
        (
            "Address that undelivered mail goes back to, with a mark of the mail after a plus "
            "sign; empty: the address that mails are from, without a mark."
        ),
    ),
    (
        "FUNDSCOUT_BOUNCE_BOX",
        "",
        "Mailbox that `fundscout bounces` reads: a maildir, an mbox file or a folder of .eml.",
    ),
    (
        "FUNDSCOUT_PUBLIC_URL",
        "",
        (
            "Address of the service as recipients reach it, https in earnest; needed to send over "
            "SMTP, and in the addresses of feeds. Empty: http://HOST:PORT."
        ),
    ),
    ("FUNDSCOUT_MAIL_PAUSE", "0.5", "Seconds between two mails."),
    (
        "FUNDSCOUT_MAIL_PER_DOMAIN",
        "200",
        "Mails that one run sends to one domain; the rest wait for the next run. 0: no limit.",
    ),
    (
        "FUNDSCOUT_KEEP_MAILS_DAYS",
        "30",
        "Days that a sent mail can be read in the browser; then its text is cleared.",
    ),
    (
        "FUNDSCOUT_KEEP_ADDRESSES_DAYS",
        "90",
        (
            "Days that an address is kept that never answered, or that ended: stopped, removed, "
            "suppressed, or its pilot gone."
        ),
    ),
    (
        "FUNDSCOUT_SECRET_FILE",
        "",
        (
            "File with the key that links in mails are signed by and secrets of webhooks are made "
            "from; empty: secret.key in the data folder, made when it is first needed."
        ),
    ),
    (
        "FUNDSCOUT_BOUNCE_SECRET_FILE",
        "",
        (
            "File with the secret that whoever reports bounces to the API must know; empty: nobody "
            "may."
        ),
    ),
)
"""Name, default and help of each setting."""

NO_ONE_CLICK_WARNING = (
    "FUNDSCOUT_PUBLIC_URL begins with http: mail programs offer to stop mails by one click with "
    "https alone (RFC 8058), and some providers refuse mails that lack it."
)

_DEFAULT_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True)
class MailServer:
    """A mail server: ``kind`` is smtp (STARTTLS), smtps or smtp+plain."""

    kind: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def without_password(self) -> str:
        """The address without a password."""
        user = f"{self.user}@" if self.user else ""
        return f"{self.kind}://{user}{self.host}:{self.port}"


@dataclass(frozen=True)
class MailSettings:
    """The settings, checked. ``route`` is a server, a folder, or None when nothing is sent."""

    route: MailServer | Path | None
    ca: Path | None
    sender: Address | None
    bounces: Address | None
    bounce_box: Path | None
    public_url: str
    public_url_given: bool
    pause: float
    per_domain: int
    keep_days: int
    keep_addresses_days: int
    secret_file: Path
    bounce_secret_file: Path | None
    password_file: Path | None

    @property
    def one_click(self) -> bool:
        """Whether mail programs may offer to stop mails by one click: RFC 8058 wants https."""
        return not isinstance(self.route, MailServer) or self.public_url.startswith("https://")

    @classmethod
    def read(cls, values: Mapping[str, str], data: Path, here: str) -> MailSettings:
        """Read the settings from ``values``; ``here`` is the service's own address.

        Raises:
            InputError: one is wrong; the message names it.
        """
        password_file = _path(values["FUNDSCOUT_SMTP_PASSWORD_FILE"])
        return cls(
            route=_read_route(values["FUNDSCOUT_SMTP_URL"], password_file),
            ca=_path(values["FUNDSCOUT_SMTP_CA"]),
            sender=_address("FUNDSCOUT_MAIL_FROM", values),
            bounces=_address("FUNDSCOUT_MAIL_BOUNCES", values),
            bounce_box=_path(values["FUNDSCOUT_BOUNCE_BOX"]),
            public_url=_url(values["FUNDSCOUT_PUBLIC_URL"] or here),
            public_url_given=bool(values["FUNDSCOUT_PUBLIC_URL"]),
            pause=_seconds(values["FUNDSCOUT_MAIL_PAUSE"]),
            per_domain=_count("FUNDSCOUT_MAIL_PER_DOMAIN", values),
            keep_days=_count("FUNDSCOUT_KEEP_MAILS_DAYS", values),
            keep_addresses_days=_count("FUNDSCOUT_KEEP_ADDRESSES_DAYS", values),
            secret_file=_path(values["FUNDSCOUT_SECRET_FILE"]) or data / "secret.key",
            bounce_secret_file=_path(values["FUNDSCOUT_BOUNCE_SECRET_FILE"]),
            password_file=password_file,
        )

    def as_rows(self) -> dict[str, object]:
        """Return every setting by name, without a password."""
        if isinstance(self.route, MailServer):
            route = self.route.without_password
        else:
            route = f"folder:{self.route}" if self.route else ""
        return {
            "FUNDSCOUT_SMTP_URL": route,
            "FUNDSCOUT_SMTP_PASSWORD_FILE": self.password_file or "",
            "FUNDSCOUT_SMTP_CA": self.ca or "",
            "FUNDSCOUT_MAIL_FROM": self.sender or "",
            "FUNDSCOUT_MAIL_BOUNCES": self.bounces or "",
            "FUNDSCOUT_BOUNCE_BOX": self.bounce_box or "",
            "FUNDSCOUT_PUBLIC_URL": self.public_url,
            "FUNDSCOUT_MAIL_PAUSE": self.pause,
            "FUNDSCOUT_MAIL_PER_DOMAIN": self.per_domain,
            "FUNDSCOUT_KEEP_MAILS_DAYS": self.keep_days,
            "FUNDSCOUT_KEEP_ADDRESSES_DAYS": self.keep_addresses_days,
            "FUNDSCOUT_SECRET_FILE": self.secret_file,
            "FUNDSCOUT_BOUNCE_SECRET_FILE": self.bounce_secret_file or "",
        }


def _path(value: str) -> Path | None:
    return Path(value).expanduser().resolve() if value else None


def _read_route(value: str, password_file: Path | None) -> MailServer | Path | None:
    """Read where mail goes; an error never repeats the address, which may hold a password."""
    if not value:
        return None
    if value.startswith("folder:"):
        return Path(value.removeprefix("folder:")).expanduser().resolve()
    wrong = InputError(
        "FUNDSCOUT_SMTP_URL cannot be read: write smtp://user@host:587, smtps://user@host:465, "
        "smtp+plain://host:25 or folder:DIR."
    )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise wrong
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password_file is not None:
        password = _read_secret(password_file)
    if user and not password:
        raise InputError(
            "FUNDSCOUT_SMTP_URL names a user: put the password into a file and name it in "
            "FUNDSCOUT_SMTP_PASSWORD_FILE."
        )
    return MailServer(
        parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], user, password
    )


def _read_secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"FUNDSCOUT_SMTP_PASSWORD_FILE, {path}, cannot be read.") from error


def _address(name: str, values: Mapping[str, str]) -> Address | None:
    if not values[name]:
        return None
    try:
        return Address.parse(values[name])
    except ValueError as error:
        raise InputError(f"{name} is no mail address: {error}") from error


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise InputError(
            f"FUNDSCOUT_PUBLIC_URL is {value!r}: give an address such as https://fundscout.example."
        )
    return value.rstrip("/")


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 3600:  # noqa: PLR2004  a longer pause would be a mistake
        raise InputError(f"FUNDSCOUT_MAIL_PAUSE is {value!r}: give seconds from 0 to 3600.")
    return seconds


def _count(name: str, values: Mapping[str, str]) -> int:
    if not values[name].isdecimal():
        raise InputError(f"{name} is {values[name]!r}: give a whole number, 0 or more.")
    return int(values[name])
