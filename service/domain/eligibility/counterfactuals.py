"""What would change a verdict: the smallest change of a profile that meets a condition of a call.

Each change is tried: the gates are evaluated again with the changed profile, and a change is kept
only when its gate passes and no other gate fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from service.domain.eligibility.gate_messages import CHOICE_TAGS, Values, message_fields
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.parties import COUNTED_PARTS, count_parties
from service.domain.pilots.profile import Party, Profile, WantedGrant
from service.messages.message import message
from service.messages.sentence import Sentence

_MAX_NAMED = 4
"""The most kinds or places that a sentence names; any of them is enough."""

_HOME_COUNTRY = "SE"

_ABROAD = "AL AM AR AT AU BA BE BG BR CA CH CL CN CY CZ DE DK EE EG ES ET FI FO FR".split()
"""Examples of countries for partners abroad, whose country is not known yet."""

_MONTHS_A_YEAR = 12

GatePasses = Callable[..., bool]
"""Returns whether a gate passes with other values of some profile fields, passed by name."""


@dataclass(frozen=True)
class ProfileEdit:
    """A change of the profile's ``field``, with the code and values of its sentence."""

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
    call: Call,
    now: datetime,
    profile: Profile | None,
    facts: Sequence[Fact] | None = None,
) -> tuple[Counterfactual, ...]:
    """Return the changes that would meet conditions of ``call`` that fail or are unknown.

    Conditions that fail come first. A condition that the call does not state, or that no change
    of the profile meets, has none.

    Args:
        call: as stored.
        now: the aware instant after which a deadline is the next.
        profile: the pilot's profile; without one nothing is checked.
        facts: those of the call; without them its texts are read.
    """
    if profile is None or profile.is_empty:
        return ()
    facts = extract_facts(call) if facts is None else facts
    gates = tuple(evaluate_profile(facts, profile))
    changes = [*_later_start(call, now, profile)]
    for gate in gates:
        if gate.verdict is Verdict.PASS or gate.is_silent:
            continue
        trial = _GateTrial(gate.name, facts, profile, gates)
        edit = _EDIT_FINDERS[gate.name](trial.stated_facts, profile, trial.passes_with)
        changes += [_make_counterfactual(gate, edit)] if edit else []
    return tuple(sorted(changes, key=lambda change: change.verdict is not Verdict.FAIL))


@dataclass(frozen=True)
class _GateTrial:
    """A gate that is evaluated again and again, each time with another profile."""

    name: str
    facts: Sequence[Fact]
    profile: Profile
    gates_before: Sequence[Gate]

    @property
    def stated_facts(self) -> list[Fact]:
        """The call's facts on this condition."""
        return [fact for fact in self.facts if fact.name == self.name]

    def passes_with(self, **changes: Any) -> bool:
        """Return whether the gate passes with ``changes`` of the profile, and none fails anew."""
        after = tuple(evaluate_profile(self.facts, self.profile.model_copy(update=changes)))
        failed = {gate.name for gate in self.gates_before if gate.verdict is Verdict.FAIL}
        passed = {gate.name for gate in after if gate.verdict is Verdict.PASS}
        fails = {gate.name for gate in after if gate.verdict is Verdict.FAIL}
        return self.name in passed and fails <= failed


def _later_start(call: Call, now: datetime, profile: Profile) -> Iterator[Counterfactual]:
    """Yield a start on the first day after the deadline, if the wanted start is too early."""
    gate = time_gates.start_gate(call, profile.start, now)
    upcoming = call.next_deadline(now)
    if gate is None or gate.verdict is not Verdict.FAIL or upcoming is None:
        return
    last_day = upcoming.local().date()
    if last_day == date.max:
        return
    first_day = last_day + timedelta(days=1)
    new_gate = time_gates.start_gate(call, first_day, now)
    if new_gate and new_gate.verdict is Verdict.PASS:
        yield _make_counterfactual(
            gate, ProfileEdit("start", "start", {"first": (first_day.isoformat(),)})
        )


