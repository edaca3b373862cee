"""Award: a project that somebody paid, with the call that paid it; the registers that list them.

Awards are what calls led to. They are never calls: nothing here can be applied for.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from scrapers.call import Language, Money, NonBlank, Provenance, Record, Url
from scrapers.errors import UnknownFunderError
from scrapers.funder import Failure, PageFetcher
from scrapers.http.page import Page
from scrapers.reading.fields import Fields

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Organisation(Record):
    """Someone paid: an organisation, never a person. ``country`` is ISO 3166-1 alpha-2."""

    name: Annotated[NonBlank, StringConstraints(max_length=500)]
    country: Country | None = None


class Award(Record):
    """A project that was paid.

    ``id`` is ``register:native-id``. ``calls`` are the identifiers of what paid it, the round or
    topic first and then whatever holds it; ``caller`` is the key of the funder whose identifiers
    they are, since two agencies give the same number. ``titles`` and ``texts`` are keyed by
    language (ISO 639). ``start`` and ``end`` are days.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+:\S+$", max_length=300)]
    funder: NonBlank
    titles: dict[Language, NonBlank] = Field(min_length=1)
    texts: dict[Language, NonBlank] = Field(default_factory=dict)
    caller: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]*$")] = ""
    calls: tuple[NonBlank, ...] = ()
    programme: str = ""
    coordinator: Organisation | None = None
    partners: tuple[Organisation, ...] = ()
    amount: Money | None = None
    start: date | None = None
    end: date | None = None
    url: Url | None = None
    provenance: Provenance

    @model_validator(mode="after")
    def _calls_have_a_caller(self) -> Self:
        if self.calls and not self.caller:
            raise ValueError("call identifiers mean nothing without the funder they belong to")
        return self

    @property
    def native_id(self) -> str:
        """The register's own identifier: what follows the first colon of ``id``."""
        return self.id.split(":", 1)[1]

    def content_hash(self) -> str:
        """SHA-256 (hex) of everything but provenance."""
        content = self.model_dump(mode="json", exclude={"provenance"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no award on purpose, such as one that pays nothing; it is counted."""

    reason: str


@dataclass(frozen=True)
class RegisterRow:
    """One row of an answer before it is an award; ``parts`` are rows of other lists about it."""

    fields: Fields
    provenance: Provenance
    parts: tuple[Fields, ...] = ()


class Register(ABC):
    """A public list of awards. A subclass in ``scrapers/awards`` is found by its key.

    ``verified`` says how far the reader was checked: "real answer", "page text" or "not yet".
    ``keyed``: it answers only to who has a key. ``opened_by``: what that key is called among the
    operator's, where it is not called as the register. ``incremental``: it can say what changed.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    home: ClassVar[str]
    interface: ClassVar[str]
    verified: ClassVar[str]
    address: ClassVar[str]
    needs_key: ClassVar[bool] = False
    key_name: ClassVar[str] = ""
    incremental: ClassVar[bool] = False

    secret: str = ""
    """The operator's key, where the register wants one."""

    def __init__(self, base: str | None = None, since: date | None = None) -> None:
        """Ask at ``base`` instead of its own address, for what changed since a day if it can."""
        self.base = (base or self.address).rstrip("/")
        self.since = since

    @abstractmethod
    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield every answer of a run, asking politely and in order."""

    @abstractmethod
    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the rows of one answer as they are read; raise ``ShapeError`` if it is none.

        An error in the middle ends the answer: what was yielded before it is good.
        """

    @abstractmethod
    def award(self, row: RegisterRow) -> Award:
        """Return the award of a row; raise ``ShapeError`` when it cannot be read."""

    def provenance(self, page: Page) -> Provenance:
        """Return where ``page`` was read; a saved file has no address."""
        url = page.url if page.url.startswith(("https://", "http://")) else None
        return Provenance(source=self.key, url=url, sha256=page.sha256, fetched_at=page.fetched_at)


@cache
def _register_classes() -> dict[str, type[Register]]:
    package = importlib.import_module("scrapers.awards")
    found: dict[str, type[Register]] = {}
    for module in pkgutil.iter_modules(package.__path__, "scrapers.awards."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Register) and "key" in vars(value):
                found[value.key] = value
    return dict(sorted(found.items()))


def register_keys() -> list[str]:
    """Return the key of every register, found by walking ``scrapers/awards``."""
    return list(_register_classes())


def get_register(key: str, base: str | None = None, since: date | None = None) -> Register:
    """Return the register with that key; see ``Register`` for the rest.

    Raises ``UnknownFunderError`` naming those that exist.
    """
    known = _register_classes()
    if key not in known:
        raise UnknownFunderError(f"no register {key!r} of awards; there are: {', '.join(known)}")
    return known[key](base, since)
