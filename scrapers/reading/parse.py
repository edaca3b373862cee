"""Strict readers of single values: texts, amounts, moments. They raise for anything else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from pydantic import HttpUrl, ValidationError

from scrapers.call import POSSIBLE_YEARS, Money, end_of_day, is_writable
from scrapers.errors import ShapeError
from scrapers.reading.patterns import load

T = TypeVar("T")

_PATTERNS = load("parse.toml", package=__package__)

# only letters that Swedish and English do not have: "Ä–" may be no damage
_MOJIBAKE = re.compile(
    "[ÂÃâ][\u0080-\u00bf\u0152-\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]|ðŸ"
)
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SOFT_HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])\u00ad[ \t]*\r?\n[ \t]*(?=[a-zåäöæøéü])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});")
_E_MAIL = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_AMERICAN_PHONE = re.compile(r"(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])")
_PARAGRAPHS = "p div h1 h2 h3 h4 h5 h6 ul ol table section article blockquote".split()
_BREAK_BEFORE = dict.fromkeys(_PARAGRAPHS, "\n\n") | dict.fromkeys("li tr dt dd br".split(), "\n")
_BREAK_AFTER = dict.fromkeys(_PARAGRAPHS, "\n\n") | {"td": " ", "th": " "}
_MAX_BYTE = 0xFF
_LONGEST_MARK_RUN = 30
"""Accents on one letter; sorting many more takes the square of their number in steps."""
_HIDDEN_TAGS = frozenset("script style noscript template head iframe object svg".split())

PLACEHOLDERS = frozenset({"", "x", "xx", "xxx", "-", "n/a", "undefined", "null", "none"})
"""Values, in lower case, that sources store for nothing."""

FIRST_YEAR, LAST_YEAR = POSSIBLE_YEARS.start, POSSIBLE_YEARS.stop

_FAR_YEAR = 2050
_ENDS_OF_A_YEAR = ((1, 1), (12, 31))


class Moment(NamedTuple):
    """An instant; ``date_only`` when the source gave a day and ``at`` is the day's last second."""

    at: datetime
    date_only: bool


def is_stand_in(day: date) -> bool:
    """Whether sources write ``day`` for no date: 1900-01-01, 2099-12-31, 9999-12-31."""
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        return True
    return day.year >= _FAR_YEAR and (day.month, day.day) in _ENDS_OF_A_YEAR


def only_item(items: Sequence[T], what: str) -> T:
    """Return the only item; raise ``ShapeError`` when there is none or more than one."""
    if len(items) != 1:
        raise ShapeError(what, "exactly one", f"{len(items)}")
    return items[0]


def is_placeholder(value: object) -> bool:
    """Whether ``value`` is null or one of the placeholders that sources store for nothing."""
    return value is None or (isinstance(value, str) and value.strip().lower() in PLACEHOLDERS)


def repair_encoding(source: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 ("â€™", "Ã¥"), where it decodes and only there."""
    for _ in range(2):
        if not _MOJIBAKE.search(source):
            break
        source = _NON_ASCII.sub(_repair_match, source)
    return source


def _repair_match(match: re.Match[str]) -> str:
    run = match.group()
    raw = bytearray()
    for character in run:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            # Windows-1252 leaves five bytes undefined; decoders pass them on as controls.
            if ord(character) > _MAX_BYTE:
                return run
            raw.append(ord(character))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return run


def clean_text(source: str) -> str:
    """Return HTML or plain text as clean paragraphs with a blank line between them.

    Scripts and styles are dropped, damage by a wrong charset is repaired, e-mail addresses and
    telephone numbers are replaced. Text escaped twice is unescaped twice.
    """
    source = _SOFT_HYPHEN_AT_LINE_END.sub("", repair_encoding(source))
    for _ in range(2):
        if not (_TAG.search(source) or _ENTITY.search(source)):
            break
        source = _visible_text(source)
    source = without_contacts(_CONTROL_CHARACTERS.sub("", source))
    source = _compose(source.replace("\u00a0", " ").replace("\u202f", " "))
    lines = [" ".join(line.split()) for line in source.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _compose(source: str) -> str:
    """Return ``source`` in Unicode's composed form, with a bounded number of accents a letter."""
    marks = {letter for letter in set(source) if unicodedata.combining(letter)}
    if marks:
        one = f"[{re.escape(''.join(sorted(marks)))}]"
        source = re.sub(f"({one}{{{_LONGEST_MARK_RUN}}}){one}+", r"\1", source)
    return unicodedata.normalize("NFC", source)


def clean_line(source: str) -> str:
    """Return ``source`` as clean text on one line, for titles and labels."""
    return " ".join(clean_text(source).split())


def _visible_text(source: str) -> str:
    if not _TAG.search(source):
        # no tag, only entities: the line breaks are the author's
        return BeautifulSoup(source.replace("<", "&lt;"), "lxml").get_text()
    pieces: list[str] = []
    muted = 0
    soup = BeautifulSoup(source, "lxml")
    open_tags: list[Tag] = [soup]
    # one walk without touching the tree: changing a deep one takes quadratic time
    for node in soup.descendants:
        while open_tags[-1] is not node.parent:
            ended = open_tags.pop()
            muted -= ended.name in _HIDDEN_TAGS
            pieces.append(_BREAK_AFTER.get(ended.name, ""))
        if isinstance(node, Tag):
            open_tags.append(node)
            muted += node.name in _HIDDEN_TAGS
            pieces.append(_BREAK_BEFORE.get(node.name, ""))
        elif type(node) is NavigableString and not muted:
            pieces.append(re.sub(r"\s+", " ", node))
    return "".join(pieces)


def without_contacts(source: str) -> str:
    """Return ``source`` with e-mail addresses and telephone numbers replaced by a plain word."""
    source = _E_MAIL.sub("[e-mail]", source)
    source = _PATTERNS.phone.sub(r"\1 [telephone]", source)
    return _AMERICAN_PHONE.sub("[telephone]", source)


def web_address(value: str) -> str | None:
    """Return ``value`` if it is an http(s) address without credentials, else None."""
    address = value.strip().replace(" ", "%20")
    if "://" not in address and address.lower().startswith("www."):
        address = f"https://{address}"
    try:
        url = HttpUrl(address)
    except ValidationError:
        return None
    return None if url.username or url.password else address


def read_number(value: object, where: str) -> Decimal | None:
    """Return an amount such as ``"1,250,000"``, ``6000000`` or ``"$10"``; None for nothing."""
    if is_placeholder(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ShapeError(where, "a number", f"{type(value).__name__} {value!r}")
    digits = re.sub(r"[\s,$€]", "", str(value))
    shown = f"{value!r}"[:80]
    try:
        amount = Decimal(digits)
    except InvalidOperation as error:
        raise ShapeError(where, "a number", shown) from error
    if not amount.is_finite() or amount < 0:
        raise ShapeError(where, "a number from 0", shown)
    if not is_writable(amount):
        raise ShapeError(where, "a number that can be written out", shown)
    return amount


def read_money(value: object, currency: str, where: str) -> Money | None:
    """Return an amount with its currency; None for nothing and for 0, which means nothing too."""
    amount = read_number(value, where)
    return Money(amount=amount, currency=currency) if amount else None


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_AMERICAN_TIME = re.compile(
    r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})? (?P<half>[AP])M(?: [A-Z]{2,4})?)?"
)
_SLASHED_DATE = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})")
_UNSIGNED_OFFSET = re.compile(
    r"(?P<clock>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
    r" (?P<offset>[01]\d:?\d{2})"
)
_DASHED_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2})")


