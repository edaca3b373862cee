"""What American agencies pay, by their records and by the words of their announcements."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scrapers.call import Funding, Money
from scrapers.reading.fields import Fields
from scrapers.reading.patterns import load

_PATTERNS = load("awards.toml", package=__package__)
_LEAST_AWARD = 500
"""Dollars; no federal grant is smaller, and agencies fill fields with 1 or with a count."""
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "billion": 9}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"fifteen": 15, "twenty": 20}
_MAX_TEXT = 2000


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


def funding_in_words(funds: str, budget: str) -> Funding | None:
    """Return the pot and the number of awards in ``funds``, and what ``budget`` gives a project.

    Direct costs of one year are no sum of a project: they stay in the text alone. Of several pots
    or several limits none is chosen.
    """
    pots = {money for money, before, after in _sums(funds) if not _of_one_project(before, after)}
    least, most = _limits(budget)
    count = _count(funds)
    text = "\n".join(filter(None, (funds, budget)))[:_MAX_TEXT]
    if not (pots or least or most or count or any(_sums(budget))):
        return None
    return Funding(
        total=_only(pots),
        minimum=_only(least),
        maximum=_only(most),
        expected_awards=count,
        text=text,
    )


def _of_one_project(before: str, after: str) -> bool:
    words = f"{before} {after}"
    return bool(_PATTERNS.yearly.search(words)) or "per award" in words or "per project" in words


def _limits(budget: str) -> tuple[set[Money], set[Money]]:
    least, most = set(), set()
    for money, before, after in _sums(budget):
        if _PATTERNS.yearly.search(after) or _PATTERNS.yearly.search(before):
            continue
        if _PATTERNS.least.search(before):
            least.add(money)
        elif _PATTERNS.most.search(before) or "maximum" in after.lower():
            most.add(money)
    return least, most


def _sums(text: str) -> Iterator[tuple[Money, str, str]]:
    """Yield each sum with the words before and after it, up to its neighbours."""
    for sentence in text.replace("\n", ". ").split(". "):
        matches = list(_PATTERNS.dollars.finditer(sentence))
        ends = [0, *(match.end() for match in matches)]
        starts = [*(match.start() for match in matches[1:]), len(sentence)]
        for match, begin, stop in zip(matches, ends, starts, strict=False):
            power = _SCALES.get((match["scale"] or "").lower(), 0)
            amount = Decimal(match["figures"].replace(",", "")).scaleb(power)
            before, after = sentence[begin : match.start()], sentence[match.end() : stop]
            # between two sums, what follows a comma belongs to the later one
            before = before if begin == 0 else before.partition(",")[2] or before
            after = after if stop == len(sentence) else after.partition(",")[0]
            whole = amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount
            yield Money(amount=whole, currency="USD"), before, after


def _count(text: str) -> int | None:
    """Return how many awards are expected; None for a range, or for several numbers."""
    if _PATTERNS.range.search(text):
        return None
    found = {match["number"].lower() for match in _PATTERNS.awards.finditer(text)}
    numbers = {_NUMBERS.get(word) or int(word) for word in found}
    return numbers.pop() if len(numbers) == 1 else None


def _only(sums: set[Money]) -> Money | None:
    return next(iter(sums)) if len(sums) == 1 else None
