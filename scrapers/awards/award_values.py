"""Values that registers of awards share: amounts, days, organisations, and texts without persons.

A value that cannot be read is left out of an award with a note; the rest is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from scrapers.award import Organisation
from scrapers.call import Money
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.fields import Fields
from scrapers.reading.patterns import load

_PATTERNS = load("award_values.toml", package=__package__)
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_WHOLE_NUMBER = re.compile(r"\d{1,12}(?:\.0+)?")
_EU_CODES = {"UK": "GB", "EL": "GR"}
_COUNTRY = re.compile(r"[A-Z]{2}")
_PLACEHOLDER_NAMES = frozenset(_PATTERNS.words("no_name"))


def clean_text(source: str) -> str:
    """Return clean paragraphs without e-mail addresses, telephone numbers and persons.

    Persons are recognised by the label or title before the name; free prose may hold others.
    """
    return _without_persons(parse.clean_text(source))


def clean_title(source: str) -> str:
    """Return ``source`` as `clean_text` does, on one line."""
    return " ".join(clean_text(source).split())


def _without_persons(source: str) -> str:
    source = _PATTERNS.number_inside.sub("[number]", source)
    source = _PATTERNS.labelled.sub(_mask_person, source)
    return _PATTERNS.titled.sub(r"\1[person]", source)


def _mask_person(match: re.Match[str]) -> str:
    named = match.group()[len(match.group(1)) :]
    return match.group() if _PATTERNS.organised.search(named) else f"{match.group(1)}[person]"


def read_amount(fields: Fields, name: str, currency: str) -> Money | None:
    """Return an amount; None for nothing and zero, and, with a note, for no amount."""
    value = fields.raw(name)
    if isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value.strip()):
        value = value.strip().replace(",", ".")
    try:
        money = parse.read_money(value, currency, name)
    except ShapeError:
        fields.note(name, f"left out what is no amount: {_preview(value)}")
        return None
    if money is None:
        return None
    whole = money.amount.to_integral_value()
    return Money(amount=Decimal(int(whole)), currency=currency) if whole == money.amount else money


def read_day(fields: Fields, name: str) -> date | None:
    """Return a day from a date, a time, or seconds since 1970; None, with a note, if it is none."""
    value = fields.raw(name)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
        moment = parse.read_moment(value, "UTC", name)
    except (ShapeError, ValueError, OverflowError, OSError):
        fields.note(name, f"left out what is no date: {_preview(value)}")
        return None
    return moment.at.date() if moment else None


def project_days(fields: Fields, start: str, end: str) -> dict[str, date | None]:
    """Return first and last day by the names an award has; an end before the start is noted."""
    first, last = read_day(fields, start), read_day(fields, end)
    if first and last and last < first:
        fields.note(end, f"left out an end before the start: {last}")
        last = None
    return {"start": first, "end": last}


def read_organisation(name: str, country: str = "", number: str = "") -> Organisation | None:
    """Return an organisation; None without a name, and when the number is a person's.

    Sole traders in Sweden have their owner's personal number and mostly his or her name.
    """
    name = parse.clean_line(name)[:500]
    bare = re.sub(r"\s", "", number)
    if (
        not name
        or name.casefold() in _PLACEHOLDER_NAMES
        or _PATTERNS.personal_number.fullmatch(bare)
    ):
        return None
    if _PATTERNS.number_inside.search(name) or _PATTERNS.sole_trader.search(name):
        return None
    code = country.strip().upper()
    code = _EU_CODES.get(code, code)
    return Organisation(name=name, country=code if _COUNTRY.fullmatch(code) else None)


def distinct_organisations(
    organisations: Iterable[Organisation | None],
) -> tuple[Organisation, ...]:
    """Return the organisations without None, in order, each once."""
    return tuple(dict.fromkeys(one for one in organisations if one is not None))


def drop_empty(words: Mapping[str, str]) -> dict[str, str]:
    """Return ``words`` without empty values."""
    return {language: value for language, value in words.items() if value}


def whole_number(value: object) -> str:
    """Return an identifier, a text or a number such as 123.0, as its digits; "" for nothing."""
    if isinstance(value, bool) or value is None:
        return ""
    text = str(value).strip()
    return text.split(".")[0] if _WHOLE_NUMBER.fullmatch(text) else text


def _preview(value: object) -> str:
    return repr(str(value)[:60])
