"""The funding of a call: amounts in its sentences, by the words that claim each of them.

Two amounts of one sentence have words of their own: those before an amount belong to it, and those
after it up to the next comma, bracket or conjunction. What claims it says whether it is the pot,
for one project, or for something else (a partner, a part, own money, a year), and only the first
two become figures. The sentences themselves are kept as text, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from scrapers.call import Funding, Money
from scrapers.reading.amounts import MoneyMention, find_amounts
from scrapers.reading.award_counts import award_counts
from scrapers.reading.money_columns import money_columns, stand_side_by_side
from scrapers.reading.patterns import load

__all__ = [
    "AmountRole",
    "MoneyMention",
    "amount_roles",
    "find_amounts",
    "is_only_an_amount",
    "is_stand_in",
    "read_funding",
    "read_project_funding",
]

_PATTERNS = load("money.toml", package=__package__)
_BEFORE, _AFTER = _PATTERNS.group("before"), _PATTERNS.group("after")
_BOUNDS = (_PATTERNS.most, _PATTERNS.least)
_FRACTIONS = _PATTERNS.meanings("fractions")
_SENTENCE_LIMIT = 1000
_TEXT_LIMIT = 2000
_PASSAGE_LIMIT = 200_000
"""Characters of a passage that are read: a longer one is no call's own."""
_LABEL_LIMIT = 80
_MOST_WORDS_OF_A_UNIT = 4
_LEAST = {"SEK": 1000, "NOK": 1000, "DKK": 1000}
_LEAST_ELSEWHERE = 100
_MONEY_HEADING = "Bidragsbelopp"


class AmountRole(Enum):
    """The role of an amount: the call's total, or the least, the most or both for a project."""

    TOTAL = "total"
    LEAST = "least"
    MOST = "most"
    RANGE = "range"


class _Scope(Enum):
    """What an amount is for. ``TOTAL``: a sum, of all projects or of all years of one."""

    POT = "pot"
    PROJECT = "project"
    SUPPORT = "support"
    TOTAL = "total"
    OTHER = "other"
    UNCLAIMED = "unclaimed"


class _Bound(Enum):
    MOST = "most"
    LEAST = "least"
    NONE = "none"


@dataclass(frozen=True)
class _StatedSum:
    """An amount of a sentence with its own words: those before it, and those after it."""

    amount: MoneyMention
    before: str
    after: str
    scope: _Scope
    bound: _Bound
    yearly: bool
    row: str = ""
    """The label of its row in a table, whose rows are of different things."""

    @property
    def thing(self) -> frozenset[str]:
        """The words that tell its kind of project, area or year from others; mostly none."""
        if self.row:
            return frozenset({self.row})
        found = _PATTERNS.thing.finditer(f"{self.before} {self.after}")
        return frozenset(match.group().strip().lower() for match in found)


def is_stand_in(amount: Decimal, currency: str) -> bool:
    """Whether an amount only fills a field: no funder pays 6 dollars or 1 krona for a project."""
    return amount < _LEAST.get(currency, _LEAST_ELSEWHERE)


def amount_roles(sentence: str) -> Iterator[tuple[AmountRole, MoneyMention, str]]:
    """Yield the amounts of ``sentence`` whose role is clear: role, amount and clause.

    Offsets of the amounts are those of the clause. A sum for one year has the role that it has
    in its year.
    """
    for stated in _stated_sums(sentence):
        role = _role(stated)
        if role is not None:
            amount = stated.amount
            clause = stated.before + sentence[amount.start : amount.end] + stated.after
            start = len(stated.before)
            moved = replace(amount, start=start, end=start + amount.end - amount.start)
            yield role, moved, clause


def _role(stated: _StatedSum) -> AmountRole | None:
    amount = stated.amount
    if stated.scope is _Scope.POT:
        return AmountRole.TOTAL
    if stated.scope is _Scope.OTHER:
        return None
    claimed = stated.scope is _Scope.PROJECT
    if amount.low < amount.high:
        bounded = claimed or stated.bound is not _Bound.NONE or stated.scope is _Scope.SUPPORT
        return AmountRole.RANGE if bounded else None
    if stated.bound is _Bound.LEAST:
        return AmountRole.LEAST
    return AmountRole.MOST if claimed or stated.bound is _Bound.MOST else None


