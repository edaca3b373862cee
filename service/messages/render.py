"""A message put into words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Any

from scrapers.call import Money
from service.messages import formats
from service.messages.catalogue import SOURCE, Catalogue, catalogue
from service.messages.message import Country, Message, Month, Shortened, Value, ValueList

CASES: dict[str, Callable[[str], str]] = {
    "": str,
    "capital": lambda text: text[:1].upper() + text[1:],
    "lower": str.lower,
}
"""What may stand after a field's name: ``{name:capital}`` begins a sentence with a value."""


def render(message: Message, language: str) -> str:
    """Return ``message`` in ``language``; English where there are no words in it.

    Raises:
        KeyError: there is no such text, or it has a field that the message has no value for.
    """
    return _render(message, catalogue(language))


def english(message: Message) -> str:
    """Return ``message`` as logs, commands and the API's notes write it."""
    return render(message, SOURCE)


def _render(message: Message, words: Catalogue) -> str:
    values = dict(message.values)
    count = values.get("count")
    text = words.text(message.key, count if isinstance(count, int) else None)
    parts = []
    for before, name, case in _pieces(text):
        parts.append(before)
        if name:
            parts.append(CASES[case](_value(values[name], words)))
    return "".join(parts)


@cache
def _pieces(text: str) -> tuple[tuple[str, str, str], ...]:
    """Cut a text at its fields: (what stands before one, its name, its case)."""
    parsed = Formatter().parse(text)
    return tuple((before, name or "", case or "") for before, name, case, _ in parsed)


def _value(value: Value, words: Catalogue) -> str:
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value, words)
    raise TypeError(f"{value!r} is no value of a message")


def _value_list(value: ValueList, words: Catalogue) -> str:
    parts = [_value(part, words) for part in value.values]
    return formats.listing(parts, value.style, words.locale)


def _shortened(value: Shortened, words: Catalogue) -> str:
    return formats.shorten(_value(value.value, words), value.longest)


_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any, Catalogue], str]], ...] = (
    (str, lambda value, _: str(value)),
    (Message, _render),
    ((int, Decimal), lambda value, words: formats.number(value, words.locale)),
    (ValueList, _value_list),
    (Shortened, _shortened),
    (Country, lambda value, words: formats.country(value.code, words)),
    (Money, formats.money),
    (date, formats.day),
    (Month, lambda value, words: formats.month(value.number, words)),
)
"""How each kind of value is written."""
