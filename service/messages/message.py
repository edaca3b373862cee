"""Message: a sentence as a key with values, before anybody chose a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from scrapers.call import Money


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166 code, written as its name; of a region the country is named."""

    code: str


@dataclass(frozen=True)
class Month:
    """A month, 1 to 12, written as its name."""

    number: int


class ListStyle(StrEnum):
    """How the values of a list are joined."""

    AND = "and"
    OR = "or"
    COMMAS = "commas"


@dataclass(frozen=True)
class ValueList:
    """Values written one after another."""

    values: tuple[Value, ...]
    style: ListStyle = ListStyle.AND


@dataclass(frozen=True)
class Shortened:
    """A value on one line, cut at a word where it has more than ``longest`` letters."""

    value: Value
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
"""The key of a text that is the same in every language."""

Value: TypeAlias = (
    str | int | Decimal | date | Money | Country | Month | ValueList | Shortened | Message
)


def message(key: str, /, **values: Value) -> Message:
    """Return the message ``key`` with ``values``."""
    return Message(key, tuple(values.items()))


def join_values(values: Iterable[Value], style: ListStyle = ListStyle.AND) -> ValueList:
    """Return ``values`` as a list that each language writes in its own way."""
    return ValueList(tuple(values), style)


def verbatim(text: str) -> Message:
    """Return a text that is the same in every language, such as words of others."""
    return message(VERBATIM, text=text)


def quote(text: Value) -> Message:
    """Return a text as a sentence quotes it, with the marks of the sentence's language."""
    return message("quoted", text=text)
