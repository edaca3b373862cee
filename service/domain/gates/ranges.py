"""How much, how long, how ready: the values of a profile with which a condition is met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from service.domain.facts import Amount, Duration, Fact, Share, Stage
from service.domain.gates.edit import Edit, Opens
from service.domain.profile import Profile, Wanted

_YEAR = 12


def amount(facts: Sequence[Fact], profile: Profile, opens: Opens) -> Edit | None:
    """Return between what amounts the gate passes, in the wanted currency if the call names it."""
    stated = [fact.value for fact in facts if isinstance(fact.value, Amount)]
    currencies = list(dict.fromkeys(one.currency for one in stated))
    wanted = profile.budget
    currency = wanted.currency if wanted and wanted.currency in currencies else currencies[0]
    same = [one for one in stated if one.currency == currency]
    if profile.months is None and any(one.yearly for one in same):
        return None
    low = max(_scaled(same, "minimum", profile.months, ROUND_CEILING), default=None)
    high = min(_scaled(same, "maximum", profile.months, ROUND_FLOOR), default=None)
    bound = low if high is None or (wanted and low and wanted.maximum < low) else high
    if bound is None or not opens(budget=Wanted(amount=bound, currency=currency)):
        return None
    ends = "/".join("" if end is None else f"{end.normalize():f}" for end in (low, high))
    return Edit("budget", "amount", {"span": (f"money:{currency}/{ends}",)})


def _scaled(
    amounts: Iterable[Amount], side: str, months: int | None, rounding: str
) -> list[Decimal]:
    """Return the ``side`` of each amount for the whole project, in whole units if it is yearly."""
    found = []
    for one in amounts:
        figure: Decimal | None = getattr(one, side)
        if figure is not None and one.yearly and months:
            figure = (figure * months / _YEAR).quantize(Decimal(1), rounding)
        if figure is not None:
            found.append(figure)
    return found


def share(facts: Sequence[Fact], profile: Profile, opens: Opens) -> Edit | None:
    """Return the share of the costs up to which the gate passes."""
    del profile
    most = min(fact.value.percent for fact in facts if isinstance(fact.value, Share))
    if not opens(share_percent=float(most)):
        return None
    return Edit("share_percent", "share", {"span": (f"percent:-{most.normalize():f}",)})


def months(facts: Sequence[Fact], profile: Profile, opens: Opens) -> Edit | None:
    """Return between what lengths the gate passes."""
    stated = [fact.value for fact in facts if isinstance(fact.value, Duration)]
    low = max((one.minimum for one in stated if one.minimum is not None), default=None)
    high = min((one.maximum for one in stated if one.maximum is not None), default=None)
    short = profile.months is not None and low is not None and profile.months < low
    bound = low if short or high is None else high
    if bound is None or not opens(months=bound):
        return None
    return Edit("months", "duration", {"span": (f"months:{low or ''}-{high or ''}",)})


def readiness(facts: Sequence[Fact], profile: Profile, opens: Opens) -> Edit | None:
    """Return the readiness levels, those nearest to the pilot's, at which the gate passes."""
    del facts
    levels = [level for level in range(1, 10) if opens(trl=level)]
    if not levels:
        return None
    nearest = min(levels, key=lambda level: abs(level - (profile.trl or level)))
    low = high = nearest
    while low - 1 in levels:
        low -= 1
    while high + 1 in levels:
        high += 1
    return Edit("trl", "trl", {"span": (f"trl:{low}-{high}",)})


def stage(facts: Sequence[Fact], profile: Profile, opens: Opens) -> Edit | None:
    """Return the stages of work for which the gate passes."""
    del facts, profile
    stages = tuple(f"stage:{one}" for one in Stage if opens(stage=one))
    return Edit("stage", "stage", {"stages": stages}) if stages else None
