"""A call's facts in a reader's words: deadlines on the funder's clock, and what it pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from scrapers.call import Deadline, DeadlineKind, Funding, Money
from service.messages import formats
from service.messages.words import Words
from service.untrusted_text import clean


class Converted(Protocol):
    """An amount in another currency, and the rate that it was converted by."""

    @property
    def amount(self) -> Decimal:
        """The amount."""
        ...

    @property
    def currency(self) -> str:
        """Its currency, as ISO 4217 has it."""
        ...

    @property
    def rate(self) -> Decimal:
        """What one unit of the call's currency is worth in it."""
        ...

    @property
    def source(self) -> str:
        """Who published the rate."""
        ...

    @property
    def day(self) -> date:
        """The day of the rate."""
        ...


def day(moment: date, words: Words) -> str:
    """Write the day of ``moment`` with the month in words."""
    return formats.day(moment, words.catalogue)


def deadline(of: Deadline | None, words: Words) -> str:
    """Write a deadline on the funder's clock; the zone is shown beside it by the page."""
    if of is None:
        return words("deadline.unknown")
    if of.at is None:
        kind = "rolling" if of.kind is DeadlineKind.ROLLING else "announced"
        return f"{words(f'deadline.{kind}')} ({of.text})" if of.text else words(f"deadline.{kind}")
    local = of.local()
    if of.date_only:
        return words("deadline.day", date=local)
    return words("deadline.time", date=local, time=f"{local:%H:%M}")


def days_left(of: Deadline, now: datetime, words: Words) -> str:
    """Say how many whole days are left at ``now``; nothing for what is past or undated."""
    if of.at is None or of.at < now:
        return ""
    days = (of.at - now).days
    return words("days.left", count=days) if days else words("days.today")


def money(amount: Money, words: Words) -> str:
    """Write an amount with its currency, decimals only where there are any."""
    return formats.money(amount, words.catalogue)


def money_range(least: Money, most: Money, words: Words) -> str:
    """Write what lies between two amounts, the currency once where it is the same."""
    if least.currency != most.currency:
        return f"{money(least, words)} – {money(most, words)}"
    return formats.span(least.amount, most.amount, most.currency, words.catalogue)


def funding(of: Funding | None, words: Words) -> list[str]:
    """Say what a call pays, what matters most to one applicant first."""
    if of is None:
        return []
    said = [_each(of, words)]
    if of.share_percent is not None:
        said.append(words("amount.share", percent=f"{of.share_percent.normalize():f}"))
    if of.total:
        said.append(words("amount.total", amount=of.total))
    if of.expected_awards is not None:
        said.append(words("amount.awards", count=of.expected_awards))
    found = [line for line in said if line]
    return found or ([clean(of.text)] if of.text else [])


def converted(amounts: Sequence[Converted], words: Words) -> list[str]:
    """Say each amount in the reader's currency with its rate, who published it and when."""
    return [
        words(
            "amount.converted",
            amount=Money(amount=one.amount, currency=one.currency),
            rate=formats.whole(one.rate.normalize()),
            source=one.source,
            day=f"{one.day}",
        )
        for one in amounts
    ]


def _each(of: Funding, words: Words) -> str:
    """Say what one project gets."""
    least, most = of.minimum, of.maximum
    if most and (not least or least == most):
        return words("amount.each.most" if least is None else "amount.each", amount=most)
    if least and not most:
        return words("amount.each.least", amount=least)
    if least and most:
        return words("amount.each", amount=money_range(least, most, words))
    return ""
