"""Every setting in one table: name, default and meaning. All are environment variables."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from service import access_settings
from service.access_settings import AccessSettings, host_of
from service.errors import InputError
from service.mail_settings import SETTING_ROWS, MailSettings

PREFIX = "FUNDSCOUT_"

_MOST_THREADS = 256

CLOCK_AUTO, CLOCK_SYSTEM, CLOCK_EXAMPLES = "auto", "system", "examples"


@dataclass(frozen=True)
class Setting:
    """A row of the table; ``default`` is written as in the environment."""

    name: str
    default: str
    help: str


ALL_SETTINGS = (
    Setting(
        "FUNDSCOUT_DATA",
        "data",
        "Folder for the database, fetched pages, the model and index snapshots.",
    ),
    Setting(
        "FUNDSCOUT_DATABASE",
        "",
        "SQLAlchemy address of the database; empty: fundscout.sqlite in the data folder.",
    ),
    Setting(
        "FUNDSCOUT_MODEL",
        "bundled",
        "Embedding model: bundled, the folder of a sentence-transformers model, or a hub's name; "
        "scores are calibrated for the bundled one.",
    ),
    Setting(
        "FUNDSCOUT_ADAPTER",
        "shipped",
        "Trained change of the model: shipped (for the bundled model), none, or a file that "
        "`fundscout train` wrote for the model in use.",
    ),
    Setting(
        "FUNDSCOUT_THREADS",
        "0",
        "Texts that the bundled model reads at once, in each process; 0: one for each processor.",
    ),
    Setting(
        "FUNDSCOUT_CLOCK",
        CLOCK_AUTO,
        "What open and closed are computed by: system; examples (the examples' date); an instant "
        "such as 2026-04-24T09:00+02:00; or auto: the examples' date while the store holds only "
        "example calls, else the system's clock.",
    ),
    Setting(
        "FUNDSCOUT_CONTACT",
        "",
        "Address or page of the operator, told to funders with every request.",
    ),
    Setting(
        "FUNDSCOUT_KEYS",
        "",
        "Keys of interfaces that want one, as formas=…,forte=…; without, public pages are read.",
    ),
    Setting(
        "FUNDSCOUT_RATES",
        "",
        "File of exchange rates as the European Central Bank publishes them, XML or CSV; empty: "
        "the one that `fundscout rates` keeps in the data folder.",
    ),
    Setting(
        "FUNDSCOUT_CURRENCY",
        "SEK",
        "Currency that amounts are converted into, beside their own, where there are rates.",
    ),
    Setting("FUNDSCOUT_HOST", "127.0.0.1", "Address that the service listens on."),
    Setting("FUNDSCOUT_PORT", "8000", "Port that the service listens on."),
    Setting(
        "FUNDSCOUT_SEARCHES",
        "2",
        "Searches that the service answers at once; best as many as there are cores.",
    ),
    Setting(
        "FUNDSCOUT_QUEUE",
        "32",
        "Searches that wait for their turn; more get 503 and when to come again.",
    ),
    Setting("FUNDSCOUT_EXAMPLES", "", "Folder of the examples; empty: the one beside the program."),
    Setting(
        "FUNDSCOUT_DIGEST_MIN_SCORE",
        "0.01",
        "Score (0 to 1) from which a call that is new to a pilot is worth a place in its mail.",
    ),
    Setting(
        "FUNDSCOUT_DIGEST_QUIET",
        "silent",
        "What a week without a call that fits brings: silent, no mail; monthly, one line every "
        "fourth week.",
    ),
    Setting(
        "FUNDSCOUT_KEEP_SEARCHES_DAYS",
        "30",
        "Days that the text of an unsaved search is kept at its address, 1 to 3650.",
    ),
    *(Setting(*row) for row in access_settings.SETTING_ROWS),
    *(Setting(*row) for row in SETTING_ROWS),
    Setting("FUNDSCOUT_LOG", "plain", "Form of the log on standard error: plain or json."),
    Setting(
        "FUNDSCOUT_ACCESS_LOG",
        "off",
        "A line of JSON on standard output for each request: on or off; no text and no address.",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings, checked. ``clock`` is auto, system, examples, or an aware instant."""

    data: Path
    database: str
    model: str
    adapter: str
    threads: int
    clock: str | datetime
    contact: str
    keys: Mapping[str, str]
    rates: Path
    currency: str
    host: str
    port: int
    searches: int
    queue: int
    examples: Path
    access: AccessSettings
    mail: MailSettings
    log: str
    digest_min_score: float
    digest_quiet: str
    keep_searches_days: int
    access_log: bool

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            InputError: one is wrong or unknown; the message names it.
        """
        variables = os.environ if environment is None else environment
        known = {setting.name for setting in ALL_SETTINGS}
        for name in variables:
            if name.startswith(PREFIX) and name not in known:
                raise InputError(f"There is no setting {name}: see `fundscout settings`.")
        values = {s.name: variables.get(s.name, "").strip() or s.default for s in ALL_SETTINGS}
        data = Path(values["FUNDSCOUT_DATA"]).expanduser().resolve()
        host, port = values["FUNDSCOUT_HOST"], _port(values["FUNDSCOUT_PORT"])
        return cls(
            data=data,
            database=values["FUNDSCOUT_DATABASE"] or f"sqlite:///{data / 'fundscout.sqlite'}",
            model=values["FUNDSCOUT_MODEL"],
            adapter=values["FUNDSCOUT_ADAPTER"],
            threads=_threads(values["FUNDSCOUT_THREADS"]),
            clock=_clock(values["FUNDSCOUT_CLOCK"]),
            contact=values["FUNDSCOUT_CONTACT"],
            keys=_keys(values["FUNDSCOUT_KEYS"]),
            rates=Path(values["FUNDSCOUT_RATES"] or data / "rates").expanduser(),
            currency=_currency(values["FUNDSCOUT_CURRENCY"]),
            host=host,
            port=port,
            searches=_number_between("FUNDSCOUT_SEARCHES", values, 1, 16),
            queue=_number_between("FUNDSCOUT_QUEUE", values, 0, 1000),
            examples=Path(values["FUNDSCOUT_EXAMPLES"] or _examples_folder()),
            access=AccessSettings.read(values),
            mail=MailSettings.read(values, data, f"http://{host}:{port}"),
            log=_one_of("FUNDSCOUT_LOG", values["FUNDSCOUT_LOG"], ("plain", "json")),
            digest_min_score=_share(
                "FUNDSCOUT_DIGEST_MIN_SCORE", values["FUNDSCOUT_DIGEST_MIN_SCORE"]
            ),
            digest_quiet=_one_of(
                "FUNDSCOUT_DIGEST_QUIET", values["FUNDSCOUT_DIGEST_QUIET"], ("silent", "monthly")
            ),
            keep_searches_days=_number_between("FUNDSCOUT_KEEP_SEARCHES_DAYS", values, 1, 3650),
            access_log=_one_of(
                "FUNDSCOUT_ACCESS_LOG", values["FUNDSCOUT_ACCESS_LOG"], ("on", "off")
            )
            == "on",
        )

    def as_rows(self) -> dict[str, object]:
        """Return every setting by name with its value, without passwords and keys."""
        return {
            "FUNDSCOUT_DATA": self.data,
            "FUNDSCOUT_DATABASE": self.database_without_password,
            "FUNDSCOUT_MODEL": self.model,
            "FUNDSCOUT_ADAPTER": self.adapter,
            "FUNDSCOUT_THREADS": self.threads,
            "FUNDSCOUT_CLOCK": self.clock,
            "FUNDSCOUT_CONTACT": self.contact,
            "FUNDSCOUT_KEYS": ", ".join(f"{funder}=(set)" for funder in self.keys),
            "FUNDSCOUT_RATES": self.rates,
            "FUNDSCOUT_CURRENCY": self.currency,
            "FUNDSCOUT_HOST": self.host,
            "FUNDSCOUT_PORT": self.port,
            "FUNDSCOUT_SEARCHES": self.searches,
            "FUNDSCOUT_QUEUE": self.queue,
            "FUNDSCOUT_EXAMPLES": self.examples,
            "FUNDSCOUT_DIGEST_MIN_SCORE": self.digest_min_score,
            "FUNDSCOUT_DIGEST_QUIET": self.digest_quiet,
            "FUNDSCOUT_KEEP_SEARCHES_DAYS": self.keep_searches_days,
            **self.access.as_rows(),
            **self.mail.as_rows(),
            "FUNDSCOUT_LOG": self.log,
            "FUNDSCOUT_ACCESS_LOG": "on" if self.access_log else "off",
        }

    @property
    def database_without_password(self) -> str:
        """The database's address without a password."""
        return make_url(self.database).render_as_string(hide_password=True)

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Names that a request may call this service by; one with a dot before it, all below it."""
        listening = f"[{self.host}]" if ":" in self.host else self.host
        own = () if listening in {"0.0.0.0", "[::]"} else (listening.lower(),)  # noqa: S104  no name
        public = (host_of(self.mail.public_url),) if self.mail.public_url_given else ()
        names = (*access_settings.LOOPBACK_NAMES, *own, *public, *self.access.trusted_hosts)
        return tuple(dict.fromkeys(names))

    @property
    def snapshots(self) -> Path:
        """Folder of the index snapshots."""
        return self.data / "snapshots"

    @property
    def award_snapshots(self) -> Path:
        """Folder of the snapshots of awards, which are searched apart from calls."""
        return self.snapshots / "awards"

    @property
    def models(self) -> Path:
        """Folder of unpacked models."""
        return self.data / "models"

    @property
    def pages(self) -> Path:
        """Folder of fetched pages."""
        return self.data / "pages"

    @property
    def vectors(self) -> Path:
        """File of cached vectors."""
        return self.data / "vectors.sqlite"


def _examples_folder() -> Path:
    """Return the examples' folder, which is next to ``service`` in a checkout and in a wheel."""
    return Path(__file__).resolve().parents[1] / "examples"


