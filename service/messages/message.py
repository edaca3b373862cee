"""Message: what is to be said, as a key with values, before anybody chose a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from scrapers.call import Money


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166 code, said by its name; of a region the country is named."""

    code: str


@dataclass(frozen=True)
class Month:
    """A month, 1 to 12, said by its name."""

    number: int


class Joined(StrEnum):
    """How the things of a list are put together."""

    AND = "and"
    OR = "or"
    COMMAS = "commas"


@dataclass(frozen=True)
class Several:
    """Things said one after another."""

    things: tuple[Value, ...]
    joined: Joined = Joined.AND


@dataclass(frozen=True)
class Cut:
    """A thing said on one line, cut at a word where it has more than ``longest`` letters."""

    thing: Value
    longest: int


@dataclass(frozen=True)
class Message:
    """A text of the catalogues, by its key, and what fills its fields.

    A value ``count`` chooses the plural form. Numbers, days, money and countries are written as
    each language does; a text is put in as it stands and is never read as a pattern.
    """

    key: str
    values: tuple[tuple[str, Value], ...] = ()

    def __getitem__(self, name: str) -> Value:
        """Return the value called ``name``."""
        return dict(self.values)[name]


VERBATIM = "verbatim"
"""The key of a text that is said as it stands."""

Value: TypeAlias = str | int | Decimal | date | Money | Country | Month | Several | Cut | Message


def message(key: str, /, **values: Value) -> Message:
    """Return the message ``key`` with ``values``."""
    return Message(key, tuple(values.items()))


def of(key: str, values: Mapping[str, Value]) -> Message:
    """Return the message ``key`` with values that are at hand by name."""
    return Message(key, tuple(values.items()))


def listed(things: Iterable[Value], joined: Joined = Joined.AND) -> Several:
    """Return ``things`` to be said one after another."""
    return Several(tuple(things), joined)


def verbatim(text: str) -> Message:
    """Return a text that is the same in every language, such as words of others."""
    return message(VERBATIM, text=text)


def quoted(text: Value) -> Message:
    """Return a text as a sentence quotes it, with the marks of the sentence's language."""
    return message("quoted", text=text)
