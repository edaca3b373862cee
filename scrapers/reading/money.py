"""Amounts of money in Swedish and English sentences, and what a call pays by what they say.

Nothing is converted and no currency is guessed: figures without one are passed over. Of a call,
only an amount whose role the sentence names is used; the sentences themselves are kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from scrapers.call import Funding, Money
from scrapers.reading.patterns import load

_PATTERNS = load("money.toml", package="scrapers.reading")
_SCALE = {word: int(power) for word, power in _PATTERNS.meanings("scales").items()}
_CURRENCY = _PATTERNS.meanings("currencies")
_CROWN = _PATTERNS.meanings("crowns")
_NUMBER = {word: Decimal(number) for word, number in _PATTERNS.meanings("numbers").items()}
_MILLIONS = 6
_SENTENCE_LIMIT = 1000
_TEXT_LIMIT = 2000


@dataclass(frozen=True)
class Amount:
    """An amount of a sentence; ``high`` differs from ``low`` for a range."""

    low: Decimal
    high: Decimal
    currency: str
    start: int
    end: int


@dataclass(frozen=True)
class _Figure:
    """One figure with what stands around it; ``power`` is None when no scale is named."""

    number: Decimal
    power: int | None
    currency: str

    @property
    def whole(self) -> bool:
        return self.power is not None or bool(self.currency)


def amounts(sentence: str) -> Iterator[Amount]:
    """Yield the amounts of money in ``sentence``: figures with a currency, and ranges of them."""
    for found in _PATTERNS.amount.finditer(sentence):
        first = _figure(found, "1")
        if found["figure2"] is None:
            yield from _alone(first, found.start(), found.end())
            continue
        second = _figure(found, "2")
        if _is_range(first, second, found, sentence):
            yield from _range(first, second, found)
        else:
            yield from _alone(first, found.start(), found.start("to"))
            yield from _alone(second, found.end("to"), found.end())


def _figure(found: re.Match[str], mark: str) -> _Figure:
    ahead = found[f"ahead{mark}"] or ""
    scale = (found[f"scale{mark}"] or "").lower().rstrip(".")
    currency = _currency(found[f"behind{mark}"] or ahead) or _CURRENCY.get(scale, "")
    power = _SCALE.get(scale, _SCALE.get(ahead.lower()))
    return _Figure(_number(found[f"figure{mark}"], scale), power, currency)


def _currency(words: str) -> str:
    lowered = words.lower().rstrip(".")
    crown = next((code for word, code in _CROWN.items() if lowered.startswith(word)), "")
    if crown:
        return crown
    return next((_CURRENCY[one] for one in reversed(lowered.split()) if one in _CURRENCY), "")


def _is_range(first: _Figure, second: _Figure, found: re.Match[str], sentence: str) -> bool:
    """Whether two figures bound one amount: "2–5 mkr", not "2 mkr and 5 mkr" of two things."""
    if first.currency and second.currency and first.currency != second.currency:
        return False
    if first.whole and _PATTERNS.both.search(found["to"]):
        return bool(_PATTERNS.range_begins.search(sentence[: found.start()]))
    return True


def _range(first: _Figure, second: _Figure, found: re.Match[str]) -> Iterator[Amount]:
    currency = second.currency or first.currency
    high = _plain(second.number, second.power if second.power is not None else _lent(first, second))
    power = first.power
    if power is None and first.number <= second.number and not found["ahead2"]:
        # "2–5 million": the scale is both's; of "500 000 to 1,5 million" the second's alone
        power = second.power
    low = _plain(first.number, power)
    if currency and low <= high:
        yield Amount(low, high, currency, found.start(), found.end())


def _lent(first: _Figure, second: _Figure) -> int | None:
    """Return the scale of the first figure for a second without one: "5 million to 8"."""
    return first.power if second.number >= first.number else None


def _alone(figure: _Figure, start: int, end: int) -> Iterator[Amount]:
    if figure.currency:
        value = _plain(figure.number, figure.power)
        yield Amount(value, value, figure.currency, start, end)


def _number(written: str, scale: str) -> Decimal:
    """Return the number; "1.500 million" and "1,500 miljoner" are one and a half of them."""
    word = _NUMBER.get(" ".join(written.lower().split()))
    if word is not None:
        return word
    marks = "." if "million" in scale else ".,"
    decimal = _SCALE.get(scale, 0) >= _MILLIONS and re.fullmatch(rf"\d+[{marks}]\d{{3}}", written)
    if not decimal and _PATTERNS.grouped.fullmatch(written):
        return Decimal(re.sub(r"\D", "", written))
    return Decimal(written.replace(",", "."))


def _plain(number: Decimal, power: int | None) -> Decimal:
    """Return ``number`` times ten to ``power``, a whole one without decimals."""
    value = number * Decimal(10) ** (power or 0)
    return value.to_integral_value() if value == value.to_integral_value() else value


class Role(Enum):
    """What an amount is: the pot of the call, or the least, the most or both for a project."""

    TOTAL = "total"
    LEAST = "least"
    MOST = "most"
    RANGE = "range"


def roles(sentence: str) -> Iterator[tuple[Role, Amount, str]]:
    """Yield the amounts of ``sentence`` whose part is clear: part, amount, and their clause.

    Offsets of the amounts are those of the clause.
    """
    for clause in _PATTERNS.clause.split(sentence):
        for amount in amounts(clause):
            role = _role(clause, amount)
            if role is not None:
                yield role, amount, clause


def _role(clause: str, amount: Amount) -> Role | None:
    before = clause[: amount.start]
    per_project = _PATTERNS.per_project.search(clause)
    if _PATTERNS.total.search(_PATTERNS.budget_of_project.sub("", clause)) and not per_project:
        return Role.TOTAL
    most = _PATTERNS.most.search(clause)
    if amount.low < amount.high and (per_project or most):
        return Role.RANGE
    # the nearest word decides: "with at least two parties, up to 3 million"
    least = max((m.end() for m in _PATTERNS.least.finditer(before)), default=-1)
    if least > max((m.end() for m in _PATTERNS.most.finditer(before)), default=-1):
        return Role.LEAST
    return Role.MOST if most else None


def only_an_amount(text: str) -> bool:
    """Whether ``text`` says an amount and nothing about who may apply."""
    found = list(amounts(text))
    if not found:
        return False
    left = text[: found[0].start] + text[found[-1].end :]
    return bool(_PATTERNS.nothing_else.fullmatch(left.strip(" .")))


def funding(text: str) -> Funding | None:
    """Return what the sentences of ``text`` say a call pays; None when they name no sum.

    A total needs a word such as "budget", a maximum one such as "upp till" or "per project". Of
    several maxima the largest counts, of several minima the smallest. A share counts only when
    the text names exactly one percentage.
    """
    total: list[Money] = []
    least: list[Money] = []
    most: list[Money] = []
    quotes: list[str] = []
    for sentence in _PATTERNS.sentence.split(text):
        bounded = sentence[:_SENTENCE_LIMIT].strip()
        clauses = _PATTERNS.clause.split(bounded)
        found = [(clause, amount) for clause in clauses for amount in amounts(clause)]
        if found or _PATTERNS.share.search(bounded):
            quotes.append(bounded)
        for clause, amount in found:
            _sort(clause, amount, total, least, most)
    shares = {Decimal(share.replace(",", ".")) for q in quotes for share in _shares(q)}
    share = next(iter(shares)) if len(shares) == 1 else None
    if not (total or least or most or share):
        return None
    return Funding(
        total=max(total, key=_size, default=None),
        minimum=min(least, key=_size, default=None),
        maximum=max(most, key=_size, default=None),
        share_percent=share if share is not None and share <= 100 else None,  # noqa: PLR2004  percent
        text=" ".join(quotes)[:_TEXT_LIMIT],
    )


def _size(money: Money) -> Decimal:
    return money.amount


def _shares(sentence: str) -> list[str]:
    if not _PATTERNS.of_cost.search(sentence):
        return []
    clauses = _PATTERNS.clause.split(sentence)
    paid = [clause for clause in clauses if not _PATTERNS.own_share.search(clause)]
    return [share for clause in paid for share in _PATTERNS.share.findall(clause)]


def _sort(
    clause: str, amount: Amount, total: list[Money], least: list[Money], most: list[Money]
) -> None:
    """Put ``amount`` where its clause says it belongs, or nowhere."""
    low = Money(amount=amount.low, currency=amount.currency)
    high = Money(amount=amount.high, currency=amount.currency)
    role = _role(clause, amount)
    if role is Role.TOTAL:
        total.append(high)
    if role in (Role.RANGE, Role.LEAST):
        least.append(low)
    if role in (Role.RANGE, Role.MOST):
        most.append(high)


def funding_of_projects(text: str) -> Funding | None:
    """Return what ``text`` says a project gets in all; sums a year only as the sentences' words.

    Many research grants are stated as a sum a year, which is not what a project gets. None when
    no sentence names a sum.
    """
    sentences = [sentence.strip() for sentence in _PATTERNS.sentence.split(text)]
    yearly = [s for s in sentences if _PATTERNS.a_year.search(s) and any(amounts(s))]
    found = funding("\n".join(s for s in sentences if s not in yearly))
    words = " ".join([*yearly, *([found.text] if found and found.text else [])])[:_TEXT_LIMIT]
    if found is None:
        return Funding(text=words) if words else None
    return found.model_copy(update={"text": words})
