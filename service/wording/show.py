"""Facts in a reader's words: dates in the funder's time, money with its currency, safe text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from scrapers.call import Deadline, DeadlineKind, Funding, Money
from scrapers.platforms.sedia import CLOSING_NOTE
from service.domain.fit import figures
from service.domain.match import CallCard
from service.domain.rates import ConvertedFunding
from service.domain.reasons import usually_said
from service.domain.rounds import Usually
from service.wording.words import Words

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def clean(text: str) -> str:
    """Return ``text`` as it may be shown: no control characters, no reversed reading direction."""
    return _DIRECTIONS.sub("", _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))


def web_url(url: str | None) -> str:
    """Return ``url`` if a reader may follow it (http or https with a host), else nothing."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def day(moment: date, words: Words) -> str:
    """Write the day of ``moment`` with the month in words."""
    month = words("months").split()[moment.month - 1]
    return words("date", day=moment.day, month=month, year=moment.year)


def score(value: float, words: Words) -> str:
    """Write a score."""
    return words.decimal(value, figures(value))


def usually(of: Usually | None, words: Words) -> str:
    """Say in what months a call usually opens or closes, and the years that says so."""
    return "" if of is None else usually_said(of).in_(words.language)


def deadline(of: Deadline | None, words: Words) -> str:
    """Write a deadline on the funder's clock; the zone is shown beside it by the page."""
    if of is None:
        return words("deadline.unknown")
    if of.at is None:
        kind = "rolling" if of.kind is DeadlineKind.ROLLING else "announced"
        return f"{words(f'deadline.{kind}')} ({of.text})" if of.text else words(f"deadline.{kind}")
    local = of.local()
    date = day(local, words)
    if of.date_only:
        return words("deadline.day", date=date)
    return words("deadline.time", date=date, time=f"{local:%H:%M}")


def telling(card: CallCard) -> Deadline | None:
    """Return the deadline that matters most: the next, else an undated one, else the last."""
    if card.next_deadline is not None:
        return card.next_deadline
    undated = [d for d in card.deadlines if d.at is None]
    entries = [d for d in card.deadlines if d.at is not None and d.admits_new_applicants]
    return undated[0] if undated else max(entries, key=_instant, default=None)


def days_left(of: Deadline, now: datetime, words: Words) -> str:
    """Say how many whole days are left at ``now``; nothing for what is past or undated."""
    if of.at is None or of.at < now:
        return ""
    days = (of.at - now).days
    return words.count("days.left", days) if days else words("days.today")


def money(amount: Money, words: Words) -> str:
    """Write an amount with grouped digits and its currency, decimals only where there are any."""
    return _with_currency(_digits(amount.amount, words), amount.currency, words)


def money_range(least: Money, most: Money, words: Words) -> str:
    """Write what lies between two amounts, the currency once where it is the same."""
    if least.currency != most.currency:
        return f"{money(least, words)} – {money(most, words)}"
    span = f"{_digits(least.amount, words)}–{_digits(most.amount, words)}"
    return _with_currency(span, most.currency, words)


def _digits(amount: Decimal, words: Words) -> str:
    whole = amount.quantize(Decimal(1)) if amount % 1 == 0 else amount
    digits = f"{whole:,}"
    if words.language == "en":
        return digits
    return digits.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def _with_currency(digits: str, currency: str, words: Words) -> str:
    order = (currency, digits) if words.language == "en" else (digits, currency)
    return "\N{NO-BREAK SPACE}".join(order)


def funding(of: Funding | None, words: Words) -> list[str]:
    """Say what a call pays, what matters most to one applicant first."""
    if of is None:
        return []
    said = [_each(of, words)]
    if of.share_percent is not None:
        percent = f"{of.share_percent.normalize():f}"
        said.append(words("amount.share", percent=percent))
    if of.total:
        said.append(words("amount.total", amount=money(of.total, words)))
    if of.expected_awards is not None:
        said.append(words.count("amount.awards", of.expected_awards))
    found = [line for line in said if line]
    return found or ([clean(of.text)] if of.text else [])


def converted(of: ConvertedFunding | None, words: Words) -> list[str]:
    """Say each amount in the reader's currency with its rate, who published it and when."""
    parts = (of.minimum, of.maximum, of.total) if of else ()
    return [
        words(
            "amount.converted",
            amount=money(one, words),
            rate=_digits(one.rate.normalize(), words),
            source=one.source,
            day=f"{one.day}",
        )
        for one in dict.fromkeys(part for part in parts if part)
    ]


def _each(of: Funding, words: Words) -> str:
    """Say what one project gets."""
    least, most = of.minimum, of.maximum
    if most and (not least or least == most):
        key = "amount.each.most" if least is None else "amount.each"
        return words(key, amount=money(most, words))
    if least and not most:
        return words("amount.each.least", amount=money(least, words))
    if least and most:
        return words("amount.each", amount=money_range(least, most, words))
    return ""


def title_language(title: str, titles: Mapping[str, str]) -> str:
    """Return the language that ``title`` is in."""
    return next((language for language, text in titles.items() if text == title), "")


def paragraphs(text: str) -> list[str]:
    """Cut ``text`` at its blank lines."""
    return [part.strip() for part in _PARAGRAPHS.split(clean(text)) if part.strip()]


def _instant(of: Deadline) -> float:
    return of.at.timestamp() if of.at else 0.0


def own_note(text: str) -> bool:
    """Whether ``text`` is a reader's own remark on a date, and no funder's wording."""
    return text == CLOSING_NOTE
