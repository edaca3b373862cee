"""Sums next to the mark of a currency, for pages of a funder that pays in one currency only."""

from __future__ import annotations

import re
from decimal import Decimal

from scrapers.call import Money, is_writable
from scrapers.reading.patterns import load

_PATTERNS = load("sums.toml", package=__package__)
_SUMS = _PATTERNS.group("sums")
_SCALES = {"b": 10**9, "m": 10**6, "t": 10**3, "k": 10**3}


def find_sums(text: str, currency: str) -> list[Money]:
    """Return the sums in ``text`` next to the mark of ``currency``, GBP or NOK."""
    sums = []
    for match in _SUMS[currency].finditer(text):
        figure = re.sub(r"[,\s]", "", match["figure"] or match["figure2"])
        scale = (match["scale"] or match["scale2"] or "").lower()[:1]
        amount = Decimal(figure) * _SCALES.get(scale, 1)
        whole = amount.to_integral_value()
        if is_writable(amount):
            sums.append(Money(amount=whole if whole == amount else amount, currency=currency))
    return sums
