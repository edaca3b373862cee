"""What American agencies pay, by their records, where small figures stand for none."""

from __future__ import annotations

from scrapers.call import Funding, Money
from scrapers.reading.fields import Fields

_LEAST_AWARD = 500
"""Dollars; no federal grant is smaller, and agencies fill fields with 1 or with a count."""


def agency_funding(
    fields: Fields, *, awards: str, total: str, most: str, least: str
) -> Funding | None:
    """Return what a record pays, by the names of its fields; a stand-in for a sum is noted."""
    count = fields.count(awards)
    sums = {name: _award(fields, name) for name in (total, most, least)}
    if not (count or any(sums.values())):
        return None
    return Funding(
        total=sums[total], minimum=sums[least], maximum=sums[most], expected_awards=count
    )


def _award(fields: Fields, name: str) -> Money | None:
    money = fields.money(name, "USD")
    if money is None or money.amount >= _LEAST_AWARD:
        return money
    fields.note(name, f"left out {money.amount} dollars, which stands for no sum")
    return None
