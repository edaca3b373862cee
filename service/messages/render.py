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
from service.messages.message import Country, Cut, Message, Month, Several, Value

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
    return _rendered(message, catalogue(language))


def english(message: Message) -> str:
    """Return ``message`` as logs, commands and the API's notes say it."""
    return render(message, SOURCE)


def _rendered(message: Message, words: Catalogue) -> str:
    values = dict(message.values)
    count = values.get("count")
    text = words.text(message.key, count if isinstance(count, int) else None)
    said = []
    for before, name, case in _pieces(text):
        said.append(before)
        if name:
            said.append(CASES[case](_value(values[name], words)))
    return "".join(said)


@cache
def _pieces(text: str) -> tuple[tuple[str, str, str], ...]:
    """Cut a text at its fields: (what stands before one, its name, its case)."""
    parsed = Formatter().parse(text)
    return tuple((before, name or "", case or "") for before, name, case, _ in parsed)


def _value(value: Value, words: Catalogue) -> str:
    for kind, say in _SAID:
        if isinstance(value, kind):
            return say(value, words)
    raise TypeError(f"{value!r} is no value of a message")


def _several(value: Several, words: Catalogue) -> str:
    things = [_value(thing, words) for thing in value.things]
    return formats.listing(things, value.joined, words.locale)


def _cut(value: Cut, words: Catalogue) -> str:
    return formats.cut(_value(value.thing, words), value.longest)


_SAID: tuple[tuple[type | tuple[type, ...], Callable[[Any, Catalogue], str]], ...] = (
    (str, lambda value, _: str(value)),
    (Message, _rendered),
    ((int, Decimal), lambda value, words: formats.number(value, words.locale)),
    (Several, _several),
    (Cut, _cut),
    (Country, lambda value, words: formats.country(value.code, words)),
    (Money, formats.money),
    (date, formats.day),
    (Month, lambda value, words: formats.month(value.number, words)),
)
"""How each kind of value is said."""
