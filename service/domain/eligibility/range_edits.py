"""How much, how long, how ready: the values of a profile with which a condition is met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from service.domain.eligibility.facts import Duration, Fact, FundingShare, GrantAmount, ProjectStage
from service.domain.eligibility.profile_edit import GatePasses, ProfileEdit
from service.domain.pilots.profile import Profile, WantedGrant

_MONTHS_A_YEAR = 12


def edit_amount(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return between what amounts the gate passes, in the wanted currency if the call names it."""
    stated = [fact.value for fact in facts if isinstance(fact.value, GrantAmount)]
    currencies = list(dict.fromkeys(one.currency for one in stated))
    wanted = profile.budget
    currency = wanted.currency if wanted and wanted.currency in currencies else currencies[0]
    same = [one for one in stated if one.currency == currency]
    if profile.months is None and any(one.yearly for one in same):
        return None
    low = max(_project_amounts(same, "minimum", profile.months, ROUND_CEILING), default=None)
    high = min(_project_amounts(same, "maximum", profile.months, ROUND_FLOOR), default=None)
    bound = low if high is None or (wanted and low and wanted.maximum < low) else high
    if bound is None or not opens(budget=WantedGrant(amount=bound, currency=currency)):
        return None
    ends = "/".join("" if end is None else f"{end.normalize():f}" for end in (low, high))
    return ProfileEdit("budget", "amount", {"span": (f"money:{currency}/{ends}",)})


def _project_amounts(
    amounts: Iterable[GrantAmount], side: str, months: int | None, rounding: str
) -> list[Decimal]:
    """Return the ``side`` of each amount for the whole project, in whole units if it is yearly."""
    found = []
    for one in amounts:
        figure: Decimal | None = getattr(one, side)
        if figure is not None and one.yearly and months:
            figure = (figure * months / _MONTHS_A_YEAR).quantize(Decimal(1), rounding)
        if figure is not None:
            found.append(figure)
    return found


def edit_share(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return the share of the costs up to which the gate passes."""
    del profile
    most = min(fact.value.percent for fact in facts if isinstance(fact.value, FundingShare))
    if not opens(share_percent=float(most)):
        return None
    return ProfileEdit("share_percent", "share", {"span": (f"percent:-{most.normalize():f}",)})


def edit_months(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return between what lengths the gate passes."""
    stated = [fact.value for fact in facts if isinstance(fact.value, Duration)]
    low = max((one.minimum for one in stated if one.minimum is not None), default=None)
    high = min((one.maximum for one in stated if one.maximum is not None), default=None)
    short = profile.months is not None and low is not None and profile.months < low
    bound = low if short or high is None else high
    if bound is None or not opens(months=bound):
        return None
    return ProfileEdit("months", "duration", {"span": (f"months:{low or ''}-{high or ''}",)})


def edit_readiness(
    facts: Sequence[Fact], profile: Profile, opens: GatePasses
) -> ProfileEdit | None:
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
    return ProfileEdit("trl", "trl", {"span": (f"trl:{low}-{high}",)})


def edit_stage(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return the stages of work for which the gate passes."""
    del facts, profile
    stages = tuple(f"stage:{one}" for one in ProjectStage if opens(stage=one))
    return ProfileEdit("stage", "stage", {"stages": stages}) if stages else None
