"""The Commission's search answers (SEDIA): every value of a record is a list, some hold JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.call import (
    Deadline,
    DeadlineKind,
    Funding,
    Money,
    end_of_day,
)
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.fields import Fields
from scrapers.remarks import Remark

ZONE = "Europe/Brussels"
CLOSING_TIME = time(17, 0)
"""When the portal stops taking proposals on a deadline's day."""

_KINDS = {
    "single-stage": DeadlineKind.FIXED,
    "two-stage": DeadlineKind.TWO_STAGE,
    "multiple cut-off": DeadlineKind.CUT_OFF,
}
_LAST_STAGE = 9


class ResultMetadata:
    """The ``metadata`` of one result: every name has a list of values."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields

    def first(self, name: str) -> str:
        """Return the first value as one line, "" for nothing."""
        return parse.clean_line(self.raw(name))

    def raw(self, name: str) -> str:
        """Return the first value unchanged, "" for nothing."""
        for value in self.fields.items(name):
            if isinstance(value, str | int | float) and not parse.is_placeholder(value):
                return str(value)
        return ""

    def all(self, name: str) -> list[str]:
        """Return every value as a line; a value that is a JSON list of texts, one by one."""
        words = [part for value in self.fields.words(name) for part in _listed(value)]
        return list(dict.fromkeys(words))

    def embedded_json(self, name: str, expected: type) -> Any:
        """Return the JSON inside the first value, None for nothing.

        Raises ``ShapeError`` when it is no JSON or no ``expected`` (``list`` or ``dict``).
        """
        source = self.raw(name)
        if not source:
            return None
        where = f"{self.fields.where}.{name}"
        try:
            value = json.loads(source)
        except json.JSONDecodeError as error:
            raise ShapeError(where, "JSON inside the value", repr(source[:60])) from error
        if not isinstance(value, expected):
            raise ShapeError(where, f"a JSON {expected.__name__}", type(value).__name__)
        return value


def _listed(value: str) -> list[str]:
    """Return the texts of a JSON list, as the portal's earlier system wrote it; else the value."""
    if not (value.startswith("[") and value.endswith("]")):
        return [value]
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        return [value]
    lines = [parse.clean_line(str(word)) for word in listed if not parse.is_placeholder(word)]
    return [line for line in lines if line]


@dataclass(frozen=True)
class TopicRow:
    """One line of a call's budget table, or one action of a topic.

    ``pool`` says which other lines share the line's budget: those with the same text.
    ``is_shared`` says that lines of other topics are among them.
    """

    dates: tuple[str, ...]
    model: str
    opens: str
    fields: Fields
    pool: str = ""
    is_shared: bool = False


def topic_actions(metadata: ResultMetadata) -> list[TopicRow]:
    """Return the topic's actions: opening day, deadlines and their model."""
    actions = []
    for position, action in enumerate(metadata.embedded_json("actions", list) or []):
        fields = Fields(action, f"{metadata.fields.where}.actions[{position}]")
        procedure = fields.record("submissionProcedure")
        actions.append(
            TopicRow(
                dates=tuple(fields.words("deadlineDates")),
                model=procedure.word("abbreviation") if procedure else "",
                opens=fields.word("plannedOpeningDate"),
                fields=fields,
            )
        )
    return actions


def budget_rows(metadata: ResultMetadata, identifier: str) -> list[TopicRow]:
    """Return the lines of the call's budget table that are this topic's own.

    The table lists every topic of the call; a line's ``action`` starts with its topic.
    """
    overview = metadata.embedded_json("budgetOverview", dict)
    where = f"{metadata.fields.where}.budgetOverview"
    table = Fields(overview, where).record("budgetTopicActionMap") if overview else None
    if table is None:
        return []
    own = re.compile(rf"{re.escape(identifier)}(?![\w-])", re.IGNORECASE)
    budget_lines = []
    for key, lines in zip(table.names(), table.values(), strict=True):
        if not isinstance(lines, list):
            raise ShapeError(where, "a list of lines", type(lines).__name__)
        read = [Fields(line, where) for line in lines]
        of_others = {_year_budget(one) for one in read if not own.match(one.word("action"))}
        for fields in read:
            if own.match(fields.word("action")):
                budget = _year_budget(fields)
                row = TopicRow(
                    dates=tuple(fields.words("deadlineDates")),
                    model=fields.word("deadlineModel"),
                    opens=fields.word("plannedOpeningDate"),
                    fields=fields,
                    pool=f"{key} {budget}",
                    is_shared=budget in of_others,
                )
                budget_lines.append(row)
    return budget_lines


def _year_budget(line: Fields) -> str:
    """Return a line's budget by year as one text: lines of one pot repeat it."""
    years = line.raw("budgetYearMap")
    if not isinstance(years, Mapping):
        return repr(years)
    amounts = {year: parse.read_number(value, line.where) for year, value in years.items()}
    return repr(sorted((year, amount) for year, amount in amounts.items() if amount))


