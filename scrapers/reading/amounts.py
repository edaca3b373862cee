"""Amounts of money in Swedish and English sentences.

Nothing is converted and no currency is guessed: figures without one are skipped, unless the caller
knows that the funder pays in one currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scrapers.call import is_writable
from scrapers.reading.patterns import load

_PATTERNS = load("amounts.toml", package=__package__)
_SCALE_POWERS = {word: int(power) for word, power in _PATTERNS.meanings("scales").items()}
_CURRENCY_CODES = _PATTERNS.meanings("currencies")
_CROWN = _PATTERNS.meanings("crowns")
_NUMBER = {word: Decimal(number) for word, number in _PATTERNS.meanings("numbers").items()}
_MILLION_POWER = 6
_LEAST_BARE = 10_000


@dataclass(frozen=True)
class MoneyMention:
    """An amount in a sentence at ``[start:end]``; ``high`` differs from ``low`` for a range."""

    low: Decimal
    high: Decimal
    currency: str
    start: int
    end: int


@dataclass(frozen=True)
class _Figure:
    """One figure with its currency, and ``power`` of ten; None when no scale is named."""

    number: Decimal
    power: int | None
    currency: str

    @property
    def whole(self) -> bool:
        return self.power is not None or bool(self.currency)


def find_amounts(sentence: str, currency: str = "") -> Iterator[MoneyMention]:
    """Yield the amounts of money in ``sentence``: figures with a currency, and ranges of them.

    With ``currency`` (ISO 4217, such as "SEK") a large figure that names none is in it, as long as
    the word after it is no noun: "5 miljoner invånare" is no money.
    """
    for match in _PATTERNS.amount.finditer(sentence):
        bare = currency if currency and _is_bare(match, sentence) else ""
        first = _parse_figure(match, "1", bare)
        if match["figure2"] is None:
            yield from _single_mention(first, match.start(), match.end())
            continue
        second = _parse_figure(match, "2", bare)
        if _is_range(first, second, match, sentence):
            yield from _range_mentions(first, second, match)
        else:
            yield from _single_mention(first, match.start(), match.start("to"))
            yield from _single_mention(second, match.end("to"), match.end())


def _is_bare(match: re.Match[str], sentence: str) -> bool:
    """Whether a match that names no currency can be money by its figures and the word after it."""
    marks = ("ahead1", "behind1", "ahead2", "behind2")
    if any(match[mark] for mark in marks) or not _PATTERNS.after_bare.match(sentence, match.end()):
        return False
    if _PATTERNS.other_currency.search(sentence, 0, match.start()):
        return False
    last = "1" if match["figure2"] is None else "2"
    figure = _parse_figure(match, last, "")
    whole = _PATTERNS.bare.match(sentence, match.start(f"figure{last}"))
    value = _scale_figure(figure.number, figure.power)
    return whole is not None and whole.end() <= match.end() and value >= _LEAST_BARE


def _parse_figure(match: re.Match[str], mark: str, bare: str) -> _Figure:
    """Return a figure of ``match``, in the currency ``bare`` if it names none itself."""
    ahead = match[f"ahead{mark}"] or ""
    scale = (match[f"scale{mark}"] or "").lower().rstrip(".")
    currency = _currency_code(match[f"behind{mark}"] or ahead) or _CURRENCY_CODES.get(scale, bare)
    power = _SCALE_POWERS.get(scale, _SCALE_POWERS.get(ahead.lower()))
    return _Figure(_number(match[f"figure{mark}"], scale), power, currency)


def _currency_code(words: str) -> str:
    lowered = words.lower().rstrip(".")
    crown = next((code for word, code in _CROWN.items() if lowered.startswith(word)), "")
    if crown:
        return crown
    return next(
        (_CURRENCY_CODES[one] for one in reversed(lowered.split()) if one in _CURRENCY_CODES), ""
    )


def _is_range(first: _Figure, second: _Figure, match: re.Match[str], sentence: str) -> bool:
    """Whether two figures are one range: "2–5 mkr", not "2 mkr and 5 mkr" of two things."""
    if first.currency and second.currency and first.currency != second.currency:
        return False
    if first.whole and _PATTERNS.both.search(match["to"]):
        return bool(_PATTERNS.range_begins.search(sentence[: match.start()]))
    return True


def _range_mentions(
    first: _Figure, second: _Figure, match: re.Match[str]
) -> Iterator[MoneyMention]:
    currency = second.currency or first.currency
    high = _scale_figure(
        second.number, second.power if second.power is not None else _shared_scale(first, second)
    )
    power = first.power
    if power is None and first.number <= second.number and not match["ahead2"]:
        # in "2–5 million" the scale belongs to both, in "500 000 to 1,5 million" to the second
        power = second.power
    low = _scale_figure(first.number, power)
    if currency and low <= high and is_writable(high):
        yield MoneyMention(low, high, currency, match.start(), match.end())


def _shared_scale(first: _Figure, second: _Figure) -> int | None:
    """Return the scale of the first figure for a second without one: "5 million to 8"."""
    return first.power if second.number >= first.number else None


def _single_mention(figure: _Figure, start: int, end: int) -> Iterator[MoneyMention]:
    if figure.currency:
        value = _scale_figure(figure.number, figure.power)
        if is_writable(value):
            yield MoneyMention(value, value, figure.currency, start, end)


def _number(figure: str, scale: str) -> Decimal:
    """Return the number; "1.500 million" and "1,500 miljoner" are one and a half of them."""
    word = _NUMBER.get(" ".join(figure.lower().split()))
    if word is not None:
        return word
    marks = "." if "million" in scale else ".,"
    decimal = _SCALE_POWERS.get(scale, 0) >= _MILLION_POWER and re.fullmatch(
        rf"\d+[{marks}]\d{{3}}", figure
    )
    if not decimal and _PATTERNS.grouped.fullmatch(figure):
        return Decimal(re.sub(r"\D", "", figure))
    return Decimal(figure.replace(",", "."))


def _scale_figure(number: Decimal, power: int | None) -> Decimal:
    """Return ``number`` times ten to ``power``, a whole one without decimals."""
    value = number * Decimal(10) ** (power or 0)
    return value.to_integral_value() if value == value.to_integral_value() else value
