"""The columns of a call: the same in every list that has calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from scrapers.call import Deadline, Money
from service.domain.calls.main_deadline import main_deadline
from service.domain.matching.call_card import CallCard
from service.messages import facts
from service.messages.words import Words
from service.sheets.columns import Cell, Column
from service.untrusted_text import web_url

Record = TypeVar("Record")


def day_of(moment: datetime | None) -> date | None:
    """Return the day of ``moment`` on its own clock."""
    return None if moment is None else moment.date()


def _due_day(card: CallCard) -> date | None:
    due = main_deadline(card)
    return due.local().date() if due and due.at else None


def _due_hour(card: CallCard) -> str:
    """Return the time of day, nothing where the funder names none."""
    due = main_deadline(card)
    return f"{due.local():%H:%M}" if due and due.at and not due.date_only else ""


def _due_zone(card: CallCard) -> str:
    due = main_deadline(card)
    return due.zone if due and due.at else ""


def _all_deadlines(card: CallCard, t: Words) -> str:
    return "; ".join(_one_deadline(due, t) for due in card.deadlines)


def _one_deadline(due: Deadline, t: Words) -> str:
    written = facts.deadline(due, t)
    return f"{written} ({t('deadline.stage', stage=due.stage)})" if due.stage else written


def _money(card: CallCard, which: str) -> Money | None:
    amount: Money | None = getattr(card.funding, which, None)
    return amount


def _currency(card: CallCard) -> str:
    amounts = (_money(card, which) for which in ("maximum", "minimum", "total"))
    return next((amount.currency for amount in amounts if amount), "")


def _amount(card: CallCard, which: str) -> Cell:
    """Return an amount in the currency of the row; one in another currency is text."""
    amount = _money(card, which)
    if amount is None:
        return None
    if amount.currency == _currency(card):
        return amount.amount
    return f"{amount.amount:f} {amount.currency}"


def _share(card: CallCard) -> Cell:
    return card.funding.share_percent if card.funding else None


def _awards(card: CallCard) -> Cell:
    return card.funding.expected_awards if card.funding else None


def _title(card: CallCard, t: Words) -> str:
    return card.titles.get(t.language) or card.title


CALL_COLUMNS: Sequence[Column[CallCard]] = (
    Column("id", lambda card, _: card.id, 28),
    Column("title", _title, 60),
    Column("funder", lambda card, _: card.funder, 28),
    Column("level", lambda card, t: t(f"level.{card.level}"), 14),
    Column("programme", lambda card, _: card.programme, 28),
    Column("status", lambda card, t: t(f"status.{card.status}"), 12),
    Column("opens", lambda card, _: day_of(card.opens), 12),
    Column("deadline", lambda card, _: _due_day(card), 12),
    Column("hour", lambda card, _: _due_hour(card), 8),
    Column("zone", lambda card, _: _due_zone(card), 18),
    Column("deadlines", _all_deadlines, 40),
    Column("minimum", lambda card, _: _amount(card, "minimum"), 14),
    Column("maximum", lambda card, _: _amount(card, "maximum"), 14),
    Column("total", lambda card, _: _amount(card, "total"), 14),
    Column("currency", lambda card, _: _currency(card), 10),
    Column("share", lambda card, _: _share(card), 10),
    Column("awards", lambda card, _: _awards(card), 10),
    Column("url", lambda card, _: web_url(card.url), 40),
    Column("apply_url", lambda card, _: web_url(card.apply_url), 40),
    Column("also", lambda card, _: "; ".join(copy.id for copy in card.also), 28),
)
"""What a row says of a call."""


def of_calls(
    columns: Sequence[Column[CallCard]], card_of: Callable[[Record], CallCard]
) -> tuple[Column[Record], ...]:
    """Return the columns of calls for records that have a call: ``card_of`` returns its card."""
    return tuple(_of_call(column, card_of) for column in columns)


def _of_call(column: Column[CallCard], card_of: Callable[[Record], CallCard]) -> Column[Record]:
    return Column(
        column.name, lambda record, words: column.value(card_of(record), words), column.width
    )