def _clock(value: str) -> str | datetime:
    if value in {CLOCK_AUTO, CLOCK_SYSTEM, CLOCK_EXAMPLES}:
        return value
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InputError(
            f"FUNDSCOUT_CLOCK is {value!r}: give auto, system, examples, or an instant with its "
            "offset, such as 2026-04-24T09:00+02:00."
        )
    return instant


def _keys(value: str) -> Mapping[str, str]:
    """Read ``name=key,name=key``; an error names the position, never the key."""
    keys: dict[str, str] = {}
    for number, pair in enumerate(filter(None, value.split(",")), 1):
        name, mark, key = (part.strip() for part in pair.partition("="))
        if not (name and mark and key):
            raise InputError(f"FUNDSCOUT_KEYS, part {number}, is not funder=key.")
        keys[name] = key
    return keys


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise InputError(f"FUNDSCOUT_CURRENCY is {value!r}: give a currency such as SEK or EUR.")
    return value


def _threads(value: str) -> int:
    if not value.isdecimal() or int(value) > _MOST_THREADS:
        raise InputError(f"FUNDSCOUT_THREADS is {value!r}: give a number from 0 to 256.")
    return int(value)


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:  # noqa: PLR2004  ports end there
        raise InputError(f"FUNDSCOUT_PORT is {value!r}: give a number from 1 to 65535.")
    return int(value)


def _number_between(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    value = values[name]
    if not (value.isdecimal() and len(value) < 6 and least <= int(value) <= most):  # noqa: PLR2004  no such number
        raise InputError(f"{name} is {value!r}: give a number from {least} to {most}.")
    return int(value)


def _share(name: str, value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise InputError(f"{name} is {value!r}: give a number from 0 to 1, such as 0.25.")
    return share


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise InputError(f"{name} is {value!r}: give {' or '.join(choices)}.")
    return value
