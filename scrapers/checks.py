"""May this run be published? What a healthy run has, said in words when it is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapers.call import Call
from scrapers.funder import Expectations

LARGEST_DROP = 0.30
"""Share of the last good count that a run may lack before it is held back."""

LARGEST_LOSS = 0.05
"""Share of records that may be unreadable before a run is held back."""

_ENOUGH_TO_JUDGE = 10


@dataclass(frozen=True)
class Finding:
    """Something amiss with a run; ``blocks`` when the run must not replace what is stored."""

    message: str
    blocks: bool


def check(
    calls: Sequence[Call], *, expects: Expectations, lost: int = 0, last_good: int | None = None
) -> tuple[Finding, ...]:
    """Return what is amiss with a whole collection: too few, too empty, too alike."""
    return (
        *_numbers(len(calls), expects.minimum, last_good),
        *_losses(len(calls), lost),
        *_fill_rates(calls, expects),
        *alike(calls),
    )


def _numbers(count: int, minimum: int, last_good: int | None) -> Iterator[Finding]:
    if count < minimum:
        yield Finding(f"{count} calls came; a healthy run has at least {minimum}.", blocks=True)
    # of a handful one may close any day; the minimum guards those
    enough = last_good is not None and last_good >= _ENOUGH_TO_JUDGE
    if last_good and enough and count < last_good * (1 - LARGEST_DROP):
        share = round(100 * (1 - count / last_good))
        yield Finding(
            f"{count} calls came, {share} % fewer than the {last_good} of the last good run.",
            blocks=True,
        )


def _losses(count: int, lost: int) -> Iterator[Finding]:
    if lost and lost > LARGEST_LOSS * (count + lost):
        message = f"{lost} of {count + lost} records could not be read."
        yield Finding(message, blocks=True)


def _fill_rates(calls: Sequence[Call], expects: Expectations) -> Iterator[Finding]:
    if len(calls) < _ENOUGH_TO_JUDGE:
        return
    for name, least in expects.fill:
        filled = sum(bool(getattr(call, name)) for call in calls) / len(calls)
        if filled < least:
            message = f"only {filled:.0%} of the calls have {name}; expected {least:.0%}."
            yield Finding(message, blocks=True)


def alike(calls: Sequence[Call]) -> Iterator[Finding]:
    """Yield a finding for each thing that should differ between calls but does not."""
    repeated = [call_id for call_id, n in Counter(call.id for call in calls).items() if n > 1]
    if repeated:
        shown = ", ".join(sorted(repeated)[:5])
        yield Finding(f"{len(repeated)} ids came more than once: {shown}.", blocks=True)
    if len(calls) < _ENOUGH_TO_JUDGE:
        return
    dates = [call.deadlines[-1].at for call in calls if call.deadlines and call.deadlines[-1].at]
    if len(dates) >= _ENOUGH_TO_JUDGE and len(set(dates)) == 1:
        message = f"all {len(dates)} deadlines are the same instant, {dates[0]:%Y-%m-%d %H:%M}."
        yield Finding(message, blocks=True)
    titles = Counter(next(iter(call.titles.values())) for call in calls)
    title, times = titles.most_common(1)[0]
    if times > len(calls) / 2:
        yield Finding(f"{times} of {len(calls)} calls have the title {title!r}.", blocks=True)
