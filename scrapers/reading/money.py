"""Amounts of money in Swedish and English sentences, and the funding of a call by its sentences.

Nothing is converted and no currency is guessed: figures without one are skipped. Of a call, only
an amount whose role the sentence names is used; the sentences themselves are kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from scrapers.call import Funding, Money, is_writable
from scrapers.reading.patterns import load

_PATTERNS = load("money.toml", package=__package__)
_SCALE_POWERS = {word: int(power) for word, power in _PATTERNS.meanings("scales").items()}
_CURRENCY_CODES = _PATTERNS.meanings("currencies")
_CROWN = _PATTERNS.meanings("crowns")
_NUMBER = {word: Decimal(number) for word, number in _PATTERNS.meanings("numbers").items()}
_MILLION_POWER = 6
_SENTENCE_LIMIT = 1000
_TEXT_LIMIT = 2000


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


def find_amounts(sentence: str) -> Iterator[MoneyMention]:
    """Yield the amounts of money in ``sentence``: figures with a currency, and ranges of them."""
    for match in _PATTERNS.amount.finditer(sentence):
        first = _parse_figure(match, "1")
        if match["figure2"] is None:
            yield from _single_mention(first, match.start(), match.end())
            continue
        second = _parse_figure(match, "2")
        if _is_range(first, second, match, sentence):
            yield from _range_mentions(first, second, match)
        else:
            yield from _single_mention(first, match.start(), match.start("to"))
            yield from _single_mention(second, match.end("to"), match.end())


def _parse_figure(match: re.Match[str], mark: str) -> _Figure:
    ahead = match[f"ahead{mark}"] or ""
    scale = (match[f"scale{mark}"] or "").lower().rstrip(".")
    currency = _currency_code(match[f"behind{mark}"] or ahead) or _CURRENCY_CODES.get(scale, "")
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


class AmountRole(Enum):
    """The role of an amount: the call's total, or the least, the most or both for a project."""

    TOTAL = "total"
    LEAST = "least"
    MOST = "most"
    RANGE = "range"


def amount_roles(sentence: str) -> Iterator[tuple[AmountRole, MoneyMention, str]]:
    """Yield the amounts of ``sentence`` whose role is clear: role, amount and clause.

    Offsets of the amounts are those of the clause.
    """
    for clause in _PATTERNS.clause.split(sentence):
        for amount in find_amounts(clause):
            role = _amount_role(clause, amount)
            if role is not None:
                yield role, amount, clause


def _amount_role(clause: str, amount: MoneyMention) -> AmountRole | None:
    before = clause[: amount.start]
    per_project = _PATTERNS.per_project.search(clause)
    if _PATTERNS.total.search(_PATTERNS.budget_of_project.sub("", clause)) and not per_project:
        return AmountRole.TOTAL
    most = _PATTERNS.most.search(clause)
    if amount.low < amount.high and (per_project or most):
        return AmountRole.RANGE
    # the nearest word decides: "with at least two parties, up to 3 million"
    least = max((m.end() for m in _PATTERNS.least.finditer(before)), default=-1)
    if least > max((m.end() for m in _PATTERNS.most.finditer(before)), default=-1):
        return AmountRole.LEAST
    return AmountRole.MOST if most else None


def is_only_an_amount(text: str) -> bool:
    """Whether ``text`` is an amount and nothing else."""
    amounts = list(find_amounts(text))
    if not amounts:
        return False
    left = text[: amounts[0].start] + text[amounts[-1].end :]
    return bool(_PATTERNS.nothing_else.fullmatch(left.strip(" .")))


def read_funding(text: str) -> Funding | None:
    """Return the funding that the sentences of ``text`` state; None when they name no sum.

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
        mentions = [(clause, amount) for clause in clauses for amount in find_amounts(clause)]
        if mentions or _PATTERNS.share.search(bounded):
            quotes.append(bounded)
        for clause, amount in mentions:
            _assign_amount(clause, amount, total, least, most)
    shares = {Decimal(share.replace(",", ".")) for q in quotes for share in _share_figures(q)}
    share = next(iter(shares)) if len(shares) == 1 else None
    if not (total or least or most or share):
        return None
    return Funding(
        total=max(total, key=_money_value, default=None),
        minimum=min(least, key=_money_value, default=None),
        maximum=max(most, key=_money_value, default=None),
        share_percent=share if share is not None and share <= 100 else None,  # noqa: PLR2004  percent
        text=" ".join(quotes)[:_TEXT_LIMIT],
    )


def _money_value(money: Money) -> Decimal:
    return money.amount


def _share_figures(sentence: str) -> list[str]:
    if not _PATTERNS.of_cost.search(sentence):
        return []
    clauses = _PATTERNS.clause.split(sentence)
    paid = [clause for clause in clauses if not _PATTERNS.own_share.search(clause)]
    return [share for clause in paid for share in _PATTERNS.share.findall(clause)]


def _assign_amount(
    clause: str, amount: MoneyMention, total: list[Money], least: list[Money], most: list[Money]
) -> None:
    """Add ``amount`` to the list of its role, if its clause names one."""
    low = Money(amount=amount.low, currency=amount.currency)
    high = Money(amount=amount.high, currency=amount.currency)
    role = _amount_role(clause, amount)
    if role is AmountRole.TOTAL:
        total.append(high)
    if role in (AmountRole.RANGE, AmountRole.LEAST):
        least.append(low)
    if role in (AmountRole.RANGE, AmountRole.MOST):
        most.append(high)


def read_project_funding(text: str) -> Funding | None:
    """Return the funding of one project by ``text``; sums for one year stay text only.

    Many research grants are stated as a yearly sum, which is not what a project gets in all. None
    when no sentence names a sum.
    """
    sentences = [sentence.strip() for sentence in _PATTERNS.sentence.split(text)]
    yearly = [s for s in sentences if _PATTERNS.a_year.search(s) and any(find_amounts(s))]
    funding = read_funding("\n".join(s for s in sentences if s not in yearly))
    words = " ".join([*yearly, *([funding.text] if funding and funding.text else [])])[:_TEXT_LIMIT]
    if funding is None:
        return Funding(text=words) if words else None
    return funding.model_copy(update={"text": words})
