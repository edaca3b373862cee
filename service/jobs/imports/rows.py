"""Calls from plain rows {id, title, text, lang, programme, open_date, deadline, …}.

Rows are read as the readers of funders read: markup, entities and hidden characters go, addresses
get their https, and a deadline that only the text states is told as that.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Funding,
    Level,
    Money,
    Provenance,
)
from scrapers.errors import ShapeError
from scrapers.platforms import sedia
from scrapers.platforms.texts.row_texts import with_text
from scrapers.reading import parse
from scrapers.reading.language import language_of, looks_swedish
from scrapers.reading.stated_deadline import StatedDeadline, find_stated_deadline
from scrapers.remarks import Remark

_SOURCE = "import"
_PORTAL_HOSTS = ("ec.europa.eu", "webgate.ec.europa.eu")
_PORTAL = "eu_portal"
_TOPIC = "/topic-details/"
_TOPIC_NUMBER = re.compile(r"(?!\d+\b)[A-Za-z0-9]+(?:[-._+&][A-Za-z0-9._+&]+)+")
_HANDED_IN_ELSEWHERE = re.compile(r"europeaid|prospect|external action", re.IGNORECASE)
_PORTAL_REFERENCE = re.compile(r"(?P<native>\d+[A-Z_]+?)(?:[a-z]{2}|[A-Z]{2})")
_TWO_STAGES = re.compile(r"two-stage", re.IGNORECASE)
_CODE = re.compile(r"\s*\([A-Z0-9-]{2,20}\)$")
_SLASHED, _MONTHS = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}"), 12
_COMMA = re.compile(r",(?![^()]*\))")
_EMPTY_VALUES = {"", "x", "null", "none", "1900-01-01"}
_LANGUAGES = {
    "english": "en", "engelska": "en", "eng": "en",
    "swedish": "sv", "svenska": "sv", "swe": "sv",
}  # fmt: skip
_DEFAULT_LANGUAGE = "en"
_UNTRANSLATED = (_DEFAULT_LANGUAGE,)
"""Languages that exports name where nobody translated the Swedish."""
_LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")


@dataclass(frozen=True)
class RowDefaults:
    """The funder and its level, for rows that do not name them."""

    funder: str
    level: Level


@dataclass(frozen=True)
class _RowOrigin:
    key: str
    funder: str
    level: Level
    zone: str
    currency: str


def call_from_row(row: dict[str, Any], defaults: RowDefaults) -> Call:
    """Return the call that a plain row describes.

    A row whose address is on the EU Funding & Tenders portal is the Commission's: its dates are
    days in Brussels, a topic closes at 17:00, and its amounts are euros. Any other is the default
    funder's, in Stockholm.

    Raises:
        ValueError: a field is missing or cannot be read; the text names it.
    """
    native = _required(row, "id")
    title = _title(row)
    url = _address(row)
    origin = _origin(url, defaults)
    if origin.key == _PORTAL and (reference := _PORTAL_REFERENCE.fullmatch(native)):
        native = reference["native"]
    body = parse.clean_text(_raw_text(row, "text")) or _other_title(row, title)
    language = _language(row, f"{title}\n{body}")
    call = Call(
        id=f"{origin.key}:{re.sub(r'[^!-~]+', '-', native)}"[:300],
        funder=origin.funder,
        level=origin.level,
        titles={language: title},
        texts={language: body} if body else {},
        programme=_programme(row, origin),
        identifiers=tuple(dict.fromkeys(filter(None, (native, _text(row, "call_id"))))),
        keywords=_keywords(row),
        opens=_opens(row, origin.zone),
        deadlines=_deadlines(row, origin, url),
        funding=_funding(row, origin.currency),
        url=url or None,
        provenance=Provenance(source=_SOURCE, url=url or None),
    )
    names = (native, title, _text(row, "call_id"), _text(row, "call_title"))
    told = with_text(call, body, origin.zone, filter(None, names))
    return _with_stated_deadline(told, find_stated_deadline(body, origin.zone))


def _with_stated_deadline(call: Call, stated: StatedDeadline | None) -> Call:
    """Return ``call`` with what its text says of the deadline, told as the text's own words.

    A row's field stands; where the text states another day, the deadline says so. Without a field
    the text's date is the deadline, unless the call opens after it.
    """
    if stated is None:
        return call
    note, day = Remark.TEXT_SAYS.before(stated.quote), stated.date.moment
    dated = [deadline for deadline in call.deadlines if deadline.at is not None]
    if dated:
        days = {deadline.local().date() for deadline in dated}
        if day.at.astimezone(ZoneInfo(dated[0].zone)).date() in days:
            return call
        noted = tuple(_with_first_note(one, note) for one in call.deadlines)
        return call.model_copy(update={"deadlines": noted})
    if call.opens is not None and day.at < call.opens:
        return call
    deadline = Deadline(
        kind=DeadlineKind.FIXED,
        zone=stated.date.zone,
        at=day.at,
        date_only=day.date_only,
        text=note,
    )
    return call.model_copy(update={"deadlines": (deadline,)})


def _with_first_note(deadline: Deadline, note: str) -> Deadline:
    """Return ``deadline`` with a note, before that on an earlier step if it has one."""
    known = f" {deadline.text}" if deadline.text.startswith(Remark.STEP_BINDS.value) else ""
    return deadline.model_copy(update={"text": f"{note}{known}"[:500]})


def _address(row: dict[str, Any]) -> str:
    """Return the address of a row, with the https that it may lack; "" for none."""
    unescaped = html.unescape(_raw_text(row, "url"))
    written = "".join(letter for letter in unescaped if letter.isprintable()).strip()
    address = parse.web_address(written) if written else ""
    if address is None:
        raise ValueError(f"url is {written[:80]!r}, not an address such as https://example.org")
    return address


def _language(row: dict[str, Any], words: str) -> str:
    """Return the language of a row: the one it names, else the one its words are clearly in.

    Swedish that is named English is Swedish: a field that nobody translated.
    """
    named = _text(row, "lang").lower()
    code = _LANGUAGE_CODE.fullmatch(named)
    language = _LANGUAGES.get(named) or (code[1] if code else named)
    written = language_of(words)
    if not language or (looks_swedish(words) and language in _UNTRANSLATED):
        return written or _DEFAULT_LANGUAGE
    return language


def _origin(url: str, defaults: RowDefaults) -> _RowOrigin:
    host = urlsplit(url).hostname or ""
    if host in _PORTAL_HOSTS:
        return _RowOrigin(_PORTAL, "European Commission", Level.EUROPEAN, "Europe/Brussels", "EUR")
    key = re.sub(r"[^a-z0-9]+", "_", defaults.funder.lower()).strip("_") or "imported"
    return _RowOrigin(key, defaults.funder, defaults.level, "Europe/Stockholm", "SEK")


def _text(row: dict[str, Any], name: str) -> str:
    """Return a value as one clean line, "" for a placeholder."""
    line = parse.clean_line(_raw_text(row, name))
    return "" if line.lower() in _EMPTY_VALUES else line


def _raw_text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")  # noqa: TRY004  the row is wrong, not our code
    return "" if value.strip().lower() in _EMPTY_VALUES else value


def _title(row: dict[str, Any]) -> str:
    """Return the title; of a cascade call it is the call's, not that of the project that pays."""
    own = _text(row, "call_title") if "cascade" in _text(row, "kind").lower() else ""
    return own or _required(row, "title")


