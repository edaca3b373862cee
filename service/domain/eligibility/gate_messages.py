"""The message of a gate's code and values.

Codes and values are JSON, so a value is a tuple of tokens. A token with a tag, such as
``months:24`` or ``kind:individual``, is worded in each language; any other is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from service.messages.message import Country, ListStyle, Message, Value, join_values, message

Values = dict[str, tuple[str, ...]]
"""Tokens by the name of the field that they fill in a sentence."""

_GROUPS = frozenset({"EU", "AC", "EEA", "NORDIC"})
_NEAR = frozenset({"SE", "NO", "DK", "FI", "IS"})
"""Countries that a condition names in words; of those farther away it shows the code."""

_GENERAL = "action"
"""The value that names a type of action, when only a programme's general rules say so."""

_COUNTED = {"left", "more"}
"""Values that choose the plural form of a sentence."""

_PLURALS = {"deadline.day": "deadline.days", "deadline.hour": "deadline.hours"}
"""Codes whose text is the singular of another code's."""

_CALL_CHOICE_TAGS = ("kind:", "place:")
"""Tags of which a call accepts any one, so that lists of them say "or"."""

CHOICE_TAGS = ("one:", "land:", "stage:")
"""Tags of which one is enough to meet a condition."""


def gate_message(code: str, values: Values) -> Message:
    """Return the message of a gate's reason; it mentions general rules that the gate rests on."""
    reason = message(f"gate.{_PLURALS.get(code, code)}", **message_fields(values))
    if _GENERAL not in values:
        return reason
    rules = message("gate.rules.general", action=values[_GENERAL][0])
    return message("gate.general", reason=reason, rules=rules)


def message_fields(
    values: Values, choice_tags: tuple[str, ...] = _CALL_CHOICE_TAGS
) -> dict[str, Value]:
    """Return the values of a message for tokens; lists with a tag in ``choice_tags`` say "or"."""
    fields = {
        name: _value(tokens, choice_tags) for name, tokens in values.items() if name != _GENERAL
    }
    if "day" in values:
        fields["when"] = deadline_moment(values)
    for name in _COUNTED & values.keys():
        fields["count"] = int(values[name][0])
    return fields


def deadline_moment(values: Values) -> Message:
    """Return the message of a deadline from its day and zone, and its time and stage if any."""
    fields: dict[str, Value] = {name: tokens[0] for name, tokens in values.items() if tokens}
    moment = message("gate.when.time" if "time" in fields else "gate.when.day", **fields)
    return (
        message("gate.when.stage", stage=fields["stage"], when=moment)
        if "stage" in fields
        else moment
    )


@lru_cache(4096)
def _value(tokens: tuple[str, ...], choice_tags: tuple[str, ...]) -> Value:
    is_choice = bool(tokens) and tokens[0].startswith(choice_tags)
    return join_values(map(_word, tokens), ListStyle.OR if is_choice else ListStyle.AND)


def _word(token: str) -> Value:
    tag, _, value = token.partition(":")
    make_message = _TAGS.get(tag)
    return make_message(tag, value) if make_message else token


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
    """Return the message of a number of things, or of a span such as ``12-24`` or ``-24``."""
    least, spans, most = value.partition("-")
    end = "" if not spans or (least and most) else ".least" if least else ".most"
    number = f"{least}–{most}" if least and most and least != most else least or most
    return message(f"quantity.{tag}{end}", number=number, count=_whole(most or least))


def _whole(number: str) -> int:
    """Return the number that chooses the plural form; a fraction counts as plural."""
    return int(number) if number.isdecimal() else 0


def _amount(_: str, value: str) -> Message:
    """Return the message of ``SEK/100/2000``: a currency, the least and the most, if stated."""
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
    "part": _kind,  # a kind among several that are there, so that lists of it say "and"
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
