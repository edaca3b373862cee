"""May this run be published? What a healthy run has, said in words when it is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrapers.call import Call
from scrapers.funder import Expectations
from scrapers.plurals import count_noun

LARGEST_DROP = 0.30
"""Share of the last good count that a run may lack before it is held back."""

LARGEST_LOSS = 0.05
"""Share of records that may be unreadable before a run is held back."""

NEARLY_ALL = 0.95
"""Share of calls with one and the same deadline that no round of calls explains."""

_ENOUGH_TO_JUDGE = 10
_MANY = 20
_FEW = 4
_LONG_TEXT = 200
"""Characters from which on two calls do not have the same text by chance."""
_NAMES_SHOWN = 8


@dataclass(frozen=True)
class Finding:
    """Something amiss with a run; ``blocks`` when the run must not replace what is stored."""

    message: str
    blocks: bool


def check_run(
    calls: Sequence[Call],
    *,
    expects: Expectations,
    lost: int = 0,
    last_good: int | None = None,
    unread: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """Return what is amiss with a whole collection: too few, too empty, too alike, too new.

    Args:
        calls: what came.
        expects: what a healthy run of the source has.
        lost: records that could not be read.
        last_good: how many calls the last published run had.
        unread: fields that the reader does not know, with how many records had each.
    """
    return (
        *_count_findings(len(calls), expects.minimum, last_good),
        *_loss_findings(len(calls), lost),
        *_fill_rate_findings(calls, expects),
        *repetition_findings(calls),
        *unknown_field_findings(unread or {}),
    )


def _count_findings(count: int, minimum: int, last_good: int | None) -> Iterator[Finding]:
    if count < minimum:
        yield Finding(
            f"{count_noun(count, 'call')} came; a healthy run has at least {minimum}.", blocks=True
        )
    # of a handful one may close any day; the minimum guards those
    enough = last_good is not None and last_good >= _ENOUGH_TO_JUDGE
    if last_good and enough and count < last_good * (1 - LARGEST_DROP):
        share = round(100 * (1 - count / last_good))
        yield Finding(
            f"{count_noun(count, 'call')} came, {share} % fewer than the {last_good} of the last "
            "good run.",
            blocks=True,
        )


def _loss_findings(count: int, lost: int) -> Iterator[Finding]:
    if lost and lost > LARGEST_LOSS * (count + lost):
        message = f"{lost:,} of {count_noun(count + lost, 'record')} could not be read."
        yield Finding(message, blocks=True)


def _fill_rate_findings(calls: Sequence[Call], expects: Expectations) -> Iterator[Finding]:
    if len(calls) < _FEW:
        return
    for name, least in expects.fill:
        filled = sum(bool(getattr(call, name)) for call in calls) / len(calls)
        # of a handful of calls a share says little, but none at all says enough
        if filled == 0 < least or (filled < least and len(calls) >= _ENOUGH_TO_JUDGE):
            message = f"only {filled:.0%} of the calls have {name}; expected {least:.0%}."
            yield Finding(message, blocks=True)


def unknown_field_findings(unread: Mapping[str, int]) -> Iterator[Finding]:
    """Yield a finding when a source has fields that its reader does not know; it blocks nothing.

    A source that adds a field is well, but may have moved there what stood elsewhere.
    """
    if not unread:
        return
    names = [f"{name} ({count})" for name, count in sorted(unread.items())]
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    shown = ", ".join(names[:_NAMES_SHOWN])
    yield Finding(f"fields that are not read, with their records: {shown}{more}.", blocks=False)


def repetition_findings(calls: Sequence[Call]) -> Iterator[Finding]:
    """Yield a finding for each thing that should differ between calls but does not."""
    repeated = [call_id for call_id, n in Counter(call.id for call in calls).items() if n > 1]
    if repeated:
        shown = ", ".join(sorted(repeated)[:5])
        yield Finding(
            f"{count_noun(len(repeated), 'id')} came more than once: {shown}.", blocks=True
        )
    if len(calls) < _ENOUGH_TO_JUDGE:
        return
    yield from _same_deadline(calls)
    titles = Counter(next(iter(call.titles.values())) for call in calls)
    title, times = titles.most_common(1)[0]
    if times > len(calls) / 2:
        yield Finding(
            f"{times:,} of {count_noun(len(calls), 'call')} have the title {title!r}.", blocks=True
        )
    firsts = (next(iter(call.texts.values()), "") for call in calls)
    texts = Counter(text for text in firsts if len(text) >= _LONG_TEXT)
    for text, times in texts.most_common(1):
        if times > len(calls) / 2:
            message = (
                f"{times:,} of {count_noun(len(calls), 'call')} have one text, “{text[:60]}…”."
            )
            yield Finding(message, blocks=True)


def _same_deadline(calls: Sequence[Call]) -> Iterator[Finding]:
    """Yield a finding when the last deadlines are one day or nearly so: a reader's constant."""
    dates = [call.deadlines[-1] for call in calls if call.deadlines and call.deadlines[-1].at]
    if len(dates) < _ENOUGH_TO_JUDGE:
        return
    instant, times = Counter(deadline.at for deadline in dates).most_common(1)[0]
    if instant is not None and times == len(dates):
        agree = count_noun(len(dates), "deadline is", "deadlines are")
        message = f"all {agree} the same instant, {instant:%Y-%m-%d %H:%M}."
        yield Finding(message, blocks=True)
        return
    day, times = Counter(deadline.local().date() for deadline in dates).most_common(1)[0]
    if len(dates) >= _MANY and times >= NEARLY_ALL * len(dates):
        yield Finding(
            f"{times:,} of {count_noun(len(dates), 'deadline')} are on {day:%Y-%m-%d}.", blocks=True
        )
