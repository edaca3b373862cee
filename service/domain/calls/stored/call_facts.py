"""The facts of a call that lists and searches choose by: a few numbers and words for a record.

They are written beside the record and read without it. `Call.status`, `Call.next_deadline` and the
filters give the same from the record: tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from index.text.limits import normalize
from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money, Status
from service.domain.calls.exchange_rates import maximum_for_project
from service.domain.calls.ids import source_of, uid_of

FACTS_VERSION = "4"
"""To be raised when facts are made in another way: then those of stored calls are made anew."""

STATUS_ORDER = (Status.OPEN, Status.FORTHCOMING, Status.UNKNOWN, Status.CLOSED)
"""Statuses in the order of their use to someone who looks for a call to apply to."""

_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|[^\s\"“”„«»]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CallFacts(NamedTuple):
    """What is known of a call without its record.

    Instants are whole microseconds since 1970, days are proleptic ordinals; None is what the call
    does not state. An entry is a deadline at which somebody new can still apply.

    Attributes:
        id: of the call.
        funder: the funder's key.
        name: the funder's name.
        level: how far the funder reaches.
        languages: codes of titles and texts, in order, with a blank between.
        maximum: what one project may get, as `write_money` writes it.
        opens: when it opens.
        closed_by: when it is over at the latest, if no deadline for newcomers says so.
        first_entry: the first dated entry.
        last_entry: the last dated entry.
        first_day: the day of the first entry, in the funder's zone.
        last_day: the day of the last entry, in the funder's zone.
        last_instant: the last of all deadlines, those of later stages too.
        is_rolling: whether there is an entry without a date.
        is_announced: whether a deadline is only announced.
        has_deadlines: whether there is any deadline.
        filled: how many of the parts are there by which copies are preferred.
        text_length: characters of the longest text.
        is_curated: whether it is kept by hand.
        checked_on: the day when it was last compared with its source.
        names_amount: whether any amount is stated.
        names_applicants: whether conditions on applicants are in the record.
        is_bilingual: whether it has a title in Swedish and in English.
        uid: what tools that want a UUID call it by.
        title: what it is sorted by, casefolded: the English title, else the first.
        total_amount: the pot, as `write_money` writes it.
        min_award: the least that one project gets, likewise.
        max_award: the most that one project gets, likewise.
        award_count: how many projects are expected.
    """

    id: str
    funder: str
    name: str
    level: str
    languages: str
    maximum: str | None
    opens: int | None
    closed_by: int | None
    first_entry: int | None
    last_entry: int | None
    first_day: int | None
    last_day: int | None
    last_instant: int | None
    is_rolling: bool
    is_announced: bool
    has_deadlines: bool
    filled: int
    text_length: int
    is_curated: bool
    checked_on: int | None
    names_amount: bool
    names_applicants: bool
    is_bilingual: bool
    uid: str
    title: str
    total_amount: str | None
    min_award: str | None
    max_award: str | None
    award_count: int | None


class Entry(NamedTuple):
    """A dated entry: its instant, and its day in the funder's zone."""

    instant: int
    day: int


def facts_of(call: Call) -> CallFacts:
    """Return the facts of ``call``."""
    entries = entries_of(call)
    instants = [to_instant(d.at) for d in call.deadlines if d.at is not None]
    maximum = maximum_for_project(call.funding)
    funding, checked = call.funding or Funding(), call.provenance.checked_on
    return CallFacts(
        id=call.id,
        funder=source_of(call.id),
        name=call.funder,
        level=call.level.value,
        languages=" ".join(sorted(call.titles.keys() | call.texts.keys())),
        maximum=_written(maximum),
        opens=None if call.opens is None else to_instant(call.opens),
        closed_by=None if call.over_by is None else to_instant(call.over_by),
        first_entry=entries[0].instant if entries else None,
        last_entry=entries[-1].instant if entries else None,
        first_day=entries[0].day if entries else None,
        last_day=entries[-1].day if entries else None,
        last_instant=max(instants, default=None),
        is_rolling=any(d.at is None and d.admits_new_applicants for d in call.deadlines),
        is_announced=any(d.kind is DeadlineKind.ANNOUNCED and d.is_entry for d in call.deadlines),
        has_deadlines=bool(call.deadlines),
        filled=count_filled(call),
        text_length=max(map(len, call.texts.values()), default=0),
        is_curated=call.provenance.curated,
        checked_on=None if checked is None else checked.toordinal(),
        names_amount=any((funding.total, funding.minimum, funding.maximum)),
        names_applicants=bool(call.eligibility),
        is_bilingual={"sv", "en"} <= call.titles.keys(),
        uid=str(uid_of(call.id)),
        title=(call.titles.get("en") or next(iter(call.titles.values()))).casefold(),
        total_amount=_written(funding.total),
        min_award=_written(funding.minimum),
        max_award=_written(funding.maximum),
        award_count=funding.expected_awards,
    )


def entries_of(call: Call) -> list[Entry]:
    """Return the dated entries of ``call``, the earliest first, each instant once."""
    days: dict[int, int] = {}
    for deadline in call.deadlines:
        if deadline.at is not None and deadline.admits_new_applicants:
            days.setdefault(to_instant(deadline.at), _local_day(deadline, deadline.at))
    return [Entry(*pair) for pair in sorted(days.items())]


def count_filled(call: Call) -> int:
    """Return how many of the parts are there by which one copy is preferred to another."""
    parts = (
        call.deadlines,
        call.funding,
        call.eligibility,
        call.opens,
        call.texts,
        call.url,
        call.apply_url,
    )
    return sum(map(bool, parts))


def to_instant(at: datetime) -> int:
    """Return an aware instant in whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def to_datetime(instant: int) -> datetime:
    """Return the aware instant, in UTC, of whole microseconds since 1970."""
    return _EPOCH + instant * _MICROSECOND


def write_money(money: Money) -> str:
    """Return an amount as its currency and figures, such as ``SEK 3000000``."""
    return f"{money.currency} {money.amount}"


def _written(money: Money | None) -> str | None:
    return None if money is None else write_money(money)


def read_money(text: str) -> Money:
    """Return the amount that `write_money` wrote."""
    currency, amount = text.split(" ")
    return Money(amount=Decimal(amount), currency=currency)


def search_text(call: Call) -> str:
    """Return everything of a call that words are looked for in, as `search_words` writes it.

    No phrase reaches from one field into another.
    """
    fields: Iterable[str] = (
        call.id,
        call.funder,
        call.programme,
        *call.identifiers,
        *call.keywords,
        *call.titles.values(),
        *call.texts.values(),
    )
    return "\n".join(map(search_words, fields))


def search_words(text: str) -> str:
    """Return the words of ``text`` casefolded, with a blank before and after each.

    So whole words and phrases are found as they stand, and a hyphen is no more than a blank.
    """
    words = _WORD.findall(normalize("NFKC", text).casefold())
    return f" {' '.join(words)} " if words else ""


def wanted_phrases(text: str) -> list[str]:
    """Return what a list of calls is asked for, each as `search_words` writes it.

    Quotation marks hold a phrase together, and so does a hyphen: every other word is by itself.
    """
    found = (search_words(one[1] or one[0]) for one in _ASKED.finditer(text))
    return list(dict.fromkeys(filter(None, found)))


def _local_day(deadline: Deadline, at: datetime) -> int:
    try:
        return deadline.local().toordinal()
    except OverflowError:  # a last day of all time, which has no next one in another zone
        return date.toordinal(at)
