"""Reads the exchange rates that the European Central Bank publishes, strictly."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from scrapers.errors import ScrapeError, ShapeError
from scrapers.http.page import Page
from scrapers.http.safe_xml import parse_root
from service.domain.calls.exchange_rates import EURO, ExchangeRates
from service.errors import InputError

if TYPE_CHECKING:
    from scrapers.http.fetch import Fetcher

RATES_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
"""Where the bank publishes the rates of the last working day."""

SOURCE = "ECB"

_REQUIRED_CURRENCIES = ("SEK", "USD", "GBP", "NOK", "DKK")
_CODE = re.compile(r"[A-Z]{3}")
_LIMIT = 2**20
_LEAST_RATE, _LARGEST_RATE = Decimal("1e-9"), Decimal("1e9")
"""No currency is worth so much or so little; a figure beyond them has lost its point."""
_WHERE = "exchange rates"


def read_rates(path: Path) -> ExchangeRates:
    """Return the rates in a file.

    Raises:
        InputError: it cannot be read or is not what the bank publishes.
    """
    try:
        if path.stat().st_size > _LIMIT:
            raise InputError(f"{path} is larger than 1 MiB: give the bank's daily file.")
        return parse_rates(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except ShapeError as error:
        raise InputError(f"{path} holds no exchange rates: {error}") from error


def parse_rates(body: bytes) -> ExchangeRates:
    """Return the rates in the bank's daily XML or CSV; of several days, the newest.

    Raises:
        ShapeError: it is neither, or a rate is missing, repeated, or no number above zero.
    """
    page = Page(url=_WHERE, body=body)
    source = page.text().lstrip()
    by_day = _parse_xml(body) if source.startswith("<") else _parse_csv(source)
    if not by_day:
        raise ShapeError(_WHERE, "a day with rates", "none")
    day = max(by_day)
    missing = [code for code in _REQUIRED_CURRENCIES if code not in by_day[day]]
    if missing:
        raise ShapeError(
            _WHERE, f"rates of {', '.join(_REQUIRED_CURRENCIES)}", f"none of {', '.join(missing)}"
        )
    return ExchangeRates(source=SOURCE, day=day, per_euro=by_day[day])


def fetch_rates(fetcher: Fetcher, address: str) -> bytes:
    """Return the body of ``address`` after checking that it holds rates.

    Raises:
        InputError: it cannot be fetched, or is not what the bank publishes.
    """
    try:
        with fetcher.allow_local(address):
            page = fetcher.get(address)
        parse_rates(page.body)
    except ScrapeError as error:
        raise InputError(f"No exchange rates from {address}: {error}") from error
    return page.body


def _parse_xml(body: bytes) -> dict[date, Mapping[str, Decimal]]:
    cubes = [cube for cube in parse_root(body, _WHERE).iter("{*}Cube") if cube.get("time")]
    by_day: dict[date, Mapping[str, Decimal]] = {}
    for cube in cubes:
        pairs = [(row.get("currency"), row.get("rate")) for row in cube]
        by_day[_day(str(cube.get("time")))] = _check_rates(pairs)
    return by_day


def _parse_csv(source: str) -> dict[date, Mapping[str, Decimal]]:
    rows = list(csv.reader(source.splitlines(), skipinitialspace=True))
    if len(rows) < 2 or rows[0][0].strip() != "Date":  # noqa: PLR2004  a head and a day
        raise ShapeError(_WHERE, "the bank's XML or CSV", repr(source[:40]))
    names = [name.strip() for name in rows[0][1:]]
    return {
        _day(row[0].strip()): _check_rates(
            [
                (name, value.strip())
                for name, value in zip(names, row[1:], strict=False)
                if name and value.strip() != "N/A"
            ]
        )
        for row in rows[1:]
        if row
    }


def _check_rates(pairs: list[tuple[str | None, str | None]]) -> Mapping[str, Decimal]:
    rates: dict[str, Decimal] = {}
    for code, written in pairs:
        if code is None or written is None or not _CODE.fullmatch(code):
            raise ShapeError(_WHERE, "a currency with its rate", f"{code!r} and {written!r}")
        try:
            rate = Decimal(written)
        except InvalidOperation:
            rate = Decimal(0)
        sound = rate.is_finite() and _LEAST_RATE < rate < _LARGEST_RATE
        if not sound or code in rates or code == EURO:
            raise ShapeError(_WHERE, f"one rate above zero for {code}", repr(written[:40]))
        rates[code] = rate
    return rates


def _day(written: str) -> date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ShapeError(_WHERE, "a day", repr(written[:40]))
