"""Amounts of money as people write them in Swedish and English: figures, scales and currencies.

Nothing is converted and no currency is guessed: figures without one are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SPACE = "[ \u00a0\u2009\u202f]"
_SCALES = {
    9: "miljarder miljard mdkr mdsek billion bn",
    6: "miljoner miljon milj. milj mkr mnkr msek million mio meur musd mgbp mnok mdkk mn m",
    3: "tusen tkr ksek teur keur tnok thousand k",
    2: "hundra hundred",
}
_SCALE = {word: power for power, words in _SCALES.items() for word in words.split()}
_CURRENCIES = {
    "SEK": "kr kronor krona sek mkr mnkr msek tkr ksek mdkr mdsek",
    "EUR": "euro euros eur € meur teur keur",
    "USD": "usd us$ $ dollar dollars musd",
    "GBP": "gbp £ pund pounds sterling mgbp",
    "NOK": "nok mnok tnok",
    "DKK": "dkk mdkk",
}
_CURRENCY = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
_MILLIONS = 6
_OF_A_COUNTRY = {"norsk": "NOK", "norw": "NOK", "dansk": "DKK", "dani": "DKK"}
_WORDS = {
    "en halv": "0.5", "half a": "0.5", "en och en halv": "1.5", "one and a half": "1.5",
    "en": "1", "ett": "1", "två": "2", "tre": "3", "fyra": "4", "fem": "5", "sex": "6", "sju": "7",
    "åtta": "8", "nio": "9", "tio": "10", "femton": "15", "tjugo": "20", "hundra": "100",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "fifteen": "15", "twenty": "20",
}  # fmt: skip


def _either(words: Iterator[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_GROUPED = rf"\d{{1,3}}(?:(?:{_SPACE}|[.,'’])\d{{3}})+(?!\d)"
_WORD = _either(iter(_WORDS))
_FIGURE = (
    rf"{_GROUPED}|\d+(?:[.,]\d{{1,2}})?(?!\d)"
    rf"|(?<!\w)(?:{_WORD})(?={_SPACE}(?:miljon|miljard|million|billion|tusen|thousand|hundra))"
)
_SCALE_WORD = rf"(?:{_either(iter(_SCALE))})(?!\w)\.?"
_AHEAD = (
    r"US\$|(?<!\w)(?:SEK|EUR|USD|GBP|NOK|DKK|MSEK|KSEK|MEUR|KEUR|MUSD|MGBP|MNOK|MDKK|kr\.?)(?!\w)"
    r"|€|\$|£"
)
_BEHIND = (
    r"(?:(?:svenska|norska|danska|Swedish|Norwegian|Danish|US|American|amerikanska|brittiska|British)"
    rf"{_SPACE})?(?:kronor|krona|kroner|kr|SEK|EUR|euros?|USD|dollars?|GBP|pounds?(?: sterling)?"
    r"|pund|NOK|DKK)(?!\w)|€|£"
)
_TO = rf"{_SPACE}?(?:-|–|—|{_SPACE}(?:till|to|och|and|upp till|up to){_SPACE}){_SPACE}?"


def _one(mark: str) -> str:
    """Return the pattern of one amount, its groups named with ``mark``."""
    return (
        rf"(?:(?P<ahead{mark}>{_AHEAD}){_SPACE}?)?(?P<figure{mark}>{_FIGURE})"
        rf"(?:{_SPACE}?(?P<scale{mark}>{_SCALE_WORD}))?"
        rf"(?:{_SPACE}?(?P<behind{mark}>{_BEHIND}))?"
    )


_AMOUNT = re.compile(rf"(?<![\d,.]){_one('1')}(?:(?P<to>{_TO}){_one('2')})?", re.IGNORECASE)
_BOUNDED = re.compile(r"(?:mellan|between|from|från)\W{1,3}(?:\w{1,6}\W)?$", re.IGNORECASE)
_AND = re.compile(r"och|and", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """An amount of a sentence; ``high`` differs from ``low`` for a range."""

    low: Decimal
    high: Decimal
    currency: str
    start: int
    end: int


@dataclass(frozen=True)
class _Said:
    """One figure with what stands around it; ``power`` is None when no scale is named."""

    figure: Decimal
    power: int | None
    currency: str

    @property
    def whole(self) -> bool:
        return self.power is not None or bool(self.currency)


def amounts(sentence: str) -> Iterator[Amount]:
    """Yield the amounts of money in ``sentence``: figures with a currency, and ranges of them."""
    for found in _AMOUNT.finditer(sentence):
        first = _said(found, "1")
        if found["figure2"] is None:
            yield from _alone(first, found.start(), found.end())
            continue
        second = _said(found, "2")
        if _is_range(first, second, found, sentence):
            yield from _range(first, second, found)
        else:
            yield from _alone(first, found.start(), found.start("to"))
            yield from _alone(second, found.end("to"), found.end())


def _said(found: re.Match[str], mark: str) -> _Said:
    ahead = found[f"ahead{mark}"] or ""
    scale = (found[f"scale{mark}"] or "").lower().rstrip(".")
    currency = _currency(found[f"behind{mark}"] or ahead) or _CURRENCY.get(scale, "")
    power = _SCALE.get(scale, _SCALE.get(ahead.lower()))
    return _Said(_figure(found[f"figure{mark}"], scale), power, currency)


def _currency(words: str) -> str:
    lowered = words.lower().rstrip(".")
    country = next((code for word, code in _OF_A_COUNTRY.items() if lowered.startswith(word)), "")
    if country:
        return country
    return next((_CURRENCY[one] for one in reversed(lowered.split()) if one in _CURRENCY), "")


def _is_range(first: _Said, second: _Said, found: re.Match[str], sentence: str) -> bool:
    """Whether two figures bound one amount: "2–5 mkr", not "2 mkr and 5 mkr" of two things."""
    if first.currency and second.currency and first.currency != second.currency:
        return False
    if first.whole and _AND.search(found["to"]):
        return bool(_BOUNDED.search(sentence[: found.start()]))
    return True


def _range(first: _Said, second: _Said, found: re.Match[str]) -> Iterator[Amount]:
    currency = second.currency or first.currency
    high = _plain(second.figure, second.power if second.power is not None else _lent(first, second))
    power = first.power
    if power is None and first.figure <= second.figure and not found["ahead2"]:
        # "2–5 million": the scale is both's; of "500 000 to 1,5 million" the second's alone
        power = second.power
    low = _plain(first.figure, power)
    if currency and low <= high:
        yield Amount(low, high, currency, found.start(), found.end())


def _lent(first: _Said, second: _Said) -> int | None:
    """Return the scale of the first figure for a second without one: "5 million to 8"."""
    return first.power if second.figure >= first.figure else None


def _alone(said: _Said, start: int, end: int) -> Iterator[Amount]:
    if said.currency:
        value = _plain(said.figure, said.power)
        yield Amount(value, value, said.currency, start, end)


def _figure(written: str, scale: str) -> Decimal:
    """Return the number; "1.500 million" and "1,500 miljoner" are one and a half of them."""
    word = _WORDS.get(" ".join(written.lower().split()))
    if word:
        return Decimal(word)
    marks = "." if "million" in scale else ".,"
    decimal = _SCALE.get(scale, 0) >= _MILLIONS and re.fullmatch(rf"\d+[{marks}]\d{{3}}", written)
    if not decimal and re.fullmatch(_GROUPED, written):
        return Decimal(re.sub(r"\D", "", written))
    return Decimal(written.replace(",", "."))


def _plain(figure: Decimal, power: int | None) -> Decimal:
    """Return ``figure`` times ten to ``power``, a whole one without decimals."""
    value = figure * Decimal(10) ** (power or 0)
    return value.to_integral_value() if value == value.to_integral_value() else value
