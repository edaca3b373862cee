"""Numbers, days, money, countries and lists as a language writes them. Babel knows how."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal

from scrapers.call import Money
from service.messages.catalogue import Catalogue
from service.messages.message import ListStyle

_SHORTEST_LIST = 2

_COMMISSION_CODES = {"EL": "GR", "UK": "GB"}
"""Codes that the European Commission writes its own way."""


def number(value: int | Decimal, locale: Locale) -> str:
    """Write a number with grouped digits, and with the decimals that it has."""
    return _group_digits(f"{value:f}" if isinstance(value, Decimal) else str(value), locale)


@lru_cache(4096)
def _group_digits(digits: str, locale: Locale) -> str:
    decimals = len(digits.partition(".")[2])
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return format_decimal(Decimal(digits), format=pattern, locale=locale)


def rounded(value: float, digits: int) -> Decimal:
    """Return ``value`` with a fixed number of decimals, as a score is written."""
    return Decimal(f"{value:.{digits}f}")


def compact(amount: Decimal, locale: Locale) -> str:
    """Write a large number in words, with one decimal: 6.2 billion."""
    return format_compact_decimal(amount, format_type="long", locale=locale, fraction_digits=1)


def whole(amount: Decimal) -> Decimal:
    """Return ``amount`` without decimals where they are nothing but zeros."""
    return amount.quantize(Decimal(1)) if amount % 1 == 0 else amount


def day(moment: date, words: Catalogue, form: str = "format.date") -> str:
    """Write a day with its month in words, by the pattern that the catalogue has under ``form``."""
    return format_date(moment, words.text(form), locale=words.locale)


def month(value: int, words: Catalogue) -> str:
    """Return the name of a month, 1 to 12."""
    return day(date(2000, value, 1), words, "format.month")


def money(amount: Money, words: Catalogue) -> str:
    """Write an amount with its currency, decimals only where there are any."""
    return span(amount.amount, amount.amount, amount.currency, words)


def span(least: Decimal, most: Decimal, currency: str, words: Catalogue) -> str:
    """Write a range of amounts in one currency, which is named once."""
    ends = dict.fromkeys(number(whole(end), words.locale) for end in (least, most))
    return words.text("format.money").format(currency=currency, figure="–".join(ends))


def country(code: str, words: Catalogue) -> str:
    """Return the name of a country: ours where the catalogue has one, else Babel's, else the code.

    Of a region such as SE-AB the country is named.
    """
    country_code = code.strip().upper()[:2]
    iso_code = _COMMISSION_CODES.get(country_code, country_code)
    own = words.texts.get(f"country.{iso_code}")
    return own[0] if own else words.locale.territories.get(iso_code, country_code)


def listing(parts: Sequence[str], style: ListStyle, locale: Locale) -> str:
    """Join ``parts`` with commas and, before the last, the language's "and" or "or"."""
    if style is ListStyle.COMMAS or len(parts) < _SHORTEST_LIST:
        return ", ".join(parts)
    return format_list(parts, style="or" if style is ListStyle.OR else "standard", locale=locale)


def shorten(text: str, longest: int) -> str:
    """Return ``text`` on one line, cut at a word where it has more than ``longest`` letters."""
    if len(text) <= longest and "\n" not in text:
        return text  # shorten would take the spaces that keep a number together
    return textwrap.shorten(text, longest, placeholder=" …")