def _make_counterfactual(gate: Gate, edit: ProfileEdit) -> Counterfactual:
    return Counterfactual(
        gate=gate.name,
        verdict=gate.verdict,
        field=edit.field,
        code=edit.code,
        values=edit.values,
        sentence=Sentence.of(
            message(f"opening.{edit.code}", **message_fields(edit.values, CHOICE_TAGS))
        ),
    )


def _edit_applicant(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the kinds of organisations, any of which among the applicants makes the gate pass."""
    listed = dict.fromkeys(
        kind for fact in facts if isinstance(fact.value, Applicants) for kind in fact.value.kinds
    )
    fitting = [
        kind for kind in listed if passes_with(organisations=_add_party(profile, Party(kind=kind)))
    ]
    kinds = tuple(f"one:{kind}" for kind in fitting[:_MAX_NAMED])
    return ProfileEdit("organisations", "applicants", {"kinds": kinds}) if kinds else None


def _edit_place(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the places where an organisation would make the gate pass."""
    listed = dict.fromkeys(
        place for fact in facts if isinstance(fact.value, Places) for place in fact.value.allowed
    )
    fitting = [
        place
        for place in listed
        if passes_with(organisations=_add_party(profile, Party(country=_sample_country(place))))
    ]
    if not fitting:
        return None
    if all(place.startswith("SE-") for place in fitting):
        return ProfileEdit("organisations", "country.county", {})
    places = tuple(f"land:{place}" for place in fitting[:_MAX_NAMED] if not place.startswith("SE-"))
    return ProfileEdit("organisations", "country", {"places": places})


def _edit_partners(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return how many partners are missing, and how many of them abroad or of another kind.

    An organisation without a country counts as being where the pilot is, and one without a kind
    as being of the same kind as another, so the number that is missing is the largest possible.
    """
    rules = [fact.value for fact in facts if isinstance(fact.value, Consortium)]
    complete = _complete_parties(profile)
    counts = count_parties(complete.parties)
    missing = {
        name: max([0, *((getattr(one, name) or 0) - counts[name] for one in rules)])
        for name in COUNTED_PARTS
    }
    total = max(missing.values())
    new_parties = tuple(_new_parties(complete, total, missing["countries"], missing["kinds"]))
    if not new_parties or not passes_with(
        organisations=complete.organisations, partners=(*(complete.partners or ()), *new_parties)
    ):
        return None
    code, values = _missing_partners(total, missing["countries"], missing["kinds"])
    return ProfileEdit("partners", code, values)


def _add_party(profile: Profile, party: Party) -> tuple[Party, ...]:
    return (*profile.organisations, party)


def _sample_country(place: str) -> str:
    """Return a country of a group as an example, or the place itself."""
    return min(COUNTRY_GROUPS[place]) if place in COUNTRY_GROUPS else place


def _complete_parties(profile: Profile) -> Profile:
    """Return the profile with a country and a kind for every party, and at least one party."""
    home = next(iter(profile.countries), _HOME_COUNTRY)
    kind = next((party.kind for party in profile.parties if party.kind), ApplicantKind.ORGANISATION)

    def complete(party: Party) -> Party:
        return party.model_copy(
            update={"country": party.country or home, "kind": party.kind or kind}
        )

    organisations = profile.organisations or (Party(),)
    return profile.model_copy(
        update={
            "organisations": tuple(map(complete, organisations)),
            "partners": tuple(map(complete, profile.partners or ())),
        }
    )


def _new_parties(profile: Profile, number: int, abroad: int, other: int) -> Iterator[Party]:
    """Yield ``number`` parties, the first in countries and of kinds that the profile lacks."""
    parties = profile.parties
    countries = {party.country[:2] for party in parties if party.country}
    kinds = {party.kind for party in parties if party.kind}
    new_countries = [code for code in _ABROAD if code not in countries][:abroad]
    new_kinds = [kind for kind in ApplicantKind if kind not in kinds][:other]
    for index in range(number):
        yield Party(
            country=new_countries[index] if index < len(new_countries) else profile.countries[0],
            kind=new_kinds[index] if index < len(new_kinds) else parties[0].kind,
        )


def _missing_partners(number: int, abroad: int, other: int) -> tuple[str, Values]:
    if number == 1:
        both = {(0, 0): "", (1, 0): ".abroad", (0, 1): ".other", (1, 1): ".both"}
        return "consortium.one" + both[abroad, other], {}
    among = [f"abroad:{abroad}"] * bool(abroad) + [f"other:{other}"] * bool(other)
    values: Values = {"more": (str(number),)} | ({"among": tuple(among)} if among else {})
    return "consortium.more" + (".among" if among else ""), values


def _edit_amount(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the amounts with which the gate passes, in the wanted currency if the call has it."""
    stated = [fact.value for fact in facts if isinstance(fact.value, GrantAmount)]
    currencies = list(dict.fromkeys(amount.currency for amount in stated))
    wanted = profile.budget
    currency = wanted.currency if wanted and wanted.currency in currencies else currencies[0]
    amounts = [amount for amount in stated if amount.currency == currency]
    if profile.months is None and any(amount.yearly for amount in amounts):
        return None
    low = max(_project_amounts(amounts, "minimum", profile.months, ROUND_CEILING), default=None)
    high = min(_project_amounts(amounts, "maximum", profile.months, ROUND_FLOOR), default=None)
    bound = low if high is None or (wanted and low and wanted.maximum < low) else high
    if bound is None or not passes_with(budget=WantedGrant(amount=bound, currency=currency)):
        return None
    span = "/".join("" if end is None else f"{end.normalize():f}" for end in (low, high))
    return ProfileEdit("budget", "amount", {"span": (f"money:{currency}/{span}",)})


def _project_amounts(
    amounts: Iterable[GrantAmount], side: str, months: int | None, rounding: str
) -> list[Decimal]:
    """Return one end of each amount for the whole project; a yearly one is rounded to whole units.

    ``side`` is ``minimum`` or ``maximum``.
    """
    figures = []
    for amount in amounts:
        figure: Decimal | None = getattr(amount, side)
        if figure is not None and amount.yearly and months:
            figure = (figure * months / _MONTHS_A_YEAR).quantize(Decimal(1), rounding)
        if figure is not None:
            figures.append(figure)
    return figures


def _edit_share(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the share of the costs up to which the gate passes."""
    del profile
    most = min(fact.value.percent for fact in facts if isinstance(fact.value, FundingShare))
    if not passes_with(share_percent=float(most)):
        return None
    return ProfileEdit("share_percent", "share", {"span": (f"percent:-{most.normalize():f}",)})


def _edit_months(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the durations with which the gate passes."""
    stated = [fact.value for fact in facts if isinstance(fact.value, Duration)]
    low = max(
        (duration.minimum for duration in stated if duration.minimum is not None), default=None
    )
    high = min(
        (duration.maximum for duration in stated if duration.maximum is not None), default=None
    )
    too_short = profile.months is not None and low is not None and profile.months < low
    bound = low if too_short or high is None else high
    if bound is None or not passes_with(months=bound):
        return None
    return ProfileEdit("months", "duration", {"span": (f"months:{low or ''}-{high or ''}",)})


def _edit_readiness(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the span of readiness levels nearest to the pilot's with which the gate passes."""
    del facts
    levels = [level for level in range(1, 10) if passes_with(trl=level)]
    if not levels:
        return None
    nearest = min(levels, key=lambda level: abs(level - (profile.trl or level)))
    low = high = nearest
    while low - 1 in levels:
        low -= 1
    while high + 1 in levels:
        high += 1
    return ProfileEdit("trl", "trl", {"span": (f"trl:{low}-{high}",)})


def _edit_stage(
    facts: Sequence[Fact], profile: Profile, passes_with: GatePasses
) -> ProfileEdit | None:
    """Return the stages of work with which the gate passes."""
    del facts, profile
    stages = tuple(f"stage:{one}" for one in ProjectStage if passes_with(stage=one))
    return ProfileEdit("stage", "stage", {"stages": stages}) if stages else None


_EDIT_FINDERS: dict[str, Callable[[Sequence[Fact], Profile, GatePasses], ProfileEdit | None]] = {
    "applicants": _edit_applicant,
    "country": _edit_place,
    "consortium": _edit_partners,
    "amount": _edit_amount,
    "share": _edit_share,
    "duration": _edit_months,
    "trl": _edit_readiness,
    "stage": _edit_stage,
}
