"""What a pilot's profile says, condition by condition, and what follows for the calls shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scrapers.call import Money
from service.domain.eligibility.verdict import Verdict
from service.domain.matching.match import Match
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.domain.pilots.reading.stated_profile import ProfileHint, read_profile_hints
from service.messages import facts
from service.messages.words import Words

CONDITION_FIELDS: Final = {
    "applicants": "organisation",
    "country": "country",
    "consortium": "partners",
    "amount": "budget",
    "share": "share",
    "duration": "months",
    "trl": "trl",
    "stage": "stage",
    "start": "start",
}
"""Each condition, and the field of the form that decides it."""

_CONDITION_OF: Final = {
    "organisation": "applicants",
    "country": "country",
    "stage": "stage",
    "partners": "consortium",
    "trl": "trl",
}
_MOST_HINTS = 4


@dataclass(frozen=True)
class TextHint:
    """What a pilot's text says of a condition, in a reader's words, and the text's own words."""

    says: str
    quote: str


@dataclass(frozen=True)
class ProfileCondition:
    """A condition: what the profile says of it, and of how many shown calls it says what.

    ``said`` is empty where the profile says nothing; then ``hints`` are what the text says, which
    decides nothing. ``asks`` counts the calls that state the condition.
    """

    name: str
    field: str
    said: tuple[str, ...]
    met: int = 0
    failed: int = 0
    unsure: int = 0
    hints: tuple[TextHint, ...] = ()

    @property
    def asks(self) -> int:
        """How many of the shown calls state the condition."""
        return self.met + self.failed + self.unsure


def list_profile_conditions(
    pilot: Pilot, matches: Iterable[Match], t: Words
) -> list[ProfileCondition]:
    """Return every condition that a profile can decide, with what it says, in a reader's words."""
    said = _said(pilot.profile or Profile(), t)
    hints = _hints(pilot.text, t)
    counts: dict[str, Counter[Verdict]] = {name: Counter() for name in CONDITION_FIELDS}
    for match in matches:
        for gate in match.gates:
            if gate.name in counts and not gate.is_silent:
                counts[gate.name][gate.verdict] += 1
    return [
        ProfileCondition(
            name,
            into,
            said[name],
            met=counts[name][Verdict.PASS],
            failed=counts[name][Verdict.FAIL],
            unsure=counts[name][Verdict.UNKNOWN],
            hints=() if said[name] else tuple(hints.get(name, ())),
        )
        for name, into in CONDITION_FIELDS.items()
    ]


def _hints(text: str, t: Words) -> dict[str, list[TextHint]]:
    """Return what a text says, by condition, the first few of each."""
    found: dict[str, list[TextHint]] = {}
    for hint in read_profile_hints(text):
        name, says = _CONDITION_OF[hint.field], _say(hint, t)
        of_condition = found.setdefault(name, [])
        if len(of_condition) < _MOST_HINTS:
            of_condition.append(TextHint(says, hint.words))
    return found


def _say(hint: ProfileHint, t: Words) -> str:
    if hint.field == "organisation":
        return t(f"kind.one.{hint.value}")
    if hint.field == "country":
        return t.country(hint.value)
    if hint.field == "stage":
        return t(f"work.{hint.value}")
    if hint.field == "trl":
        return f"TRL {hint.value}"
    return t("pilot.says.alone") if hint.value == "none" else t("pilot.says.partners")


def _said(profile: Profile, t: Words) -> dict[str, tuple[str, ...]]:
    stage, months, share = profile.stage, profile.months, profile.share_percent
    return {
        "applicants": tuple(_party(one, t) for one in profile.organisations),
        "country": tuple(t.country(code) for code in profile.countries),
        "consortium": _partners(profile, t),
        "amount": _amount(profile, t),
        "share": () if share is None else (t("pilot.says.share", percent=f"{share:g}"),),
        "duration": () if months is None else (t("pilot.says.months", count=months),),
        "trl": () if profile.trl is None else (f"TRL {profile.trl}",),
        "stage": () if stage is None else (t(f"work.{stage}"),),
        "start": () if profile.start is None else (facts.day(profile.start, t),),
    }


def _party(one: Party, t: Words) -> str:
    kind = t(f"kind.one.{one.kind}") if one.kind else ""
    if not one.name:
        return kind or (t.country(one.country) if one.country else "")
    return f"{one.name} ({kind})" if kind else one.name


def _partners(profile: Profile, t: Words) -> tuple[str, ...]:
    if profile.partners is None:
        return ()
    return tuple(_party(one, t) for one in profile.partners) or (t("pilot.says.alone"),)


def _amount(profile: Profile, t: Words) -> tuple[str, ...]:
    budget = profile.budget
    if budget is None:
        return ()
    least = Money(amount=budget.amount, currency=budget.currency)
    if budget.up_to is None:
        return (facts.money(least, t),)
    return (facts.money_range(least, Money(amount=budget.up_to, currency=budget.currency), t),)
