"""What a call pays, read from its sentences in Swedish and English.

Only an amount whose role the sentence names is used; the sentences themselves are kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

from scrapers.call import Funding, Money
from scrapers.figures import Amount, amounts

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÅÄÖ])|\n+")
_CLAUSE = re.compile(
    r",\s(?=(?:dock|men|however|but|yet)\s)"
    r"|,\s(?=(?:varav|of which|upp till|up to|varje projekt|each project)\s)"
    r"|(?:,\s|\s(?:och|and)\s)(?=(?:max\w*|högst|at most|no more than)\s)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"budget|totalt|sammanlagt|hela (?:utlysningen|erbjudandet)|avsatt|avsätt|in total|total of"
    r"|set aside|overall|\butlyse[rs]\b|utlysning\w*\b.{0,200}\bomfatta|omfattar utlysning",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"per projekt|per project|upp till|upp emot|\bmax|högst|up to|maxim|at most|no more than"
    r"|not exceed|(?:inte|ej) överstiga|ceiling",
    re.IGNORECASE,
)
_LEAST = re.compile(r"minst|lägst|at least|minim|not less than", re.IGNORECASE)
_PER_PROJECT = re.compile(r"per projekt|per project|varje projekt|each project", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d)?)\s?(?:procent|percent|per cent|%)", re.IGNORECASE)
_OWN_SHARE = re.compile(
    r"(?:med|egen|sam)finansier|egen insats|co-?fund|co-?financ|own (?:funding|contribution)"
    r"|match(?:ing|ed)|in-?kind|overhead|indire[ck]t|påslag|heltid|full-?time",
    re.IGNORECASE,
)
"""Words beside a percentage that is not what the funder pays."""

_BUDGET_OF_PROJECT = re.compile(
    r"projektets (?:totala )?budget|projektbudget|(?:the )?project['’´]?s? (?:total )?budget",
    re.IGNORECASE,
)
_OF_COST = re.compile(r"budget|kostnad|finansier|stöd|bidrag|cost|fund|grant", re.IGNORECASE)
_NOTHING_ELSE = re.compile(r"(?:max(?:imalt)?|upp till|högst|up to|ca|cirka)?\.?", re.IGNORECASE)
_SENTENCE_LIMIT = 1000


class Role(Enum):
    """What an amount is: the pot of the call, or the least, the most or both for a project."""

    TOTAL = "total"
    LEAST = "least"
    MOST = "most"
    RANGE = "range"


def only_an_amount(text: str) -> bool:
    """Whether ``text`` says an amount and nothing about who may apply."""
    found = list(amounts(text))
    if not found:
        return False
    left = text[: found[0].start] + text[found[-1].end :]
    return bool(_NOTHING_ELSE.fullmatch(left.strip(" .")))


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
    for sentence in _SENTENCE.split(text):
        bounded = sentence[:_SENTENCE_LIMIT].strip()
        clauses = _CLAUSE.split(bounded)
        found = [(clause, amount) for clause in clauses for amount in amounts(clause)]
        if found or _SHARE.search(bounded):
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
        text=" ".join(quotes)[:2000],
    )


def _size(money: Money) -> Decimal:
    return money.amount


def _shares(clause: str) -> list[str]:
    said = [part for part in _CLAUSE.split(clause) if not _OWN_SHARE.search(part)]
    return [share for part in said if _OF_COST.search(clause) for share in _SHARE.findall(part)]


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


def roles(sentence: str) -> Iterator[tuple[Role, Amount, str]]:
    """Yield the amounts of ``sentence`` whose part is clear: part, amount, and their clause.

    Offsets of the amounts are those of the clause.
    """
    for clause in _CLAUSE.split(sentence):
        for amount in amounts(clause):
            role = _role(clause, amount)
            if role is not None:
                yield role, amount, clause


def _role(clause: str, amount: Amount) -> Role | None:
    before = clause[: amount.start]
    per_project = _PER_PROJECT.search(clause)
    if _TOTAL.search(_BUDGET_OF_PROJECT.sub("", clause)) and not per_project:
        return Role.TOTAL
    if amount.low < amount.high and (per_project or _MOST.search(clause)):
        return Role.RANGE
    # the nearest word decides: "with at least two parties, up to 3 million"
    least = max((m.end() for m in _LEAST.finditer(before)), default=-1)
    if least > max((m.end() for m in _MOST.finditer(before)), default=-1):
        return Role.LEAST
    return Role.MOST if _MOST.search(clause) else None
