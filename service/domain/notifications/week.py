"""Weeks as ISO 8601 writes them, such as 2026-W48, and when their mails are due."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, WithJsonSchema

_YEARS = range(1900, 9000)
"""Years that a week can be in: calendars end, and every week has one before and one after."""

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)

MAIL_TIME = time(6)
"""When a week's mail is due: early on Monday, on the clock of `MAIL_ZONE`."""

MAIL_ZONE = ZoneInfo("Europe/Stockholm")


def week_of(instant: datetime) -> str:
    """Return the week of the aware ``instant`` on the clock of `MAIL_ZONE`."""
    year, number, _ = instant.astimezone(MAIL_ZONE).isocalendar()
    return f"{year:04}-W{number:02}"


def mail_due(week: str) -> datetime:
    """Return the instant (UTC) that the mail of ``week`` is due.

    Raises:
        ValueError: there is no such week; the message says how one is written.
    """
    try:
        return datetime.combine(_monday(week), MAIL_TIME, MAIL_ZONE).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(_error_text(week)) from error


def week_start(week: str) -> datetime:
    """Return the instant (UTC) that a week begins on the clock of `MAIL_ZONE`.

    Raises:
        ValueError: as `mail_due`.
    """
    return datetime.combine(_monday(week), time(), MAIL_ZONE).astimezone(UTC)


def pause_end(instant: datetime, weeks: int) -> datetime:
    """Return the start of the week whose mail is the first one after a pause of so many mails.

    Args:
        instant: when the pause is asked for; a mail that was due by then counts as past.
        weeks: mails that are left out.
    """
    first = week_of(instant)
    day = week_start(first) + timedelta(days=7 * weeks, hours=12)
    return week_start(week_of(day if instant < mail_due(first) else day + timedelta(days=7)))


def weeks_between(earlier: str, later: str) -> int:
    """Return how many weeks lie between two; summer time does not matter.

    Raises:
        ValueError: as `mail_due`.
    """
    return (_monday(later) - _monday(earlier)).days // 7


def next_mail_due(instant: datetime) -> datetime:
    """Return when the mail after the one of ``instant``'s week is due."""
    return mail_due(week_of(instant + timedelta(days=7)))


def _monday(week: str) -> date:
    match = _WEEK.fullmatch(week)
    year, number = (int(match[1]), int(match[2])) if match else (0, 0)
    try:
        monday = date.fromisocalendar(year, number, 1)
    except (ValueError, OverflowError) as error:
        raise ValueError(_error_text(week)) from error
    if monday.year not in _YEARS:
        raise ValueError(_error_text(week))
    return monday


def _error_text(week: str) -> str:
    return f"{week!r} is no week: write one as 2026-W48"


def _check_week(week: str) -> str:
    mail_due(week)
    return week


_PATTERN = "^(19|[2-8][0-9])[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
"""The form of a week for machines: a year that calendars have, and a number up to 53."""

Week = Annotated[
    str,
    AfterValidator(_check_week),
    WithJsonSchema({"type": "string", "pattern": _PATTERN}),
]