def _stated_sums(
    sentence: str, currency: str = "", label: str = "", *, by_cost: bool = False
) -> list[_StatedSum]:
    """Return the amounts of ``sentence``, each with its words; ``label`` is the line above it.

    ``by_cost``: what a project may cost is the limit of a project.
    """
    amounts = list(find_amounts(sentence, currency))
    pieces = _cut(sentence, amounts)
    # a row of several amounts has a column for each, and the label does not say which
    label = label if len(amounts) == 1 else ""
    row = bool(label) and _is_row(sentence, currency)
    stated: list[_StatedSum] = []
    for amount, (before, after) in zip(amounts, pieces, strict=True):
        earlier = stated[-1] if stated else None
        scope = _find_scope(before, after, earlier)
        bound = _find_bound(before, after)
        limited = bound is not _Bound.NONE or amount.low < amount.high
        if by_cost and limited and _is_project_cost(before):
            scope = _Scope.PROJECT
        if label and scope is _Scope.UNCLAIMED and (bound is not _Bound.NONE or row):
            scope = _find_scope(f"{label}: ", after, None)
            bound = _find_bound(f"{label}: ", "") if bound is _Bound.NONE else bound
        yearly = _is_yearly(before, after)
        near = earlier and len(earlier.after.split()) <= _MOST_WORDS_OF_A_UNIT
        if earlier and near and _PATTERNS.joined.fullmatch(before):
            scope = earlier.scope if scope in (_Scope.UNCLAIMED, _Scope.TOTAL) else scope
            bound = earlier.bound if bound is _Bound.NONE else bound
        stated.append(_StatedSum(amount, before, after, scope, bound, yearly))
    return _with_sums_of_all(stated)


_COLUMN_ROLES = {
    "least": (_Scope.PROJECT, _Bound.LEAST),
    "most": (_Scope.PROJECT, _Bound.MOST),
    "pot": (_Scope.POT, _Bound.NONE),
    "other": (_Scope.OTHER, _Bound.NONE),
}


def _row_sums(
    line: str, amounts: Sequence[MoneyMention], columns: Sequence[str]
) -> list[_StatedSum]:
    """Return the amounts of a row by the names of their columns."""
    label = line[: amounts[0].start].strip(" |:").lower()
    return [
        _StatedSum(amount, "", "", *_COLUMN_ROLES[column], yearly=False, row=label)
        for amount, column in zip(amounts, columns, strict=True)
    ]


def _is_row(sentence: str, currency: str) -> bool:
    """Whether ``sentence`` is no sentence, but the line of a table or list below its label."""
    short = len(sentence) <= _LABEL_LIMIT and not sentence.endswith(".")
    return short or is_only_an_amount(sentence, currency)


def _cut(sentence: str, amounts: Sequence[MoneyMention]) -> list[tuple[str, str]]:
    """Return for each amount the words before it and after it that are its own."""
    pieces = []
    begin = 0
    for position, amount in enumerate(amounts):
        last = position + 1 == len(amounts)
        stop = len(sentence) if last else amounts[position + 1].start
        gap = sentence[amount.end : stop]
        beside = _PATTERNS.bound_after.match(gap)
        match = _PATTERNS.boundary.search(gap, beside.end() if beside else 0)
        lead = _lead(gap)
        # without a mark or a conjunction, "up to" belongs to the amount that follows it
        bound = 0 if last or beside else lead
        own = match.start() if match else (bound or len(gap))
        pieces.append((sentence[begin : amount.start], gap[:own]))
        begin = amount.end + own
    return pieces


def _lead(gap: str) -> int:
    """Return where words that belong to the next amount begin; "per project" ends the former."""
    leads = [match.start() for pattern in _BOUNDS if (match := pattern.search(gap))]
    claims = _BEFORE["project"].finditer(gap)
    leads += [m.start() for m in claims if not m.group().startswith(("per ", "för ", "for "))]
    return min(leads, default=len(gap))


def _find_scope(before: str, after: str, earlier: _StatedSum | None) -> _Scope:
    """Return what claims an amount: the words right after it, else the nearest before it."""
    if _AFTER["project"].match(after):
        return _Scope.PROJECT
    if _AFTER["other"].match(after):
        return _Scope.OTHER
    claimed = _nearest(_PATTERNS.share_of_cost.sub("", before))
    if claimed is None and _AFTER["project"].search(after):
        claimed = _Scope.PROJECT
    if claimed is None and _AFTER["pot"].search(after):
        claimed = _Scope.POT
    if claimed is None and earlier and _BEFORE["rest"].match(before):
        claimed = _Scope.OTHER
    return claimed or _find_weak_scope(before, after, earlier)


