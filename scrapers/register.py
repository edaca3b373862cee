"""Register: a public list of awards, how it is fetched and read, and all registers by key."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from scrapers.award import Award
from scrapers.call import Provenance
from scrapers.errors import UnknownFunderError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no award, such as one that pays nothing; it is counted by ``reason``."""

    reason: str


@dataclass(frozen=True)
class RegisterRow:
    """One row of an answer before it is an award; ``parts`` are its rows in other lists."""

    fields: Fields
    provenance: Provenance
    parts: tuple[Fields, ...] = ()


class Register(ABC):
    """A public list of awards. A subclass in ``scrapers/awards`` is found by its key.

    ``verified`` says how far the reader was checked: "real answer", "page text" or "not yet".
    ``needs_key``: it answers only with a key. ``key_name``: the name of that key in the operator's
    settings, where it is not the register's own. ``incremental``: it can list only what changed.
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

    door: str = ""
    """How the register was asked in the end, in words, where there are several ways."""

    def __init__(self, base: str | None = None, since: date | None = None) -> None:
        """Fetch from ``base`` instead of its own address, only what changed ``since`` if it can."""
        self.base = (base or self.address).rstrip("/")
        self.since = since

    @abstractmethod
    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield every answer of a run, in order."""

    @abstractmethod
    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the rows of one answer as they are read; raise ``ShapeError`` if it is none.

        An error in the middle ends the answer; rows before it are good.
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
    classes: dict[str, type[Register]] = {}
    for module in pkgutil.iter_modules(package.__path__, "scrapers.awards."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Register) and "key" in vars(value):
                classes[value.key] = value
    return dict(sorted(classes.items()))


def register_keys() -> list[str]:
    """Return the key of every register, found by walking ``scrapers/awards``."""
    return list(_register_classes())


def get_register(key: str, base: str | None = None, since: date | None = None) -> Register:
    """Return the register with that key; see ``Register`` for ``base`` and ``since``.

    Raises:
        UnknownFunderError: no register has the key; the text names those that exist.
    """
    classes = _register_classes()
    if key not in classes:
        raise UnknownFunderError(f"no register {key!r} of awards; there are: {', '.join(classes)}")
    return classes[key](base, since)
