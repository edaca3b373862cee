"""Deadlines, days and money: how they differ between two versions of a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money
from service.domain.change import (
    Change,
    ChangeKind,
    Name,
    Sentence,
    alike,
    became,
    in_marks,
    reworded,
    said,
    stated,
    withdrawn,
)

_AMOUNTS = {
    "total": Name(en="the budget", sv="budgeten"),
    "maximum": Name(en="the most that one project can get", sv="det mesta ett projekt kan få"),
    "minimum": Name(en="the least that one project can get", sv="det minsta ett projekt kan få"),
}
_AWARDS = Name(en="the number of projects to be funded", sv="antalet projekt som får stöd")
_SHARE = Name(en="the share of the costs that is paid", sv="andelen av kostnaderna som betalas")
_MOMENTS = {
    "opens": Name(en="the opening", sv="öppningsdagen"),
    "published": Name(en="the day of publication", sv="publiceringsdagen"),
    "closed_by": Name(en="the day it was closed by", sv="dagen då den senast var stängd"),
}


def deadlines(before: Call, after: Call, at: datetime) -> Iterator[Change]:
    """Yield what became of the deadlines by the aware instant ``at``; a moved one is one change."""
    gone = [d for d in before.deadlines if d not in after.deadlines]
    came = [d for d in after.deadlines if d not in before.deadlines]
    for old in gone:
        new = _successor(old, came, at)
        if new is None:
            yield withdrawn("deadlines", _deadline_name(old), _deadline_words(old))
            continue
        came.remove(new)
        yield _deadline_changed(old, new)
    for new in came:
        yield stated("deadlines", _deadline_name(new), _deadline_words(new))


def _successor(old: Deadline, came: Sequence[Deadline], at: datetime) -> Deadline | None:
    """Return what ``old`` became: of the same stage, and no cut-off that simply went by."""
    if old.kind is DeadlineKind.CUT_OFF and old.at is not None and old.at < at:
        return None
    return next((new for new in came if new.stage == old.stage), None)


def _deadline_changed(old: Deadline, new: Deadline) -> Change:
    name = _deadline_name(new)
    if old.at is None or new.at is None or old.at == new.at:
        values = (_deadline_words(old, full=True), _deadline_words(new, full=True))
        return became("deadlines", ChangeKind.CHANGED, name, values)
    days = abs(new.at - old.at).days
    later = new.at > old.at
    count = f"{days} day{'' if days == 1 else 's'} " if days else ""
    antal = f"{days} dag{'' if days == 1 else 'ar'} " if days else ""
    tail = Sentence(
        en=f", {count}{'later' if later else 'earlier'}",
        sv=f", {antal}{'senare' if later else 'tidigare'}",
    )
    values = (_deadline_words(old), _deadline_words(new))
    change = became("deadlines", ChangeKind.MOVED, name, values, tail)
    return change.model_copy(
        update={"before": old.local().isoformat(), "after": new.local().isoformat()}
    )


def _deadline_name(of: Deadline) -> Name:
    if of.stage is not None:
        return Name(
            en=f"the deadline of stage {of.stage}", sv=f"sista ansökningsdag i steg {of.stage}"
        )
    if of.kind is DeadlineKind.CUT_OFF:
        return Name(en="a cut-off date", sv="ett av flera sista datum")
    return Name(en="the deadline", sv="sista ansökningsdag")


def _deadline_words(of: Deadline, *, full: bool = False) -> Sentence:
    """Return a deadline on the funder's clock; ``full`` says all that a record of it has."""
    if of.at is None:
        rolling = of.kind is DeadlineKind.ROLLING
        en = "at any time" if rolling else "announced without a date"
        sv = "löpande" if rolling else "aviserad utan datum"
    else:
        form = "%Y-%m-%d" if of.date_only else "%Y-%m-%d %H:%M"
        en = sv = of.local().strftime(form)
    marks = [of.kind.value, of.zone] if full else [] if of.date_only or of.at is None else [of.zone]
    rest = f" ({', '.join(marks)})" if marks else ""
    words = Sentence(en=f"{en}{rest}", sv=f"{sv}{rest}")
    if not of.text or not (full or of.at is None):
        return words
    quote = in_marks(of.text)
    return Sentence(en=f"{words.en} {quote.en}", sv=f"{words.sv} {quote.sv}")


def moments(before: Call, after: Call) -> Iterator[Change]:
    """Yield changes of the opening, the publication, and the day a call was closed by."""
    for field, name in _MOMENTS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        if old is None or new is None:
            change = said(field, name, _moment(old), _moment(new))
        else:
            change = became(field, ChangeKind.MOVED, name, (_moment(old), _moment(new)))
        ends = {"before": old and old.isoformat(), "after": new and new.isoformat()}
        yield change.model_copy(update=ends)


def _moment(of: datetime | None) -> Sentence | None:
    if of is None:
        return None
    midnight = not (of.hour or of.minute)
    return alike(of.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M"))


def funding(before: Funding, after: Funding) -> Iterator[Change]:
    """Yield changes of what a call pays: the pot, what one project gets, and how many get it."""
    for part, name in _AMOUNTS.items():
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            yield _amount(f"funding.{part}", name, old, new)
    if before.expected_awards != after.expected_awards:
        old, new = before.expected_awards, after.expected_awards
        yield _number("funding.expected_awards", _AWARDS, old, new, "")
    if before.share_percent != after.share_percent:
        share = (before.share_percent, after.share_percent)
        yield _number("funding.share_percent", _SHARE, *share, " %")
    if before.text != after.text:
        sentence = Sentence(
            en="What the call says of its money changed.",
            sv="Det utlysningen säger om pengar ändrades.",
        )
        yield reworded("funding.text", before.text, after.text, sentence)


def _amount(field: str, name: Name, old: Money | None, new: Money | None) -> Change:
    values = (_money(old), _money(new))
    if old is None or new is None or old.currency != new.currency:
        change = said(field, name, *values)
    else:
        kind = ChangeKind.RAISED if new.amount > old.amount else ChangeKind.LOWERED
        change = became(field, kind, name, values)
    ends = {"before": old and _exact(old), "after": new and _exact(new)}
    return change.model_copy(update=ends)


def _exact(of: Money) -> str:
    return f"{of.amount:f} {of.currency}"


def _money(of: Money | None) -> Sentence | None:
    if of is None:
        return None
    whole = of.amount == of.amount.to_integral_value()
    digits = f"{of.amount:,.0f}" if whole else f"{of.amount:,f}"
    spaced = digits.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return Sentence(en=f"{digits} {of.currency}", sv=f"{spaced} {of.currency}")


def _number(
    field: str, name: Name, old: Decimal | int | None, new: Decimal | int | None, unit: str
) -> Change:
    before, after = (None if n is None else alike(f"{n:f}{unit}") for n in map(_plain, (old, new)))
    if old is None or new is None:
        return said(field, name, before, after)
    kind = ChangeKind.RAISED if new > old else ChangeKind.LOWERED
    return became(field, kind, name, (before, after))


def _plain(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