def _is_project_cost(before: str) -> bool:
    """Whether the words before an amount make it the costs of a project, and nothing else."""
    rest, found = _PATTERNS.project_cost.subn(" ", before)
    return bool(found) and _nearest(rest) in (None, _Scope.PROJECT)


def _find_weak_scope(before: str, after: str, earlier: _StatedSum | None) -> _Scope:
    """Return what words of many meanings claim an amount for, where no others stand beside it."""
    if _BEFORE["total"].search(before) or _AFTER["total"].match(after):
        return _Scope.TOTAL
    if _BEFORE["support"].search(before) or _BEFORE["support"].search(after):
        return _Scope.SUPPORT
    if earlier and _AFTER["source"].match(after):
        return _Scope.OTHER
    return _Scope.UNCLAIMED


def _nearest(before: str) -> _Scope | None:
    """Return the scope whose words end last in ``before``."""
    ends = {
        scope: max((m.end() for m in _BEFORE[scope.value].finditer(before)), default=-1)
        for scope in (_Scope.OTHER, _Scope.PROJECT, _Scope.POT)
    }
    scope = max(ends, key=lambda one: ends[one])
    return scope if ends[scope] >= 0 else None


def _find_bound(before: str, after: str) -> _Bound:
    """Return whether an amount is the most or the least, by the word beside it or before it."""
    if beside := _PATTERNS.bound_after.match(after):
        return _Bound.MOST if beside[1] else _Bound.LEAST
    # the nearest word decides: "with at least two parties, up to 3 million"
    most = max((m.end() for m in _PATTERNS.most.finditer(before)), default=-1)
    least = max((m.end() for m in _PATTERNS.least.finditer(before)), default=-1)
    if most == least:
        return _Bound.NONE
    return _Bound.LEAST if least > most else _Bound.MOST


def _is_yearly(before: str, after: str) -> bool:
    return bool(_PATTERNS.year_after.search(after) or _PATTERNS.year_before.search(before))


def _with_sums_of_all(stated: list[_StatedSum]) -> list[_StatedSum]:
    """Return the amounts with each sum settled: of all years of a project, or of all projects.

    "högst 1 mkr per år, totalt 4 mkr" is one project; "totalt 30 mkr, högst 3 per projekt" a pot.
    """
    settled = []
    for position, one in enumerate(stated):
        scope = one.scope
        if scope is _Scope.TOTAL:
            others = stated[:position] + stated[position + 1 :]
            of_years = stated[position - 1].yearly if position else False
            of_years = of_years or bool(_AFTER["several_years"].search(one.after))
            if of_years and any(o.yearly or o.scope is _Scope.PROJECT for o in others):
                scope = _Scope.PROJECT
            elif any(o.scope is _Scope.PROJECT for o in others) or not _is_support(one):
                scope = _Scope.POT
        settled.append(replace(one, scope=scope))
    return settled


def _is_support(stated: _StatedSum) -> bool:
    return bool(_BEFORE["support"].search(stated.before))


def is_only_an_amount(text: str, currency: str = "") -> bool:
    """Whether ``text`` is an amount, of ``currency`` if it names none, and nothing else."""
    amounts = list(find_amounts(text, currency))
    if not amounts:
        return False
    left = text[: amounts[0].start] + text[amounts[-1].end :]
    return bool(_PATTERNS.nothing_else.fullmatch(left.strip(" .")))


def read_funding(
    text: str, currency: str = "", *, labels: Mapping[str, str] | None = None, by_cost: bool = False
) -> Funding | None:
    """Return the funding that the sentences of ``text`` state; None when they name no sum.

    A total needs a word such as "budget", a maximum one such as "upp till" or "per project". Sums
    for a year, for a partner or of own money stay text. Of two maxima for one thing the smaller
    counts; maxima for several kinds of projects have the largest. A share counts only when the
    text names exactly one. With ``currency`` figures without one are read in it where words on
    money stand beside them. ``labels`` are values by the labels that stand before them, such as
    "Total fund"; they count before the text. ``by_cost``: the funder limits a project by what it
    costs, of which the funder pays a share.
    """
    read = _Reading(currency, by_cost=by_cost)
    read.passage(text)
    said = read.funding()
    if not labels:
        return said
    labelled = _Reading(currency)
    for label, value in labels.items():
        labelled.passage(value, heading=label)
    values = "; ".join(value for value in labels.values() if value)
    return _join(labelled.funding(values), said)


