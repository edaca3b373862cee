"""What would change a verdict: the smallest change of a profile that meets a condition of a call.

Each change is tried: the gates are evaluated again with the changed profile, and a change is kept
only when its gate passes and no other gate fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from pydantic import Field

from scrapers.call import Call
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.countries import COUNTRY_GROUPS
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility import time_gates
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import (
    Applicants,
    Consortium,
    Duration,
    Fact,
    FundingShare,
    GrantAmount,
    Places,
)
from service.domain.eligibility.gate_messages import ANY_WILL_DO, Values, spoken
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.parties import COUNTED_PARTS, count_parties
from service.domain.pilots.profile import Party, Profile, WantedGrant
from service.messages.message import of
from service.messages.sentence import Sentence

_MAX_NAMED = 4
"""Kinds or places that a sentence names at most; any of them is enough."""

_HOME_COUNTRY = "SE"

_ABROAD = "AL AM AR AT AU BA BE BG BR CA CH CL CN CY CZ DE DK EE EG ES ET FI FO FR".split()
"""Countries that stand for those of partners abroad, whichever they will be."""

_MONTHS_A_YEAR = 12

GatePasses = Callable[..., bool]
"""Says whether a gate passes with some fields of the profile changed, given by name."""


@dataclass(frozen=True)
class ProfileEdit:
    """A change of the profile's ``field``, and the sentence that says it."""

    field: str
    code: str
    values: Values


class Counterfactual(FrozenModel):
    """A change of the profile with which a condition would be met."""

    gate: str = Field(description="The name of the gate.")
    verdict: Verdict = Field(description="What the gate says as it is: fail or unknown.")
    field: str = Field(description="The field of the profile to change.")
    code: str = Field(description="The change as a code, the same in every language.")
    values: Values = Field(description="What the sentence is made of.")
    sentence: Sentence


def find_counterfactuals(
    call: Call, now: datetime, profile: Profile | None
) -> tuple[Counterfactual, ...]:
    """Return what would meet conditions of ``call`` that fail or are not known to be met.

    Args:
        call: as stored.
        now: the aware instant that deadlines are seen from.
        profile: the pilot's; without one nothing is checked, so nothing is told.

    What fails comes first. Of a condition that the call does not state, or that no change of a
    profile meets, nothing is told.
    """
    if profile is None or profile.is_empty:
        return ()
    facts = extract_facts(call)
    before = tuple(evaluate_profile(facts, profile))
    found = [*_later_start(call, now, profile)]
    for gate in before:
        if gate.verdict is Verdict.PASS or gate.is_silent:
            continue
        tried = _GateTrial(gate.name, facts, profile, before)
        edit = _EDIT_FINDERS[gate.name](tried.stated_facts, profile, tried.passes_with)
        found += [_make_counterfactual(gate, edit)] if edit else []
    return tuple(sorted(found, key=lambda one: one.verdict is not Verdict.FAIL))


@dataclass(frozen=True)
class _GateTrial:
    """A gate that is asked again and again, each time with another profile."""

    name: str
    facts: Sequence[Fact]
    profile: Profile
    gates_before: Sequence[Gate]

    @property
    def stated_facts(self) -> list[Fact]:
        """What the call states of this condition."""
        return [fact for fact in self.facts if fact.name == self.name]

    def passes_with(self, **changes: Any) -> bool:
        """Return whether the gate passes with ``changes`` of the profile, and none fails anew."""
        after = tuple(evaluate_profile(self.facts, self.profile.model_copy(update=changes)))
        failed = {gate.name for gate in self.gates_before if gate.verdict is Verdict.FAIL}
        passed = {gate.name for gate in after if gate.verdict is Verdict.PASS}
        fails = {gate.name for gate in after if gate.verdict is Verdict.FAIL}
        return self.name in passed and fails <= failed


def _later_start(call: Call, now: datetime, profile: Profile) -> Iterator[Counterfactual]:
    """Tell the first day after the deadline, when the wanted start comes before it."""
    gate = time_gates.start_gate(call, profile.start, now)
    upcoming = call.next_deadline(now)
    if gate is None or gate.verdict is not Verdict.FAIL or upcoming is None:
        return
    first = upcoming.local().date() + timedelta(days=1)
    again = time_gates.start_gate(call, first, now)
    if again and again.verdict is Verdict.PASS:
        yield _make_counterfactual(
            gate, ProfileEdit("start", "start", {"first": (first.isoformat(),)})
        )


def _make_counterfactual(gate: Gate, edit: ProfileEdit) -> Counterfactual:
    return Counterfactual(
        gate=gate.name,
        verdict=gate.verdict,
        field=edit.field,
        code=edit.code,
        values=edit.values,
        sentence=Sentence.of(of(f"opening.{edit.code}", spoken(edit.values, ANY_WILL_DO))),
    )