def read_moment(value: object, zone: str, where: str) -> Moment | None:
    """Return the instant of a date or a time; None for nothing and for placeholder years.

    ``zone`` is the clock of a value without an offset. Midnight stands for a date alone, which
    means the end of that day in ``zone``. Forms: ISO 8601, ``2026-10-19-00-00-00``,
    ``10/19/2026`` (month first) and ``Oct 19, 2026 12:00:00 AM EDT``.
    """
    if is_placeholder(value):
        return None
    if not isinstance(value, str):
        raise ShapeError(where, "a date", f"{type(value).__name__} {value!r}")
    try:
        local = _parse_clock_time(value.strip(), zone)
    except (ValueError, OverflowError) as error:
        raise ShapeError(where, "a date", repr(value[:80])) from error
    if is_stand_in(local.date()):
        return None
    if local.time() == time(0):
        return Moment(end_of_day(local.date(), zone), date_only=True)
    if local.tzinfo is not None:
        return Moment(local.astimezone(ZoneInfo(zone)), date_only=False)
    return Moment(local.replace(tzinfo=ZoneInfo(zone)), date_only=False)


def _parse_clock_time(value: str, zone: str) -> datetime:
    """Return the clock time that ``value`` shows, aware only if ISO 8601 gave an offset."""
    if dashed := _DASHED_TIME.fullmatch(value):
        day, hour, minute, second = dashed.groups()
        return datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}")
    if match := _AMERICAN_TIME.fullmatch(value):
        return parse_american_time(match)
    if match := _SLASHED_DATE.fullmatch(value):
        parts = match.groupdict()
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        return datetime.combine(day, time(0))
    readings = offset_readings(value)
    if len(readings) == 1:
        return readings[0]
    # the sign got lost: the funder's own offset tells which it was, and nothing else does
    own = [
        time for time in readings if time.astimezone(ZoneInfo(zone)).utcoffset() == time.utcoffset()
    ]
    if not own:
        raise ValueError(f"the offset of {value!r} has no sign")
    return own[0]


def offset_readings(value: str) -> list[datetime]:
    """Return the times that an ISO 8601 text may mean: two where its offset has lost the sign.

    Raises:
        ValueError: it is no such text.
    """
    match = _UNSIGNED_OFFSET.fullmatch(value.strip())
    if match is None:
        return [datetime.fromisoformat(value.strip())]
    return [datetime.fromisoformat(f"{match['clock']}{sign}{match['offset']}") for sign in "+-"]


def parse_american_time(match: re.Match[str]) -> datetime:
    """Return the clock time of a match of "Oct 19, 2026 05:17:55 PM EDT"."""
    parts = match.groupdict()
    abbreviation = parts["month"][:3].lower()
    if abbreviation not in _MONTHS:
        raise ValueError(f"{parts['month']} is no month")
    hour = 0
    if parts["hour"]:
        hour = int(parts["hour"]) % 12 + (12 if parts["half"] == "P" else 0)
    return datetime(  # noqa: DTZ001  the caller gives it the funder's zone
        int(parts["year"]),
        _MONTHS.index(abbreviation) + 1,
        int(parts["day"]),
        hour,
        int(parts["minute"] or 0),
    )


def start_of_day(moment: Moment, zone: str) -> datetime:
    """Return when something opens: a date alone means that day's first second."""
    if not moment.date_only:
        return moment.at
    return datetime.combine(moment.at.date(), time(0), tzinfo=ZoneInfo(zone))