def _join(first: Funding | None, other: Funding | None) -> Funding | None:
    """Return ``first`` with what it lacks from ``other``; least and most are one statement."""
    if first is None or other is None:
        return first or other
    limits = first if first.minimum or first.maximum else other
    return Funding(
        total=first.total or other.total,
        minimum=limits.minimum,
        maximum=limits.maximum,
        expected_awards=first.expected_awards or other.expected_awards,
        share_percent=first.share_percent or other.share_percent,
        text="; ".join(text for text in (first.text, other.text) if text)[:_TEXT_LIMIT],
    )


def read_project_funding(text: str, currency: str = "", *, amounts: str = "") -> Funding | None:
    """Return the funding of one project as ``read_funding`` does, with text even without a figure.

    Many research grants are stated as a yearly sum, which is not what a project gets in all; then
    only the text is filled. ``amounts`` is a passage under a heading on the amount, read first.
    """
    read = _Reading(currency)
    read.passage(amounts, heading=_MONEY_HEADING)
    read.passage(text)
    return read.funding() or read.words()


class _Reading:
    """The amounts, shares and numbers of awards in passages of one call."""

    def __init__(self, currency: str, *, by_cost: bool = False) -> None:
        self._currency, self._by_cost = currency, by_cost
        self._sums: dict[AmountRole, list[tuple[frozenset[str], Money]]] = {}
        self._shares: set[Decimal] = set()
        self._awards: set[int] = set()
        self._quotes: dict[str, None] = {}
        self._unused: dict[str, None] = {}
        self._seen: dict[str, bool] = {}

    def passage(self, text: str, heading: str = "") -> None:
        """Read ``text``; under a ``heading`` on money an amount alone is that of a project."""
        label = heading
        columns: tuple[str, ...] = ()
        for line in text[:_PASSAGE_LIMIT].splitlines():
            amounts = list(find_amounts(line[:_SENTENCE_LIMIT], self._currency))
            if stand_side_by_side(line, amounts):
                self._row(line, amounts, columns)
                continue
            if line.strip():
                columns = money_columns(line)
            found = [
                self._sentence(sentence[:_SENTENCE_LIMIT].strip(), label)
                for sentence in _PATTERNS.sentence.split(line)
                if _PATTERNS.countable.search(sentence)
            ]
            # a row's or an amount's label is the short line above it
            if line.strip() and not any(found):
                short = len(line) <= _LABEL_LIMIT and not line.rstrip().endswith((".", "!"))
                label = line.strip(" :?") if short else heading

    def _row(self, line: str, amounts: Sequence[MoneyMention], columns: Sequence[str]) -> None:
        """Read a row of a table by the names of its columns; without them its sums are text."""
        named = len(amounts) == len(columns)
        for one in _row_sums(line, amounts, columns) if named else ():
            self._keep(one, line)
        self._quotes.setdefault(line.strip())

    def _sentence(self, sentence: str, label: str) -> bool:
        """Read one sentence, once; return whether it has an amount."""
        if sentence in self._seen:
            return self._seen[sentence]
        stated = _stated_sums(sentence, self._currency, label, by_cost=self._by_cost)
        shares = list(_shares(sentence))
        self._shares.update(shares)
        several = bool(_PATTERNS.awards_in_range.search(sentence))
        counts = set() if several else set(award_counts(sentence))
        self._awards |= counts
        used = bool(shares or counts or several or _PATTERNS.share.search(sentence))
        for one in stated:
            used = self._keep(one, sentence) or used
        (self._quotes if used or stated else {}).setdefault(sentence)
        if several or any(one.yearly for one in stated):
            self._unused.setdefault(sentence)
        self._seen[sentence] = bool(stated)
        return bool(stated)

    def _keep(self, stated: _StatedSum, sentence: str) -> bool:
        """Keep an amount by its role; return whether it has one and is no yearly sum."""
        role = _role(stated)
        amount = stated.amount
        if role is None or stated.yearly or is_stand_in(amount.high, amount.currency):
            return False
        unclaimed = stated.scope in (_Scope.UNCLAIMED, _Scope.TOTAL)
        if self._currency and unclaimed and not _names_currency(amount, sentence):
            return False
        low = Money(amount=amount.low, currency=amount.currency)
        high = Money(amount=amount.high, currency=amount.currency)
        if role is AmountRole.TOTAL and amount.low == amount.high:
            self._sums.setdefault(AmountRole.TOTAL, []).append((stated.thing, high))
        if role in (AmountRole.RANGE, AmountRole.LEAST):
            self._sums.setdefault(AmountRole.LEAST, []).append((stated.thing, low))
        if role in (AmountRole.RANGE, AmountRole.MOST):
            self._sums.setdefault(AmountRole.MOST, []).append((stated.thing, high))
        return True

    def funding(self, text: str = "") -> Funding | None:
        """Return what was read, None without any figure; ``text`` instead of its sentences."""
        total = _whole_pot(self._in_one_currency(AmountRole.TOTAL))
        least = min(
            (m for _, m in self._in_one_currency(AmountRole.LEAST)), key=_value, default=None
        )
        most = _believed_maximum(self._in_one_currency(AmountRole.MOST))
        if least and most and least.currency == most.currency and least.amount > most.amount:
            least = None
        share = next(iter(self._shares)) if len(self._shares) == 1 else None
        share = share if share is not None and share <= 100 else None  # noqa: PLR2004  percent
        awards = next(iter(self._awards)) if len(self._awards) == 1 else None
        if not (total or least or most or share or awards):
            return None
        return Funding(
            total=total, minimum=least, maximum=most, share_percent=share,
            expected_awards=awards, text=text[:_TEXT_LIMIT] or self._text(self._quotes),
        )  # fmt: skip

    def words(self) -> Funding | None:
        """Return the sentences with sums a year or a range of awards; None without any.

        Neither makes a figure.
        """
        return Funding(text=self._text(self._unused)) if self._unused else None

    def _text(self, sentences: Iterable[str]) -> str:
        return " ".join(sentences)[:_TEXT_LIMIT]

    def _in_one_currency(self, role: AmountRole) -> list[tuple[frozenset[str], Money]]:
        """Return the amounts of a role in the funder's currency, else in that named first."""
        sums = self._sums.get(role, [])
        own = [one for one in sums if one[1].currency == self._currency]
        return own or [one for one in sums if one[1].currency == sums[0][1].currency]