def edit_applicant(
    facts: Sequence[Fact], profile: Profile, opens: GatePasses
) -> ProfileEdit | None:
    """Return the kinds of organisations with one of which among the applicants the gate passes."""
    named = dict.fromkeys(
        kind for fact in facts if isinstance(fact.value, Applicants) for kind in fact.value.kinds
    )
    fitting = [kind for kind in named if opens(organisations=_add_party(profile, Party(kind=kind)))]
    kinds = tuple(f"one:{kind}" for kind in fitting[:_MAX_NAMED])
    return ProfileEdit("organisations", "applicants", {"kinds": kinds}) if kinds else None


def edit_place(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return the places in one of which an organisation must be for the gate to pass."""
    named = dict.fromkeys(
        where for fact in facts if isinstance(fact.value, Places) for where in fact.value.allowed
    )
    fitting = [
        where
        for where in named
        if opens(organisations=_add_party(profile, Party(country=_sample_country(where))))
    ]
    if not fitting:
        return None
    if all(where.startswith("SE-") for where in fitting):
        return ProfileEdit("organisations", "country.county", {})
    places = tuple(f"land:{where}" for where in fitting[:_MAX_NAMED] if not where.startswith("SE-"))
    return ProfileEdit("organisations", "country", {"places": places})


def edit_partners(facts: Sequence[Fact], profile: Profile, opens: GatePasses) -> ProfileEdit | None:
    """Return how many partners are missing, and how many of them abroad or of another kind.

    An organisation that names no country is taken to be where the pilot is, and one that names no
    kind to be of the same kind as another: what is missing then is missing at most.
    """
    asked = [fact.value for fact in facts if isinstance(fact.value, Consortium)]
    here = _complete_parties(profile)
    have = count_parties(here.parties)
    lacking = {
        name: max([0, *((getattr(one, name) or 0) - have[name] for one in asked)])
        for name in COUNTED_PARTS
    }
    number = max(lacking.values())
    added = tuple(_new_parties(here, number, lacking["countries"], lacking["kinds"]))
    if not added or not opens(
        organisations=here.organisations, partners=(*(here.partners or ()), *added)
    ):
        return None
    code, values = _missing_partners(number, lacking["countries"], lacking["kinds"])
    return ProfileEdit("partners", code, values)


def _add_party(profile: Profile, one: Party) -> tuple[Party, ...]:
    return (*profile.organisations, one)


def _sample_country(where: str) -> str:
    """Return a country that stands for a group of them, or the place itself."""
    return min(COUNTRY_GROUPS[where]) if where in COUNTRY_GROUPS else where


def _complete_parties(profile: Profile) -> Profile:
    """Return the profile with a country and a kind for every party, the pilot itself being one."""
    home = next(iter(profile.countries), _HOME_COUNTRY)
    kind = next((one.kind for one in profile.parties if one.kind), ApplicantKind.ORGANISATION)

    def known(one: Party) -> Party:
        return one.model_copy(update={"country": one.country or home, "kind": one.kind or kind})

    own = profile.organisations or (Party(),)
    return profile.model_copy(
        update={
            "organisations": tuple(map(known, own)),
            "partners": tuple(map(known, profile.partners or ())),
        }
    )


def _new_parties(profile: Profile, number: int, abroad: int, other: int) -> Iterator[Party]:
    """Yield ``number`` parties, the first ones in countries and of kinds that are not there yet."""
    parties = profile.parties
    lands = {one.country[:2] for one in parties if one.country}
    kinds = {one.kind for one in parties if one.kind}
    away = [code for code in _ABROAD if code not in lands][:abroad]
    unlike = [kind for kind in ApplicantKind if kind not in kinds][:other]
    for place in range(number):
        yield Party(
            country=away[place] if place < len(away) else profile.countries[0],
            kind=unlike[place] if place < len(unlike) else parties[0].kind,
        )


def _missing_partners(number: int, abroad: int, other: int) -> tuple[str, Values]:
    if number == 1:
        both = {(0, 0): "", (1, 0): ".abroad", (0, 1): ".other", (1, 1): ".both"}
        return "consortium.one" + both[abroad, other], {}
    among = [f"abroad:{abroad}"] * bool(abroad) + [f"other:{other}"] * bool(other)
    values: Values = {"more": (str(number),)} | ({"among": tuple(among)} if among else {})
    return "consortium.more" + (".among" if among else ""), values


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


_EDIT_FINDERS: dict[str, Callable[[Sequence[Fact], Profile, GatePasses], ProfileEdit | None]] = {
    "applicants": edit_applicant,
    "country": edit_place,
    "consortium": edit_partners,
    "amount": edit_amount,
    "share": edit_share,
    "duration": edit_months,
    "trl": edit_readiness,
    "stage": edit_stage,
}
