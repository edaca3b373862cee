"""Hours that a web page has in the ``datetime`` of its ``<time>`` tags and does not show."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bs4.element import Tag

from scrapers.reading.dates import first_date

_ONE_DAY = timedelta(days=1)


def show_hours(root: Tag) -> None:
    """Write into each ``<time>`` below ``root`` the day or hour that only its attribute has.

    What people see counts: an hour is added to the same day alone, and a midnight is no hour. A
    text without a whole date ("in three weeks", "21 January") is replaced by the attribute's.
    """
    for tag in root.find_all("time", datetime=True):
        at = _instant(str(tag["datetime"]))
        if at is None:
            continue
        shown = first_date(tag.get_text(" "), "UTC")
        if shown is None:
            tag.string = f"{at:%Y-%m-%d}{_hour(at)}"
        elif shown.moment.date_only and at.time() != time(0):
            if shown.moment.at.date() == at.date():
                tag.append(_hour(at))
            elif at.tzinfo and abs(shown.moment.at.date() - at.date()) <= _ONE_DAY:
                # the same instant may be another day where the funder is
                tag.string = f"{at:%Y-%m-%d}{_hour(at)}"


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _hour(at: datetime) -> str:
    """Return the hour of ``at`` as text, with its offset; "" for midnight."""
    if at.time() == time(0):
        return ""
    offset = at.utcoffset()
    if offset is None:
        return f" {at:%H:%M}"
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f" {at:%H:%M} UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
