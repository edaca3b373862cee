"""What would change it: the smallest change of a profile that meets a condition of a call.

Each is tried: the gates are asked again with the profile changed, and only what makes the gate
pass, and no other gate fail, is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from scrapers.call import Call
from service.domain.eligibility import partner_edits, range_edits, time_gates
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.gate_messages import ANY_WILL_DO, Values, spoken
from service.domain.eligibility.profile_edit import GatePasses, ProfileEdit
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.profile import Profile
from service.messages.message import message
from service.messages.sentence import Sentence


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


_EDIT_FINDERS: dict[str, Callable[[Sequence[Fact], Profile, GatePasses], ProfileEdit | None]] = {
    "applicants": partner_edits.edit_applicant,
    "country": partner_edits.edit_place,
    "consortium": partner_edits.edit_partners,
    "amount": range_edits.edit_amount,
    "share": range_edits.edit_share,
    "duration": range_edits.edit_months,
    "trl": range_edits.edit_readiness,
    "stage": range_edits.edit_stage,
}


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
        sentence=Sentence.of(message(f"opening.{edit.code}", **spoken(edit.values, ANY_WILL_DO))),
    )