def _names_currency(amount: MoneyMention, sentence: str) -> bool:
    return any(found.end == amount.end for found in find_amounts(sentence))


def _value(money: Money) -> Decimal:
    return money.amount


def _believed_maximum(sums: Sequence[tuple[frozenset[str], Money]]) -> Money | None:
    """Return the maximum: of two for one thing the smaller, of several things the largest."""
    plain = [money for thing, money in sums if not thing]
    if plain:
        return min(plain, key=_value)
    of_things: dict[frozenset[str], Money] = {}
    for thing, money in sums:
        of_things[thing] = min(of_things.get(thing, money), money, key=_value)
    return max(of_things.values(), key=_value, default=None)


def _whole_pot(sums: Sequence[tuple[frozenset[str], Money]]) -> Money | None:
    """Return the pot: one that is the sum of the others, else the smaller of two for the whole.

    Pots of several areas or years, without one for the whole, make none.
    """
    values = {money.amount: money for _, money in sums}
    whole = sum(values, Decimal(0)) / 2
    if len(values) > 2 and whole in values:  # noqa: PLR2004  a sum has two parts at least
        return values[whole]
    plain = [money for thing, money in sums if not thing]
    if plain:
        return min(plain, key=_value)
    return next(iter(values.values())) if len(values) == 1 else None


def _shares(sentence: str) -> Iterator[Decimal]:
    """Yield the percentages of the costs that the funder pays by ``sentence``."""
    for clause in _PATTERNS.clause.split(sentence):
        other = (_PATTERNS.own_share, _PATTERNS.range_of_shares, _PATTERNS.not_paid)
        if any(pattern.search(clause) for pattern in other):
            continue
        for match in _PATTERNS.share.finditer(clause):
            before, after = clause[: match.start()], clause[match.end() :]
            if _PATTERNS.share_after.match(after) or _PATTERNS.share_before.search(before):
                yield Decimal(match[1].replace(",", "."))
        for fraction in _PATTERNS.fraction.finditer(clause):
            yield Decimal(_FRACTIONS[" ".join(fraction[1].lower().split())])
