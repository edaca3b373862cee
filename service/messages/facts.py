"""A call's deadlines and amounts in a reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from scrapers.call import Deadline, DeadlineKind, Funding, Money
from service.messages import formats
from service.messages.notes import has_remark, record_sentences
from service.messages.words import Words
from service.untrusted_text import clean

SWEDISH_TIME: Final = ZoneInfo("Europe/Stockholm")
"""The clock of our readers."""


class AmountConversion(Protocol):
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


def fit(degree: str, words: Words) -> str:
    """Write how well a call fits, such as good: mails, feeds and sheets say it by a page's word."""
    return words("mail.fit", word=words(f"fit.{degree}"))


def deadline(due: Deadline | None, words: Words) -> str:
    """Write a deadline on the funder's clock; pages and mails name the zone themselves."""
    if due is None:
        return words("deadline.unknown")
    if due.at is None:
        kind = "rolling" if due.kind is DeadlineKind.ROLLING else "announced"
        undated = words(f"deadline.{kind}")
        return f"{undated} ({_stated_text(due.text, words)})" if due.text else undated
    local = due.local()
    if due.date_only:
        return words("deadline.day", date=local)
    return words("deadline.time", date=local, time=f"{local:%H:%M}")


def deadline_in_sweden(due: Deadline | None, words: Words) -> str:
    """Write a deadline on Swedish clocks; of a day elsewhere, whose day it is."""
    if due is None or due.at is None:
        return deadline(due, words)
    local, swedish = due.local(), due.at.astimezone(SWEDISH_TIME)
    if not due.date_only:
        return words("deadline.swedish", date=swedish, time=f"{swedish:%H:%M}")
    if local.utcoffset() == swedish.utcoffset():
        return words("deadline.day", date=local)
    place = due.zone.rpartition("/")[2].replace("_", " ")
    return words("deadline.day.elsewhere", date=local, place=place)


def _stated_text(text: str, words: Words) -> str:
    """Write the text of a deadline without a day; the funder's alone needs no quotation marks."""
    return words.say(record_sentences(text)) if has_remark(text) else text


def days_left(due: Deadline, now: datetime, words: Words) -> str:
    """Write how many whole days are left at ``now``; nothing for what is past or undated."""
    if due.at is None or due.at < now:
        return ""
    days = (due.at - now).days
    return words("days.left", count=days) if days else words("days.today")


def money(amount: Money, words: Words) -> str:
    """Write an amount with its currency, decimals only where there are any."""
    return formats.money(amount, words.catalogue)


def money_range(least: Money, most: Money, words: Words) -> str:
    """Write a range of amounts, the currency once where it is the same."""
    if least.currency != most.currency:
        return f"{money(least, words)} – {money(most, words)}"
    return formats.span(least.amount, most.amount, most.currency, words.catalogue)


def funding(pays: Funding | None, words: Words) -> list[str]:
    """Write what a call pays, what matters most to one applicant first."""
    if pays is None:
        return []
    lines = [_project_amount(pays, words)]
    if pays.share_percent is not None:
        lines.append(words("amount.share", percent=f"{pays.share_percent.normalize():f}"))
    if pays.total:
        lines.append(words("amount.total", amount=pays.total))
    if pays.expected_awards is not None:
        lines.append(words("amount.awards", count=pays.expected_awards))
    filled = [line for line in lines if line]
    return filled or ([clean(pays.text)] if pays.text else [])


def converted(amounts: Sequence[AmountConversion], words: Words) -> list[str]:
    """Write each amount in the reader's currency with its rate, who published it and when."""
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


def _project_amount(pays: Funding, words: Words) -> str:
    """Write what one project gets."""
    least, most = pays.minimum, pays.maximum
    if most and (not least or least == most):
        return words("amount.each.most" if least is None else "amount.each", amount=most)
    if least and not most:
        return words("amount.each.least", amount=least)
    if least and most:
        return words("amount.each", amount=money_range(least, most, words))
    return ""