def _programme(row: dict[str, Any], origin: _RowOrigin) -> str:
    """Return the programme; on the portal, without the code that some rows add to it."""
    named = _text(row, "programme")
    return _CODE.sub("", named) if origin.key == _PORTAL else named


def _required(row: dict[str, Any], name: str) -> str:
    text = _text(row, name)
    if not text:
        raise ValueError(f"{name} is missing")
    return text


def _other_title(row: dict[str, Any], title: str) -> str:
    """Return the other title of a row, which stands in for a missing text."""
    other = (_text(row, name) for name in ("call_title", "title"))
    return next((words for words in other if words != title), "")


def _keywords(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the words of a list, or of a text cut at its commas outside brackets."""
    value = row.get("keywords") or ()
    if not isinstance(value, str | list | tuple):
        raise ValueError("keywords is neither a text nor a list")  # noqa: TRY004  the row is wrong
    words = _COMMA.split(value) if isinstance(value, str) else value
    own = {_text(row, "id"), _text(row, "call_id")}
    lines = (parse.clean_line(str(word)) for word in words)
    return tuple(dict.fromkeys(word for word in lines if word and word not in own))


def _opens(row: dict[str, Any], zone: str) -> datetime | None:
    day = _text(row, "open_date")
    return datetime.combine(_day(day, "open_date"), time(), ZoneInfo(zone)) if day else None


def _deadlines(row: dict[str, Any], origin: _RowOrigin, url: str) -> tuple[Deadline, ...]:
    """Return the deadline: the hour given, else the end of the day in the funder's zone.

    A topic of the portal closes at 17:00 in Brussels; a call of external action stands there too,
    but its hour is that of its own guidelines. If a topic's number says that it has two stages,
    this is the deadline of the first.
    """
    written = _text(row, "deadline")
    if not written:
        return ()
    if (slashed := _SLASHED.match(written)) and max(map(int, slashed.groups())) <= _MONTHS:
        raise ValueError(f"deadline is {written!r}: day or month first? Write it as 2026-10-13")
    of_portal = origin.key == _PORTAL
    topic = of_portal and _is_topic(row, url)
    try:
        if of_portal:
            moment = sedia.deadline_instant(written, portal=topic)
        else:
            moment = parse.read_moment(written, origin.zone, "deadline")
    except ShapeError as error:
        raise ValueError(f"deadline is {written!r}, not a date such as 2026-10-13") from error
    if moment is None:
        return ()
    at, only = moment
    two = topic and _TWO_STAGES.search(f"{_text(row, 'id')} {_text(row, 'call_id')}")
    note = Remark.HOUR_ELSEWHERE.write() if of_portal and only and _TOPIC in url else ""
    closing = topic and not only and at.time() == sedia.CLOSING_TIME
    return (
        Deadline(
            kind=DeadlineKind.TWO_STAGE if two else DeadlineKind.FIXED,
            zone=origin.zone,
            at=at,
            date_only=only,
            stage=1 if two else None,
            text=Remark.PORTAL_CLOSING.write() if closing else note or written,
        ),
    )


def _is_topic(row: dict[str, Any], url: str) -> bool:
    """Whether a row is a topic of the portal's own programmes, which is handed in there.

    It has a topic's number, and nothing of it speaks of external action, whose calls have pages
    that look like those of topics.
    """
    number = _text(row, "id")
    marks = (number, url, *(_text(row, name) for name in ("reference", "programme", "kind")))
    if _TOPIC not in url or any(_HANDED_IN_ELSEWHERE.search(mark) for mark in marks):
        return False
    return bool(_TOPIC_NUMBER.fullmatch(number))


def _day(written: str, name: str) -> date:
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        raise ValueError(f"{name} is {written!r}, not a date such as 2026-10-13") from error


def _funding(row: dict[str, Any], currency: str) -> Funding | None:
    """Read budget_min and budget_max, and budget as an amount or as the portal's own summary."""
    budget = row.get("budget")
    summary = budget if isinstance(budget, dict) else {"totalBudgetEur": budget}
    low = _money(row, "budget_min", currency) or _money(summary, "minContributionEur", currency)
    high = _money(row, "budget_max", currency) or _money(summary, "maxContributionEur", currency)
    total = _money(summary, "totalBudgetEur", currency)
    if low and high and low.amount > high.amount:
        low, high = high, low
    if not (low or high or total):
        return None
    awards = summary.get("expectedGrants")
    expected = awards if isinstance(awards, int) and awards > 0 else None
    return Funding(minimum=low, maximum=high, total=total, expected_awards=expected)


def _money(row: dict[str, Any], name: str, currency: str) -> Money | None:
    value = row.get(name)
    if value in (None, "", 0):
        return None
    try:
        amount = Decimal(re.sub(r"[\s,]", "", str(value)))
    except InvalidOperation as error:
        raise ValueError(f"{name} is {str(value)[:80]!r}, not an amount") from error
    if not amount.is_finite():
        raise ValueError(f"{name} is {value!r}, not an amount")
    return Money(amount=amount, currency=currency) if amount > 0 else None
