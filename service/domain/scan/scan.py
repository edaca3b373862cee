"""The scan of a subject: everything that a board wants to know of it on two pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from scrapers.call import Currency, Level, Status
from service.domain.awards.actors import Actor
from service.domain.awards.focus_areas import AreaKey
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard
from service.domain.scan.money import StatedMoney, add_up_money
from service.domain.scan.months import ScanMonth
from service.domain.scan.pilots import ScanPilot
from service.domain.scan.rows import ScanRow
from service.messages.notes import Note
from service.messages.sentence import Sentence


class ScanLevel(FrozenModel):
    """The calls of one level."""

    level: Level
    open: int
    forthcoming: int
    rolling: int = Field(description="Of the open ones, those that can be applied to at any time.")
    money: StatedMoney


class RatesOfDay(FrozenModel):
    """Whose rates amounts were converted by, and of which day."""

    source: str
    day: date


class SubjectScan(FrozenModel):
    """What there is on a subject: calls, money, dates, actors and pilots."""

    name: Sentence = Field(description="The area's name, or the words that were asked for.")
    area: AreaKey | None = Field(description="The focus area; null for a subject in words.")
    words: str = Field(description="What calls, projects and pilots were compared with.")
    levels: tuple[Level, ...] = Field(description="The levels that were asked for; empty: all.")
    statuses: tuple[Status, ...]
    total: int = Field(description="Open and forthcoming calls on the subject.")
    is_cut: bool = Field(description="Whether there may be more calls than were counted.")
    by_level: tuple[ScanLevel, ...] = Field(description="From the region to the world.")
    money: StatedMoney = Field(description="Of all levels together.")
    currency: Currency = Field(description="The reader's currency, which sums are in.")
    rates: RatesOfDay | None = Field(description="Null when no rates of these days are kept.")
    months: tuple[ScanMonth, ...] = Field(description="The twelve months ahead.")
    undated: int = Field(description="Calls with no deadline or opening ahead that has a date.")
    calls: tuple[CallCard, ...] = Field(
        description="The calls, those next to apply to first; at most as many as were asked for."
    )
    funders: tuple[Actor, ...] = Field(description="Who funds the subject, those with most first.")
    organisations: tuple[Actor, ...] = Field(description="Who was funded for it, likewise.")
    projects: int = Field(description="Paid projects on the subject that are stored.")
    pilots: tuple[ScanPilot, ...] | None = Field(
        description="Pilots on the subject that the reader may see; null where the reader may see "
        "none at all."
    )
    language: str = Field(description="The language the subject was read in.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")


def describe_levels(
    rows: Sequence[ScanRow],
    levels: Sequence[Level],
    rates: ExchangeRates | None,
    currency: str,
) -> tuple[ScanLevel, ...]:
    """Return each of ``levels``, by default all, with its calls and money."""
    return tuple(
        _describe(level, [row for row in rows if row.level is level], rates, currency)
        for level in Level
        if not levels or level in levels
    )


def _describe(
    level: Level, rows: Sequence[ScanRow], rates: ExchangeRates | None, currency: str
) -> ScanLevel:
    is_open = [row for row in rows if row.status is Status.OPEN]
    return ScanLevel(
        level=level,
        open=len(is_open),
        forthcoming=len(rows) - len(is_open),
        rolling=sum(row.is_rolling for row in is_open),
        money=add_up_money(rows, rates, currency),
    )