def deadlines(
    rows: list[TopicRow], fallback: list[str], model: str, *, portal: bool
) -> list[Deadline]:
    """Return the deadlines of the first of ``rows`` and ``fallback`` to have any, in order.

    ``portal`` says that proposals are handed in at the portal, which closes at 17:00; elsewhere
    a day without a time lasts until its end.
    """
    days = [day for row in rows for day in row.dates] or fallback
    kind = _KINDS.get(model or next((row.model for row in rows if row.model), ""))
    moments = sorted({m for m in (deadline_instant(day, portal=portal) for day in days) if m})
    if kind is None or (kind is DeadlineKind.FIXED and len(moments) > 1):
        kind = DeadlineKind.CUT_OFF if len(moments) > 1 else DeadlineKind.FIXED
    return [
        Deadline(
            kind=kind,
            zone=ZONE,
            at=at,
            date_only=date_only,
            stage=min(stage, _LAST_STAGE) if kind is DeadlineKind.TWO_STAGE else None,
            text=Remark.PORTAL_CLOSING.write()
            if at.time() == CLOSING_TIME and portal and not date_only
            else "",
        )
        for stage, (at, date_only) in enumerate(moments, start=1)
    ]


def deadline_instant(text: str, *, portal: bool) -> tuple[datetime, bool] | None:
    """Return the instant of a deadline and whether it is a day alone; None for a placeholder.

    ``portal``: a day alone means when the portal closes on it. See ``deadlines``.
    """
    try:
        shown = _brussels_clock(text)
    except (ValueError, OverflowError) as error:
        raise ShapeError("SEDIA deadline", "a date", repr(text)) from error
    if not parse.FIRST_YEAR <= shown.year < parse.LAST_YEAR:
        return None
    if shown.time() != time(0):
        return shown.replace(tzinfo=ZoneInfo(ZONE)), False
    if portal:
        return datetime.combine(shown.date(), CLOSING_TIME, tzinfo=ZoneInfo(ZONE)), False
    return end_of_day(shown.date(), ZONE), True


def _brussels_clock(text: str) -> datetime:
    """Return the clock time in Brussels that a stamp means, without an offset; 0:00 for a day.

    The portal keeps its hours as if Brussels were at UTC, so 17:00 there is 17:00+0000, and who
    copied that with a clock of his own wrote 19:00+0200 or 18:00+0100. Other writers put midnight
    in Brussels, 23:00+0000 the day before. So the readings are tried that give a day or the hour
    at which the portal closes; another hour is read as UTC's, the earlier of the two.
    """
    readings = []
    for stamp in parse.offset_readings(text):
        if stamp.tzinfo is None:
            return _day_of_last_minute(stamp)
        here = (stamp.astimezone(UTC), stamp.astimezone(ZoneInfo(ZONE)), stamp)
        readings += [_day_of_last_minute(one.replace(tzinfo=None)) for one in here]
    for meant in (time(0), CLOSING_TIME):
        for reading in readings:
            if reading.time() == meant:
                return reading
    return min(readings)


def _day_of_last_minute(shown: datetime) -> datetime:
    """Return a day's midnight for its last minute, which stands for the day."""
    is_last = (shown + timedelta(minutes=1)).time() < time(0, 1)
    return datetime.combine(shown.date(), time(0)) if is_last else shown


def opening_time(rows: Iterable[TopicRow], fallback: str) -> datetime | None:
    """Return when a topic opens: its earliest planned day, as it begins in Brussels."""
    days = [row.opens for row in rows if row.opens] or ([fallback] if fallback else [])
    try:
        shown = min((_brussels_clock(day) for day in days), default=None)
    except (ValueError, OverflowError) as error:
        raise ShapeError("SEDIA opening", "a date", repr(days)) from error
    if shown is None or not parse.FIRST_YEAR <= shown.year < parse.LAST_YEAR:
        return None
    return shown.replace(tzinfo=ZoneInfo(ZONE))


def funding(rows: list[TopicRow]) -> Funding | None:
    """Return the funding by the topic's own budget lines, summed over years and lines.

    Lines that repeat one pot count once. A pot that is shared with other topics is this topic's
    total only if the topic's own grants can use it up.
    """
    pots: dict[str, Decimal] = {}
    least: list[Money] = []
    most: list[Money] = []
    awards: list[int] = []
    for row in rows:
        years = row.fields.record("budgetYearMap")
        amounts = [parse.read_number(v, row.fields.where) for v in years.values()] if years else []
        most_own = row.fields.money("maxContribution", "EUR")
        grants = row.fields.count("expectedGrants")
        pot = sum((amount for amount in amounts if amount), Decimal(0))
        own = most_own.amount * grants if most_own and grants else Decimal(0)
        if pot and (not row.is_shared or pot <= own):
            pots[row.pool] = pot
        least.extend(m for m in [row.fields.money("minContribution", "EUR")] if m)
        most.extend(m for m in [most_own] if m)
        awards.extend(n for n in [grants] if n)
    if not (pots or least or most or awards):
        return None
    return Funding(
        total=Money(amount=sum(pots.values(), Decimal(0)), currency="EUR") if pots else None,
        minimum=min(least, key=_money_value, default=None),
        maximum=max(most, key=_money_value, default=None),
        expected_awards=sum(awards) or None,
    )


def _money_value(money: Money) -> Decimal:
    return money.amount


def search_filter(types: list[str], statuses: list[str]) -> Mapping[str, Any]:
    """Return the filter of a search: record types and statuses by their codes."""
    return {"bool": {"must": [{"terms": {"type": types}}, {"terms": {"status": statuses}}]}}
