"""The Commission's search answers (SEDIA): every value of a record is a list, some hold JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

from scrapers.call import (
    PORTAL_CLOSING_NOTE,
    Deadline,
    DeadlineKind,
    Funding,
    Money,
    end_of_day,
)
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.fields import Fields

ZONE = "Europe/Brussels"
CLOSING_TIME = time(17, 0)
"""When the portal stops taking proposals on a deadline's day."""

_KINDS = {
    "single-stage": DeadlineKind.FIXED,
    "two-stage": DeadlineKind.TWO_STAGE,
    "multiple cut-off": DeadlineKind.CUT_OFF,
}
_HEADINGS = {
    "expected outcome": "outcome",
    "scope": "scope",
    "expected impact": "impact",
    "objective": "objective",
    "specific challenge": "challenge",
}
_LAST_STAGE = 9
_HEADING = re.compile(
    r"<span[^<>]{0,200}topicdescriptionkind[^<>]{0,200}>([^<]{0,300})</span>", re.IGNORECASE
)
_BARE_LINK = re.compile(r"<p>(?:\s|&nbsp;)*<a\s[^<>]*>[^<>]*</a>(?:\s|&nbsp;)*</p>", re.IGNORECASE)


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
        """Return every value as a line."""
        return self.fields.words(name)

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


@dataclass(frozen=True)
class TopicRow:
    """One line of a call's budget table, or one action of a topic."""

    dates: tuple[str, ...]
    model: str
    opens: str
    fields: Fields


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
    for lines in table.values():
        if not isinstance(lines, list):
            raise ShapeError(where, "a list of lines", type(lines).__name__)
        for line in lines:
            fields = Fields(line, where)
            if own.match(fields.word("action")):
                dates = tuple(fields.words("deadlineDates"))
                model, opens = fields.word("deadlineModel"), fields.word("plannedOpeningDate")
                budget_lines.append(TopicRow(dates=dates, model=model, opens=opens, fields=fields))
    return budget_lines


def deadlines(
    rows: list[TopicRow], fallback: list[str], model: str, *, portal: bool
) -> list[Deadline]:
    """Return the deadlines of the first of ``rows`` and ``fallback`` to have any, in order.

    ``portal`` says that proposals are handed in at the portal, which closes at 17:00; elsewhere
    a day without a time lasts until its end. Times are stamped +0000 but are Brussels time, which
    is also the earlier of the two readings.
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
            text=PORTAL_CLOSING_NOTE
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
        shown = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise ShapeError("SEDIA deadline", "a date", repr(text)) from error
    if not parse.FIRST_YEAR <= shown.year < parse.LAST_YEAR:
        return None
    if shown.time() != time(0):
        return shown.replace(tzinfo=ZoneInfo(ZONE)), False
    if portal:
        return datetime.combine(shown.date(), CLOSING_TIME, tzinfo=ZoneInfo(ZONE)), False
    return end_of_day(shown.date(), ZONE), True


def opening_time(rows: list[TopicRow], fallback: str) -> datetime | None:
    """Return when a topic opens: the first second of its earliest planned day in Brussels."""
    days = [row.opens for row in rows if row.opens] or ([fallback] if fallback else [])
    try:
        shown = min(
            (datetime.fromisoformat(day).replace(tzinfo=None) for day in days), default=None
        )
    except ValueError as error:
        raise ShapeError("SEDIA opening", "a date", repr(days)) from error
    if shown is None or not parse.FIRST_YEAR <= shown.year < parse.LAST_YEAR:
        return None
    return shown.replace(tzinfo=ZoneInfo(ZONE))


def funding(rows: list[TopicRow]) -> Funding | None:
    """Return the funding by the topic's own budget lines, summed over years and lines."""
    totals: list[Decimal] = []
    least: list[Money] = []
    most: list[Money] = []
    awards: list[int] = []
    for row in rows:
        years = row.fields.record("budgetYearMap")
        amounts = (
            [parse.read_number(value, row.fields.where) for value in years.values()]
            if years
            else []
        )
        totals.extend(amount for amount in amounts if amount)
        least.extend(m for m in [row.fields.money("minContribution", "EUR")] if m)
        most.extend(m for m in [row.fields.money("maxContribution", "EUR")] if m)
        awards.extend(n for n in [row.fields.count("expectedGrants")] if n)
    if not (totals or least or most or awards):
        return None
    return Funding(
        total=Money(amount=sum(totals, Decimal(0)), currency="EUR") if totals else None,
        minimum=min(least, key=_money_value, default=None),
        maximum=max(most, key=_money_value, default=None),
        expected_awards=sum(awards) or None,
    )


def _money_value(money: Money) -> Decimal:
    return money.amount


def description_sections(html: str, names: list[str] | None = None) -> list[tuple[str, str]]:
    """Return a topic's description as (section, text), cut at its headings.

    Headings in English get plain names; those of a translation take the English copy's
    ``names`` when there are as many of them, else their own words. Text before the first heading
    is the section "description".
    """
    pieces = _HEADING.split(html)
    sections = [("description", parse.clean_text(pieces[0]))]
    headings = [parse.clean_line(heading).rstrip(":").strip().lower() for heading in pieces[1::2]]
    if names is None or len(names) != len(headings):
        names = [_HEADINGS.get(heading, heading or "description") for heading in headings]
    sections += [
        (name, parse.clean_text(body)) for name, body in zip(names, pieces[2::2], strict=True)
    ]
    return [(name, body) for name, body in sections if body]


def section_names(parts: list[tuple[str, str]]) -> list[str]:
    """Return the names of the headed sections, for use with a translation."""
    return [name for name, _ in parts if name != "description"]


def without_bare_links(html: str) -> str:
    """Return ``html`` without the paragraphs that are only a link; `find_links` yields those."""
    return _BARE_LINK.sub("", html)


def find_links(html: str) -> Iterator[tuple[str, str]]:
    """Yield (address, label) of the documents that a text links to."""
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        label = parse.clean_line(anchor.get_text())
        if label and (address := parse.web_address(str(anchor["href"]))):
            yield address, label[:500]


def search_filter(types: list[str], statuses: list[str]) -> Mapping[str, Any]:
    """Return the filter of a search: record types and statuses by their codes."""
    return {"bool": {"must": [{"terms": {"type": types}}, {"terms": {"status": statuses}}]}}
