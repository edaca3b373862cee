"""A gate's code and values as a message.

Codes and values are kept and given as JSON, so a value there is a tuple of tokens: a token with a
tag, such as ``months:24`` or ``kind:individual``, is said in each language's own way, any other as
it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from service.messages.message import Country, ListStyle, Message, Value, join_values, message

Values = dict[str, tuple[str, ...]]
"""What fills a sentence's fields: tokens by the name of the field."""

_GROUPS = frozenset({"EU", "AC", "EEA", "NORDIC"})
_NEAR = frozenset({"SE", "NO", "DK", "FI", "IS"})
"""Countries that a condition names; of those farther away it shows the code."""

_GENERAL = "action"
"""The value that is there when a programme's general rules say so; words of others."""

_COUNTED = {"left", "more"}
"""Values that are the number of what a sentence speaks of."""

_PLURALS = {"deadline.day": "deadline.days", "deadline.hour": "deadline.hours"}
"""Codes whose texts are the singular of another's."""

_ANY_OF_THEM = ("kind:", "place:")
"""Tags of which one is enough for a call, so that lists of them say "or"."""

ANY_WILL_DO = ("one:", "land:", "stage:")
"""Tags of which one is enough to meet a condition."""


def gate_message(code: str, values: Values) -> Message:
    """Return the reason ``code`` of a gate, and that general rules say so when they do."""
    said = message(f"gate.{_PLURALS.get(code, code)}", **spoken(values))
    if _GENERAL not in values:
        return said
    rules = message("gate.rules.general", action=values[_GENERAL][0])
    return message("gate.general", reason=said, rules=rules)


def spoken(values: Values, either: tuple[str, ...] = _ANY_OF_THEM) -> dict[str, Value]:
    """Return the values of a message that tokens stand for; ``either`` are tags listed by "or"."""
    said = {name: _value(tokens, either) for name, tokens in values.items() if name != _GENERAL}
    if "day" in values:
        said["when"] = when(values)
    for name in _COUNTED & values.keys():
        said["count"] = int(values[name][0])
    return said


def when(values: Values) -> Message:
    """Return a deadline's moment from its day, time, zone and stage; time and stage may lack."""
    plain: dict[str, Value] = {name: tokens[0] for name, tokens in values.items() if tokens}
    due = message("gate.when.time" if "time" in plain else "gate.when.day", **plain)
    return message("gate.when.stage", stage=plain["stage"], when=due) if "stage" in plain else due


@lru_cache(4096)
def _value(tokens: tuple[str, ...], either: tuple[str, ...]) -> Value:
    one = bool(tokens) and tokens[0].startswith(either)
    return join_values(map(_word, tokens), ListStyle.OR if one else ListStyle.AND)


def _word(token: str) -> Value:
    tag, _, value = token.partition(":")
    say_it = _TAGS.get(tag)
    return say_it(tag, value) if say_it else token


def _kind(_: str, value: str) -> Message:
    return message(f"kinds.{value}")


def _one(_: str, value: str) -> Message:
    return message(f"kind.one.{value}")


def _place(tag: str, value: str) -> Value:
    return _land(tag, value) if value in _GROUPS | _NEAR else value


def _land(_: str, value: str) -> Value:
    return message(f"place.{value}") if value in _GROUPS else Country(value)


def _stage(_: str, value: str) -> Message:
    return message(f"work.{value}")


def _partners(tag: str, value: str) -> Message:
    return message(f"opening.among.{tag}", count=int(value))


def _score(_: str, value: str) -> Decimal:
    return Decimal(value)


def _count(tag: str, value: str) -> Message:
    """Say a number of things, or a span such as ``12-24`` or ``-24``."""
    least, spans, most = value.partition("-")
    end = "" if not spans or (least and most) else ".least" if least else ".most"
    number = f"{least}–{most}" if least and most and least != most else least or most
    return message(f"quantity.{tag}{end}", number=number, count=_whole(most or least))


def _whole(number: str) -> int:
    """Return what chooses the plural form; a part of one thing is not one."""
    return int(number) if number.isdecimal() else 0


def _amount(_: str, value: str) -> Message:
    """Say ``SEK/100/2000``: a currency, the least and the most, either of which may be empty."""
    currency, least, most = value.split("/")
    ends = [Decimal(end) for end in dict.fromkeys((least, most)) if end]
    end = "" if least and most else ".least" if least else ".most"
    figure = _span(ends)
    return message(f"quantity.money{end}", figure=figure, currency=currency)


def _span(ends: list[Decimal]) -> Value:
    return ends[0] if len(ends) == 1 else message("format.span", least=ends[0], most=ends[1])


def _yearly(tag: str, value: str) -> Message:
    return message("quantity.money.yearly", amount=_amount(tag, value))


_TAGS: dict[str, Callable[[str, str], Value]] = {
    "kind": _kind,
    "part": _kind,  # a kind that is there beside others, so that lists of it say "and"
    "one": _one,
    "place": _place,
    "land": _land,
    "stage": _stage,
    "abroad": _partners,
    "other": _partners,
    "months": _count,
    "parties": _count,
    "countries": _count,
    "kinds": _count,
    "percent": _count,
    "trl": _count,
    "trlend": _count,
    "money": _amount,
    "yearly": _yearly,
    "score": _score,
}
